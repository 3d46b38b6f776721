"""What feeds, export and status read. Long answers stream in chunks; memory never grows with the archive."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, case, false, func, or_, select, tuple_

from crawler.export import view_record
from crawler.items import ArticleState, Section, ViewObservation
from crawler.store import schema as t
from crawler.store.api import RunRow, SectionRow
from crawler.store.check import problems
from crawler.store.chunks import chunks
from crawler.store.codec import midnight, read_state
from crawler.store.evidence import Evidence
from crawler.store.outline import late, members
from crawler.store.record import read_record
from crawler.store.statements import ONE_STATE, states


class ReadMethods(Evidence):
    """The reading half of the protocol over any connection."""

    def sites(self) -> tuple[str, ...]:
        """Every site with a run, a listing or an article, in order of id."""
        with self._connect() as connection:
            found = {
                site for table in (t.runs, t.listings, t.articles) for site in _distinct(connection, table)
            }
        return tuple(sorted(found))

    def article(self, site: str, article_id: str) -> ArticleState | None:
        """The newest state of one article; None when it is not stored."""
        with self._connect() as connection:
            row = connection.execute(ONE_STATE, {"of_site": site, "of_article": article_id}).one_or_none()
        return None if row is None else read_state(row)

    def articles(
        self,
        site: str,
        *,
        section: str | None = None,
        series: str | None = None,
        newest: int | None = None,
        published_since: date | None = None,
        published_before: date | None = None,
        changed_since: datetime | None = None,
        with_deleted: bool = False,
    ) -> Iterator[ArticleState]:
        """Newest first by (published or first seen, number); see `api.Reader.articles`."""
        a = t.articles.c
        where = [a.site == site]
        if section is not None:
            where.append(a.id.in_(members(site, section)))
        if series is not None:
            where.append(a.series == series)
        if published_before is not None:
            where.append(a.sort_at < midnight(published_before))
        with self._connect() as connection:
            window = self._window(
                connection,
                site,
                where,
                newest=newest,
                published_since=published_since,
                changed_since=changed_since,
            )
            if window is not None:
                where.append(window)
            if not with_deleted:
                where.append(a.deleted_at.is_(None))
            rows = chunks(connection, states().where(*where), a.sort_at, a.number, a.id, newest_first=True)
            yield from map(read_state, rows)

    @staticmethod
    def _window(
        connection: Connection,
        site: str,
        where: list[ColumnElement[bool]],
        *,
        newest: int | None,
        published_since: date | None,
        changed_since: datetime | None,
    ) -> ColumnElement[bool] | None:
        """The first N that still stand, or anything new enough; None when nothing is left out.

        Removed articles are no part of the first N: they come by the time of their removal only.
        """
        a = t.articles.c
        key = (a.sort_at, a.number, a.id)
        wanted: list[ColumnElement[bool]] = []
        if newest:
            stands = a.deleted_at.is_(None)
            last = connection.execute(
                select(*key)
                .where(*where, stands)
                .order_by(*(column.desc() for column in key))
                .offset(newest - 1)
                .limit(1)
            ).one_or_none()
            types = [column.type for column in key]
            wanted.append(
                stands if last is None else and_(stands, tuple_(*key) >= tuple_(*last, types=types))
            )
        if published_since is not None:
            wanted.append(a.sort_at >= midnight(published_since))
        if changed_since is not None:
            wanted += [
                a.updated >= changed_since,
                a.deleted_at >= changed_since,
                late(connection, site, changed_since),
            ]
        if not wanted:
            return None if newest is None else false()
        return or_(*wanted)

    def sections(self, site: str) -> tuple[SectionRow, ...]:
        """In order of first sight."""
        with self._connect() as connection:
            query = select(t.listings).where(t.listings.c.site == site).order_by(t.listings.c.n)
            return tuple(map(read_section, connection.execute(query)))

    def series(self, site: str) -> Mapping[str, Mapping[str | None, int]]:
        """Series id -> period (None: not told) -> number of articles that still stand."""
        a = t.articles.c
        query = (
            select(a.series, a.period, func.count())
            .where(a.site == site, a.series.is_not(None), a.deleted_at.is_(None))
            .group_by(a.series, a.period)
        )
        found: dict[str, dict[str | None, int]] = {}
        with self._connect() as connection:
            for series, period, count in connection.execute(query):
                found.setdefault(series, {})[period] = count
        return found

    def records(self, site: str, *, since: int = 0) -> Iterator[Mapping[str, Any]]:
        """The contract's records with seq > since, in order of seq."""
        c, v = t.changes.c, t.revisions.c
        same = and_(v.site == c.site, v.article == c.article, v.page == c.page)
        query = (
            select(c.seq, c.record, v.content)
            .join_from(t.changes, t.revisions, same, isouter=True)
            .where(c.site == site, c.seq > since)
        )
        with self._connect() as connection:
            for row in chunks(connection, query, c.seq):
                yield read_record(row.record, row.content)

    def view_records(self, site: str, *, since: int = 0) -> Iterator[Mapping[str, Any]]:
        """The contract's view observations with n > since, in order of n."""
        v = t.views.c
        seen_count = v["count"].label("seen_count")  # a row's own `count` is a method
        query = select(v.n, v.article, seen_count, v.observed_at).where(v.site == site, v.n > since)
        with self._connect() as connection:
            for row in chunks(connection, query, v.n):
                view = ViewObservation(row.seen_count, row.observed_at)
                yield view_record(row.n, site, row.article, view)

    def runs(self, site: str, *, limit: int = 10) -> tuple[RunRow, ...]:
        """Newest first."""
        r = t.runs.c
        with self._connect() as connection:
            query = select(t.runs).where(r.site == site).order_by(r.run.desc()).limit(limit)
            return tuple(map(_run, connection.execute(query)))

    def last_seq(self, site: str) -> int:
        """Number of the newest change; 0 before the first."""
        with self._connect() as connection:
            return highest(connection, t.changes.c.seq, site)

    def newest_change(
        self, site: str, *, section: str | None = None, series: str | None = None
    ) -> datetime | None:
        """The latest `changed_at` of the site's articles, of one section or series."""
        return self._latest((t.articles.c.changed_at,), site, section, series)[0]

    def newest_update(
        self, site: str, *, section: str | None = None, series: str | None = None
    ) -> datetime | None:
        """The latest change that a reader could see, of one section or series."""
        a = t.articles.c
        # An article dated ahead counts from its change, as its entry does.
        published = case((a.sort_at > a.changed_at, a.changed_at), else_=a.sort_at)
        # An article that has come back was away before: what was told then is not unsaid.
        away = func.coalesce(a.deleted_at, a.absent_at)
        told = self._latest((func.coalesce(a.updated, published), away), site, section, series)
        return max(filter(None, told), default=None)

    def _latest(
        self, columns: Sequence[ColumnElement[Any]], site: str, section: str | None, series: str | None
    ) -> Sequence[datetime | None]:
        """The latest of each column over the site's articles, of one section or series."""
        a = t.articles.c
        query = select(*(func.max(column) for column in columns)).where(a.site == site)
        if section is not None:
            query = query.where(a.id.in_(members(site, section)))
        if series is not None:
            query = query.where(a.series == series)
        with self._connect() as connection:
            return tuple(connection.execute(query).one())

    def counts(self, site: str) -> Mapping[str, int]:
        """Rows by kind."""
        tables = (t.articles, t.revisions, t.views, t.changes, t.links, t.captures)
        with self._connect() as connection:
            return {table.name: _count(connection, table, site) for table in tables}

    def note(self, key: str) -> str | None:
        """A note about the whole store."""
        with self._connect() as connection:
            found: str | None = connection.scalar(select(t.meta.c.value).where(t.meta.c.key == key))
        return found

    def problems(self) -> Iterator[str]:
        """Inconsistencies, one sentence each."""
        with self._connect() as connection:
            yield from problems(connection)


def highest(connection: Connection, column: ColumnElement[Any], site: str) -> int:
    """The highest number of a site's counter; 0 before the first."""
    table: Any = column.table
    return connection.scalar(select(func.coalesce(func.max(column), 0)).where(table.c.site == site)) or 0


def read_section(row: Row[Any]) -> SectionRow:
    """A row of `listings`."""
    return SectionRow(
        section=Section(row.id, row.title, row.url),
        first_seen=row.first_seen,
        open_since=row.open_since,
        resume_url=row.resume_url,
        backfilled=row.backfilled,
    )


def _distinct(connection: Connection, table: Table) -> list[str]:
    return list(connection.scalars(select(table.c.site).distinct()))


def _count(connection: Connection, table: Table, site: str) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(table.c.site == site)) or 0


def _run(row: Row[Any]) -> RunRow:
    report = None if row.report is None else json.loads(row.report)
    return RunRow(row.run, row.site, row.source, row.started, row.finished, row.outcome, report)
