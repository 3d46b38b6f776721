"""What the store promises: the values it hands out and the protocol it keeps. No database here.

Times are aware and UTC. Every method that writes needs the site's lease; nothing is durable before `commit`.

Capture times decide which state is the newest, in whatever order captures are read. A change itself is stamped
(`at`) with the latest time its writer was told of by then (opening, run, sighting, live capture): when the store
learnt of it, so stamps never run backwards as `seq` grows.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from crawler.items import (
    Article,
    ArticleState,
    Attachment,
    Capture,
    Image,
    ListedArticle,
    Operation,
    Section,
    ViewObservation,
)

LinkState = Literal["new", "read", "refused", "failed", "gone"]
Outcome = Literal["complete", "partial", "held", "blocked", "budget", "interrupted"]


class StoreError(Exception):
    """The store cannot be used; the message names the cure."""


class DiskError(StoreError):
    """The disk is full or broken; nothing committed is lost."""


class SiteLockedError(StoreError):
    """Another run holds the site's lease."""


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A listing of the portal and how far it was walked.

    `open_since` is the number of the run in which the walk that is still unfinished began (None: the tail is
    complete); `resume_url` the last listing page that walk has read.
    """

    section: Section
    first_seen: datetime
    open_since: int | None
    resume_url: str | None
    #: True once a walk has reached the end of the listing.
    backfilled: bool


@dataclass(frozen=True, slots=True)
class LinkRow:
    """An article address in the ledger."""

    id: str
    url: str
    state: LinkState
    title: str | None
    tries: int
    next_try: datetime | None
    last_read_run: int | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was known of a listed article before this sighting."""

    id: str
    state: LinkState
    #: Run in which the article was first seen in this listing; None when it is new to it.
    first_run: int | None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why and when a navigation link proved to be no listing."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave for conditional requests."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One of the things an article said, as long as it said so; several may be equal but for the time."""

    #: Capture times between which every capture said this.
    first_seen: datetime
    last_seen: datetime
    url: str
    title: str
    lead: str | None
    text: str
    images: tuple[Image, ...]
    attachments: tuple[Attachment, ...]
    #: Digest of the payload of the first of these captures (`captures` has its place).
    payload: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as the store remembers it; `report` is the contract's run report."""

    run: int
    site: str
    source: str
    started: datetime
    finished: datetime | None
    outcome: Outcome | None
    report: Mapping[str, Any] | None


class Reader(Protocol):
    """What feeds, export and status read. Each method sees committed data only (or its own transaction's)."""

    def sites(self) -> tuple[str, ...]: ...

    def article(self, site: str, article_id: str) -> ArticleState | None: ...

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
        """Articles of a site (of one section or series), newest first by (published, numeric id).

        An article without a date stands by its first_seen. With `newest`, only the first N, and besides them
        every one published on or after `published_since` or with a reader-visible change (`updated`),
        removal or late addition (by a run after the first that walked every listing) at or after
        `changed_since`. None published on or after `published_before`. Streams; memory does not grow with the
        archive.
        """

    def changed(self, site: str, *, since: int) -> Iterator[ArticleState]:
        """The states, removed ones too, of every article with a change of seq > since. Streams."""

    def sketches(self, site: str, article_id: str | None = None) -> Iterator[Mapping[str, Any]]:
        """The records of one article, without the fields that hold text, in order of seq.

        Without an article, of every one that changed since it was created, one after the other. Streams.
        """

    def months(
        self, site: str, *, section: str | None = None, series: str | None = None
    ) -> Mapping[str, int]:
        """`YYYY-MM` of publication (else of first sight), +07:00 -> number of articles, removed ones too.

        Oldest first.
        """

    def corrected(self, site: str, *, newest: int, since: datetime | None) -> Iterator[ArticleState]:
        """Articles with a reader-visible change, newest change first; removed ones are left out.

        The first N, and besides them all that changed at or after `since`. Streams.
        """

    def views(self, site: str, articles: Collection[str]) -> Mapping[str, tuple[ViewObservation, ...]]:
        """The view observations of these articles, each one's oldest first; none has no entry."""

    def views_since(self, site: str, since: datetime) -> Iterator[tuple[str, ViewObservation]]:
        """Article and observation of every observation at or after `since`, by article, then time.

        Removed articles are left out. Streams.
        """

    def most_viewed(self, site: str, limit: int) -> tuple[str, ...]:
        """Ids of the articles with the highest newest counts, highest first; removed ones are left out."""

    def last_view(self, site: str) -> tuple[int, datetime] | None:
        """Number (`n`) of the newest view record and the time of the newest observation; None without any."""

    def revisions(self, site: str, article_id: str) -> tuple[RevisionRow, ...]:
        """What the article said, oldest first; empty when it is not stored."""

    def sections(self, site: str) -> tuple[SectionRow, ...]:
        """In order of first sight. A section that only article pages name has no address."""

    def series(self, site: str) -> Mapping[str, Mapping[str | None, int]]:
        """Series id -> period (None: not told) -> number of articles."""

    def records(self, site: str, *, since: int = 0) -> Iterator[Mapping[str, Any]]:
        """The contract's JSON lines records with seq > since, in order of seq. Streams."""

    def view_records(self, site: str, *, since: int = 0) -> Iterator[Mapping[str, Any]]:
        """The contract's `bantin/views/1` records with n > since."""

    def runs(self, site: str, *, limit: int = 10) -> tuple[RunRow, ...]:
        """Newest first."""

    def last_seq(self, site: str) -> int: ...

    def newest_change(
        self, site: str, *, section: str | None = None, series: str | None = None
    ) -> datetime | None:
        """The latest `changed_at` of the site's articles (of one section or series), removed ones too.

        None while there are none.
        """

    def counts(self, site: str) -> Mapping[str, int]:
        """Rows by kind (articles, revisions, views, changes, links, captures) for status and check."""

    def note(self, key: str) -> str | None:
        """A note about the whole store (`kind`: `demo`), None where there is none."""

    def problems(self) -> Iterator[str]:
        """Inconsistencies inside the store, one sentence each (`bantin check`); none when it is sound."""


