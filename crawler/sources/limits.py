"""How often each archive may be asked, and under which addresses. Pure."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from crawler.config import Config

#: What a request to an archive costs: a turn at its index, or at its pages.
Kind = Literal["index", "pages"]

#: What the public services refuse to serve beyond, in requests a second (ARCHIVES, part B).
_MOST = {
    ("web.archive.org", "index"): 30 / 60,
    ("web.archive.org", "pages"): 8.0,
}
#: What a configured rate is measured by: the default for the public service.
_USUAL = {"wayback-index": 24 / 60, "wayback-pages": 1.5, "commoncrawl": 1.0}


@dataclass(frozen=True, slots=True)
class Limits:
    """The manners for one host."""

    #: Address of the service, with a final slash.
    base: str
    #: Seconds between two requests.
    interval: float
    #: Seconds of the first pause after trouble.
    pause: float


def wayback_limits(config: Config, kind: Kind) -> Limits:
    """For the Wayback Machine's index or its pages, which are one host."""
    rate = config.wayback_index_per_minute / 60 if kind == "index" else config.wayback_pages_per_second
    return _limits(config.wayback_url, kind, rate, _USUAL[f"wayback-{kind}"], config.archive_pause)


def commoncrawl_limits(config: Config, kind: Kind) -> Limits:
    """For Common Crawl's index or its files, which are two hosts."""
    base = config.commoncrawl_index_url if kind == "index" else config.commoncrawl_data_url
    return _limits(base, kind, config.commoncrawl_per_second, _USUAL["commoncrawl"], config.archive_pause)


def _limits(base: str, kind: Kind, rate: float, usual: float, pause: float) -> Limits:
    """The public service is never asked more often than it allows; a mirror is left alone in its own measure."""
    public = _MOST.get((urlsplit(base).hostname or "", kind))
    if public is not None:
        return Limits(base, 1 / min(rate, public), pause)
    return Limits(base, 1 / rate, pause * min(1.0, usual / rate))


def services(config: Config, source: str) -> tuple[str, ...]:
    """The addresses below which a crawl from this source may ask; none but the site's own for any other source."""
    if source == "wayback":
        return (config.wayback_url,)
    return (config.commoncrawl_index_url, config.commoncrawl_data_url) if source == "commoncrawl" else ()


def is_below(url: str, bases: tuple[str, ...]) -> bool:
    """Whether an address belongs to one of these services: same scheme, host and port, below the same path."""
    return any(
        _origin(url) == _origin(base) and urlsplit(url).path.startswith(urlsplit(base).path) for base in bases
    )


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
