"""Which lines of a page are the article's body: from its header to where something else begins. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from crawler.extract.blocks import Block, Frame
from crawler.extract.ends import any_prose, ends_article, is_beside, is_foot, stand_alike
from crawler.extract.header import Header, is_scrap
from crawler.extract.heading import Heading
from crawler.extract.reading import Reading
from crawler.extract.related import RelatedBlock
from crawler.extract.vocabulary import POINTER, Words, bare, is_comments, is_tools
from crawler.normalize import fold

_PROSE = 80
_TAIL = 10
_END_OF_TEXT = re.compile(r"\./\.?[”\"»)]?\s*$")


def body_lines(
    lines: Sequence[Block], heading: Heading, related: Sequence[RelatedBlock], reading: Reading
) -> list[Block]:
    """The lines of lead, body, captions, signature and attachments, in order."""
    words = reading.words
    start = _start(heading, lines)
    skipped = _covered(heading, related)
    inside = {block.first for block in related if _is_inside(block, lines, words)}
    boxes = {block.first: block for block in related if block.first not in inside}
    container = _container(lines, start, skipped, list(boxes.values()))
    found: list[Block] = []
    outside = 0
    for at in range(start, len(lines)):
        line = lines[at]
        if at in boxes and _ends_here(boxes[at], lines, found, words):
            break
        if at in skipped:
            continue
        if line.text and not any_prose(found) and is_scrap(line.folded):
            continue  # an empty `( )`, a rating, a second date above the body
        if _is_tool(line) or _repeats_title(line, heading, found):
            continue
        if ends_article(line, words, found, lines[at + 1] if at + 1 < len(lines) else None):
            break
        if is_beside(line) and not any_prose(found):
            continue
        if _points_elsewhere(line, reading):
            continue
        if container is not None and not container.encloses(line.frame):
            below = any_prose(found)
            if _is_farther(line, container, heading, lines) or not _belongs_outside(line, found, outside):
                if below:
                    break
                continue
            outside += below
        found.append(line)
    return found


def _start(heading: Heading, lines: Sequence[Block]) -> int:
    """The line below the title; the header may stand before, right below, or below the lead."""
    if heading.title_line is not None:
        start = heading.title_line.last + 1
        if heading.header is not None and heading.header.first >= start:
            between = lines[start : heading.header.first]
            return heading.header.last + 1 if not any(_is_text(line) for line in between) else start
        return start
    return heading.header.last + 1 if heading.header is not None else 0


def _is_text(line: Block) -> bool:
    return (len(line.text) >= 60 and line.linked < 0.5) or bool(
        line.pictures and not line.pictures[0][1].small
    )


def _covered(heading: Heading, related: Sequence[RelatedBlock]) -> set[int]:
    """Positions of header lines and related lists."""
    covered: set[int] = set()
    for header in (heading.header, heading.views_header):
        if isinstance(header, Header):
            covered.update(range(header.first, header.last + 1))
    for block in related:
        covered.update(range(block.first, block.last))
    return covered


def _container(
    lines: Sequence[Block], start: int, skipped: set[int], related: Sequence[RelatedBlock]
) -> Frame | None:
    """The smallest box that holds the article's prose; None where the page has no prose."""
    stop = next((block.first for block in related if block.first > start + 2), len(lines))
    weights: Counter[Frame] = Counter()
    prose: list[tuple[Block, int]] = []
    for at in range(start, stop):
        line = lines[at]
        if at in skipped or len(line.text) < _PROSE or line.linked > 0.4 or line.noise == "aside":
            continue
        if is_foot(line):
            continue
        prose.append((line, len(line.text)))
    shared = Counter(line.frame for line in lines[start:stop])
    for line, length in prose:
        _credit(weights, line.frame, length, alone=shared[line.frame] == 1)
    if not prose:
        return None
    if not weights:
        return None
    best = max(weights, key=lambda frame: (weights[frame], frame.depth))
    return _widened(best, prose)


def _credit(weights: Counter[Frame], frame: Frame, length: int, *, alone: bool) -> None:
    """Text counts for the box around its paragraph, and less for the boxes around that.

    A box that holds one line is a paragraph, whatever its tag.
    """
    share = 1.0
    for enclosing in frame.lineage()[:6]:
        if (alone and enclosing is frame) or enclosing.tag in (
            "p",
            "li",
            "blockquote",
            "h2",
            "h3",
            "h4",
            "span",
            "dd",
        ):
            continue
        weights[enclosing] += int(length * share)
        share *= 0.9


