"""The parts of a page in reading order: frames, blocks, pieces, anchors, pictures. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.extract.addresses import absolute
from crawler.extract.known import folded

BOLD = 1
ITALIC = 2


class Frame:
    """A block element that encloses text: `div`, `p`, `td`, ...; frames form a tree through `parent`."""

    __slots__ = ("align", "depth", "heading", "hint", "index", "noise", "parent", "tag")

    depth: int
    #: Level of the enclosing h1..h6, else 0.
    heading: int
    align: str
    #: `nav`, `aside`, `footer`, `hidden`, ... where this or an enclosing element says so; else empty.
    noise: str

    def __init__(self, tag: str, parent: Frame | None, index: int, hint: str) -> None:
        self.tag = tag
        self.parent = parent
        #: Number in document order.
        self.index = index
        #: class and id as written, lower case: a weak hint, never a proof.
        self.hint = hint
        if parent is None:
            self.depth, self.heading, self.align, self.noise = 0, 0, "", ""
        else:
            self.depth = parent.depth + 1
            self.heading = parent.heading
            self.align = parent.align
            self.noise = parent.noise

    def lineage(self) -> list[Frame]:
        """This frame and all that enclose it, innermost first."""
        found: list[Frame] = []
        frame: Frame | None = self
        while frame is not None:
            found.append(frame)
            frame = frame.parent
        return found

    def within(self, tag: str) -> Frame | None:
        """The innermost frame with this tag that is or encloses this one."""
        frame: Frame | None = self
        while frame is not None and frame.tag != tag:
            frame = frame.parent
        return frame

    def shared_depth(self, other: Frame) -> int:
        """Depth of the innermost frame that encloses both: the deeper, the closer they stand."""
        frame: Frame | None = self
        while frame is not None and not frame.encloses(other):
            frame = frame.parent
        return frame.depth if frame else -1

    def encloses(self, other: Frame) -> bool:
        """Whether `other` is this frame or lies inside it."""
        frame: Frame | None = other
        while frame is not None and frame.depth > self.depth:
            frame = frame.parent
        return frame is self


class Anchor:
    """A link, or anything else that a click turns into one; its address is made absolute when asked for."""

    __slots__ = ("_base", "_href", "_url", "download", "onclick", "rel", "title")

    def __init__(
        self,
        href: str,
        base: str,
        *,
        onclick: str = "",
        download: bool = False,
        rel: str = "",
        title: str = "",
    ) -> None:
        self._href = href
        self._base = base
        self._url: str | None = None
        self.onclick = onclick
        self.download = download
        self.rel = rel
        self.title = title

    @property
    def url(self) -> str | None:
        """Absolute address; None where the element has none (`#`, `javascript:`)."""
        if self._href:
            self._url, self._href = absolute(self._href, self._base), ""
        return self._url


@dataclass(slots=True, eq=False)
class Picture:
    """An `img`: address as the lazy loader or the browser would take it."""

    #: Absolute address.
    url: str | None
    alt: str
    anchor: Anchor | None
    #: An icon, a spacer or a bullet: no picture of the article.
    small: bool = False


@dataclass(slots=True, eq=False)
class Piece:
    """Text of one style in one named inline element, spaces as received."""

    text: str
    style: int
    anchor: Anchor | None
    #: class and id of the innermost inline element that has one, lower case.
    hint: str = ""


@dataclass(slots=True, eq=False)
class Block:
    """A line of the page: what stands between two block boundaries or line breaks."""

    index: int
    #: NFC, blanks collapsed, no control characters; empty when the block holds pictures alone.
    text: str
    frame: Frame
    pieces: list[Piece]
    #: Pictures with the number of pieces before them.
    pictures: list[tuple[int, Picture]] = field(default_factory=list)
    #: Separated from the block before by a single `<br>` only, in the same frame.
    soft: bool = False
    _folded: str | None = None
    _linked: float | None = None
    _anchors: list[Anchor] | None = None

    @property
    def heading(self) -> int:
        return self.frame.heading

    @property
    def noise(self) -> str:
        return self.frame.noise

    @property
    def bold(self) -> bool:
        """Whether every letter is bold."""
        return bool(self.text) and all(p.style & BOLD for p in self.pieces if not p.text.isspace())

    @property
    def italic(self) -> bool:
        """Whether every letter is italic."""
        return bool(self.text) and all(p.style & ITALIC for p in self.pieces if not p.text.isspace())

    @property
    def anchors(self) -> list[Anchor]:
        """The links of its text and pictures, in order, each once."""
        if self._anchors is not None:
            return self._anchors
        found = [piece.anchor for piece in self.pieces if piece.anchor]
        found += [picture.anchor for _, picture in self.pictures if picture.anchor]
        self._anchors = found if len(found) < 2 else list(dict.fromkeys(found))
        return self._anchors

    @property
    def linked(self) -> float:
        """Share of its letters that stand in links, 0.0 to 1.0."""
        if self._linked is None:
            pieces = self.pieces
            if len(pieces) == 1:
                self._linked = 1.0 if pieces[0].anchor else 0.0
            else:
                total = inside = 0
                for piece in pieces:
                    length = len(piece.text.strip())
                    total += length
                    if piece.anchor:
                        inside += length
                self._linked = inside / total if total else 0.0
        return self._linked

    @property
    def folded(self) -> str:
        """Its text as rules match it, see `normalize.fold`."""
        if self._folded is None:
            self._folded = folded(self.text)
        return self._folded

    def anchor_text(self, anchor: Anchor) -> str:
        """The text of one link as printed."""
        if len(self.pieces) == 1 and self.pieces[0].anchor is anchor and self.pieces[0].text == self.text:
            return self.text
        return " ".join("".join(p.text for p in self.pieces if p.anchor is anchor).split())
