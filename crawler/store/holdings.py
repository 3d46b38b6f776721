"""What web archives say they have, as a writer keeps it: how far their indexes were read, what was fetched."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, bindparam, or_, select, update

from crawler.items import Capture
from crawler.sanitize import legal
from crawler.store import schema as t
from crawler.store.chunks import chunks
from crawler.store.codec import address_key
from crawler.store.rows import HarvestRow, Holding, HoldingRow
from crawler.store.session import Session
from crawler.store.statements import insert

#: Holdings that are compared with the known ones at once.
_SOME: Final = 500


class HoldingWrites(Session):
    """The part of a writer that keeps the ledger of web archives."""

    @abstractmethod
    def payload(self, digest: str) -> Capture | None:
        """The oldest indexed capture with this payload digest."""

    def harvest(self, archive: str, query: str) -> HarvestRow | None:
        """How far a query has come."""
        h = t.harvests.c
        where = (h.site == self.site, h.archive == archive, h.key == address_key(query))
        row = self._connection.execute(select(t.harvests).where(*where)).one_or_none()
        return None if row is None else HarvestRow(archive, row.query, row.cursor, row.done_at, row.newest)

    def note_harvest(
        self,
        archive: str,
        query: str,
        *,
        cursor: str | None,
        done_at: datetime | None,
        newest: str | None = None,
    ) -> None:
        """Notes how far a query has come; a `newest` of None leaves the known one."""
        update_of = ("cursor", "done_at") if newest is None else ("cursor", "done_at", "newest")
        row = {"site": self.site, "archive": archive, "key": address_key(query), "query": query}
        values = {"cursor": cursor, "done_at": done_at, "newest": newest}
        statement = insert(self._connection.dialect.name, t.harvests, update=update_of)
        self._connection.execute(statement, row | values)

    def add_holdings(self, archive: str, rows: Sequence[Holding]) -> int:
        """Enters holdings; returns how many are new."""
        new = 0
        for first in range(0, len(rows), _SOME):
            found = {
                (address_key(legal(row.url)), row.at.astimezone(UTC)): row
                for row in rows[first : first + _SOME]
            }
            for known in self._known_holdings(archive, {key for key, _ in found}):
                found.pop(known, None)
            if found:
                made = [self._new_holding(archive, key, row) for (key, _), row in found.items()]
                self._connection.execute(t.holdings.insert(), made)
            new += len(found)
        return new

    def holdings(self, archive: str, now: datetime, *, articles: bool) -> Iterator[HoldingRow]:
        """Holdings to fetch; those of one article, then of one address, stand together, the newest first."""
        h = t.holdings.c
        kind = h.article != "" if articles else h.article == ""
        again = (h.state == "failed") & (h.next_try <= now)
        query = select(t.holdings).where(
            h.site == self.site, h.archive == archive, kind, or_(h.state == "new", again)
        )
        with self._connect() as connection:
            rows = chunks(connection, query, h.article, h.key, h.at, newest_first=True)
            yield from map(_holding, rows)

    def settle_holding(
        self,
        archive: str,
        holding: HoldingRow,
        state: Literal["done", "failed", "skipped"],
        now: datetime,
        *,
        reason: str | None = None,
        retry: datetime | None = None,
        capture: Capture | None = None,
    ) -> None:
        """Notes how fetching a holding went."""
        self._told(now)
        self._connection.execute(
            _SETTLE,
            {
                "of_site": self.site,
                "of_archive": archive,
                "of_key": address_key(holding.holding.url),
                "of_at": holding.holding.at,
                "new_state": state,
                "new_reason": None if reason is None else legal(reason),
                "new_retry": retry,
                "new_payload": None if capture is None else capture.digest,
                "failed": int(state == "failed"),
            },
        )

    def held_payload(self, archive: str, digest: str) -> Capture | None:
        """A capture of ours with the payload that the archive names by this digest."""
        h = t.holdings.c
        where = (h.site == self.site, h.archive == archive, h.digest == digest, h.payload.is_not(None))
        ours = self._connection.scalar(select(h.payload).where(*where).limit(1))
        return None if ours is None else self.payload(ours)

    def _known_holdings(self, archive: str, keys: set[str]) -> list[tuple[str, datetime]]:
        h = t.holdings.c
        where = (h.site == self.site, h.archive == archive, h.key.in_(sorted(keys)))
        return [(row.key, row.at) for row in self._connection.execute(select(h.key, h.at).where(*where))]

    def _new_holding(self, archive: str, key: str, row: Holding) -> dict[str, Any]:
        return {
            "site": self.site,
            "archive": archive,
            "key": key,
            "at": row.at,
            "article": row.article or "",
            "url": legal(row.url),
            "state": "new",
            "tries": 0,
            "digest": row.digest,
            "status": row.status,
            "media_type": row.media_type,
            "length": row.length,
            "file": row.file,
            "offset": row.offset,
        }


_H: Final = t.holdings.c
_SETTLE: Final = (
    update(t.holdings)
    .where(
        _H.site == bindparam("of_site"),
        _H.archive == bindparam("of_archive"),
        _H.key == bindparam("of_key"),
        _H.at == bindparam("of_at"),
    )
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        next_try=bindparam("new_retry"),
        payload=bindparam("new_payload"),
        tries=_H.tries + bindparam("failed"),
    )
)


def _holding(row: Row[Any]) -> HoldingRow:
    holding = Holding(
        url=row.url,
        at=row.at,
        digest=row.digest,
        status=row.status,
        media_type=row.media_type,
        length=row.length,
        file=row.file,
        offset=row.offset,
        article=row.article or None,
    )
    return HoldingRow(holding, row.state, row.tries, row.next_try, row.reason)
