"""What the head of a page says about the page: title, base, meta tags, canonical and next address. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.extract.addresses import LONGEST, absolute
from crawler.normalize import clean_text

#: Structured data beyond this length is cut, and then no JSON.
_LONGEST_DATA = 20_000


@dataclass(slots=True)
class Head:
    """What the head of a page says about the page."""

    title: str = ""
    base: str = ""
    canonical: str | None = None
    next_page: str | None = None
    refresh: str = ""
    #: `og:title`, `description`, `article:published_time`, ... in lower case -> content, first one wins.
    meta: dict[str, str] = field(default_factory=dict)
    #: Texts of `application/ld+json` scripts.
    linked_data: list[str] = field(default_factory=list)

    def note(self, tag: str, attrs: dict[str, str]) -> None:
        """Takes what a `meta`, `base` or `link` element says."""
        if tag == "meta":
            self._note_meta(attrs)
        elif tag == "base" and attrs.get("href"):
            self.base = absolute(attrs["href"], self.base) or self.base
        elif tag == "link":
            rel = attrs.get("rel", "").lower().split()
            if "canonical" in rel:
                self.canonical = absolute(attrs.get("href", ""), self.base)
            elif "next" in rel:
                self.next_page = absolute(attrs.get("href", ""), self.base)

    def _note_meta(self, attrs: dict[str, str]) -> None:
        name = attrs.get("property") or attrs.get("name") or attrs.get("itemprop") or ""
        content = attrs.get("content", "")[:LONGEST]
        if name and content:
            self.meta.setdefault(name.lower()[:100], clean_text(content))
        elif attrs.get("http-equiv", "").lower() == "refresh":
            self.refresh = content

    def add_text(self, of: str, data: str) -> None:
        """Takes a part of the text of `title`, or of the newest JSON-LD script."""
        if of == "title":
            self.title += data[:LONGEST]
        elif len(self.linked_data[-1]) < _LONGEST_DATA:
            self.linked_data[-1] += data
