"""What the makers of feeds and pages ask beside articles: what changed, where it stood, which months, which views."""

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, false, func, select

from crawler.items import ArticleState, ViewObservation
from crawler.store import schema as t
from crawler.store.chunks import CHUNK, chunks
from crawler.store.codec import read_state
from crawler.store.statements import states

#: Runs among which the first whole one is looked for.
_EARLY_RUNS: Final = 200
_TICK: Final = timedelta(microseconds=1)
#: A month's name out of a time in UTC; the offset of Vietnam never changed in the portal's life.
_MONTH: Final = {
    "sqlite": lambda moment: func.strftime("%Y-%m", moment, "+7 hours"),
    "postgresql": lambda moment: func.to_char(func.timezone("Asia/Ho_Chi_Minh", moment), "YYYY-MM"),
}


class Outline(ABC):
    """Reading that follows changes and months; no answer holds more than was asked for."""

    @abstractmethod
    def _connect(self) -> AbstractContextManager[Connection]:
        """A connection that shows one snapshot, or the writer's own."""

    def changed(self, site: str, *, since: int) -> Iterator[ArticleState]:
        """Articles with a change behind `since`; see `api.Reader.changed`."""
        a = t.articles.c
        with self._connect() as connection:
            query = states().where(a.site == site, a.seq > since, a.id.in_(_touched(site, since)))
            yield from map(read_state, chunks(connection, query, a.seq))

    def sketches(self, site: str, article_id: str | None = None) -> Iterator[Mapping[str, Any]]:
        """Records without their texts; see `api.Reader.sketches`."""
        c = t.changes.c
        query = select(c.seq, c.article, c.record).where(c.site == site)
        if article_id is None:
            several = select(c.article).where(c.site == site).group_by(c.article).having(func.count() > 1)
            query = query.where(c.article.in_(several))
        else:
            query = query.where(c.article == article_id)
        with self._connect() as connection:
            for row in chunks(connection, query, c.article, c.seq):
                yield json.loads(row.record)

    def months(
        self, site: str, *, section: str | None = None, series: str | None = None
    ) -> Mapping[str, int]:
        """Month -> number of articles, removed ones too; oldest first."""
        a = t.articles.c
        with self._connect() as connection:
            month = _MONTH[connection.dialect.name](a.sort_at).label("month")
            query = select(month, func.count().label("number")).where(a.site == site)
            if section is not None:
                query = query.where(a.id.in_(members(site, section)))
            if series is not None:
                query = query.where(a.series == series)
            found = connection.execute(query.group_by("month").order_by("month"))
            return {row.month: row.number for row in found}

    def corrected(self, site: str, *, newest: int, since: datetime | None) -> Iterator[ArticleState]:
        """Articles that readers saw change, newest change first; see `api.Reader.corrected`."""
        a = t.articles.c
        which = (a.site == site, a.updated.is_not(None), a.deleted_at.is_(None))
        with self._connect() as connection:
            rank = select(a.updated).where(*which).order_by(a.updated.desc()).offset(newest - 1).limit(1)
            last = connection.scalar(rank)
            query = states().where(*which)
            if last is not None:
                query = query.where(a.updated >= (min(last, since) if since else last))
            yield from map(
                read_state, chunks(connection, query, a.updated, a.number, a.id, newest_first=True)
            )

    def last_view(self, site: str) -> tuple[int, datetime] | None:
        """Number of the newest view record, and the time of the newest observation; None before the first."""
        v = t.views.c
        with self._connect() as connection:
            row = connection.execute(
                select(func.max(v.n), func.max(v.observed_at)).where(v.site == site)
            ).one()
        return None if row[0] is None else (row[0], row[1])

    def views(self, site: str, articles: Collection[str]) -> Mapping[str, tuple[ViewObservation, ...]]:
        """The observations of these articles, each article's oldest first."""
        found: dict[str, list[ViewObservation]] = {}
        wanted = sorted(articles)
        v = t.views.c
        with self._connect() as connection:
            for first in range(0, len(wanted), CHUNK):
                some = v.article.in_(wanted[first : first + CHUNK])
                query = select(v.article, v["count"].label("seen_count"), v.observed_at)
                for row in connection.execute(
                    query.where(v.site == site, some).order_by(v.article, v.observed_at)
                ):
                    found.setdefault(row.article, []).append(ViewObservation(row.seen_count, row.observed_at))
        return {article: tuple(seen) for article, seen in found.items()}

    def views_since(self, site: str, since: datetime) -> Iterator[tuple[str, ViewObservation]]:
        """Observations at or after a time, of articles with two or more; see `api.Reader.views_since`."""
        v, a = t.views.c, t.articles.c
        recent = (v.site == site, v.observed_at >= since)
        several = select(v.article).where(*recent).group_by(v.article).having(func.count() > 1)
        query = (
            select(v.article, v["count"].label("seen_count"), v.observed_at)
            .join_from(t.views, t.articles, (a.site == v.site) & (a.id == v.article))
            .where(*recent, v.article.in_(several), a.deleted_at.is_(None))
        )
        with self._connect() as connection:
            for row in chunks(connection, query, v.article, v.observed_at):
                yield row.article, ViewObservation(row.seen_count, row.observed_at)

    def kept_files(self, site: str) -> Iterator[tuple[str, str]]:
        """Article and `sha256:` digest of every kept file, by article; see `api.Reader.kept_files`."""
        a, o = t.assets.c, t.offers.c
        query = (
            select(o.article, o.asset, a.sha256)
            .join_from(t.offers, t.assets, (a.site == o.site) & (a.key == o.asset))
            .where(o.site == site, a.state == "kept")
        )
        with self._connect() as connection:
            for row in chunks(connection, query, o.article, o.asset):
                yield row.article, row.sha256

    def most_viewed(self, site: str, limit: int) -> tuple[str, ...]:
        """Ids of the articles with the highest newest counts, highest first; removed ones are left out."""
        a = t.articles.c
        query = (
            select(a.id)
            .where(a.site == site, a.views.is_not(None), a.deleted_at.is_(None))
            .order_by(a.views.desc(), a.sort_at.desc(), a.number.desc(), a.id.desc())
            .limit(limit)
        )
        with self._connect() as connection:
            return tuple(connection.scalars(query))


