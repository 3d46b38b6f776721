"""One writer's open transaction: its connection, waiting rows, counters and clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy import Column, Connection, Select, update

from crawler.items import Capture
from crawler.store import schema as t
from crawler.store.api import SectionRow
from crawler.store.batch import Batch
from crawler.store.engine import lost
from crawler.store.lease import LEASE, Lock, renew
from crawler.store.quick import Quick
from crawler.store.read import ReadMethods, highest, read_section

_COUNTERS: dict[str, Column[Any]] = {
    "seq": t.changes.c.seq,
    "view": t.views.c.n,
    "link": t.links.c.n,
    "listing": t.listings.c.n,
    "run": t.runs.c.run,
    "asset": t.assets.c.n,
}


class Session(ReadMethods):
    """What every part of a writer shares."""

    def __init__(
        self,
        connection: Connection,
        site: str,
        lock: Lock,
        now: datetime,
        canonical: Callable[[str], str | None] | None = None,
    ) -> None:
        self.site = site
        self.run: int | None = None
        self._held = connection
        self._lock = lock
        self._renew_at = monotonic() + LEASE.total_seconds() / 4
        self._now = now
        self._canonical = canonical
        self._batch = Batch(connection)
        self._quick: dict[int, Quick] = {}
        self._dialect = connection.dialect.name
        self._counters: dict[str, int] = {}
        self._listings: dict[str, SectionRow] | None = None
        #: What cannot be read from the database before a flush: articles, links, and captures by payload.
        self._waiting: set[str] = set()
        self._waiting_links: set[str] = set()
        self._waiting_payloads: dict[str, Capture] = {}

    def commit(self) -> None:
        """Makes everything since the last commit durable; SiteLockedError when the lease was lost."""
        self._lock.check()
        self._flush()
        if monotonic() >= self._renew_at:
            renew(self._connection, self.site)
            self._renew_at = monotonic() + LEASE.total_seconds() / 4
        self._connection.commit()

    def rollback(self) -> None:
        """Forgets everything since the last commit."""
        self._batch.clear()
        self._written()
        self._counters.clear()
        self._listings = None
        self._held.rollback()

    @property
    def _connection(self) -> Connection:
        """The connection that holds the site's lock; StoreError once it is lost."""
        if self._held.invalidated:
            raise lost(self._held.engine.url)
        return self._held

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        self._flush()
        yield self._connection

    def _flush(self) -> None:
        self._batch.flush()
        self._written()

    def _written(self) -> None:
        self._waiting.clear()
        self._waiting_links.clear()
        self._waiting_payloads.clear()

    def _rows(self, statement: Select[Any], **values: Any) -> list[tuple[Any, ...]]:
        """The driver's own rows of one of the queries that run for every page."""
        quick = self._quick.get(id(statement))
        if quick is None:
            quick = self._quick[id(statement)] = Quick(self._connection, statement)
        return quick.rows({"of_site": self.site, **values})

    def _next(self, counter: str) -> int:
        """The next number of a site's counter; the lease makes the copy in memory safe."""
        if counter not in self._counters:
            self._flush()
            self._counters[counter] = highest(self._connection, _COUNTERS[counter], self.site)
        self._counters[counter] += 1
        return self._counters[counter]

    def _told(self, moment: datetime) -> None:
        """The writer's clock only runs forward: changes are stamped in the order of their numbers."""
        self._now = max(self._now, moment)

    def _present(self, url: str) -> str:
        """The address by the site's present hosts and scheme; one that is none of the site's as it is."""
        return (self._canonical(url) if self._canonical else None) or url

    def _known_listings(self) -> dict[str, SectionRow]:
        """The site's listings by id, at their present addresses."""
        if self._listings is None:
            query = t.listings.select().where(t.listings.c.site == self.site).order_by(t.listings.c.n)
            rows = map(read_section, self._connection.execute(query).all())
            self._listings = {row.section.id: self._moved(row) for row in rows}
        return self._listings

    def _moved(self, row: SectionRow) -> SectionRow:
        """A section of a portal that has another host or scheme now goes on at its new address."""
        url, resume = (address and self._present(address) for address in (row.section.url, row.resume_url))
        if (url, resume) == (row.section.url, row.resume_url):
            return row
        where = (t.listings.c.site == self.site, t.listings.c.id == row.section.id)
        self._connection.execute(update(t.listings).where(*where).values(url=url, resume_url=resume))
        return replace(row, section=replace(row.section, url=url), resume_url=resume)
