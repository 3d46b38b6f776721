"""A SAX target that turns the events of the HTML parser into blocks in reading order. Pure, one pass."""

from __future__ import annotations

import re

from crawler.extract.addresses import LONGEST, absolute
from crawler.extract.blocks import BOLD, ITALIC, Anchor, Block, Frame, Picture, Piece
from crawler.extract.elements import anchor_of, hint_of, is_small, source_of
from crawler.extract.head import Head
from crawler.extract.known import cleaned
from crawler.normalize import clean_text

# fmt: off
_BLOCK_TAGS = frozenset((
    "html", "body", "article", "aside", "address", "blockquote", "button", "caption", "center", "dd", "dir",
    "div", "details", "dialog", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search",
    "section", "ul", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
))
_SKIPPED_TAGS = frozenset((
    "script", "style", "template", "svg", "math", "iframe", "object", "embed", "select", "textarea",
    "audio", "video", "canvas", "map", "applet", "noframes", "noscript", "xml", "datalist",
))
# fmt: on
_TERMS = frozenset(("dd", "dt"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NOISE_TAGS = frozenset(("nav", "aside", "footer", "button", "menu", "dialog"))
_NOISE_ROLES = {
    "navigation": "nav",
    "complementary": "aside",
    "contentinfo": "footer",
    "search": "search",
    "menu": "nav",
    "menubar": "nav",
    "dialog": "dialog",
}
_INLINE_STYLE = {"b": BOLD, "strong": BOLD, "i": ITALIC, "em": ITALIC, "cite": ITALIC}
#: Elements that leave what follows them as it was.
_EMPTY_TAGS = frozenset(("br", "img", "amp-img", "meta", "link", "base", "input"))
_PICTURE_TAGS = frozenset(("img", "amp-img"))
#: Elements that mean something by themselves; others do by their attributes, if at all (`<font color>` does not).
_OPENING_TAGS = _BLOCK_TAGS | _SKIPPED_TAGS | {"title", "a", "time", *_INLINE_STYLE}
_TELLING = frozenset(("class", "id", "style", "hidden", "onclick"))
_TELLING_OF_BLOCKS = frozenset(("align", "role", "style", "hidden", "onclick"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_NORMAL_STYLE = re.compile(r"font-weight\s*:\s*(?:normal|[1-5]00)", re.IGNORECASE)
_ITALIC_STYLE = re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE)
_ALIGN_STYLE = re.compile(r"text-align\s*:\s*(left|right|center|justify)", re.IGNORECASE)
_DOWNLOAD_CALL = re.compile(r"download|openfile|viewfile|tai(?:ve|file|xuong)|getfile", re.IGNORECASE)
_MOST_BLOCKS = 6_000
_MOST_ELEMENTS = 60_000
_MOST_PICTURES = 1_000
#: Boxes nested deeper than any layout count as their parent.
_DEEPEST = 120
#: A piece that grew this long is continued in a new one: adding to long texts is what makes pages slow.
_LONG_PIECE = 4_000


class EnoughError(Exception):
    """The page has more blocks than any article."""


class Builder:
    """SAX target that linearises a page in one pass."""

    def __init__(self, url: str) -> None:
        self.head = Head(base=url)
        self.blocks: list[Block] = []
        self.root = Frame("#root", None, 0, "")
        self.frames = [self.root]
        self.password_field = False
        self._frame = self.root
        self._style = 0
        self._anchor: Anchor | None = None
        self._skip = 0
        self._elements = 0
        self._shown = 0
        self._text_of = ""  # `title` or `json` while such an element is open
        self._hint = ""
        #: What held before each open element; None for those that changed nothing.
        self._stack: list[tuple[Frame, int, Anchor | None, int, str] | None] = []
        self._pieces: list[Piece] = []
        self._pictures: list[tuple[int, Picture]] = []
        self._breaks = 0

    # -- events of the parser -------------------------------------------------------------------------------

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise EnoughError
        if tag in _EMPTY_TAGS:
            self._stack.append(None)
            self._empty(tag, attrs)
        elif tag in _OPENING_TAGS or not _TELLING.isdisjoint(attrs):
            self._stack.append((self._frame, self._style, self._anchor, self._skip, self._hint))
            self._open(tag, attrs)
        else:
            self._stack.append(None)

    def end(self, tag: str) -> None:
        if not self._stack:
            return
        around = self._stack.pop()
        if around is None:
            return
        if tag in _BLOCK_TAGS:
            self._flush()
        self._frame, self._style, self._anchor, self._skip, self._hint = around
        if self._text_of and tag in ("title", "script"):
            self._text_of = ""
        elif tag == "time":
            self.data(" ")

    def data(self, data: str) -> None:
        if self._text_of:
            self.head.add_text(self._text_of, data)
        elif not self._skip:
            last = self._pieces[-1] if self._pieces else None
            if last is None and not self._pictures and data.isspace():
                return  # blanks that open a line are none of its text
            if (
                last is not None
                and last.anchor is self._anchor
                and last.style == self._style
                and last.hint is self._hint
                and len(last.text) < _LONG_PIECE
            ):
                last.text += data
            else:
                self._pieces.append(Piece(data, self._style, self._anchor, self._hint))

    def close(self) -> None:
        self._flush()
        self.head.title = clean_text(self.head.title)

    def _empty(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "br":
            self._line_break()
        elif tag in _PICTURE_TAGS:
            self._picture(attrs)
        elif tag != "input":
            self.head.note(tag, attrs)
        elif attrs.get("type", "").lower() == "password":
            self.password_field = True

    def _open(self, tag: str, attrs: dict[str, str]) -> None:
        if tag in _BLOCK_TAGS:
            self._flush()
            self._open_frame(tag, attrs)
        elif tag == "title":
            self._text_of = "" if self.head.title or self._skip else "title"  # drawings have titles too
        elif tag in _SKIPPED_TAGS:
            self._skip += 1
            if tag == "script" and "ld+json" in attrs.get("type", ""):
                self.head.linked_data.append("")
                self._text_of = "json"
        else:
            self._inline(tag, attrs)

    # -- blocks ---------------------------------------------------------------------------------------------

    def _line_break(self) -> None:
        if self._skip:
            return
        if self._pieces or self._pictures:
            self._emit()
            self._breaks = 1
        elif self._breaks:
            self._breaks += 1

    def _flush(self) -> None:
        if self._pieces or self._pictures:
            self._emit()
        self._breaks = 0

    def _emit(self) -> None:
        pieces, pictures = self._pieces, self._pictures
        self._pieces, self._pictures = [], []
        joined = pieces[0].text if len(pieces) == 1 else "".join([piece.text for piece in pieces])
        text = cleaned(joined)
        if not text and not pictures:
            return
        if len(self.blocks) >= _MOST_BLOCKS:
            raise EnoughError
        self.blocks.append(Block(len(self.blocks), text, self._frame, pieces, pictures, self._breaks == 1))
        self._breaks = 0

    def _open_frame(self, tag: str, attrs: dict[str, str]) -> None:
        if self._frame.depth >= _DEEPEST:
            return
        around = self._frame
        if tag in _TERMS and around.tag in _TERMS and around.parent is not None:
            around = around.parent  # the parser nests them where end tags are left out, browsers do not
        frame = Frame(tag, around, len(self.frames), hint_of(attrs) if attrs else "")
        self.frames.append(frame)
        self._frame = frame
        if tag in _HEADINGS:
            frame.heading = int(tag[1])
        elif tag == "th":
            self._style |= BOLD
        elif tag == "center":
            frame.align = "center"
        if not _TELLING_OF_BLOCKS.isdisjoint(attrs):
            self._frame_attributes(frame, attrs)
        if tag in _NOISE_TAGS:
            frame.noise = tag

    def _frame_attributes(self, frame: Frame, attrs: dict[str, str]) -> None:
        frame.align = attrs.get("align", frame.align).lower()
        role = attrs.get("role")
        if role:
            frame.noise = _NOISE_ROLES.get(role.lower(), frame.noise)
        style = attrs.get("style")
        if style:
            self._css(style)
            align = _ALIGN_STYLE.search(style)
            if align:
                frame.align = align.group(1).lower()
        if "hidden" in attrs or (style and _HIDDEN.search(style)):
            frame.noise = "hidden"
        if "onclick" in attrs:
            self._click_target(attrs)

    def _css(self, style: str) -> None:
        if "font" in style or "FONT" in style:
            if _BOLD_STYLE.search(style):
                self._style |= BOLD
            elif _NORMAL_STYLE.search(style):
                self._style &= ~BOLD
            if _ITALIC_STYLE.search(style):
                self._style |= ITALIC

    # -- inline elements ------------------------------------------------------------------------------------

    def _inline(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "a":
            self._anchor = anchor_of(attrs, self.head.base)
        elif tag in _INLINE_STYLE:
            self._style |= _INLINE_STYLE[tag]
        elif tag == "time":
            self.data(" ")  # set apart by style alone: `26/04/2019` and `1118 lượt đọc`
        if _TELLING.isdisjoint(attrs):
            return
        style = attrs.get("style")
        if style:
            self._css(style)
            if _HIDDEN.search(style):
                self._skip += 1
        if "hidden" in attrs:
            self._skip += 1
        if "onclick" in attrs and tag != "a":
            self._click_target(attrs)
        hint = hint_of(attrs)
        if hint:
            self._hint = hint

    def _click_target(self, attrs: dict[str, str]) -> None:
        if _DOWNLOAD_CALL.search(attrs["onclick"][:LONGEST]):
            self._anchor = anchor_of(attrs, self.head.base)

    def _picture(self, attrs: dict[str, str]) -> None:
        self._shown += 1
        if self._skip or self._shown > _MOST_PICTURES:
            return
        source = source_of(attrs)
        url = absolute(source, self.head.base) if source else None
        small = is_small(attrs, source) or not url
        alt = clean_text(attrs.get("alt", "")[:LONGEST])
        self._pictures.append((len(self._pieces), Picture(url, alt, self._anchor, small)))