class Writer(Reader, Protocol):
    """What a run writes, bound to one site by its lease. Calls between two commits are one transaction."""

    site: str

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def begin_run(self, source: str, started: datetime, *, full: bool) -> int: ...

    def finish_run(
        self, run: int, finished: datetime, outcome: Outcome, report: Mapping[str, Any]
    ) -> None: ...

    # -- articles -------------------------------------------------------------------------------------------

    def add_article(self, article: Article, capture: Capture, *, run: int) -> Operation | None:
        """Takes a page that is an article (`refusal` None) into the store; None when nothing changed.

        Decides with `crawler.changes`, writes article, revision, view observation and change (seq), and
        settles its link as read. Reading the same capture twice changes nothing.
        """

    def add_capture(self, capture: Capture) -> None:
        """Indexes a kept response, so that nothing ever has to scan WARC files."""

    def payload(self, digest: str) -> Capture | None:
        """The oldest indexed capture with this payload digest (for WARC revisit records)."""

    # -- ledger ---------------------------------------------------------------------------------------------

    def add_section(self, title: str, url: str, now: datetime) -> SectionRow:
        """The listing at this address; made with a fresh id by the contract's rules when it is new."""

    def progress(
        self, section_id: str, *, open_since: int | None, resume_url: str | None, backfilled: bool
    ) -> None: ...

    def reject(self, url: str, reason: str, now: datetime) -> None:
        """Remembers a navigation link that proved to be no listing."""

    def rejected(self) -> Mapping[str, Rejection]:
        """Address -> why and when it proved to be no listing."""

    def sight(
        self, listed: Sequence[ListedArticle], now: datetime, *, run: int, section_id: str | None
    ) -> tuple[Sighting, ...]:
        """Enters listed articles into the ledger, and into a section when one is given.

        A stored article that gains a section gets a change (`updated`, invisible to feeds' `updated`).
        """

    def pending(self, now: datetime) -> Iterator[LinkRow]:
        """Links to read now: never read, or refused or failed and due again; oldest sighting first."""

    def read_before(self, run: int) -> Iterator[LinkRow]:
        """Links of articles last read before this run (for `--full`)."""

    def settle(
        self,
        article_id: str,
        state: LinkState,
        now: datetime,
        *,
        reason: str | None = None,
        retry: datetime | None = None,
    ) -> LinkRow | None:
        """Notes the outcome of a try that gave no article."""

    def validators(self, url: str) -> Validators | None: ...

    def remember_validators(self, url: str, validators: Validators) -> None: ...


class Store(Reader, Protocol):
    """An open store."""

    def writer(
        self, site: str, owner: str, now: datetime, *, reserved: Collection[str] = ()
    ) -> AbstractContextManager[Writer]:
        """Takes the site's lease and opens its writer; SiteLockedError when another run has it.

        The lease is freed on exit and ends with its process, however that ends. What is not committed on exit
        is rolled back. `reserved` are ids that no section may get (the site's series), beside the contract's.
        """

    def set_note(self, key: str, value: str) -> None:
        """Notes something about the whole store; durable on return."""

    def transaction(self, work: Callable[[Reader], Any]) -> Any:
        """Runs `work` on one consistent snapshot."""

    def close(self) -> None: ...
