"""The sort-friendly form of an address by which web archives index captures. Pure."""

import re
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

_WWW = re.compile(r"www\d*\.(?=.)")
_PORTS = {"http": 80, "https": 443}
_SLASHES = re.compile(r"/{2,}")
#: What stays as it is in a path or query: all of printable ASCII but the sign of escapes, `#` and the blank.
_PLAIN = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "%#")
_MOST_ESCAPES = 8


def surt(url: str) -> str:
    """`http://www.Congso.vn:80/Bai/?b=2&a=1` as `vn,congso)/bai?a=1&b=2`.

    As in the index of the Wayback Machine, scheme, `www.`, default port, user, fragment, case, a last slash and
    the order of the query's parts do not count. An address that cannot be taken apart stays as it is.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").strip("."), parts.port
    except ValueError:
        return url
    if not host:
        return url
    labels = _WWW.sub("", host, count=1) if host.startswith("www") else host
    key = ",".join(reversed(labels.split(".")))
    if port not in (None, _PORTS.get(parts.scheme)):
        key += f":{port}"
    query = _sorted(_escaped(parts.query).lower())
    return f"{key}){_path(parts.path)}" + (f"?{query}" if query else "")


def _escaped(text: str) -> str:
    """With escapes only where they are needed, however often somebody has escaped it before."""
    raw = text.encode("utf-8", "surrogatepass")
    for _ in range(_MOST_ESCAPES):
        plain = unquote_to_bytes(raw)
        if plain == raw:
            break
        raw = plain
    return quote_from_bytes(raw, safe=_PLAIN)


def _path(path: str) -> str:
    """Lower case, without dot segments, empty segments and a last slash."""
    kept: list[str] = []
    for segment in _SLASHES.sub("/", _escaped(path).lower()).split("/"):
        if segment == "..":
            kept[-1:] = []
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept)


def _sorted(query: str) -> str:
    """By name, then value: `a` comes before `a=`."""
    return "&".join("=".join(part) for part in sorted(p.split("=", 1) for p in query.split("&")))
