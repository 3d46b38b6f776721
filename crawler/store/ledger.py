"""The crawl's frontier: links to articles, how reading them went, and when to try again."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import chain, islice, zip_longest
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Select, or_, select, update

from crawler.changes.plan import STEPS, day_of, next_day, next_reading, step_of
from crawler.items import ArticleState, ListedArticle, Published
from crawler.sanitize import legal
from crawler.store import schema as t
from crawler.store.api import LinkRow, LinkState, Sighting
from crawler.store.chunks import chunks
from crawler.store.listings import ListingWrites
from crawler.store.statements import bound_ids, seen_links, seen_members

#: Step of an article that was missing once: looked for on the next day.
ABSENT: Final = -1


class SeenLink(NamedTuple):
    """What a sighting asks of a known link."""

    id: str
    url: str
    title: str | None
    state: LinkState
    first_run: int | None
    last_read_run: int | None


class LedgerWrites(ListingWrites):
    """The part of a writer that keeps links."""

    @abstractmethod
    def _delete(self, article_id: str, now: datetime, reason: str | None) -> None:
        """Notes that the portal does not have a stored article any more."""

    @abstractmethod
    def _plan_of(self, article_id: str) -> tuple[Published | None, datetime] | None:
        """What the re-reading plan of a stored article counts from: publication and first sight."""

    def sight(
        self, listed: Sequence[ListedArticle], now: datetime, *, run: int, section_id: str | None
    ) -> tuple[Sighting, ...]:
        """Enters listed articles into the ledger, and into a section; one answer for each, in their order."""
        self._told(now)
        distinct = {item.id: item for item in listed}
        if not (self._waiting.isdisjoint(distinct) and self._waiting_links.isdisjoint(distinct)):
            self._flush()
        known = self._seen(list(distinct))
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
        if state in ("read", "gone"):
            values |= self._planned(article_id, now)
        where = (c.site == self.site, c.id == article_id)
        self._connection.execute(update(t.links).where(*where).values(values))
        if state == "gone":
            self._delete(article_id, now, reason)
        row = self._connection.execute(select(t.links).where(*where)).one_or_none()
        return None if row is None else self._link(row)

    def due(self, now: datetime, limit: int) -> Sequence[LinkRow]:
        """Articles to read again, shared fairly over the plan's steps; within one, the longest due first."""
        c = t.links.c
        with self._connect() as connection:
            steps = []
            for step in range(ABSENT, STEPS):
                where = (c.site == self.site, c.step == step, c.due_at <= now, c.state.in_(("read", "gone")))
                query = select(t.links).where(*where).order_by(c.due_at, c.n).limit(limit)
                steps.append(connection.execute(query).all())
        turns = chain.from_iterable(zip_longest(*steps))
        return tuple(islice((self._link(row) for row in turns if row is not None), limit))

    def note_absence(self, article_id: str, now: datetime, *, reason: str, final: bool = False) -> bool:
        """The portal does not show a known article. True when that makes it gone; see `api.Writer`."""
        self._flush()
        c = t.links.c
        query = select(t.links).where(c.site == self.site, c.id == article_id)
        link = self._connection.execute(query).one_or_none()
        if link is None or (link.read_at is not None and link.read_at > now):  # it was looked at since
            return False
        if link.state == "gone" or final or self._absent_before(link, now):
            self.settle(article_id, "gone", now, reason=reason)
            return bool(link.state != "gone")
        self._told(now)
        values: dict[str, Any] = {"due_at": next_day(now), "step": ABSENT, "reason": legal(reason)}
        if link.last_read_run is not None:
            values |= {"state": "read", "next_try": None}
        if link.absent_at is None:
            values |= {"absent_at": now, "absent_run": self.run}
        self._connection.execute(
            update(t.links).where(c.site == self.site, c.id == article_id).values(values)
        )
        return False

    def _absent_before(self, link: Row[Any], now: datetime) -> bool:
        """Whether the article was missing before in another run, on another day."""
        return (
            link.absent_at is not None
            and link.absent_run != self.run
            and day_of(link.absent_at) != day_of(now)
        )

    def _planned(self, article_id: str, read_at: datetime) -> dict[str, Any]:
        """When a stored article that the portal showed, or did not, at this time is to be read again."""
        plan = {"read_at": read_at, "absent_at": None, "absent_run": None, "due_at": None, "step": None}
        counted = self._plan_of(article_id)
        return plan if counted is None else plan | _plan(article_id, *counted, read_at)

    def _stream(self, query: Select[Any]) -> Iterator[LinkRow]:
        with self._connect() as connection:
            rows = chunks(connection, query, t.links.c.n, before=self._flush)
            yield from map(self._link, rows)

    def _seen(self, ids: Sequence[str]) -> Mapping[str, SeenLink]:
        rows = self._rows(self._seen_links, of_ids=bound_ids(self._dialect, ids))
        return {row[0]: SeenLink(*row) for row in rows}

    def _members(self, section_id: str, ids: Sequence[str]) -> Mapping[str, int | None]:
        bound = bound_ids(self._dialect, ids)
        return dict(self._rows(self._seen_members, of_section=section_id, of_ids=bound))

    @cached_property
    def _seen_links(self) -> Select[Any]:
        return seen_links(self._dialect)

    @cached_property
    def _seen_members(self) -> Select[Any]:
        return seen_members(self._dialect)

    def _sight(self, item: ListedArticle, known: SeenLink | None, now: datetime, run: int) -> None:
        title = None if item.title is None else legal(item.title)
        if known is None:
            self._batch.add("links", self._new_link(item.id, item.url, title, now, run))
            self._waiting_links.add(item.id)
        elif known.url != item.url or (known.title is None and title is not None):
            seen = {"new_url": item.url, "new_title": known.title or title}
            self._batch.add("seen links", {"of_site": self.site, "of_id": item.id} | seen)
            self._waiting_links.add(item.id)

    def _enter(self, ids: Sequence[str], section_id: str, run: int, known: Mapping[str, SeenLink]) -> None:
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
            "read_at": None,
            "due_at": None,
            "step": None,
            "absent_at": None,
            "absent_run": None,
        }

    def _read_link(self, state: ArticleState, run: int) -> None:
        """Settles the link of a stored article as read, whether it was known or not."""
        if state.first_seen is None or state.last_seen is None:
            raise ValueError(f"{state.id} was never seen")
        new = self._new_link(state.id, state.url, None, state.last_seen, run)
        plan = _plan(state.id, state.published, state.first_seen, state.last_seen)
        read = {"state": "read", "last_read_run": run, "read_at": state.last_seen}
        self._batch.add("read links", new | read | plan)
        self._waiting_links.add(state.id)

    def _link(self, row: Row[Any]) -> LinkRow:
        url = self._present(row.url)
        return LinkRow(
            row.id,
            url,
            row.state,
            row.title,
            row.tries,
            row.next_try,
            row.last_read_run,
            row.due_at,
            row.absent_at,
        )


def _plan(
    article_id: str, published: Published | None, first_seen: datetime, read_at: datetime
) -> dict[str, Any]:
    due = next_reading(published, first_seen, read_at, article_id=article_id)
    return {"due_at": due, "step": step_of(published, first_seen, due)}


def _sighting(
    article_id: str, known: SeenLink | None, members: Mapping[str, int | None] | None, section_id: str | None
) -> Sighting:
    if members is not None and section_id is not None:
        first_run = members.get(article_id)
    else:
        first_run = None if known is None else known.first_run
    return Sighting(article_id, "new" if known is None else known.state, first_run)
