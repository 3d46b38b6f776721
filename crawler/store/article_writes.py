"""Articles into the store: decision, revision, reading, view observation, change, and the link as read."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from crawler.changes import Decision, Memory, Reading, decide, with_files, with_sections
from crawler.changes.digest import Fragments, joined
from crawler.items import Article, ArticleState, Asset, Capture, Operation, Published, ViewCount
from crawler.store import schema as t
from crawler.store.clean import cleaned
from crawler.store.codec import read_memory, read_reading, read_state, state_row
from crawler.store.ledger import LedgerWrites
from crawler.store.record import written_record
from crawler.store.statements import IS_CAPTURED, IS_STORED, ONE_STATE, READINGS


@dataclass(frozen=True, slots=True)
class Known:
    """What the store has of an article."""

    state: ArticleState | None
    #: Digest of the page whose content the state shows.
    page: str
    memory: Memory
    readings: tuple[Reading, ...]


NEW: Final = Known(None, "", Memory(), ())


class ArticleWrites(LedgerWrites):
    """The part of a writer that takes pages."""

    #: Characters that were dropped at the store's border since the writer was opened.
    dropped_characters: int = 0

    @abstractmethod
    def _kept_files(self, urls: Sequence[str]) -> Mapping[str, Asset]:
        """Those of these files that are kept, by address."""

    def add_article(self, article: Article, capture: Capture, *, run: int) -> Operation | None:
        """Takes a page that is an article; None when nothing changed. ValueError for any other page."""
        if capture.source == "live":
            self._told(capture.fetched_at)
        decision = self._take(article, capture)
        state = decision.state
        if state.deleted_at is None:
            self._read_link(state, run)
        return decision.op

    def reextracted(self, article: Article, capture: Capture, *, at: datetime) -> Operation | None:
        """Takes a capture that newer rules read again; None when nothing changed."""
        self._told(at)
        decision = self._take(article, capture, reextracted_at=at)
        if decision.op == "created":  # no run has read it: the next full one will
            self._read_link(decision.state, self.run or 0)
        return decision.op

    def _take(self, article: Article, capture: Capture, reextracted_at: datetime | None = None) -> Decision:
        article, dropped = cleaned(article)
        self.dropped_characters += dropped
        if article.id is None or article.site != self.site:
            raise ValueError(f"{article.url} is no article of {self.site}")
        known = self._known(article.id)
        old = known.state
        attachments = article.attachments + (old.attachments if old else ())
        decision = decide(
            old,
            article,
            capture,
            self._sections_with(article.id, article.sections, capture.fetched_at),
            known.readings,
            memory=known.memory,
            kept=self._kept_files([attachment.url for attachment in attachments]),
            reextracted_at=reextracted_at,
        )
        if decision.learnt:
            self._write_reading(decision, kept=capture.warc is not None)
        if decision.learnt or reextracted_at is not None:
            known_time = any(reading.at == capture.fetched_at for reading in known.readings)
            self._observe(article.id, article.views, capture.fetched_at, known_time=known_time)
        self._write_state(decision, known, reextracted=reextracted_at is not None)
        return decision

    def add_capture(self, capture: Capture) -> None:
        """Indexes a kept response; one that was not kept leaves no trace."""
        if capture.warc is None or capture.offset is None:
            return
        self._waiting_payloads.setdefault(capture.digest, capture)
        self._batch.add(
            "captures",
            {
                "site": self.site,
                "warc": capture.warc,
                "offset": capture.offset,
                "source": capture.source,
                "url": capture.url,
                "fetched_at": capture.fetched_at,
                "status": capture.status,
                "digest": capture.digest,
            },
        )

    def payload(self, digest: str) -> Capture | None:
        """The oldest indexed capture with this payload digest."""
        if not self._rows(IS_CAPTURED, of_digest=digest):
            return self._waiting_payloads.get(digest)
        c = t.captures.c
        query = (
            select(t.captures).where(c.site == self.site, c.digest == digest).order_by(c.fetched_at).limit(1)
        )
        row = self._connection.execute(query).one()
        return Capture(row.source, row.url, row.fetched_at, row.status, row.digest, row.warc, row.offset)

    def _known(self, article_id: str) -> Known:
        """State, its page digest, what is remembered beside it, and all readings."""
        if article_id in self._waiting:
            self._flush()
        if not self._rows(IS_STORED, of_article=article_id):
            return NEW
        which = {"of_site": self.site, "of_article": article_id}
        row = self._connection.execute(ONE_STATE, which).one()
        readings = tuple(map(read_reading, self._connection.execute(READINGS, which)))
        return Known(read_state(row), row.page, read_memory(row), readings)

    def _write_state(self, decision: Decision, known: Known, *, reextracted: bool) -> None:
        state, reading = decision.state, decision.reading
        newest = decision.readings[-1] is reading
        known = replace(known, page=reading.page if newest else known.page, memory=decision.memory)
        if decision.op is not None:
            self._write_change(state, decision.op, known, reextracted=reextracted)
        elif (state, decision.memory) != (known.state, known.memory):
            self._write_row(state, known)

    def _write_row(self, state: ArticleState, known: Known) -> None:
        self._batch.add("articles", state_row(state, known.page, known.memory))
        self._waiting.add(state.id)

    def _write_reading(self, decision: Decision, *, kept: bool) -> None:
        state, reading = decision.state, decision.reading
        key = {"site": self.site, "article": state.id}
        self._batch.add("revisions", key | _revision_row(reading, decision.content))
        earlier = [r for r in decision.readings if r.at == reading.at]
        self._batch.add(
            "readings",
            key
            | {
                "at": reading.at,
                "rank": next(i for i, r in enumerate(earlier) if r is reading),
                "payload": reading.payload,
                "page": reading.page,
                "kept": kept,
                "reextracted_at": reading.reextracted_at,
            },
        )

    def _observe(
        self, article_id: str, views: ViewCount | None, moment: datetime, *, known_time: bool
    ) -> None:
        """Adds an observation; a reading of the same time may have made it, and may have been without it."""
        if views is not None and not (known_time and self._observed(article_id, moment)):
            seen = {"n": self._next("view"), "count": views.views, "observed_at": moment}
            self._batch.add("views", {"site": self.site, "article": article_id} | seen)

    def _observed(self, article_id: str, moment: datetime) -> bool:
        """Whether the view count of that time is known: another capture of the same time cannot unsay it."""
        v = t.views.c
        query = select(v.n).where(v.site == self.site, v.article == article_id, v.observed_at == moment)
        return self._connection.execute(query).first() is not None

    def _write_change(
        self,
        state: ArticleState,
        op: Operation,
        known: Known,
        *,
        reason: str | None = None,
        reextracted: bool = False,
    ) -> None:
        state = replace(state, seq=self._next("seq"), changed_at=self._now)
        self._write_row(state, known)
        self._batch.add(
            "changes",
            {
                "site": self.site,
                "seq": state.seq,
                "op": op,
                "at": self._now,
                "article": state.id,
                "page": None if op == "deleted" else known.page,
                "record": written_record(state, op, self._now, reason=reason, reextracted=reextracted),
            },
        )

    def _delete(self, article_id: str, now: datetime, reason: str | None) -> None:
        """Notes that the portal does not have a stored article any more, unless a newer capture shows it."""
        known = self._known(article_id)
        state = known.state
        if state is None or (state.last_seen and state.last_seen > now):
            return
        known = replace(
            known, memory=replace(known.memory, absent_at=max(now, known.memory.absent_at or now))
        )
        if state.deleted_at is not None:
            self._write_row(state, known)
        else:
            self._write_change(replace(state, deleted_at=now), "deleted", known, reason=reason)

    def _resection(self, article_id: str) -> None:
        """Brings a stored article's sections up to date; a change, but none that readers see."""
        known = self._known(article_id)
        if known.state is not None and (sections := self._sections_of(article_id)) != known.state.sections:
            self._write_quiet(with_sections(known.state, sections), known)

    def _refile(self, article_id: str) -> None:
        """Brings length and hash of a stored article's kept attachments up to date, likewise."""
        known = self._known(article_id)
        if known.state is not None:
            files = self._kept_files([attachment.url for attachment in known.state.attachments])
            if (told := with_files(known.state, files)) != known.state:
                self._write_quiet(told, known)

    def _write_quiet(self, state: ArticleState, known: Known) -> None:
        """A change beside the page; none while the article is removed, or the record stays the same."""
        if known.state is not None and state.digest != known.state.digest and state.deleted_at is None:
            self._write_change(state, "updated", known)
        else:
            self._write_row(state, known)

    def _plan_of(self, article_id: str) -> tuple[Published | None, datetime] | None:
        state = self._known(article_id).state
        return None if state is None or state.first_seen is None else (state.published, state.first_seen)


def _revision_row(reading: Reading, content: Fragments) -> dict[str, Any]:
    published, series = content["published"], content["series"]
    return {
        "page": reading.page,
        "reader": reading.reader,
        "url": reading.url,
        "published": None if reading.published is None else published.decode(),
        "series": None if reading.series is None else series.decode(),
        "content": joined(content).decode(),
    }
