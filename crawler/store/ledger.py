"""The crawl's frontier: links to articles, how reading them went, and when to try again."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select, update

from crawler.items import ListedArticle
from crawler.sanitize import legal
from crawler.store import schema as t
from crawler.store.api import LinkRow, LinkState, Sighting
from crawler.store.chunks import chunks
from crawler.store.listings import ListingWrites


class LedgerWrites(ListingWrites):
    """The part of a writer that keeps links."""

    @abstractmethod
    def _delete(self, article_id: str, now: datetime, reason: str | None) -> None:
        """Notes that the portal does not have a stored article any more."""

    def sight(
        self, listed: Sequence[ListedArticle], now: datetime, *, run: int, section_id: str | None
    ) -> tuple[Sighting, ...]:
        """Enters listed articles into the ledger, and into a section; one answer for each, in their order."""
        self._told(now)
        self._flush()
        distinct = {item.id: item for item in listed}
        known = self._links(list(distinct))
        members = {} if section_id is None else self._members(section_id, list(distinct))
        for item in distinct.values():
            self._sight(item, known.get(item.id), now, run)
        if section_id is not None:
            self._enter([i for i in distinct if i not in members], section_id, run, known)
            self._date_members([i for i in distinct if members.get(i, run) is None], section_id, run)
        answers = {
            item: _sighting(item, known.get(item), None if section_id is None else members, section_id)
            for item in distinct
        }
        return tuple(answers[item.id] for item in listed)

    def pending(self, now: datetime) -> Iterator[LinkRow]:
        """Links to read now, oldest sighting first; a link that was settled meanwhile does not come."""
        c = t.links.c
        again = c.state.in_(("refused", "failed", "gone")) & (c.next_try <= now)
        return self._stream(select(t.links).where(c.site == self.site, or_(c.state == "new", again)))

    def read_before(self, run: int) -> Iterator[LinkRow]:
        """Links of articles last read before this run, oldest sighting first."""
        c = t.links.c
        return self._stream(select(t.links).where(c.site == self.site, c.last_read_run < run))

    def settle(
        self,
        article_id: str,
        state: LinkState,
        now: datetime,
        *,
        reason: str | None = None,
        retry: datetime | None = None,
    ) -> LinkRow | None:
        """Notes the outcome of a try that gave no article; None for a link that was never seen."""
        self._told(now)
        self._flush()
        c = t.links.c
        tries: Any = 0 if state == "read" else c.tries + 1
        reason = None if reason is None else legal(reason)
        values = {"state": state, "reason": reason, "next_try": retry, "tries": tries}
        if state == "read" and self.run is not None:
            values["last_read_run"] = self.run
        where = (c.site == self.site, c.id == article_id)
        self._connection.execute(update(t.links).where(*where).values(values))
        if state == "gone":
            self._delete(article_id, now, reason)
        row = self._connection.execute(select(t.links).where(*where)).one_or_none()
        return None if row is None else _link(row)

    def _stream(self, query: Select[Any]) -> Iterator[LinkRow]:
        with self._connect() as connection:
            yield from map(_link, chunks(connection, query, t.links.c.n))

    def _links(self, ids: Sequence[str]) -> Mapping[str, Row[Any]]:
        c = t.links.c
        query = select(t.links).where(c.site == self.site, c.id.in_(ids))
        return {row.id: row for row in self._connection.execute(query)}

    def _members(self, section_id: str, ids: Sequence[str]) -> Mapping[str, int | None]:
        c = t.memberships.c
        query = select(c.article, c.first_run).where(
            c.site == self.site, c.section == section_id, c.article.in_(ids)
        )
        return {row.article: row.first_run for row in self._connection.execute(query)}

    def _sight(self, item: ListedArticle, known: Row[Any] | None, now: datetime, run: int) -> None:
        title = None if item.title is None else legal(item.title)
        if known is None:
            self._batch.add("links", self._new_link(item.id, item.url, title, now, run))
        elif known.url != item.url or (known.title is None and title is not None):
            seen = {"new_url": item.url, "new_title": known.title or title}
            self._batch.add("seen links", {"of_site": self.site, "of_id": item.id} | seen)

    def _enter(self, ids: Sequence[str], section_id: str, run: int, known: Mapping[str, Row[Any]]) -> None:
        """Makes articles members of a section; those that are stored get a change."""
        for article_id in ids:
            row = {"site": self.site, "article": article_id, "section": section_id, "first_run": run}
            self._batch.add("memberships", row)
            self._waiting.add(article_id)
        for article_id in ids:
            if article_id in known and known[article_id].last_read_run is not None:
                self._resection(article_id)

    def _date_members(self, ids: Sequence[str], section_id: str, run: int) -> None:
        """Members that only article pages had named are now seen in the listing itself."""
        if not ids:
            return
        c = t.memberships.c
        where = (c.site == self.site, c.section == section_id, c.article.in_(ids))
        self._connection.execute(update(t.memberships).where(*where).values(first_run=run))

    def _new_link(
        self, article_id: str, url: str, title: str | None, now: datetime, run: int
    ) -> dict[str, Any]:
        return {
            "site": self.site,
            "id": article_id,
            "n": self._next("link"),
            "url": url,
            "title": title,
            "state": "new",
            "reason": None,
            "tries": 0,
            "next_try": None,
            "first_seen": now,
            "first_run": run,
            "last_read_run": None,
        }

    def _read_link(self, article_id: str, url: str, now: datetime, run: int) -> None:
        """Settles a link as read, whether it was known or not."""
        new = self._new_link(article_id, url, None, now, run)
        self._batch.add("read links", new | {"state": "read", "last_read_run": run})


def _sighting(
    article_id: str, known: Row[Any] | None, members: Mapping[str, int | None] | None, section_id: str | None
) -> Sighting:
    if members is not None and section_id is not None:
        first_run = members.get(article_id)
    else:
        first_run = None if known is None else known.first_run
    return Sighting(article_id, "new" if known is None else known.state, first_run)


def _link(row: Row[Any]) -> LinkRow:
    return LinkRow(row.id, row.url, row.state, row.title, row.tries, row.next_try, row.last_read_run)