def _widened(best: Frame, prose: list[tuple[Block, int]]) -> Frame:
    """Widened to take in prose beside it, as long as that is a fair part of the whole or leads into it."""
    total = sum(length for _, length in prose)
    held: Counter[Frame] = Counter()
    for line, length in prose:
        for frame in line.frame.lineage():
            held[frame] += length
    while best.parent is not None and held[best] < total * 0.8:
        best = best.parent
    return best


def _is_tool(line: Block) -> bool:
    if not line.text or len(line.text) > 90:
        return False
    if line.noise == "button" or is_tools(line.folded):
        return True
    return len(line.pieces) > 1 and all(_is_tool_word(piece.text) for piece in line.pieces)


def _is_tool_word(text: str) -> bool:
    """One of several tools that stand side by side (`Chia sẻ`, `In bài viết`)."""
    folded = fold(text)
    return not folded or is_tools(folded)


def _points_elsewhere(line: Block, reading: Reading) -> bool:
    """A line that does nothing but lead to another article: `>> Xem thêm: …`, the article before and after."""
    if not line.anchors or reading.other_article(line) is None:
        return False
    rest = " ".join(piece.text for piece in line.pieces if piece.anchor is None)
    return line.linked > 0.9 or bool(POINTER.fullmatch(bare(fold(rest))))


def _repeats_title(line: Block, heading: Heading, found: list[Block]) -> bool:
    """The title printed again above the body."""
    if heading.title is None or len(found) > 2 or len(line.text) > len(heading.title) + 3:
        return False
    return line.folded.rstrip(" .") == fold(heading.title).rstrip(" .")


def _ends_here(block: RelatedBlock, lines: Sequence[Block], found: list[Block], words: Words) -> bool:
    """Below a related list the body goes on only when the list stood inside it: prose in the same box follows."""
    if not any_prose(found):
        return False
    if any(_END_OF_TEXT.search(line.text) for line in found[-3:]):
        return True
    for after in lines[block.last : block.last + _TAIL]:
        if ends_article(after, words, found, None):
            return True
        if after.linked <= 0.4 and _goes_on(lines[block.first : block.last], found, after):
            return False
    return True


def _is_inside(block: RelatedBlock, lines: Sequence[Block], words: Words) -> bool:
    """Whether a list stands inside the article: prose goes on below it, in the box around it."""
    prose = 0
    for after in lines[block.last : block.last + _TAIL]:
        label = bare(after.folded)
        if after.linked > 0.6 or is_foot(after) or is_comments(label):
            break
        if label in words.end or label in words.sidebar:
            break
        around = after.frame if after.frame.tag not in ("p", "div") else after.frame.parent or after.frame
        beside = after.frame.encloses(lines[block.first].frame) or around.encloses(lines[block.first].frame)
        if beside and after.linked <= 0.4:
            prose += 2 if len(after.text) >= _PROSE else len(after.text) >= _PROSE // 2
    return prose >= 3


def _goes_on(listed: Sequence[Block], found: list[Block], after: Block) -> bool:
    """Whether a line below a list is a paragraph like those above it, and the list a box between them."""
    alike = (line for line in reversed(found) if len(line.text) >= 20 and stand_alike(line, after))
    before = next(alike, None)
    if before is None:
        return False
    boxed = not any(line.frame is before.frame for line in listed)
    inside = boxed and not any(line.frame.parent is before.frame.parent for line in listed[1:])
    return len(after.text) >= (25 if inside else _PROSE)


def _is_farther(line: Block, container: Frame, heading: Heading, lines: Sequence[Block]) -> bool:
    """Whether a line stands farther from the prose than the title does: in another column, at the foot."""
    if heading.title_line is None:
        return False
    near = container.shared_depth(lines[heading.title_line.first].frame)
    return container.shared_depth(line.frame) < near


def _belongs_outside(line: Block, found: list[Block], outside: int) -> bool:
    """Outside the box of the prose stand leads and pictures above it; signatures and files below it."""
    if outside >= _TAIL:
        return False
    if line.pictures and not line.pictures[0][1].small and not line.anchors:
        return True
    if not any_prose(found):
        return line.linked < 0.5 and len(line.text) >= 20 and not is_scrap(line.folded)
    return _is_tail(line)


def _is_tail(line: Block) -> bool:
    """A signature, a caption or a link to a file: short, and no link to another page."""
    if any(anchor.onclick or anchor.download for anchor in line.anchors):
        return True
    if line.anchors:
        return any(_FILE.search(anchor.url or "") for anchor in line.anchors)
    return len(line.text) <= 120


_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rar|zip|7z|odt|rtf|txt)(?:$|[?#])|download", re.IGNORECASE)
