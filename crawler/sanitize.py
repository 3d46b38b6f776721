"""Makes markup and text of a portal safe for feeds and pages (THREATS: allow-list, once, at output). Pure.

Nothing here trusts that the extractor wrote the markup: a store can be tampered with.
"""

import re
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

import nh3

_KEPT_NAMES: Final = """
a abbr b blockquote br caption cite code col colgroup dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr
i img ins li ol p pre q s small span strong sub sup table tbody td tfoot th thead time tr u ul
"""
#: Elements that keep their tags; of all others but `_DROPPED` only the text stays.
TAGS: Final = frozenset(_KEPT_NAMES.split())
#: Elements that go with everything in them.
_DROPPED: Final = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "noscript",
    "template",
    "svg",
    "math",
    "title",
}
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_ADDRESSES: Final = {
    "a": ("href", frozenset({"http", "https", "mailto", "tel"})),
    "img": ("src", frozenset({"http", "https"})),
}
_NUMBERS: Final = frozenset({"width", "height", "start", "colspan", "rowspan"})

#: Characters that XML 1.0 §2.2 forbids or that only control a terminal: C0 and C1 but tab and line feed,
#: surrogates, U+FFFE and U+FFFF.
ILLEGAL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BLANK_IN_ADDRESS: Final = re.compile(r"[\t\r\n]")

# The sanitiser's own serialisation is regular: lower-case names, quoted values without `"` in them.
_TAG: Final = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>')
_BLOCK_NAMES: Final = """
blockquote caption dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre table ul
"""
_ENDS_PARAGRAPH: Final = frozenset(_BLOCK_NAMES.split())


def sanitize(html: str, base: str | None = None) -> str:
    """Markup that no reader can be harmed by; sanitising it again changes nothing.

    Addresses are absolute http, https, mailto (links) or tel (links); others are dropped and the text stays.
    Relative ones are resolved against `base`, dropped without it.
    """
    cleaner = nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=lambda tag, name, value: _attribute(tag, name, value, base),
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener nofollow",
    )
    # A character reference can smuggle in what the text did not hold, so illegal characters go last, too.
    return _TAG.sub(_useful, ILLEGAL.sub("", cleaner.clean(ILLEGAL.sub("", html))))


def plain(html: str) -> str:
    """The text of markup: paragraphs apart by a blank line, lines by a line feed, no tags."""
    text = _TAG.sub(_boundary, " ".join(sanitize(html).split()))
    lines = [" ".join(line.split()) for line in unescape(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def legal(text: str) -> str:
    """The text without illegal characters."""
    return ILLEGAL.sub("", text)


def _attribute(tag: str, name: str, value: str, base: str | None) -> str | None:
    expected, schemes = _ADDRESSES.get(tag, (None, frozenset()))
    if name == expected:
        return _address(value, schemes, base)
    if name in _NUMBERS:
        return value if value.isascii() and value.isdigit() and len(value) <= 5 else None
    return value


def _address(value: str, schemes: frozenset[str], base: str | None) -> str | None:
    """The absolute address as a browser would read it; None for one that is not allowed."""
    value = _BLANK_IN_ADDRESS.sub("", value).strip().replace(" ", "%20")
    try:
        if base is not None and not urlsplit(value).scheme:
            value = urljoin(base, value)
        parts = urlsplit(value)
        hostless = parts.scheme in ("http", "https") and not parts.hostname
    except ValueError:
        return None
    return None if parts.scheme not in schemes or hostless else value


def _useful(tag: re.Match[str]) -> str:
    """Pictures without an address show nothing and are invalid."""
    return "" if tag[2] == "img" and ' src="' not in tag[3] else tag[0]


def _boundary(tag: re.Match[str]) -> str:
    if tag[2] in _ENDS_PARAGRAPH:
        return "\n\n"
    if tag[2] == "br" or tag[0] == "</tr>":
        return "\n"
    return " " if tag[2] in ("td", "th") else ""
