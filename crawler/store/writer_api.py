"""What the writer of one site promises. No database here."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from crawler.items import Article, Asset, Capture, ListedArticle, Operation
from crawler.store.reader_api import Reader
from crawler.store.rows import (
    AssetRow,
    AssetState,
    HarvestRow,
    Holding,
    HoldingRow,
    LinkRow,
    LinkState,
    Outcome,
    Rejection,
    SectionRow,
    Sighting,
    Validators,
)


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
