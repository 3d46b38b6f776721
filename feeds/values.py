"""The values that pass between the makers of feeds and pages. Frozen; their text is legal in XML."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FeedKind = Literal["all", "section", "series"]
#: Kinds of feeds with their headings, in the order in which readers see them.
GROUPS = (("section", "Chuyên mục"), ("series", "Loạt bài định kỳ"))


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


@dataclass(frozen=True, slots=True)
class File:
    """A file offered for download."""

    url: str
    title: str
    media_type: str
    #: Length in bytes where known.
    bytes: int | None


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
    link: str
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

    @property
    def page_url(self) -> str:
        """Address of its HTML twin."""
        return self.base_url + "index.html"
