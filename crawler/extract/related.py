"""The lists of other articles around an article: where they stand and what they hold. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.extract.blocks import Anchor, Block, Frame
from crawler.extract.header import is_scrap
from crawler.extract.reading import Reading
from crawler.extract.related_entries import (
    Entry,
    ends_in_age,
    items_of,
    note_anchor,
    note_text,
    note_time,
    says_more,
    stripped,
)
from crawler.extract.vocabulary import Words, bare, heads_related, is_comments, is_contact, is_footer
from crawler.items import Related
from crawler.normalize import fold


@dataclass(slots=True)
class RelatedBlock:
    """Lines `first` to `last` (exclusive) of one list, its heading included."""

    first: int
    last: int
    rule: str
    items: list[Related] = field(default_factory=list)


def is_related_heading(line: Block, words: Words) -> bool:
    """Whether a short line is the heading of a list of other articles."""
    if not 2 < len(line.text) <= 60:
        return False
    label = bare(line.folded)
    return label in words.related or heads_related(label)


def find_related(lines: Sequence[Block], start: int, reading: Reading) -> list[RelatedBlock]:
    """All lists of other articles from line `start` on; ages count from when the page was fetched."""
    found: list[RelatedBlock] = []
    headed = False  # then what other lists the page has are its sidebars'
    at = start
    while at < len(lines):
        if is_related_heading(lines[at], reading.words):
            block = _gather(lines, at, at + 1, reading, "related-heading")
        elif not headed and _opens_bare_list(lines, at, reading):
            block = _gather(lines, at, at, reading, "links-to-articles")
        else:
            at += 1
            continue
        found.append(block)
        headed = headed or (len(block.items) >= 3 and block.rule == "related-heading")
        at = max(block.last, at + 1)
    return _without_sidebars(found, lines, reading.words)


def _without_sidebars(found: list[RelatedBlock], lines: Sequence[Block], words: Words) -> list[RelatedBlock]:
    """A list without a heading counts only where there is none with one, and no sidebar's heading above it."""
    headed = any(block.items and block.rule == "related-heading" for block in found)
    # Where the list ends that was dropped last; a link to this article may part it from the rest.
    dropped = -2
    for block in found:
        above = next((line for line in reversed(lines[: block.first]) if _is_plain(line)), None)
        named = above is not None and (
            above.heading > 0 or bare(above.folded) in words.sidebar or _opens_box(above, lines, block.first)
        )
        if block.rule != "related-heading" and (headed or named or 0 <= block.first - dropped <= 1):
            block.items = []
            dropped = block.last
    return found


def _is_plain(line: Block) -> bool:
    """A line that is no item of a list, nor an item's date."""
    return bool(line.text) and not line.linked and not is_scrap(line.folded)


def _opens_box(above: Block, lines: Sequence[Block], first: int) -> bool:
    """Whether a short line is the first in the box around it and the list: the heading of a box of its own."""
    if len(above.text) > 40 or above.linked > 0.5:
        return False
    depth = above.frame.shared_depth(lines[first].frame)
    box = next((frame for frame in above.frame.lineage() if frame.depth == depth), None)
    return box is not None and next(line for line in lines if box.encloses(line.frame)) is above


def _opens_bare_list(lines: Sequence[Block], at: int, reading: Reading) -> bool:
    """Three links in a row to other articles, and nothing else, are a list without a heading."""
    seen: set[str] = set()
    for line in lines[at : at + 8]:
        target = reading.other_article(line)
        if target is None or (line.text and not _is_item_text(line)):
            break
        seen.add(target)
    return len(seen) >= 3


def _is_item_text(line: Block) -> bool:
    return line.linked > 0.5 or stripped(line.text) == stripped(line.anchor_text(line.anchors[0]))


def _gather(lines: Sequence[Block], first: int, at: int, reading: Reading, rule: str) -> RelatedBlock:
    """Reads items until something stands there that is none."""
    block = RelatedBlock(first, at, rule)
    entries: dict[str, Entry] = {}
    bounds = _bounds(lines, first, at)
    while at < len(lines) and (bounds is None or bounds.encloses(lines[at].frame)):
        line = lines[at]
        if _ends_list(line, reading.words) or (at > first and is_related_heading(line, reading.words)):
            break
        if not _take(line, entries, reading) and not _is_teaser(lines[first:at], line, bounds):
            break
        at += 1
    while at > first + 1 and _is_bare_picture(lines[at - 1]):
        at -= 1  # a picture of the article's below the list
    block.last = at
    block.items = items_of(entries, reading.own)
    return block


def _is_bare_picture(line: Block) -> bool:
    """A picture that leads nowhere; thumbnails of a list are links."""
    return not line.text and not line.anchors and any(not picture.small for _, picture in line.pictures)


def _bounds(lines: Sequence[Block], first: int, at: int) -> Frame | None:
    """The smallest box that holds the heading and the first link below it; None where there is no link."""
    linked = next((line for line in lines[at : at + 4] if line.anchors), None)
    if linked is None:
        return lines[first].frame
    for frame in lines[first].frame.lineage():
        if frame.encloses(linked.frame) and (
            frame is not lines[first].frame or first == at or frame.depth < 3
        ):
            return frame.parent if first == at and frame.parent else frame
    return None


def _ends_list(line: Block, words: Words) -> bool:
    if not line.text or len(line.text) > 60 or line.linked > 0.6:
        return False
    label = bare(line.folded)
    if label in words.sidebar or label in words.end:
        return True
    return is_footer(label) or is_contact(label) or is_comments(label)


def _take(line: Block, entries: dict[str, Entry], reading: Reading) -> bool:
    """Puts a line into the list; False when it is no part of one."""
    now = reading.fetched_at
    anchors = [anchor for anchor in line.anchors if _leads_on(anchor)]
    for anchor in anchors:
        note_anchor(line, anchor, entries, reading)
    if anchors:
        rest = line.text if line.linked < 0.98 else ""
        outside = "".join(piece.text for piece in line.pieces if piece.anchor is None).strip()
        if rest and entries and len(outside) > 1:
            note_time(next(reversed(entries.values())), outside, now)
        return line.linked > 0.3 or len(outside) < 60 or not line.text or ends_in_age(outside)
    if not line.text or stripped(line.text) == "":
        return True
    last = next(reversed(entries.values())) if entries else None
    if last is not None and note_time(last, line.text, now):
        return True
    if ends_in_age(line.text) and len(line.text) > 30:
        return note_text(line.text, entries, now)
    if last is not None and line.folded == fold(last.title or last.alt):
        return True
    return is_scrap(line.folded) or says_more(line.folded)


def _is_teaser(taken: Sequence[Block], line: Block, bounds: Frame | None) -> bool:
    """A sentence or two below a title, in the box of that item."""
    last = next((above for above in reversed(taken) if above.anchors), None)
    if last is None or bounds is None or len(line.text) > 500:
        return False
    item = next((frame for frame in line.frame.lineage() if frame.encloses(last.frame)), None)
    return (
        item is not None
        and item is not bounds
        and bounds.encloses(item)
        and item.tag not in ("table", "tbody")
    )


def _leads_on(anchor: Anchor) -> bool:
    return anchor.url is not None and anchor.url.startswith("http")
