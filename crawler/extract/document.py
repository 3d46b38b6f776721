"""A page read once: its head, and its text as blocks in reading order. Pure: no network, no clock.

This is the basis of "text before markup": rules look at lines of text, their neighbours and a few weak hints.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from crawler.extract.blocks import Anchor, Block, Frame, Picture, Piece
from crawler.extract.head import Head
from crawler.extract.linearise import Builder, EnoughError

__all__ = ["Anchor", "Block", "Document", "Frame", "Head", "Picture", "Piece", "read_document"]

#: More text than any article page has; what lies beyond is not read.
_MOST_CHARACTERS = 2_000_000


@dataclass(eq=False)
class Document:
    """One page: address, head, blocks in reading order."""

    url: str
    text: str = field(repr=False)
    head: Head
    blocks: list[Block]
    frames: list[Frame]
    #: Whether a form asks for a password.
    password_field: bool = False

    @property
    def title_tag(self) -> str:
        """The text of `<title>`, cleaned; empty where there is none."""
        return self.head.title

    @property
    def og_title(self) -> str:
        return self.head.meta.get("og:title", "")

    @property
    def canonical(self) -> str | None:
        """Absolute address of `<link rel="canonical">`, else None."""
        return self.head.canonical

    @property
    def base(self) -> str:
        """The address against which relative links count."""
        return self.head.base

    @cached_property
    def tree(self) -> Any:
        """The element tree, for selectors of a site file only; None for a page without elements."""
        parser = etree.HTMLParser(
            encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
        )
        return etree.fromstring(_markup(self.text), parser)

    @cached_property
    def printed(self) -> str:
        """All visible text, one line per block."""
        return "\n".join(block.text for block in self.blocks if block.text)


def read_document(text: str, url: str) -> Document:
    """Parses a page; never raises on content. No DTD or entity of a page is read, nothing is fetched."""
    builder = Builder(url)
    # The stubs ask for a target of str or bytes with comments; lxml gives str to targets of HTML.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, target=builder)  # type: ignore[arg-type]
    try:
        etree.fromstring(_markup(text), parser)
    except (etree.XMLSyntaxError, EnoughError):
        builder.close()  # an empty document, or one larger than any article: what was read stands
    return Document(
        url, text, builder.head, builder.blocks, builder.frames, password_field=builder.password_field
    )


def _markup(text: str) -> bytes:
    """What the parser gets: no NUL (libxml2 would stop there), no lone surrogate, bounded length."""
    return text[:_MOST_CHARACTERS].replace("\0", "").encode("utf-8", "ignore") or b"<html></html>"
