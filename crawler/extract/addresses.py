"""Relative addresses made absolute, and only such as may be kept. Pure: nothing is looked up."""

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

#: Links that a web archive has rewritten: `/web/20200325061200im_/http://…`.
_ARCHIVED = re.compile(r"/web/[0-9]{4,14}(?:[a-z]{2}_)?/(https?:/.+)", re.DOTALL)
#: What no address and no XML text may hold; browsers drop tabs and line breaks from addresses too.
_ILLEGAL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SCHEMES = ("http://", "https://")
#: Longer ones are not repeated.
_SHORT = 300
#: Longer attributes hold no address and no text of an article.
LONGEST = 4_000


def absolute(href: str, base: str) -> str | None:
    """An absolute http(s), mailto or tel address without control characters; None for anything else."""
    cleaned = href.strip()
    if len(cleaned) <= _SHORT and _is_rooted(cleaned):
        return _rooted(cleaned, _origin(base))
    return _absolute(cleaned, base)


def _is_rooted(href: str) -> bool:
    """Whether an address starts at the root of a host, or names a host of its own."""
    if href.startswith("/"):
        return href[1:2] != "/"
    return href.startswith(_SCHEMES) and href.partition("//")[2][:1].isalnum()


def _absolute(cleaned: str, base: str) -> str | None:
    if _ILLEGAL.search(cleaned):
        cleaned = _ILLEGAL.sub("", cleaned)
    if not cleaned or cleaned[0] == "#" or len(cleaned) > LONGEST:
        return None
    archived = _ARCHIVED.search(cleaned) if "/web/" in cleaned else None
    if archived:
        cleaned = archived.group(1)
    if cleaned[0] == "/" and cleaned[1:2] != "/" and "/." not in cleaned and "\\" not in cleaned:
        origin = _origin(base)
        return (origin + cleaned).replace(" ", "%20") if origin else None
    try:
        joined = urljoin(base, cleaned)
        scheme, host = urlsplit(joined)[:2]
    except ValueError:  # a broken IPv6 literal or the like
        return None
    if scheme in ("http", "https"):
        return joined.replace(" ", "%20") if host else None
    return joined if scheme in ("mailto", "tel") else None


@lru_cache(maxsize=8192)
def _rooted(path: str, origin: str) -> str | None:
    """What hangs on nothing of a page but its origin; menus and boxes repeat theirs on every page."""
    return _absolute(path, f"{origin}/" if origin else "")


@lru_cache(maxsize=64)
def _origin(base: str) -> str:
    """Scheme and authority of a page; empty where it is no web page's address."""
    try:
        parts = urlsplit(base)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""
