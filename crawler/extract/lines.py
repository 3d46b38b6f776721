"""The lines of a page that rules look at: its blocks, with lines that one element glues together taken apart. Pure."""

import re
from itertools import pairwise

from crawler.extract.blocks import Block, Piece
from crawler.extract.cut import part_of, tidy_pieces
from crawler.extract.document import Document
from crawler.extract.header import GLUED, is_scrap
from crawler.extract.known import remembered
from crawler.extract.names import Names
from crawler.extract.vocabulary import ARCHIVE_TOOLBAR
from crawler.normalize import fold

_HEADER_SIGN = re.compile(
    r"\(?[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}|[0-9]{1,2} [tT]háng [0-9]{1,2}"
    r"|(?:[Ss]ố )?(?:[lL]ượt|[đĐ]ã) (?:xem|đọc)|[nN]gày (?:đăng|xuất bản)|Đăng bởi|Người đăng|Tác giả:"
    r"|(?:Thứ (?:[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb]ảy)|Chủ [Nn]hật|CN|T[2-7]), ?"
)
_LONGEST_HEADER = 160
#: Shorter texts are no title that could be told from a line's other words.
_SHORTEST = 15
#: The title of an article with its header line is no longer.
_LONGEST = 500
#: Where a box says what it is, it is none of the article's; `header` and `form` enclose whole articles.
_PART = re.compile(r"author|tac-?gia|byline|sapo|tom-?tat|lbllead|tieu-?de|lbltitle|news-?title")
_NOISE = frozenset(("nav", "footer", "hidden", "search", "menu", "dialog"))


def read_lines(document: Document, names: Names) -> list[Block]:
    """Blocks with text or pictures that may belong to an article, in reading order."""
    lines: list[Block] = []
    archived = "archive" in document.text or "wm-ipp" in document.text
    for block in document.blocks:
        noise = block.frame.noise
        if noise and noise in _NOISE and not _inside_article(block):
            continue
        if archived and block.text and _is_archive_toolbar(block):
            continue
        if "|" in block.text and len(block.text) > 14:
            lines += [part for line in _without_glue(block) for part in _without_glued_elements(line)]
        elif len(block.pieces) > 1:
            lines += _without_glued_elements(block)
        else:
            lines.append(block)
    return _split_titles(lines, names)


def _may_be_apart(piece: Piece) -> bool:
    anchor = piece.anchor
    return bool(anchor.onclick or anchor.download) if anchor else bool(piece.hint) and _is_part(piece.hint)


def _without_glued_elements(line: Block) -> list[Block]:
    """Elements within a line that are lines of their own."""
    if not any(map(_may_be_apart, line.pieces)):
        return [line]
    return [part for whole in _without_glued_parts(line) for part in _without_glued_file(whole)]


def _inside_article(block: Block) -> bool:
    """A footer of the article itself (`<article><footer>`) may hold its signature."""
    return block.noise == "footer" and block.frame.within("article") is not None


def _is_archive_toolbar(block: Block) -> bool:
    if block.index > 40:
        return False
    for frame in block.frame.lineage():
        if "wm-ipp" in frame.hint or "wayback" in frame.hint:
            return True
    return len(block.text) < 300 and bool(ARCHIVE_TOOLBAR.match(block.folded))


def _without_glue(block: Block) -> list[Block]:
    """`Title22/12/2016 | 4258Lead` as three lines; items of lists, which are links, stay whole."""
    if block.linked > 0.5:
        return [block]
    start, end = _glued_header(block.text)
    if start == end or end - start >= len(block.text) - 1:
        return [block]
    parts = [(0, start), (start, end), (end, len(block.text))]
    lines = [part_of(block, start, end) for start, end in parts if block.text[start:end].strip()]
    return lines if len(lines) > 1 else [block]


@remembered
def _glued_header(text: str) -> tuple[int, int]:
    """Where a header line in the portal's own form stands in a text; nowhere is (0, 0)."""
    match = GLUED.search(text)
    return match.span() if match else (0, 0)


