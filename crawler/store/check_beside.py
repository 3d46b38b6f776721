"""Reads back what lies beside the articles: the re-reading plan, kept files, the ledger of web archives."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, or_, select

from crawler.store import schema as t
from crawler.store.chunks import chunks
from crawler.store.codec import read_state
from crawler.store.statements import states


def beside(connection: Connection) -> Iterator[str]:
    """Inconsistencies, one sentence each; none when all is sound. Streams."""
    yield from _times(connection)
    yield from _unplanned(connection)
    yield from _lost_files(connection)
    yield from _untold_files(connection)
    yield from _lost_holdings(connection)
    yield from _endless_harvests(connection)


def _times(connection: Connection) -> Iterator[str]:
    a = t.articles.c
    fell = and_(a.floor.is_not(None), or_(a.updated.is_(None), a.updated < a.floor))
    seen = and_(a.deleted_at.is_not(None), a.absent_at < a.deleted_at)
    query = select(a.site, a.id, fell.label("fell")).where(or_(fell, seen))
    for row in chunks(connection, query, a.site, a.id):
        what = (
            "readers saw a later change than it has now" if row.fell else "it is removed but was seen later"
        )
        yield f"{row.site}/{row.id}: {what}"


def _unplanned(connection: Connection) -> Iterator[str]:
    """A stored article that no plan holds would never be read again."""
    a, k = t.articles.c, t.links.c
    link = and_(k.site == a.site, k.id == a.id)
    query = select(a.site, a.id).join_from(t.articles, t.links, link, isouter=True).where(k.due_at.is_(None))
    for row in chunks(connection, query, a.site, a.id):
        yield f"{row.site}/{row.id}: it stands in no plan of re-reading"


def _lost_files(connection: Connection) -> Iterator[str]:
    """What is kept has all that records tell of it, and an indexed capture."""
    a, c = t.assets.c, t.captures.c
    indexed = select(c.digest).where(c.site == a.site, c.digest == a.digest).exists()
    told = and_(a.bytes.is_not(None), a.sha256.is_not(None), a.capture.is_not(None))
    query = select(a.site, a.key, a.url).where(a.state == "kept", ~and_(told, indexed))
    for row in chunks(connection, query, a.site, a.key):
        yield f"{row.site}: the file {row.url} counts as kept, but its capture is not indexed"


def _untold_files(connection: Connection) -> Iterator[str]:
    """Length and hash of a kept attachment stand in the articles that name it."""
    a, o, r = t.assets.c, t.offers.c, t.articles.c
    query = (
        states()
        .add_columns(
            a.key.label("asset"), *(a[name].label(f"asset_{name}") for name in ("url", "bytes", "sha256"))
        )
        .join(t.offers, and_(o.site == r.site, o.article == r.id))
        .join(t.assets, and_(a.site == o.site, a.key == o.asset))
        .where(a.state == "kept")
    )
    for row in chunks(connection, query, r.site, r.id, o.asset):
        named = [file for file in read_state(row).attachments if file.url == row.asset_url]
        if any((file.bytes, file.sha256) != (row.asset_bytes, row.asset_sha256) for file in named):
            yield f"{row.site}/{row.id}: it does not tell the length of {row.asset_url}, which is kept"


def _lost_holdings(connection: Connection) -> Iterator[str]:
    h, c = t.holdings.c, t.captures.c
    indexed = select(c.digest).where(c.site == h.site, c.digest == h.payload).exists()
    query = select(h.site, h.archive, h.key, h.at, h.url).where(h.payload.is_not(None), ~indexed)
    for row in chunks(connection, query, h.site, h.archive, h.key, h.at):
        yield f"{row.site}: {row.url} of {row.at:%Y-%m-%d %H:%M} was fetched from {row.archive}, but is not indexed"


def _endless_harvests(connection: Connection) -> Iterator[str]:
    h = t.harvests.c
    query = select(h.site, h.archive, h.key, h.query).where(h.done_at.is_not(None), h.cursor.is_not(None))
    for row in chunks(connection, query, h.site, h.archive, h.key):
        yield f"{row.site}: the query {row.query} to {row.archive} is finished and unfinished at once"
