"""Reads the whole store back and tells what does not fit together, one sentence each."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, and_, func, select, text

from crawler.changes import digest, fragments, page_digest
from crawler.store import schema as t
from crawler.store.check_beside import beside
from crawler.store.chunks import chunks
from crawler.store.codec import read_state
from crawler.store.statements import states


def problems(connection: Connection) -> Iterator[str]:
    """Inconsistencies, the file's own first; none when the store is sound. Streams."""
    if connection.dialect.name == "sqlite":
        yield from _file(connection)
    yield from _gaps(connection, t.changes, t.changes.c.seq, "change")
    yield from _gaps(connection, t.views, t.views.c.n, "view observation")
    yield from _unpublished(connection)
    yield from _not_newest(connection)
    yield from _altered_revisions(connection)
    yield from _altered_states(connection)
    yield from _lost_captures(connection)
    yield from beside(connection)


def _file(connection: Connection) -> Iterator[str]:
    for (found,) in connection.execute(text("PRAGMA quick_check")):
        if found != "ok":
            yield f"the file is damaged: {found}"
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"row {row[1]} of {row[0]} points to a row of {row[2]} that is not there"


def _gaps(connection: Connection, table: Table, number: Column[Any], what: str) -> Iterator[str]:
    """Numbers run from 1 without gaps, or somebody who asks `--since` would miss one."""
    query = select(table.c.site, func.count(), func.min(number), func.max(number)).group_by(table.c.site)
    for site, count, first, last in connection.execute(query):
        if first != 1 or last != count:
            yield f"{site}: {count} {what}s are numbered {first} to {last}"


def _unpublished(connection: Connection) -> Iterator[str]:
    """The newest change of an article is what archives hold of it."""
    a, c = t.articles.c, t.changes.c
    same = and_(c.site == a.site, c.seq == a.seq, c.article == a.id)
    query = select(a.site, a.id, a.seq, a.digest, a.deleted_at, c.record).join_from(
        t.articles, t.changes, same, isouter=True
    )
    for row in chunks(connection, query, a.site, a.id):
        if row.record is None:
            yield f"{row.site}/{row.id}: its change {row.seq} is missing"
        elif row.deleted_at is None and json.loads(row.record).get("digest") != row.digest:
            yield f"{row.site}/{row.id}: its change {row.seq} has another digest"


def _not_newest(connection: Connection) -> Iterator[str]:
    """The state shows the newest reading."""
    a, r = t.articles.c, t.readings.c
    newest = (
        select(r.page)
        .where(r.site == a.site, r.article == a.id)
        .order_by(r.at.desc(), r.rank.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(a.site, a.id, a.page, newest.label("newest"))
    for row in chunks(connection, query, a.site, a.id):
        if row.page != row.newest:
            yield f"{row.site}/{row.id}: its state is not that of its newest capture"


def _altered_revisions(connection: Connection) -> Iterator[str]:
    v = t.revisions.c
    for row in chunks(
        connection, select(v.site, v.article, v.page, v.url, v.content), v.site, v.article, v.page
    ):
        if page_digest(row.url, fragments(json.loads(row.content))) != row.page:
            yield f"{row.site}/{row.article}: the text of a revision was altered"


def _altered_states(connection: Connection) -> Iterator[str]:
    for row in chunks(connection, states(), t.articles.c.site, t.articles.c.id):
        if digest(read_state(row)) != row.digest:
            yield f"{row.site}/{row.id}: its digest does not fit its content"


def _lost_captures(connection: Connection) -> Iterator[str]:
    """A revision can be read again only while its capture is indexed."""
    r, c = t.readings.c, t.captures.c
    indexed = select(c.digest).where(c.site == r.site, c.digest == r.payload).exists()
    kept: Select[Any] = select(r.site, r.article, r.at, r.rank).where(~indexed, r.kept)
    for row in chunks(connection, kept, r.site, r.article, r.at, r.rank):
        yield f"{row.site}/{row.article}: its capture of {row.at:%Y-%m-%d %H:%M} is not indexed"