@remembered
def _is_part(hint: str) -> bool:
    return _PART.search(hint) is not None


def _without_glued_parts(line: Block) -> list[Block]:
    """Inline elements named for a part of the article are lines of their own: `<span id="lblTacGia">`."""
    if not any(p.hint and not p.anchor and _is_part(p.hint) for p in line.pieces):
        return [line]
    if sum(not piece.text.isspace() for piece in line.pieces) < 2:
        return [line]
    edges = {0, len(line.text)}
    at = 0
    for piece in tidy_pieces(line):
        if piece.hint and not piece.anchor and _is_part(piece.hint):
            edges.update((at, at + len(piece.text)))
        at += len(piece.text)
    bounds = sorted(edges)
    spans = [(start, end) for start, end in pairwise(bounds) if line.text[start:end].strip()]
    return [part_of(line, start, end) for start, end in spans] if len(spans) > 1 else [line]


def _without_glued_file(line: Block) -> list[Block]:
    """`Ban Tuyên giáo<a download>Thông báo</a>`: a file's link that touches the words before it is a new line."""
    if len(line.pieces) < 2 or not any(
        p.anchor and (p.anchor.onclick or p.anchor.download) for p in line.pieces
    ):
        return [line]
    at = 0
    before: Piece | None = None
    for piece in tidy_pieces(line):
        anchor = piece.anchor
        is_file = anchor is not None and bool(anchor.onclick or anchor.download)
        touches = before is not None and before.anchor is not anchor and before.text[-1:].isalnum()
        if is_file and touches and piece.text[:1].isalnum():
            return [part_of(line, 0, at), *_without_glued_file(part_of(line, at))]
        at += len(piece.text)
        before = piece
    return [line]


def _split_titles(lines: list[Block], names: Names) -> list[Block]:
    """A line that begins with the whole title and goes on in another element is two lines."""
    wholes = {name.text.casefold() for name in names.names if not name.cut and len(name.text) >= _SHORTEST}
    openings = {whole[:_SHORTEST] for whole in wholes}
    found: list[Block] = []
    for line in lines:
        split = _split_title(line, wholes) if line.text[:_SHORTEST].casefold() in openings else [line]
        if len(split) > 1:
            found += split
        elif (
            _SHORTEST < len(line.text) <= _LONGEST and line.linked <= 0.5 and names.may_stand_in(line.folded)
        ):
            found += _without_header(line, names)
        else:
            found.append(line)
    return found


def _without_header(line: Block, names: Names) -> list[Block]:
    """A title with a header line behind or before it in the same element."""
    if names.is_whole(line.text) or not _HEADER_SIGN.search(line.text):
        return [line]
    for at in sorted(_joints(line), reverse=True):
        head, tail = line.text[:at].rstrip(" (|-"), line.text[at:]
        if len(head) >= _SHORTEST and len(tail) <= _LONGEST_HEADER and names.is_whole(head):
            return [part_of(line, 0, len(head)), part_of(line, at)]
        if len(tail) >= _SHORTEST and is_scrap(fold(head)) and names.is_whole(tail):
            return [part_of(line, 0, at), part_of(line, at)]
    return [line]


def _joints(line: Block) -> set[int]:
    """Where a header line may begin: at an element, at a date."""
    found = {match.start() for match in _HEADER_SIGN.finditer(line.text)}
    at = 0
    for piece in tidy_pieces(line)[:-1]:
        at += len(piece.text)
        found.add(at)
    return found


def _split_title(line: Block, wholes: set[str]) -> list[Block]:
    text = line.text.casefold()
    whole = max((whole for whole in wholes if text.startswith(whole)), key=len, default="")
    if not whole or len(whole) >= len(text) or len(text) != len(line.text):
        return [line]
    ends: set[int] = set()
    at = 0
    for piece in tidy_pieces(line):
        at += len(piece.text)
        ends.update((at, at - 1 if piece.text.endswith(" ") else at))
    if len(whole) in ends or line.text[len(whole)] in "(0123456789":
        return [part_of(line, 0, len(whole)), part_of(line, len(whole))]
    return [line]
