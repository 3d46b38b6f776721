"""What a page's head and address say its title is, and how well a line of text agrees with that. Pure."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.extract.document import Document
from crawler.extract.known import folded, remembered
from crawler.normalize import clean_text, fold, slug
from crawler.sites import Site

_SEPARATOR = re.compile(r"\s+[|\-–—•·»>:]+\s+|\s*(?:\||::|»|—)\s*")
_CUT = re.compile(r"\s*(?:\.{2,}|…)\s*$")
_FOREIGN_TITLE = re.compile(
    r"just a moment|attention required|access denied|untitled|document|index|home", re.IGNORECASE
)
#: Shorter names are too common to tell a title by.
_LEAST = 6
_SURELY_A_TITLE = 28
#: Everything in ASCII but small letters and digits.
_SIGNS = re.sub(rb"[a-z0-9]", b"", bytes(range(128)))


@dataclass(frozen=True, slots=True)
class Name:
    """One claim of the head: the whole title, or its beginning when the claim is cut."""

    text: str
    folded: str
    cut: bool
    rule: str
    #: What is left of a claim without the words before or behind a separator.
    part: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """All claims about the title, the most trusted first, and the slug of the address."""

    names: tuple[Name, ...]
    slug: str

    def agreement(self, folded: str) -> tuple[int, str]:
        """How well a folded line agrees: 0 (not at all) to 10, and the name of the rule."""
        best, rule = 0, ""
        for name in self.names:
            score = _agreement(name, folded)
            if score > best:
                best, rule = score, name.rule
        if best < 8 and self.slug:
            score = _slug_agreement(self.slug, folded)
            if score > best:
                best, rule = score, "agrees-slug"
        return best, rule

    def is_promised(self, text: str) -> bool:
        """Whether the slug of the address is this text, word by word."""
        return bool(self.slug) and slug_like(folded(text)) == self.slug

    def is_whole(self, text: str) -> bool:
        """Whether a text is the title from its first letter to its last, by a claim or by the address."""
        if text.count("(") != text.count(")"):
            return False
        plain = folded(text)
        return self.is_promised(text) or any(name.folded == plain and not name.cut for name in self.names)

    def may_stand_in(self, line: str) -> bool:
        """Whether a part of a folded line can be the whole title; a cheap look, before the line is taken apart."""
        for name in self.names:
            if name.folded in line and not name.cut:
                return True
        return 0 < len(self.slug) <= len(line) and self.slug in slug_like(line)

    def fits_address(self, title: str) -> bool:
        """Whether the slug of the address may come from this title; True where there is no slug to tell."""
        return not self.slug or _slug_agreement(self.slug, fold(title)) > 0

    def alone(self) -> Name | None:
        """A claim to be trusted though no line of the page says so; `<title>` alone is often the portal's name."""
        for name in self.names:
            named = name.rule != "agrees-title-tag" and not name.part
            if not name.cut and (named or (self.slug and _slug_agreement(self.slug, name.folded) >= 6)):
                return name
        return None


def read_names(document: Document, site: Site) -> Names:
    """Claims of og:title, JSON-LD, other meta tags, `<title>` and the address."""
    meta = document.head.meta
    claims = [("agrees-og", meta.get("og:title", "")), ("agrees-linked-data", _headline(document))]
    claims += [
        ("agrees-meta", meta.get(name, "")) for name in ("twitter:title", "dc.title", "title", "headline")
    ]
    claims.append(("agrees-title-tag", document.title_tag))
    sites = _site_names(document, site)
    names: list[Name] = []
    for rule, text in claims:
        if text and len(text) < 600:
            names += [name for name in _claims(text, rule, sites) if name not in names]
    return Names(tuple(names), _slug_of(document.url))


def _claims(text: str, rule: str, sites: frozenset[str]) -> list[Name]:
    """The whole claim first, then what is left of it without the portal's name before or behind."""
    found: list[Name] = []
    for part in (text, *_parts(text)):
        whole = _CUT.sub("", part) if part.endswith((".", "…", " ")) else part
        plain = folded(whole)
        if len(plain) >= _LEAST and plain not in sites and not _FOREIGN_TITLE.fullmatch(plain):
            found.append(Name(whole.strip(), plain, whole != part, rule, part is not text))
    return found


@remembered
def _parts(text: str) -> tuple[str, ...]:
    """What is left of a claim without what stands before or behind its separators."""
    cuts = [match.span() for match in _SEPARATOR.finditer(text)]
    if not cuts:
        return ()
    return text[: cuts[-1][0]], text[cuts[0][1] :], text[: cuts[0][0]], text[cuts[-1][1] :]


def _site_names(document: Document, site: Site) -> frozenset[str]:
    """Names of the portal itself, which `<title>` often carries alone."""
    given = (site.title, document.head.meta.get("og:site_name", ""), site.hosts[0] if site.hosts else "")
    return frozenset(folded(name) for name in given if name)


def _agreement(name: Name, folded: str) -> int:
    if folded == name.folded:
        # A short part may be the portal's or a section's name: `Tin hoạt động - Chi tiết`.
        return 4 if name.part and len(folded) < _SURELY_A_TITLE else 10
    shorter, longer = sorted((len(folded), len(name.folded)))
    if folded.rstrip(" .") == name.folded.rstrip(" .") and not name.part:
        return 10
    if shorter < 15:
        return 0
    if name.cut and folded.startswith(name.folded):
        return 8
    if folded.endswith(("...", "…")) and name.folded.startswith(folded.rstrip(" .…")):
        return 3
    if name.folded.startswith(folded) and shorter > longer * 0.5:
        return 5  # the claim carries the portal's name behind a sign that is no separator
    return 0


def _slug_agreement(page: str, folded: str) -> int:
    if len(folded) > 400 or folded.lstrip("“\"'( ")[:1] != page[:1]:
        return 0
    own = slug_like(folded)
    if own == page:
        return 8
    shorter = min(len(own), len(page))
    if shorter >= 20 and own[:shorter] == page[:shorter] and shorter >= 0.6 * max(len(own), len(page)):
        return 6 if len(own) >= len(page) else 4
    return 0


def slug_like(folded: str) -> str:
    """A folded title as portals make slugs of it: signs dropped without a hyphen (PORTAL.md, URLs)."""
    return folded.encode("ascii", "ignore").translate(None, _SIGNS).decode("ascii")


def _slug_of(url: str) -> str:
    """The words of an address, comparable with `slug_like`; empty where it has none."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    last = path.rstrip("/").rsplit("/", 1)[-1]
    last = re.sub(r"\.(?:aspx?|html?|php|jsp|ashx)$", "", last, flags=re.IGNORECASE)
    last = re.sub(r"[-_.]+[a-z]{0,12}[0-9]+$", "", last, flags=re.IGNORECASE)
    words = slug(last.replace("-", " ").replace("_", " ").replace("+", " ")[:400])
    plain = slug_like(fold(last[:400]))
    return plain if words.count("-") >= 2 else ""


def _headline(document: Document) -> str:
    for node in linked_data(document):
        headline = node.get("headline")
        if isinstance(headline, str):
            return clean_text(headline)
    return ""


def linked_data(document: Document) -> list[dict[str, Any]]:
    """The objects of a page's JSON-LD; what is no JSON is left out."""
    found: list[dict[str, Any]] = []
    for text in document.head.linked_data:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        nodes = value if isinstance(value, list) else [value]
        for node in nodes[:20]:
            if isinstance(node, dict):
                graph = node.get("@graph")
                found += [n for n in graph[:50] if isinstance(n, dict)] if isinstance(graph, list) else [node]
    return found