def members(site: str, section: str) -> Any:
    """A query for the ids of a section's articles."""
    m = t.memberships.c
    return select(m.article).where(m.site == site, m.section == section)


def late(connection: Connection, site: str, since: datetime) -> ColumnElement[bool]:
    """Whether an article was first stored at or after `since`, and not by the crawls that filled the store."""
    filled = _filled(connection, site)
    if filled is None:
        return false()
    before = _seq_before(connection, site, max(since, filled + _TICK))
    return t.articles.c.id.in_(_touched(site, before).where(t.changes.c.op == "created"))


def _filled(connection: Connection, site: str) -> datetime | None:
    """When the first run ended that walked every listing to its end; until then nothing is late.

    The first by number: clocks can be set back.
    """
    r = t.runs.c
    walked = (r.site == site, r.outcome.in_(("complete", "partial")), r.finished.is_not(None))
    query = select(r.finished, r.outcome, r.report).where(*walked).order_by(r.run).limit(_EARLY_RUNS)
    for row in connection.execute(query):
        report = json.loads(row.report or "{}")
        listings = report.get("listings", {}).values()
        if row.outcome == "complete" or (listings and all(one.get("complete") for one in listings)):
            finished: datetime = row.finished
            return finished
    return None


def _touched(site: str, since: int) -> Any:
    """A query for the ids of articles with a change behind `since`."""
    c = t.changes.c
    return select(c.article).where(c.site == site, c.seq > since)


def _seq_before(connection: Connection, site: str, moment: datetime) -> int:
    """The last change before a time: times never run backwards as `seq` grows, so halving finds it."""
    c = t.changes.c
    low, high = 0, connection.scalar(select(func.max(c.seq)).where(c.site == site)) or 0
    while low < high:
        middle = (low + high + 1) // 2
        at = connection.scalar(select(c.at).where(c.site == site, c.seq == middle))
        low, high = (middle, high) if at is None or at < moment else (low, middle - 1)
    return low
