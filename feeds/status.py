"""What `status.json` and `status.html` say: runs, freshness, counts, periods. Reads the store."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from crawler.sites.model import Granularity, Site
from crawler.store.api import Reader, RunRow
from feeds.text import local, one_line, web_address
from feeds.values import Feed

_PER_YEAR: Mapping[Granularity, int] = {"month": 12, "quarter": 4, "year": 1}


def site_status(reader: Reader, site: Site, feeds: Sequence[Feed], *, now: datetime) -> dict[str, Any]:
    """The status of one site as JSON values; names may be added, never changed. `now` stamps it."""
    newest = reader.newest_change(site.id)
    return {
        "generated": local(now).isoformat(),
        "site": {"id": site.id, "title": site.title, "home": site.home},
        "newest_change": local(newest).isoformat() if newest else None,
        "seq": reader.last_seq(site.id),
        "counts": dict(reader.counts(site.id)),
        "runs": [_run(row) for row in reader.runs(site.id)],
        "sections": _sections(reader, site, feeds),
        "series": _series(reader, site),
        "feeds": [
            {
                "id": feed.plan.id,
                "title": feed.plan.title,
                "kind": feed.plan.kind,
                "entries": feed.count,
                "updated": feed.updated.isoformat(),
                "newest_published": feed.newest.isoformat() if feed.newest else None,
            }
            for feed in feeds
        ],
    }


def recalled(status: bytes | None) -> dict[str, dict[str, Any]]:
    """Feed -> count, updated, newest as a `status.json` tells them; empty where it does not."""
    try:
        rows = json.loads(status or b"")["feeds"]
        return {
            row["id"]: {
                "count": int(row["entries"]),
                "updated": local(datetime.fromisoformat(row["updated"])),
                "newest": row["newest_published"] and local(datetime.fromisoformat(row["newest_published"])),
            }
            for row in rows
        }
    except (ValueError, LookupError, TypeError):
        return {}


def missing_periods(present: Iterable[str], granularity: Granularity) -> tuple[str, ...]:
    """The periods between the first and the last one present that are not among them, oldest first.

    Periods of another granularity, which no rule writes, are left out of account.

    >>> missing_periods(["2019-11", "2020-02"], "month")
    ('2019-12', '2020-01')
    """
    numbers = {n for n in (_number(period, granularity) for period in present) if n is not None}
    if not numbers:
        return ()
    gaps = sorted(set(range(min(numbers), max(numbers))) - numbers)
    return tuple(_period(n, granularity) for n in gaps)


def _number(period: str, granularity: Granularity) -> int | None:
    year, _, part = period.partition("-")
    step = part.removeprefix("Q") if granularity == "quarter" else part
    told: Granularity = "year" if not part else "quarter" if part.startswith("Q") else "month"
    if told != granularity or not year.isdecimal() or (part and not step.isdecimal()):
        return None
    return int(year) * _PER_YEAR[granularity] + (int(step) - 1 if part else 0)


def _period(number: int, granularity: Granularity) -> str:
    year, step = divmod(number, _PER_YEAR[granularity])
    forms = {"month": f"{year:04}-{step + 1:02}", "quarter": f"{year:04}-Q{step + 1}", "year": f"{year:04}"}
    return forms[granularity]


def _run(row: RunRow) -> dict[str, Any]:
    report = row.report or {}
    return {
        "run": row.run,
        "source": row.source,
        "started": local(row.started).isoformat(),
        "finished": local(row.finished).isoformat() if row.finished else None,
        "outcome": row.outcome,
        "requests": report.get("requests"),
        "articles": report.get("articles"),
    }


def _sections(reader: Reader, site: Site, feeds: Sequence[Feed]) -> list[dict[str, Any]]:
    newest = {feed.plan.id: feed.newest for feed in feeds}
    rows = []
    for row in reader.sections(site.id):
        moment = newest.get(row.section.id)
        rows.append(
            {
                "id": row.section.id,
                "title": one_line(row.section.title),
                "url": web_address(row.section.url),
                "first_seen": local(row.first_seen).isoformat(),
                "complete": row.backfilled and row.open_since is None,
                "newest_published": moment.isoformat() if moment else None,
            }
        )
    return rows


def _series(reader: Reader, site: Site) -> list[dict[str, Any]]:
    known = reader.series(site.id)
    rows = []
    for series in site.series:
        periods = known.get(series.id, {})
        present = sorted(period for period in periods if period is not None)
        rows.append(
            {
                "id": series.id,
                "title": series.title,
                "granularity": series.granularity,
                "articles": sum(periods.values()),
                "present": present,
                "missing": list(missing_periods(present, series.granularity)),
                "without_period": periods.get(None, 0),
            }
        )
    return rows
