"""What a reader of the store promises. No database here."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from crawler.items import ArticleState, Asset, Capture, ViewObservation
from crawler.store.rows import CaptureRow, RevisionRow, RunRow, SectionRow


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

    def newest_update(
        self, site: str, *, section: str | None = None, series: str | None = None
    ) -> datetime | None:
        """The latest time at which a reader could see a change in the site's articles (of one section or series).

        That is an article's `updated`, else its publication or first sight, or its removal: times of the portal and
        of captures, never of reading them, so the same captures give the same time in whatever order, and whenever,
        they were read. None while there are none.
        """

    def counts(self, site: str) -> Mapping[str, int]:
        """Rows by kind (articles, revisions, views, changes, links, captures) for status and check."""

    def note(self, key: str) -> str | None:
        """A note about the whole store (`kind`: `demo`), None where there is none."""

    def problems(self) -> Iterator[str]:
        """Inconsistencies inside the store, one sentence each (`bantin check`); none when it is sound."""
