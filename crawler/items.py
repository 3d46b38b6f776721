"""The values that pass between the layers. Frozen, typed, without behaviour: no network, no clock, no store.

Times are aware datetimes, always; UTC unless a field says otherwise. Text is NFC without control characters.
What a page does not tell is None (or empty), never a made-up default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Precision = Literal["minute", "hour", "day", "week", "month", "quarter", "half", "year"]


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date as exactly as a text tells it: the closed interval [earliest, latest] and a start inside it.

    Aware datetimes (+07:00) for precision minute and hour, dates otherwise.
    """

    start: date | datetime
    precision: Precision
    earliest: date | datetime
    latest: date | datetime


@dataclass(frozen=True, slots=True)
class ViewCount:
    """How often a page says it was read; `exact` is False for rounded forms (`3,2K lượt xem`)."""

    views: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Published:
    """The portal's own publication date and the text it was read from."""

    #: A date (precision day and coarser) or an aware datetime, +07:00 (minute, hour).
    date: date | datetime
    precision: Precision
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A category of the portal as one link or heading names it."""

    id: str
    title: str
    #: Absolute address of its listing, where known.
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SeriesPeriod:
    """Membership in a recurring series; period is `YYYY-MM`, `YYYY-Qn`, `YYYY` or None where not told."""

    id: str
    period: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """When and where what the article tells of took place; `end` is inclusive."""

    #: Dates, or aware datetimes (+07:00, minutes) where the text gives an hour.
    start: date | datetime
    end: date | datetime
    place: str | None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, a caption, or both."""

    url: str | None
    caption: str | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an article offers for download."""

    url: str
    title: str
    media_type: str | None
    #: Length in bytes where known.
    bytes: int | None = None
    #: `sha256:` and hex of the file, once it is kept.
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """An item of the list of other articles below an article; ages count from when the page was fetched."""

    id: str | None
    title: str
    url: str | None
    #: As printed (`1 tháng trước`).
    age: str | None
    published: DateSpan | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that some rule proposed for a field, as text for people."""

    rule: str
    value: str


@dataclass(frozen=True, slots=True)
class Article:
    """What one page says, taken by itself. `refusal` is set when the page is no readable article."""

    site: str
    #: `{code}{number}` of the address; None where the address is no article's.
    id: str | None
    #: Canonical address.
    url: str
    fetched_at: datetime
    title: str | None = None
    sections: tuple[Section, ...] = ()
    series: SeriesPeriod | None = None
    published: Published | None = None
    views: ViewCount | None = None
    lead: str | None = None
    author: str | None = None
    organization: str | None = None
    #: The body alone, paragraphs separated by a blank line.
    text: str = ""
    #: The body with its pictures and captions in place, in plain mark-up that the extractor itself wrote.
    html: str = ""
    event: Event | None = None
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    related: tuple[Related, ...] = ()
    #: Name of the rule that found each field; a field without an entry was not found.
    rules: Mapping[str, str] = field(default_factory=dict)
    runners_up: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    #: Why the page is not taken for an article (`soft-404`, `blocked`, `no-title`, ...); None when it is one.
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a page shows it: absolute canonical address and text."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article as a listing shows it."""

    id: str
    url: str
    title: str | None
    published: DateSpan | None = None
    #: Names the box of the page the link stands in, equal for the same box on other pages of one skin.
    block: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What one page offers to a crawler: articles of its own list, other articles it links to, sections, paging."""

    site: str
    url: str
    fetched_at: datetime
    title: str | None = None
    #: The page's own list, in page order, without menus, most-read boxes and the like.
    articles: tuple[ListedArticle, ...] = ()
    #: Article links outside the page's own list.
    elsewhere: tuple[ListedArticle, ...] = ()
    #: Navigation links that may lead to listings, in page order.
    sections: tuple[Link, ...] = ()
    next_page: Link | None = None
    #: All paging links, in page order.
    pages: tuple[Link, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    #: Why the page cannot be used at all (`blocked`, `maintenance`, ...); None when it can.
    refusal: str | None = None


PageKind = Literal["article", "listing", "refused", "other"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page, read once: what it is and what it says. The page decides what it is, not its address alone.

    An article page carries its article alone (whose related block is a second way to find articles); any other
    page carries a listing, and beside it what an article's rules made of it; a listing whose address is no article's
    carries that alone.
    """

    kind: PageKind
    article: Article | None
    listing: Listing | None
    #: Why the page cannot be used (`blocked`, `maintenance`, `soft-404`, ...); None when it can.
    refusal: str | None = None


Source = Literal["live", "wayback", "commoncrawl", "warc"]


@dataclass(frozen=True, slots=True)
class Capture:
    """Where the bytes of a page came from and where they are kept."""

    source: Source
    #: The address that was asked.
    url: str
    fetched_at: datetime
    status: int
    #: `sha256:` and hex of the payload as received, content coding still in force.
    digest: str
    #: File name in the captures folder, and offset of the record in it.
    warc: str | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """A kept file that an article offers or shows."""

    #: As the article names it.
    url: str
    #: `sha256:` and hex of the payload as received, content coding still in force, like `Capture.digest`.
    digest: str
    #: Length of the decoded payload: what a reader downloads.
    bytes: int
    #: `sha256:` and hex of the decoded payload: what a reader can check.
    sha256: str
    #: As the server said, lower case, without parameters.
    media_type: str | None
    #: Where it is kept.
    capture: Capture


Operation = Literal["created", "updated", "revised", "deleted", "restored"]


@dataclass(frozen=True, slots=True)
class ViewObservation:
    """A view count and when the portal showed it."""

    count: int
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleState:
    """The newest state of one article by capture time: what feeds are built from and archives receive."""

    site: str
    id: str
    url: str
    title: str
    aliases: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    series: SeriesPeriod | None = None
    published: Published | None = None
    views: ViewObservation | None = None
    lead: str | None = None
    author: str | None = None
    organization: str | None = None
    text: str = ""
    html: str = ""
    event: Event | None = None
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    related: tuple[Related, ...] = ()
    #: Capture time of the oldest and the newest good capture.
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    #: Capture time at which the present title, lead, text, captions and attachments were first seen.
    revision: datetime | None = None
    #: When a reader last saw a change; None while the first text stands (feeds then use `published`).
    updated: datetime | None = None
    #: SHA-256 over the fields that make a change, see `crawler.changes`.
    digest: str = ""
    capture: Capture | None = None
    #: Number and time of its newest change.
    seq: int = 0
    changed_at: datetime | None = None
    #: Set while the portal does not have the article any more.
    deleted_at: datetime | None = None
