"""Takes an address apart for comparison: aliases and session ids must not make two pages of one. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
#: ASP.NET cookieless session `/(S(…))/`, also with several tokens `/(A(…)F(…)S(…))/`.
SESSION_SEGMENT = re.compile(r"/\((?:[A-Za-z]\([^()/]*\))+\)(?=/|$)")
#: Java's and PHP's session ids and the parameters that campaigns append never name a page.
PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?;]*", re.IGNORECASE)
VOLATILE = re.compile(
    r"(?:utm_[a-z]+|fbclid|gclid|zalo[a-z_]*|phpsessid|jsessionid|sid|sessionid|aspxautodetectcookiesupport"
    r"|_ga|yclid|mc_[ce]id)(?:=|$)",
    re.IGNORECASE,
)
#: Links of a page that a web archive has rewritten: `/web/20200325061200id_/http://…`.
ARCHIVED = re.compile(r"/web/[0-9]{4,14}(?:[a-z]{2}_)?/(https?):/+(.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) address without what does not tell pages apart; the port is None where it is the default."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str


@lru_cache(maxsize=4096)
def read_address(url: str) -> Address | None:
    """Takes apart an absolute address; None for other schemes, credentials, or anything unreadable."""
    url = url.strip()
    if archived := ARCHIVED.search(url):
        url = f"{archived[1]}://{archived[2]}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    if scheme not in DEFAULT_PORTS or not host or "@" in parts.netloc or "\\" in url:
        return None
    path = PATH_SESSION.sub("", SESSION_SEGMENT.sub("", parts.path)) or "/"
    query = "&".join(part for part in parts.query.split("&") if part and not VOLATILE.match(part))
    return Address(scheme, host, None if port in (None, DEFAULT_PORTS[scheme]) else port, path, query)
