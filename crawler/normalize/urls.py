"""Addresses in one canonical form, and whether they belong to the site. Pure: nothing is looked up."""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urljoin, urlsplit

from w3lib.url import safe_url_string

_PORTS = {"http": 80, "https": 443}
#: ASP.NET puts cookieless sessions into the path: `/(S(abc123))/page.aspx`; Java and PHP append them.
_SESSION_SEGMENT = re.compile(r"/\((?:[ASF]\([^()/]*\)){1,3}\)(?=/|$)", re.IGNORECASE)
_SESSION_SUFFIX = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|zanpid|igshid|twclid|mc_[ce]id|_ga|_gl|_hs\w+"
    r"|jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid)",
    re.IGNORECASE,
)
_UNRESERVED = re.compile(r"%(?:2d|2e|5f|7e|3[0-9]|[46][1-9a-f]|[57][0-9a])", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]*:[0-9a-f:.]*")
#: The longest address that browsers of the portals' time took.
_MAX_LENGTH = 2083
_BLANKS = re.compile(r"[\x00-\x20\x7f\u00a0\u200b\ufeff]+")


def canonical_url(
    url: str, *, base: str | None = None, hosts: Iterable[str] = (), scheme: str | None = None
) -> str | None:
    """The one form of an address: absolute, without fragment, default port, session and tracking parts.

    `base` is the page the address stands on. An address on one of `hosts` (`www.` before one of them counts
    as it) gets the first of them as its host and, where given, `scheme`. Parameters that mean something keep
    their order. None for what is no http(s) address, or tries to hide its host behind `user@`.
    """
    parts = _split(url, base)
    if parts is None:
        return None
    known = tuple(hosts)
    host, protocol, port = _host(parts), parts.scheme, parts.port
    if _listed(host, known):
        host = known[0].lower()
        if scheme and port in {None, *_PORTS.values()}:
            protocol, port = scheme, None
    authority = f"[{host}]" if ":" in host else host
    authority += "" if port in {None, _PORTS[protocol]} else f":{port}"
    query = _meaningful(parts.query)
    return f"{protocol}://{authority}{_path(parts.path)}" + (f"?{query}" if query else "")


def same_site(url: str, hosts: Iterable[str]) -> bool:
    """Whether an absolute http(s) address is on one of `hosts`, their `www.` forms included."""
    parts = _split(url, None)
    return parts is not None and _listed(_host(parts), tuple(hosts))


def _split(url: str, base: str | None) -> SplitResult | None:
    """The parts of a usable absolute address; None for any other."""
    url = _BLANKS.sub(" ", url).strip().replace(" ", "%20")
    if not url or len(url) > _MAX_LENGTH:
        return None
    try:
        joined = urljoin(base, url) if base else url
        hidden = {"@", "\\"}.intersection(urlsplit(joined).netloc)
        parts = urlsplit(safe_url_string(joined))
        host, _ = _host(parts), parts.port
    except ValueError:  # `[` without `]`, a port that is no number, a host that IDNA refuses
        return None
    return parts if parts.scheme in _PORTS and not hidden and _HOST.fullmatch(host) else None


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").removesuffix(".")


def _listed(host: str, hosts: tuple[str, ...]) -> bool:
    bare = host.removeprefix("www.")
    return any(bare == known.lower().removeprefix("www.") for known in hosts)


def _path(path: str) -> str:
    """Path without sessions; escapes upper-case and only where needed."""
    path = _SESSION_SUFFIX.sub("", _SESSION_SEGMENT.sub("", path))
    path = _UNRESERVED.sub(lambda m: chr(int(m[0][1:], 16)), path)
    if "/." in path and not path.startswith("//"):
        path = urljoin("/", path)  # dot segments, RFC 3986 5.2.4
    return _ESCAPE.sub(lambda m: m[0].upper(), path) or "/"


def _meaningful(query: str) -> str:
    """The parameters that choose content, in their order and spelling."""
    kept = (part for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0]))
    return "&".join(_ESCAPE.sub(lambda m: m[0].upper(), part) for part in kept)
