"""The values that the store hands out and takes in. Times are aware and UTC. No database here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from crawler.items import Attachment, Capture, Image, Section

LinkState = Literal["new", "read", "refused", "failed", "gone"]
HoldingState = Literal["new", "done", "failed", "skipped"]
AssetState = Literal["new", "kept", "failed", "refused"]
Outcome = Literal["complete", "partial", "held", "blocked", "budget", "interrupted"]


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
    #: When a stored article is to be read again (`changes.plan`); None for a link that was never read.
    due_at: datetime | None = None
    #: When the portal was first seen without it; None while nothing is wrong.
    absent_at: datetime | None = None


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
    #: How many captures said this.
    captures: int = 1
    #: When newer rules last read one of these captures differently; None while the first reading stands.
    reextracted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """A kept response, and what it was read as; all but `capture` is None where it was read as no article."""

    capture: Capture
    article: str | None
    #: Digests of the page's address and content, and of what readers see of it (`crawler.changes`).
    page: str | None
    reader: str | None
    #: The view count observed at its time.
    views: int | None
    #: What its article's state holds beside the text, as it is stored: `codec.read_beside` reads it.
    state: str | None = None


@dataclass(frozen=True, slots=True)
class HarvestRow:
    """How far a query to a web archive's index has come."""

    archive: str
    query: str
    #: What the index is to be asked next; None at the beginning and at the end.
    cursor: str | None
    #: When the answer was complete; None while it is not.
    done_at: datetime | None
    #: The newest timestamp seen, as the archive writes it: a later harvest asks from there.
    newest: str | None


@dataclass(frozen=True, slots=True)
class Holding:
    """A capture that a web archive says it has."""

    #: The address as the archive names it.
    url: str
    #: Capture time.
    at: datetime
    #: The archive's own digest of the payload (base32 SHA-1, say).
    digest: str | None = None
    status: int | None = None
    media_type: str | None = None
    #: Length of the archive's record, not of the page.
    length: int | None = None
    #: The archive's file and the place of the record in it, where it says so.
    file: str | None = None
    offset: int | None = None
    #: Article id that the address carries; None for any other page.
    article: str | None = None


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """A holding in the ledger."""

    holding: Holding
    state: HoldingState
    tries: int
    next_try: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class AssetRow:
    """A file that articles name, in the ledger."""

    url: str
    state: AssetState
    tries: int
    next_try: datetime | None
    reason: str | None


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
