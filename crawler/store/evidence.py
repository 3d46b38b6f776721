"""Reading back what stands behind an article: its revisions, captures, kept files, and the archives' ledger."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final, get_args

from sqlalchemy import Row, and_, bindparam, func, select

from crawler.items import Asset, Attachment, Capture, Image
from crawler.store import schema as t
from crawler.store.chunks import chunks
from crawler.store.codec import read_asset
from crawler.store.outline import Outline
from crawler.store.rows import CaptureRow, HoldingState, RevisionRow

_STATES: Final = get_args(HoldingState)

_SAID: Final = select(t.revisions.c.url, t.revisions.c.content).where(
    t.revisions.c.site == bindparam("of_site"),
    t.revisions.c.article == bindparam("of_article"),
    t.revisions.c.page == bindparam("of_page"),
)


class Evidence(Outline):
    """The part of a reader that tells where things come from."""

    def revisions(self, site: str, article_id: str) -> tuple[RevisionRow, ...]:
        """What the article said, oldest first."""
        r, v = t.readings.c, t.revisions.c
        same = and_(v.site == r.site, v.article == r.article, v.page == r.page)
        query = (
            select(r.at, r.payload, r.page, r.reextracted_at, v.url, v.content)
            .join_from(t.readings, t.revisions, same)
            .where(r.site == site, r.article == article_id)
            .order_by(r.at, r.rank)
        )
        with self._connect() as connection:
            rows = connection.execute(query).all()
        runs = groupby(rows, key=lambda row: row.page)
        return tuple(_revision(tuple(run)) for _, run in runs)

    def said(self, site: str, article_id: str, page: str) -> Mapping[str, Any]:
        """What a page said, in the record's shapes; empty for an unknown one."""
        which = {"of_site": site, "of_article": article_id, "of_page": page}
        with self._connect() as connection:
            row = connection.execute(_SAID, which).one_or_none()
        return {} if row is None else {"url": row.url, **json.loads(row.content)}

    def captures(self, site: str, *, pages_only: bool = False) -> Iterator[CaptureRow]:
        """Every kept response by file and offset, and what it was read as."""
        c, r, v, w, a = (table.c for table in (t.captures, t.readings, t.revisions, t.views, t.assets))
        now = and_(t.articles.c.site == r.site, t.articles.c.id == r.article)
        read = and_(r.site == c.site, r.payload == c.digest, r.at == c.fetched_at)
        said = and_(v.site == r.site, v.article == r.article, v.page == r.page)
        seen = and_(w.site == r.site, w.article == r.article, w.observed_at == r.at)
        query = (
            select(
                t.captures,
                r.article,
                r.page,
                v.reader,
                v.url.label("read_url"),
                w["count"].label("seen"),
                t.articles.c.state,
            )
            .select_from(t.captures)
            .join(t.readings, read, isouter=True)
            .join(t.revisions, said, isouter=True)
            .join(t.views, seen, isouter=True)
            .join(t.articles, now, isouter=True)
            .where(c.site == site)
        )
        if pages_only:
            file = select(a.key).where(a.site == c.site, a.digest == c.digest, a.state == "kept").exists()
            query = query.where(c.status == 200, ~file)
        with self._connect() as connection:
            rows = chunks(connection, query, c.warc, c.offset)
            for _, twins in groupby(rows, key=lambda row: (row.warc, row.offset)):
                yield _capture(tuple(twins))

    def capture(self, site: str, digest: str, at: datetime) -> Capture | None:
        """Where a payload is kept: the capture of that time, else the oldest one."""
        c = t.captures.c
        query = (
            select(t.captures)
            .where(c.site == site, c.digest == digest)
            .order_by((c.fetched_at == at).desc(), c.fetched_at, c.warc, c.offset)
            .limit(1)
        )
        with self._connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _kept(row)

    def assets(self, site: str, article_id: str) -> Mapping[str, Asset]:
        """The kept files that an article has named, by address."""
        a, o = t.assets.c, t.offers.c
        query = (
            select(t.assets)
            .join(t.offers, and_(o.site == a.site, o.asset == a.key))
            .where(o.site == site, o.article == article_id, a.state == "kept")
            .order_by(a.n)
        )
        with self._connect() as connection:
            return {row.url: read_asset(row) for row in connection.execute(query)}

    def holding_counts(self, site: str, archive: str | None = None) -> Mapping[str, int]:
        """State -> number of holdings."""
        h = t.holdings.c
        query = select(h.state, func.count().label("number")).where(h.site == site).group_by(h.state)
        if archive is not None:
            query = query.where(h.archive == archive)
        with self._connect() as connection:
            found = {row.state: row.number for row in connection.execute(query)}
        return {state: found.get(state, 0) for state in _STATES}


def _revision(run: Sequence[Any]) -> RevisionRow:
    said = json.loads(run[0].content)
    marks = [row.reextracted_at for row in run if row.reextracted_at is not None]
    return RevisionRow(
        first_seen=run[0].at,
        last_seen=run[-1].at,
        url=run[0].url,
        title=said["title"],
        lead=said["lead"],
        text=said["text"],
        images=tuple(Image(**image) for image in said["images"]),
        attachments=tuple(Attachment(**attachment) for attachment in said["attachments"]),
        payload=run[0].payload,
        captures=len(run),
        reextracted_at=max(marks, default=None),
    )


def _capture(twins: Sequence[Row[Any]]) -> CaptureRow:
    """One kept response. Two articles may have had equal payloads in one second: the address tells them apart."""
    row = next((twin for twin in twins if twin.read_url == twin.url), twins[0])
    return CaptureRow(_kept(row), row.article, row.page, row.reader, row.seen, row.state)


def _kept(row: Row[Any]) -> Capture:
    return Capture(row.source, row.url, row.fetched_at, row.status, row.digest, row.warc, row.offset)
