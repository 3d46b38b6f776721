"""Which series a title belongs to and which period it names (PORTAL.md, "Series"). Pure."""

import re
from datetime import date
from functools import lru_cache

from crawler.items import SeriesPeriod
from crawler.normalize import find_period, fold
from crawler.sites.model import Site


def series_of(site: Site, title: str, published: date | None) -> SeriesPeriod | None:
    """The series of an article and the period its title names; None when it belongs to none.

    A year that the title leaves out follows from the publication date; what cannot be told is period None.
    """
    folded = fold(title)
    opening = _openings(site.title_openings).match(folded)
    name = folded[opening.end() :] if opening else folded
    for series in site.series:
        if any(p.search(name) for p in series.match) and not any(p.search(name) for p in series.exclude):
            return SeriesPeriod(series.id, find_period(name, series.granularity, published=published))
    return None


@lru_cache(maxsize=64)
def _openings(words: tuple[str, ...]) -> re.Pattern[str]:
    """What may stand before the name of a series, in any order and number."""
    longest_first = sorted((re.escape(fold(word)) for word in words), key=len, reverse=True)
    return re.compile(rf"(?:(?:{'|'.join(longest_first)})[ :,.-]+)+" if longest_first else "(?!)")
