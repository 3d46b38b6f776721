"""Which series a title belongs to and which period it names (PORTAL.md, "Series"). Pure."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from crawler.items import SeriesPeriod
from crawler.sites.model import Series, Site

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
MONTH_WORDS = {"gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7,
               "tam": 8, "chin": 9, "muoi mot": 11, "muoi hai": 12, "muoi": 10}  # fmt: skip
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})(?![0-9])"
#: `tháng 10/2021`, `tháng 4-2019`, `tháng 02 năm 2020`, `tháng 9`.
MONTH = re.compile(
    rf"\b(?:thang|thg\.?) ?(?:(?P<number>0?[1-9]|1[0-2])(?![0-9])|(?P<word>{'|'.join(MONTH_WORDS)})\b)"
    rf"(?:(?: ?[-/.,] ?| )(?:nam )?{_YEAR})?"
)
QUARTER = re.compile(
    rf"\bquy (?:(?P<roman>i{{1,3}}|iv)\b|0?(?P<number>[1-4])(?![0-9]))(?:(?: ?[-/.,] ?| )(?:nam )?{_YEAR})?"
)
YEAR = re.compile(rf"(?<![0-9/-]){_YEAR}(?! ?[-/] ?[0-9])")


def series_of(site: Site, title: str, published: date | None) -> SeriesPeriod | None:
    """The series of an article and the period its title names; None when it belongs to none.

    A year that the title leaves out follows from the publication date; what cannot be told is period None.
    """
    from crawler.normalize import fold

    name = _without_openings(fold(title), _openings(site.title_openings))
    for series in site.series:
        if any(p.search(name) for p in series.match) and not any(p.search(name) for p in series.exclude):
            return SeriesPeriod(series.id, _period(series, name, published))
    return None


@lru_cache(maxsize=64)
def _openings(words: tuple[str, ...]) -> re.Pattern[str]:
    from crawler.normalize import fold

    longest_first = sorted((re.escape(fold(word)) for word in words), key=len, reverse=True)
    return re.compile(rf"(?:(?:{'|'.join(longest_first)})[ :,.-]+)+" if longest_first else "(?!)")


def _without_openings(name: str, openings: re.Pattern[str]) -> str:
    opening = openings.match(name)
    return name[opening.end() :] if opening else name


def _period(series: Series, name: str, published: date | None) -> str | None:
    match series.granularity:
        case "month":
            month, year = _numbered(MONTH.finditer(name))
            year = year or _year_near(month, published, per_year=12, early=1)
            return f"{year}-{month:02d}" if month and year else None
        case "quarter":
            quarter, year = _numbered(QUARTER.finditer(name))
            year = year or _year_near(quarter, published, per_year=4, early=1)
            return f"{year}-Q{quarter}" if quarter and year else None
        case "year":
            found = YEAR.search(name)
            return found["year"] if found else _reviewed_year(published)


def _numbered(found: Iterator[re.Match[str]]) -> tuple[int | None, int | None]:
    """The first month or quarter named, and the first year given to one (`tháng 7, tháng 8/2020`)."""
    matches = list(found)
    if not matches:
        return None, None
    groups = matches[0].groupdict()
    if groups.get("word"):
        number = MONTH_WORDS[groups["word"]]
    else:
        number = ROMAN.get(groups.get("roman") or "") or int(groups["number"])
    return number, next((int(m["year"]) for m in matches if m["year"]), None)


def _year_near(number: int | None, published: date | None, *, per_year: int, early: int) -> int | None:
    """The year that puts the period at most `early` periods after the publication, and else before it.

    A session is announced shortly before and told of after it: `tháng 1` of 28 December is next year's.
    """
    if number is None or published is None:
        return None
    current = (published.month - 1) * per_year // 12 + 1
    if number - current > early:
        return published.year - 1
    return published.year + 1 if number - current <= early - per_year else published.year


def _reviewed_year(published: date | None) -> str | None:
    """A review without a year held at a year's turn: October to December the same year, to March the last."""
    if published is None or 3 < published.month < 10:
        return None
    return str(published.year if published.month >= 10 else published.year - 1)
