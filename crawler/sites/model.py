"""What is known of one portal, as data. Values only; `crawler.sites.load_site` reads the files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from crawler.sites.address import Address, read_address

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


@dataclass(frozen=True, slots=True, eq=False)  # a site is itself: what is derived from it can be cached by it
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
    #: `lower` folds the identity's capitals; `keep` leaves them as the address spells them.
    identity_case: Literal["lower", "keep"] = "lower"
    #: Words that may stand before a series' name in a title.
    title_openings: tuple[str, ...] = ()
    #: Spelling of identity parts that addresses write with other capitals (`keep` only).
    spellings: tuple[str, ...] = ()

    def article_id(self, url: str) -> str | None:
        """The identity that an address carries, whatever its scheme, host alias, port or slug; else None."""
        return _article_id(self, url)

    def in_site(self, url: str) -> bool:
        """Whether an absolute http(s) address lies on one of the hosts and below the scope."""
        return self._address(url) is not None

    def canonical(self, url: str) -> str | None:
        """The one spelling of an address of this site; None for any other address.

        Canonical host with the home page's scheme and port; no fragment, session segment or tracking
        parameter. An article keeps only the query parameters that its identity needs.
        """
        return _canonical(self, url)

    def _address(self, url: str) -> Address | None:
        address = read_address(url)
        if address is None or address.host not in self.hosts:
            return None
        return address if f"{address.path}/".lower().startswith(self.scope.lower()) else None

    def _identify(self, path: str, query: str) -> str | None:
        target = f"{path}?{query}" if query else path
        for pattern in self.article_url:
            if match := pattern.search(target):
                return self.identity.format(**{k: self._spell(v or "") for k, v in match.groupdict().items()})
        return None

    def _spell(self, part: str) -> str:
        if self.identity_case == "lower":
            return part.lower()
        return next((known for known in self.spellings if known.lower() == part.lower()), part)

    def _needed_query(self, address: Address) -> str:
        """Drops every parameter without which the address still names the same article."""
        identity = self._identify(address.path, address.query) if address.query else None
        if identity is None:
            return address.query
        kept = address.query.split("&")
        for part in tuple(kept):
            rest = [other for other in kept if other is not part]
            if self._identify(address.path, "&".join(rest)) == identity:
                kept = rest
        return "&".join(kept)


# Menus and boxes bring the same addresses on every page: each is judged once.


@lru_cache(maxsize=16_384)
def _article_id(site: Site, url: str) -> str | None:
    address = site._address(url)  # noqa: SLF001  # the methods' other half
    return None if address is None else site._identify(address.path, address.query)  # noqa: SLF001


@lru_cache(maxsize=16_384)
def _canonical(site: Site, url: str) -> str | None:
    address = site._address(url)  # noqa: SLF001
    if address is None:
        return None
    home = read_address(site.home)
    port = "" if home is None or home.port is None else f":{home.port}"
    scheme = "http" if home is None else home.scheme
    query = site._needed_query(address)  # noqa: SLF001
    return f"{scheme}://{site.hosts[0]}{port}{address.path}" + (f"?{query}" if query else "")
