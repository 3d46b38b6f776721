"""Makes sanitised markup fit into a page or a feed of ours. Pure.

It relies on the regular form of what `crawler.sanitize` writes: lower-case names, quoted values.
"""

import re
from collections.abc import Mapping
from html import escape, unescape

_HEADING = re.compile(r"<(/?)h[1-6]>")
_IMAGE_WITHOUT_TEXT = re.compile(r'<img (?![^>]*\balt=")')
_TABLE = re.compile(r"<(/?)table>")
_LOADED = re.compile(r'(?<= )(src|href)="([^"]*)"')


def fitted(html: str) -> str:
    """Sanitised markup for the middle of a page: headings below the page's own, tables that scroll by themselves."""
    html = _HEADING.sub(r"<\1h2>", html)
    html = _IMAGE_WITHOUT_TEXT.sub('<img alt="" ', html)
    return _scrolling(html)


def relocated(html: str, places: Mapping[str, str]) -> str:
    """Sanitised markup with the addresses of kept files in place of the portal's."""
    if not places:
        return html

    def place(found: re.Match[str]) -> str:
        kept = places.get(unescape(found[2]))
        return found[0] if kept is None else f'{found[1]}="{escape(kept)}"'

    return _LOADED.sub(place, html)


def _scrolling(html: str) -> str:
    """Wraps each outermost table; a reader without a mouse reaches it by the keyboard, named by its number."""
    depth = number = 0

    def wrap(tag: re.Match[str]) -> str:
        nonlocal depth, number
        depth += -1 if tag[1] else 1
        if tag[1]:
            return "</table></div>" if depth == 0 else tag[0]
        if depth > 1:
            return tag[0]
        number += 1
        return f'<div class="scroll" role="region" aria-label="Bảng {number}" tabindex="0"><table>'

    return _TABLE.sub(wrap, html)
