"""The values that pass between the makers of feeds and pages. Frozen; their text is legal in XML."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

FeedKind = Literal["all", "section", "series", "most-read", "corrections"]
#: Groups of feeds beside `all` with their headings, in the order in which readers see them.
GROUPS = (("section", "Chuyên mục"), ("series", "Loạt bài định kỳ"), ("more", "Bản tin khác"))


@dataclass(frozen=True, slots=True)
class FeedInfo:
    """A feed of a site, as `bantin feeds` lists it."""

    id: str
    title: str
    kind: FeedKind
    #: How many entries its current file holds.
    entries: int


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """A feed that a site has, before anything is read for it."""

    #: Folder of its files; a section's and a series' own id.
    id: str
    title: str
    kind: FeedKind
    #: Address of the portal's own listing, where known.
    portal_url: str | None = None

    @property
    def group(self) -> str:
        """The group under which readers find it: a key of `GROUPS`, or `all`."""
        return "more" if self.kind in {"most-read", "corrections"} else self.kind

    @property
    def is_archived(self) -> bool:
        """Whether it has an archive by months; the others are views of what stands in archives already."""
        return self.kind in {"all", "section", "series"}


@dataclass(frozen=True, slots=True)
class File:
    """A file offered for download."""

    url: str
    title: str
    media_type: str
    #: Length in bytes where known.
    bytes: int | None
    #: What to call a copy of ours, whose address tells nothing; None for the portal's.
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with an address; its caption where it has one."""

    url: str
    caption: str | None


@dataclass(frozen=True, slots=True)
class Category:
    """A section that an entry belongs to."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as feeds and pages show it. Times are +07:00; addresses are absolute, http or https."""

    #: Tag URI (RFC 4151), the same for ever.
    id: str
    #: The portal's identity of the article.
    article: str
    #: Where it leads: the portal's page, or our own (site file, `link`).
    link: str
    #: The portal's page.
    source: str
    #: Our own page, relative to the site's folder.
    page: str
    #: Plain text, never empty.
    title: str
    #: The lead, plain text.
    summary: str | None
    #: Sanitised HTML.
    content: str
    #: Midnight where the portal tells only a day; None where it tells none.
    published: datetime | None
    updated: datetime
    author: str | None
    categories: tuple[Category, ...]
    #: Series id and period (None where not told).
    series: tuple[str, str | None] | None
    files: tuple[File, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a later version of an article changed."""

    #: When that version was first seen.
    when: datetime
    #: What changed, as readers call it, in the order in which they see it.
    changed: tuple[str, ...]
    #: Paragraphs that went and came, safe HTML.
    html: str


@dataclass(frozen=True, slots=True)
class Happening:
    """When and where what an article tells of took place; `end` is inclusive."""

    start: date | datetime
    end: date | datetime
    place: str | None


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything on the page of one article. `plot` is relative to the site's folder."""

    entry: Entry
    lead: str | None
    #: Safe HTML.
    body: str
    #: The author, then the issuing body.
    signatures: tuple[str, ...]
    files: tuple[File, ...]
    happening: Happening | None
    first_seen: datetime | None
    #: Since when the portal does not have it; None while it has.
    removed: datetime | None
    #: Oldest first.
    corrections: tuple[Correction, ...]
    #: Where its view counts are shown; None where the portal has none.
    plot: str | None


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One period of a series and its articles; none where the series has a gap."""

    period: str
    #: Title, page (relative to the site's folder) and publication, newest first.
    articles: tuple[tuple[str, str, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """The view counts of one article as they were observed."""

    title: str
    #: The article's page, relative to the site's folder, and the name of the plot on its page.
    page: str
    anchor: str
    #: Time (+07:00) and count, oldest first.
    seen: tuple[tuple[datetime, int], ...]
    #: Points of a line, `x,y x,y`; None with fewer than two observations.
    line: str | None


@dataclass(frozen=True, slots=True)
class Removal:
    """An article that the portal took away: its entry id and since when."""

    id: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """Everything that one feed's files are made of; addresses are absolute."""

    plan: FeedPlan
    #: Tag URI of the feed itself.
    id: str
    title: str
    subtitle: str
    #: Address of the feed's folder, ending in a slash.
    base_url: str
    #: Who is the author of all of it: the portal.
    author: str
    author_url: str
    icon_url: str
    #: The newest change of its articles, +07:00 like every time of it; never goes back.
    updated: datetime
    #: The newest publication in it; None where none is known.
    newest: datetime | None
    removals: tuple[Removal, ...]
    #: How many entries its current file holds.
    count: int
    #: Newest first; can be walked any number of times. Empty in the list of all feeds.
    entries: Collection[Entry]
    #: Name of the Atom file below `base_url`; others in archive documents.
    atom_name: str = "atom.xml"
    json_name: str = "feed.json"
    #: Relation and address of the documents before and behind it in the archive, and of the current one (RFC 5005).
    links: tuple[tuple[str, str], ...] = ()
    #: Address of the JSON Feed with the entries before these.
    next_url: str | None = None
    #: An archive document (RFC 5005, section 4).
    is_archive: bool = False
    #: The WebSub hub that is told of changes; None for a feed that no hub watches.
    hub: str | None = None

    @property
    def page_url(self) -> str:
        """Address of its HTML twin."""
        return self.base_url + "index.html"
