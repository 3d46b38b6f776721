"""A series as a table of its periods, gaps among them. Pure."""

from collections.abc import Iterable
from datetime import datetime

from crawler.sites.model import Granularity
from feeds.status import missing_periods
from feeds.values import Entry, PeriodRow


def period_rows(entries: Iterable[Entry], granularity: Granularity) -> tuple[PeriodRow, ...]:
    """Every period from the first to the last that an article tells, newest first; articles without one are in none."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.series and entry.series[1]:
            found.setdefault(entry.series[1], []).append(entry)
    periods = {*found, *missing_periods(found, granularity)}
    return tuple(
        PeriodRow(period, _articles(found.get(period, ()))) for period in sorted(periods, reverse=True)
    )


def _articles(entries: Iterable[Entry]) -> tuple[tuple[str, str, datetime | None], ...]:
    return tuple((entry.title, entry.page, entry.published) for entry in entries)
