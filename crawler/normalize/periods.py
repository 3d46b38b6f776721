"""The month, quarter or year that an issue of a series is about, from its title. Pure."""

import re
from datetime import date
from typing import Literal

from crawler.normalize.dates.words import MONTH_WORD, ROMAN, month_number
from crawler.normalize.text import fold

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})(?![0-9])"
_YEAR_MARK = r"\s?(?:[-/.,]\s?(?:nam\s?)?|nam\s?|\s)"
_MONTH = re.compile(
    rf"(?<![a-z0-9])(?:thang|thg)\s?(?P<month>[0-9]{{1,2}}|gieng|{MONTH_WORD})"
    rf"(?:{_YEAR_MARK}{_YEAR}|(?![0-9]|\s?[/.-]\s?[0-9]))"
)
_QUARTER = re.compile(
    rf"(?<![a-z0-9])quy\s?(?P<quarter>iv|i{{1,3}}|[1-4])(?![a-z0-9])(?:{_YEAR_MARK}{_YEAR}|(?!\s?[/-]\s?[0-9]))"
)
_YEAR_ALONE = re.compile(rf"(?<![a-z0-9])nam\s?{_YEAR}(?!\s?[-/]\s?[0-9]{{2}})")


def find_period(
    text: str, granularity: Literal["month", "quarter", "year"], *, published: date | None
) -> str | None:
    """`YYYY-MM`, `YYYY-Qn` or `YYYY` that a title names; the first one counts; None rather than a guess.

    A month or quarter without its year is the latest that begins at most one month after the month of
    publication (a notice of next month's session); without publication date it stays unknown.
    """
    folded = fold(text[:1000])
    if granularity == "month":
        return _first_month(folded, published)
    if granularity == "quarter":
        return _first_quarter(folded, published)
    match = _YEAR_ALONE.search(folded)
    return match["year"] if match else None


def _first_month(folded: str, published: date | None) -> str | None:
    for match in _MONTH.finditer(folded):
        named = match["month"]
        if not named.isdigit() and not match["year"]:
            continue  # `Cách mạng Tháng Tám`, an event's name
        month = month_number(named)
        year = _year(match["year"], month, published)
        return f"{year:04}-{month:02}" if 1 <= month <= 12 and year else None
    return None


def _first_quarter(folded: str, published: date | None) -> str | None:
    match = _QUARTER.search(folded)
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
