"""The text of a page as runs and the links among them, for the rules of listings. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from crawler.extract.blocks import Anchor, Block, Frame, Picture
from crawler.extract.document import Document
from crawler.extract.known import folded
from crawler.normalize import clean_text
from crawler.sites import Site

#: More text than any listing has; what lies beyond is not read.
_MOST_RUNS = 8_000
_AROUND_LABELS = " :.»>›-–•|[]*"


@dataclass(slots=True, eq=False)
class Run:
    """A piece of text in one link, or in none."""

    index: int
    text: str
    frame: Frame
    link: ShownLink | None
    #: class and id of the inline element around it, lower case.
    hint: str
    folded: str


@dataclass(slots=True, eq=False)
class ShownLink:
    """A link as the page shows it."""

    anchor: Anchor
    #: Canonical address when it lies on the site, else None.
    url: str | None
    #: Identity of the article it leads to; None for any other page and for the page itself.
    ident: str | None
    frame: Frame
    #: Number of the run that comes first in it, or would if it had text.
    first: int
    runs: list[Run] = field(default_factory=list)
    alt: str = ""
    text: str = ""
    #: Its text, else what it says instead of text.
    label: str = ""


class PageText:
    """Runs and links of a page in reading order, and which frames enclose which runs."""

    def __init__(self, document: Document, site: Site) -> None:
        self.document = document
        self.site = site
        self.url = site.canonical(document.url) or document.url
        self.own_id = site.article_id(document.url)
        self.runs: list[Run] = []
        self.links: list[ShownLink] = []
        #: Places of pagers that are pictures: runs before which they stand.
        self.turns: frozenset[int] = frozenset()
        self._named: dict[str, list[ShownLink]] = {}
        self._known: dict[Anchor, ShownLink] = {}
        for block in document.blocks:
            if len(self.runs) > _MOST_RUNS:
                break
            self._read(block)
        self.labels = _labels(site)
        self.end_of = _last_inside(document.frames)
        for link in self.links:
            self._complete(link)

    def encloses(self, frame: Frame, other: Frame) -> bool:
        """Whether `other` is `frame` or lies in it."""
        return frame.index <= other.index <= self.end_of[frame.index]

    def common(self, one: Frame, other: Frame) -> Frame:
        """The innermost frame that encloses both."""
        while not self.encloses(one, other):
            assert one.parent is not None  # noqa: S101  # the root encloses everything
            one = one.parent
        return one

    def links_named(self, text: str) -> list[ShownLink]:
        """Links to no article with this text, folded."""
        if not self._named:
            for link in self.links:
                if link.ident is None and len(link.runs) == 1:
                    self._named.setdefault(link.runs[0].folded, []).append(link)
        return self._named.get(text, [])

    def label(self, run: Run) -> str:
        """`sidebar` or `related` where a text is the site's label for such a box, else empty."""
        return self.labels.get(run.folded.strip(_AROUND_LABELS), "")

    def _complete(self, link: ShownLink) -> None:
        link.text = " ".join([run.text for run in link.runs])
        link.label = link.text or link.alt or clean_text(link.anchor.title)
        for run in link.runs:
            if run.frame is not link.frame:
                link.frame = self.common(link.frame, run.frame)

    def _read(self, block: Block) -> None:
        pictures = list(block.pictures)
        for number, piece in enumerate(block.pieces):
            while pictures and pictures[0][0] <= number:
                self._picture(block, pictures.pop(0)[1])
            text = block.text if len(block.pieces) == 1 else clean_text(piece.text)
            if not text:
                continue
            link = self._link(piece.anchor, block.frame) if piece.anchor else None
            run = Run(len(self.runs), text, block.frame, link, piece.hint, folded(text))
            if link:
                link.runs.append(run)
            self.runs.append(run)
        for _, picture in pictures:
            self._picture(block, picture)

    def _picture(self, block: Block, picture: Picture) -> None:
        if picture.anchor:
            link = self._link(picture.anchor, block.frame)
            link.alt = link.alt or picture.alt

    def _link(self, anchor: Anchor, frame: Frame) -> ShownLink:
        known = self._known.get(anchor)
        if known is None:
            url = self.site.canonical(anchor.url) if anchor.url else None
            ident = self.site.article_id(anchor.url) if anchor.url and url else None
            known = ShownLink(anchor, url, None if ident == self.own_id else ident, frame, len(self.runs))
            self._known[anchor] = known
            self.links.append(known)
        return known


@lru_cache(maxsize=16)
def _folded_labels(sidebar: tuple[str, ...], related: tuple[str, ...]) -> dict[str, str]:
    words = dict.fromkeys((folded(word).strip(_AROUND_LABELS) for word in sidebar), "sidebar")
    return words | dict.fromkeys((folded(word).strip(_AROUND_LABELS) for word in related), "related")


def _labels(site: Site) -> dict[str, str]:
    return _folded_labels(site.labels.sidebar, site.labels.related)


def _last_inside(frames: list[Frame]) -> list[int]:
    """For each frame the index of the last frame inside it (frames stand in document order)."""
    ends = [frame.index for frame in frames]
    for frame in reversed(frames):
        if frame.parent is not None and ends[frame.parent.index] < ends[frame.index]:
            ends[frame.parent.index] = ends[frame.index]
    return ends
