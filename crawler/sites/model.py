"""What is known of one portal, as data. Values only; `crawler.sites.load_site` reads and validates the files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Granularity = Literal["month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Series:
    """A recurring kind of article, recognised by its folded title (see `normalize.fold`)."""

    id: str
    #: As readers see it, in Vietnamese.
    title: str
    granularity: Granularity
    match: tuple[re.Pattern[str], ...]
    exclude: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """Words of the portal that mark a part of a page; compared folded, as a whole line or its beginning."""

    #: Heading of the list of other articles below an article.
    related: tuple[str, ...]
    caption: tuple[str, ...]
    attachments: tuple[str, ...]
    source: tuple[str, ...]
    tags: tuple[str, ...]
    #: Headings of boxes that stand on every page (newest, most read, ...).
    sidebar: tuple[str, ...]
    next_page: tuple[str, ...]
    #: Lines that end an article when no other sign does (comments, print, share, ...).
    end: tuple[str, ...]
    #: First words of an issuing body that signs a notice.
    organization: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """One portal."""

    id: str
    title: str
    home: str
    #: Host names of the portal, without port; the first is the canonical one.
    hosts: tuple[str, ...]
    #: Matched against path and query of an address; its named groups are the identity.
    article_url: tuple[re.Pattern[str], ...]
    #: Format string over the named groups.
    identity: str
    #: Authority and date of the tag URIs (RFC 4151), fixed for ever.
    tag_authority: str
    tag_date: str
    labels: Labels
    series: tuple[Series, ...] = ()
    #: Header-line forms in order of trust: `date | views`, `time date`, ...
    header: tuple[str, ...] = ("date | views",)
    #: Folder of its output below `--out`; empty for the first site's root.
    path: str = ""
    #: Where feed entries point: the portal's page, or our own archive page.
    link: Literal["portal", "archive"] = "portal"
    #: Optional CSS or XPath per field; they win where they match.
    selectors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Optional fixed listing addresses: (title, url); discovery goes on beside them.
    sections: tuple[tuple[str, str], ...] = ()
    #: Path prefix below which the site's pages lie (`/dukcqtw/` on a shared host); `/` for a whole host.
    scope: str = "/"

    def article_id(self, url: str) -> str | None:
        """The identity that an address carries, whatever its scheme, host alias, port or slug; else None."""
        raise NotImplementedError  # crawler.sites completes this
