"""Articles into the store: decision, revision, reading, view observation, change, and the link as read."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crawler.changes import Decision, Reading, decide, with_sections
from crawler.changes.digest import Fragments, joined
from crawler.export import state_record
from crawler.items import Article, ArticleState, Capture, Operation, ViewCount
from crawler.store import schema as t
from crawler.store.clean import cleaned
from crawler.store.codec import read_reading, read_state, state_row
from crawler.store.ledger import LedgerWrites
from crawler.store.read import CONTENT_FIELDS
from crawler.store.statements import ONE_STATE, READINGS


class ArticleWrites(LedgerWrites):
    """The part of a writer that takes pages."""

    #: Characters that were dropped at the store's border since the writer was opened.
    dropped_characters: int = 0

    def add_article(self, article: Article, capture: Capture, *, run: int) -> Operation | None:
        """Takes a page that is an article; None when nothing changed. ValueError for any other page."""
        article, dropped = cleaned(article)
        self.dropped_characters += dropped
        if article.id is None or article.site != self.site:
            raise ValueError(f"{article.url} is no article of {self.site}")
        if capture.source == "live":
            self._told(capture.fetched_at)
        old, page, readings = self._known(article.id)
        sections = self._sections_with(article.id, article.sections, capture.fetched_at)
        decision = decide(old, article, capture, sections, readings)
        if decision.learnt:
            known_time = any(reading.at == capture.fetched_at for reading in readings)
            kept = capture.warc is not None
            self._write_reading(decision, article.views, kept=kept, known_time=known_time)
        self._write_state(decision, page, old)
        self._read_link(article.id, article.url, capture.fetched_at, run)
        return decision.op

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
        c = t.captures.c
        query = (
            select(t.captures).where(c.site == self.site, c.digest == digest).order_by(c.fetched_at).limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return self._waiting_payloads.get(digest)
        return Capture(row.source, row.url, row.fetched_at, row.status, row.digest, row.warc, row.offset)

    def _known(self, article_id: str) -> tuple[ArticleState | None, str, tuple[Reading, ...]]:
        """State, its page digest, and all readings."""
        if article_id in self._waiting:
            self._flush()
        which = {"of_site": self.site, "of_article": article_id}
        row = self._connection.execute(ONE_STATE, which).one_or_none()
        if row is None:
            return None, "", ()
        return read_state(row), row.page, tuple(map(read_reading, self._connection.execute(READINGS, which)))

    def _write_state(self, decision: Decision, page: str, old: ArticleState | None) -> None:
        state, reading = decision.state, decision.reading
        newest = decision.readings[-1] is reading
        if decision.op is not None:
            self._write_change(state, decision.op, reading.page if newest else page)
        elif state != old:
            self._batch.add("articles", state_row(state, reading.page if newest else page))
        self._waiting.add(state.id)

    def _write_reading(
        self, decision: Decision, views: ViewCount | None, *, kept: bool, known_time: bool
    ) -> None:
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
            },
        )
        if views is not None and not (known_time and self._observed(state.id, reading.at)):
            seen = {"n": self._next("view"), "count": views.views, "observed_at": reading.at}
            self._batch.add("views", key | seen)

    def _observed(self, article_id: str, moment: datetime) -> bool:
        """Whether the view count of that time is known: another capture of the same time cannot unsay it."""
        v = t.views.c
        query = select(v.n).where(v.site == self.site, v.article == article_id, v.observed_at == moment)
        return self._connection.execute(query).first() is not None

    def _write_change(
        self, state: ArticleState, op: Operation, page: str, reason: str | None = None
    ) -> ArticleState:
        state = replace(state, seq=self._next("seq"), changed_at=self._now)
        record = state_record(state, op, self._now, reason)
        kept = {name: value for name, value in record.items() if name not in CONTENT_FIELDS}
        self._batch.add("articles", state_row(state, page))
        self._batch.add(
            "changes",
            {
                "site": self.site,
                "seq": state.seq,
                "op": op,
                "at": self._now,
                "article": state.id,
                "page": None if op == "deleted" else page,
                "record": json.dumps(kept, ensure_ascii=False, separators=(",", ":")),
            },
        )
        self._waiting.add(state.id)
        return state

    def _delete(self, article_id: str, now: datetime, reason: str | None) -> None:
        """Notes that the portal does not have a stored article any more, unless a newer capture shows it."""
        state, page, _ = self._known(article_id)
        if state is None or state.deleted_at is not None or (state.last_seen and state.last_seen > now):
            return
        self._write_change(replace(state, deleted_at=now), "deleted", page, reason)

    def _resection(self, article_id: str) -> None:
        """Brings a stored article's sections up to date; a change, but none that readers see."""
        state, page, _ = self._known(article_id)
        if state is None:
            return
        sections = self._sections_of(article_id)
        if sections == state.sections:
            return
        moved = with_sections(state, sections)
        if moved.digest == state.digest or moved.deleted_at is not None:
            self._batch.add("articles", state_row(moved, page))
            self._waiting.add(article_id)
        else:
            self._write_change(moved, "updated", page)


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
