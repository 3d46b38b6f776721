"""What the attributes of one element say: its name, its link, the address of its picture. Pure."""

import re

from crawler.extract.addresses import LONGEST
from crawler.extract.blocks import Anchor
from crawler.extract.known import remembered

_LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-image")
_PLACEHOLDER = re.compile(
    r"^data:|blank\.|spacer|placeholder|loading|lazy|pixel|transparent|1x1", re.IGNORECASE
)
_ICON = re.compile(
    r"icon|spacer|bullet|arrow|/new\.gif|/print|/email|facebook|twitter|zalo|logo|avatar-default"
    r"|(?:attach|clip|download|pdf|word|doc|excel|xls|zip|rar|file)[a-z0-9_-]{0,8}\.(?:gif|png|svg|ico)",
    re.IGNORECASE,
)


def hint_of(attrs: dict[str, str]) -> str:
    """class and id, lower case: weak evidence that people name boxes for what they hold."""
    name, ident = attrs.get("class"), attrs.get("id")
    if not ident:
        return name[:200].lower() if name else ""
    return f"{name[:200]} {ident[:200]}".lower() if name else ident[:200].lower()


def anchor_of(attrs: dict[str, str], base: str) -> Anchor:
    href = attrs.get("href", "") or attrs.get("data-href", "")
    if href and len(attrs) == 1:  # most links have nothing else
        return Anchor(href, base)
    return Anchor(
        href,
        base,
        onclick=attrs.get("onclick", "")[:LONGEST],
        download="download" in attrs,
        rel=attrs.get("rel", "").lower()[:100],
        title=attrs.get("title", "")[:LONGEST],
    )


def source_of(attrs: dict[str, str]) -> str:
    """The address of a picture: what a lazy loader would put in, before a placeholder."""
    for name in _LAZY_SOURCES:
        value = attrs.get(name)
        if value and not _PLACEHOLDER.match(value):
            return value
    source = attrs.get("src", "")
    if source and not _stands_in(source[-100:]) and not source.startswith("data:"):
        return source
    chosen = (attrs.get("data-srcset") or attrs.get("srcset") or "").split(",")[0].split()
    return chosen[0] if chosen else ("" if source.startswith("data:") else source)


@remembered
def _stands_in(source: str) -> bool:
    return _PLACEHOLDER.search(source) is not None


@remembered
def _is_icon(source: str) -> bool:
    return _ICON.search(source) is not None


def is_small(attrs: dict[str, str], source: str) -> bool:
    """Icons and spacers say so in their address or their size."""
    if _is_icon(source[-200:]):
        return True
    for name in ("width", "height"):
        value = attrs.get(name, "").strip().removesuffix("px")
        if value.isdigit() and len(value) < 6 and int(value) <= 48:
            return True
    return False
