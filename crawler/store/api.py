"""What the store promises: the values it hands out and the protocol it keeps. No database here.

Times are aware and UTC. Every method that writes needs the site's lease; nothing is durable before `commit`.

Capture times decide which state is the newest, in whatever order captures are read. A change itself is stamped
(`at`) with the latest time its writer was told of by then (opening, run, sighting, live capture): when the store
learnt of it, so stamps never run backwards as `seq` grows.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Literal, Protocol

from crawler.items import Article, ArticleState, Asset, Capture, ListedArticle, Operation, ViewObservation
from crawler.store.errors import DiskError, SiteLockedError, StoreError
from crawler.store.rows import (
    AssetRow,
    AssetState,
    CaptureRow,
    HarvestRow,
    Holding,
    HoldingRow,
    HoldingState,
    LinkRow,
    LinkState,
    Outcome,
    Rejection,
    RevisionRow,
    RunRow,
    SectionRow,
    Sighting,
    Validators,
)

__all__ = [
    "AssetRow",
    "AssetState",
    "CaptureRow",
    "DiskError",
    "HarvestRow",
    "Holding",
    "HoldingRow",
    "HoldingState",
    "LinkRow",
    "LinkState",
    "Outcome",
    "Reader",
    "Rejection",
    "RevisionRow",
    "RunRow",
    "SectionRow",
    "Sighting",
    "SiteLockedError",
    "Store",
    "StoreError",
    "Validators",
    "Writer",
]


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
        """Article and observation of what was seen at or after `since`, by article, then time.

        Only of articles seen twice or more since then; removed ones are left out. Streams.
        """

    def most_viewed(self, site: str, limit: int) -> tuple[str, ...]:
        """Ids of the articles with the highest newest counts, highest first; removed ones are left out."""

    def last_view(self, site: str) -> tuple[int, datetime] | None:
        """Number (`n`) of the newest view record and the time of the newest observation; None without any."""

    def revisions(self, site: str, article_id: str) -> tuple[RevisionRow, ...]:
        """What the article said, oldest first; empty when it is not stored."""

    def said(self, site: str, article_id: str, page: str) -> Mapping[str, Any]:
        """What the page of this digest said, in the record's shapes, with its `url`; empty for an unknown one."""

    def captures(self, site: str, *, pages_only: bool = False) -> Iterator[CaptureRow]:
        """Every kept response in order of (warc, offset), and what it was read as. Streams.

        With `pages_only`, only answers of status 200 that are no kept asset.
        """

    def capture(self, site: str, digest: str, at: datetime) -> Capture | None:
        """Where the payload of this digest is kept: its capture of that time, else the oldest; None without one."""

    def assets(self, site: str, article_id: str) -> Mapping[str, Asset]:
        """The kept files that an article has named, by the address it names them by."""

    def kept_files(self, site: str) -> Iterator[tuple[str, str]]:
        """Article and `sha256:` digest of every kept file that an article has named, by article. Streams."""

    def holding_counts(self, site: str, archive: str | None = None) -> Mapping[str, int]:
        """State -> number of an archive's holdings (of all archives without one); a state without any is 0."""

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

    def reextracted(self, article: Article, capture: Capture, *, at: datetime) -> Operation | None:
        """Like `add_article`, for a capture that was read before by older rules; settles no link.

        The new reading takes the old one's place and is marked; the change's record says `"reextracted": true`.
        A feed's `updated` moves to `at` where what readers see of the newest state changed, else it stays.
        A view count that was not read before is added; one that was stays as it was observed.
        """

    # -- assets ---------------------------------------------------------------------------------------------

    def want_assets(self, article_id: str, urls: Sequence[str], now: datetime) -> None:
        """Enters the files that a good reading names; known ones stay as they are."""

    def wanted_assets(self, now: datetime, limit: int) -> Sequence[AssetRow]:
        """Files never fetched, or failed or refused and due again; oldest first, at most `limit`."""

    def settle_asset(
        self,
        url: str,
        state: AssetState,
        now: datetime,
        *,
        asset: Asset | None = None,
        reason: str | None = None,
        retry: datetime | None = None,
    ) -> None:
        """Notes how fetching a file went; `kept` needs the asset.

        Length and hash of a kept attachment go into the records that name it: a change (`updated`) that feeds'
        `updated` does not show.
        """

    # -- web archives ---------------------------------------------------------------------------------------

    def harvest(self, archive: str, query: str) -> HarvestRow | None:
        """How far a query to an archive's index has come; None before its first answer."""

    def note_harvest(
        self,
        archive: str,
        query: str,
        *,
        cursor: str | None,
        done_at: datetime | None,
        newest: str | None = None,
    ) -> None:
        """Notes it; a `newest` of None leaves the known one."""

    def add_holdings(self, archive: str, rows: Sequence[Holding]) -> int:
        """Enters what an archive says it has; returns how many are new. A known (url, at) stays as it is."""

    def holdings(self, archive: str, now: datetime, *, articles: bool) -> Iterator[HoldingRow]:
        """Holdings to fetch: new ones, and failed ones that are due; of articles, or of all other pages.

        Those of one article (of one address) stand together, the newest first. The caller may settle and
        commit while he reads. Streams.
        """

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
        """Notes how fetching it went; `capture` is what we keep of it, for `held_payload`."""

    def held_payload(self, archive: str, digest: str) -> Capture | None:
        """A capture of ours with the payload to which the archive gives this digest: saves a fetch."""

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

    def due(self, now: datetime, limit: int) -> Sequence[LinkRow]:
        """Articles whose planned re-reading has come, at most `limit`, shared fairly over the plan's steps.

        Articles that are gone are among them, so that they can come back. See `changes.plan`.
        """

    def note_absence(self, article_id: str, now: datetime, *, reason: str, final: bool = False) -> bool:
        """The portal does not show a known article. True when that makes it gone.

        It is gone when the absence is `final` (a 410) or was noted before in another run on another day
        (+07:00): then the link is settled `gone` and a stored article gets a `deleted` change. A first absence
        leaves the link as it was, due again on the next day. What is gone is looked for again by the
        re-reading plan. A good reading clears the memory of an absence.
        """

    def settle(
        self,
        article_id: str,
        state: LinkState,
        now: datetime,
        *,
        reason: str | None = None,
        retry: datetime | None = None,
    ) -> LinkRow | None:
        """Notes the outcome of a try that gave no article.

        `read` says that a stored article was seen unchanged (a 304): it counts as a good reading.
        """

    def validators(self, url: str) -> Validators | None: ...

    def remember_validators(self, url: str, validators: Validators) -> None: ...


class Store(Reader, Protocol):
    """An open store."""

    def writer(
        self,
        site: str,
        owner: str,
        now: datetime,
        *,
        reserved: Collection[str] = (),
        canonical: Callable[[str], str | None] | None = None,
    ) -> AbstractContextManager[Writer]:
        """Takes the site's lease and opens its writer; SiteLockedError when another run has it.

        The lease is freed on exit and ends with its process, however that ends. What is not committed on exit
        is rolled back. `reserved` are ids that no section may get (the site's series), beside the contract's.
        `canonical` is the site's folding of addresses (`Site.canonical`): a section or link that was stored
        under a former host or scheme is found, and handed out, under its present address.
        """

    def set_note(self, key: str, value: str) -> None:
        """Notes something about the whole store; durable on return."""

    def transaction(self, work: Callable[[Reader], Any]) -> Any:
        """Runs `work` on one consistent snapshot."""

    def close(self) -> None: ...
