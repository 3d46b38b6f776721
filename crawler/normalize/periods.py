"""The month, quarter or year that an issue of a series is about, from its title. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from crawler.normalize.dates.line import Line
from crawler.normalize.dates.words import EDGE_LEFT, MONTH_WORD, ROMAN, month_number

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})(?![0-9])"
_OF_YEAR = rf" ?(?:[-/.,] ?(?:nam ?)?|nam ?| ){_YEAR}"

_MONTH = re.compile(
    rf"{EDGE_LEFT}(?P<word>thang|thg) ?(?P<month>[0-9]{{1,2}}|gieng|{MONTH_WORD})"
    rf"(?:{_OF_YEAR}|(?![0-9]| ?[/.-] ?[0-9]))"
)
_QUARTER = re.compile(
    rf"{EDGE_LEFT}(?P<word>qu[yi]) ?(?P<quarter>iv|i{{1,3}}|[1-4])(?![^\W_])(?:{_OF_YEAR}|(?! ?[/-] ?[0-9]))"
)
_YEAR_ALONE = re.compile(rf"{EDGE_LEFT}(?<!viet )(?<!mien )(?P<word>nam) ?{_YEAR}(?! ?[-/] ?[0-9]{{2}})")


def find_period(
    text: str, granularity: Literal["month", "quarter", "year"], *, published: date | None
) -> str | None:
    """`YYYY-MM`, `YYYY-Qn` or `YYYY` that a title names; the first one counts; None rather than a guess.

    A month or quarter without its year is the latest that begins at most one month after the month of
    publication (a notice of next month's session); without publication date it stays unknown.
    """
    line = Line(text)
    if granularity == "month":
        return _first_month(line, published)
    if granularity == "quarter":
        return _first_quarter(line, published)
    match = next(_matches(_YEAR_ALONE, line), None)
    return match["year"] if match else None


def _matches(rule: re.Pattern[str], line: Line) -> Iterator[re.Match[str]]:
    """The rule's matches whose keyword is the word it looks like (`quý`, not `quỹ`)."""
    return (match for match in rule.finditer(line.folded) if not line.is_other_word(*match.span("word")))


def _first_month(line: Line, published: date | None) -> str | None:
    for match in _matches(_MONTH, line):
        if not (match["year"] or match["month"].isdigit()):
            continue  # `Cách mạng Tháng Tám`, an event's name
        month = month_number(match["month"])
        year = _year(match["year"], month, published)
        return f"{year:04}-{month:02}" if 1 <= month <= 12 and year else None
    return None


def _first_quarter(line: Line, published: date | None) -> str | None:
    match = next(_matches(_QUARTER, line), None)
    if not match:
        return None
    quarter = ROMAN.get(match["quarter"]) or int(match["quarter"])
    year = _year(match["year"], 3 * quarter - 2, published)
    return f"{year:04}-Q{quarter}" if year else None


def _year(written: str | None, month: int, published: date | None) -> int | None:
    """The year as written, else the latest that fits the publication date."""
    if written:
        return int(written)
    if published is None:
        return None
    return published.year - (month > published.month + 1) + (published.month == 12 and month == 1)
