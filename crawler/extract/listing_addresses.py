"""How the addresses of the pages of one listing resemble each other. Pure."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

DIGITS = re.compile(r"[0-9]+")
_EXTENSION = re.compile(r"\.(?:aspx?|html?|php|jsp|cfm|do)$")
_PAGE_TAIL = re.compile(r"(?:[/_.-](?:trang|page|pages|paged|pg|p|tr)?[/_.-]?[0-9]{1,4})?/?$")
_PAGE_KEY = re.compile(
    r"(?:^|[?&])[^=&]*(?:page|trang|paged|start|offset|skip|pg|p|tr)[a-z]*=([0-9]+)", re.IGNORECASE
)


def form_of(url: str) -> tuple[str, tuple[int, ...]]:
    """An address with `#` for its numbers, and the numbers (very long ones are no page numbers)."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}"
    return DIGITS.sub("#", target), tuple(int(digits[:18]) for digits in DIGITS.findall(target))


def is_kin(one: str, other: str) -> bool:
    """Whether two addresses may be pages of one listing: the same path but for a page number at its end.

    The section's own number stays: `/muc-1.aspx` and `/muc-1/trang-2.aspx` are kin.
    """
    stems = sorted((_stem(one), _stem(other)), key=len)
    if stems[0] == stems[1] or (len(stems[0]) > 1 and stems[1].startswith(f"{stems[0]}/")):
        return True
    return _bare(one) == _stem(other) or _bare(other) == _stem(one)


@lru_cache(maxsize=4096)
def _bare(url: str) -> str:
    """The path without extension and default document."""
    path = _EXTENSION.sub("", unquote(urlsplit(url).path).lower().rstrip("/"))
    return path.removesuffix("/index").removesuffix("/default")


@lru_cache(maxsize=4096)
def _stem(url: str) -> str:
    """The path without a page number."""
    return _EXTENSION.sub("", _PAGE_TAIL.sub("", _bare(url))) or "/"


def is_further(here: str, there: str) -> bool:
    """Whether the page number of an address is higher; a page without one, in the same place, is the first.

    A section's own number (`/muc-2.aspx`) is no page number beside `/muc-2.aspx?page=2` or `/muc-2/trang-2`.
    """
    number = _query_number(there)
    if number is not None:
        before = _query_number(here)
    elif _bare(there) == _bare(here):
        return False
    else:
        number = _path_number(there)
        before = (
            None
            if _bare(there).startswith(tuple(_bare(here) + sign for sign in "/_.-"))
            else _path_number(here)
        )
    return number is not None and number > (-1 if before is None else before)


def _query_number(url: str) -> int | None:
    keyed = _PAGE_KEY.search(f"?{urlsplit(url).query}")
    return int(keyed[1][:18]) if keyed else None


def _path_number(url: str) -> int | None:
    tail = _PAGE_TAIL.search(_bare(url))
    digits = DIGITS.search(tail[0]) if tail else None
    return int(digits[0]) if digits else None


def starts(one: str, other: str) -> bool:
    """Whether `one` is `other` or the address of the first page of the same listing."""
    if one == other:
        return True
    if _bare(one) not in (_stem(other), _bare(other)):
        return False
    return set(parse_qsl(urlsplit(one).query)) <= set(parse_qsl(urlsplit(other).query))
