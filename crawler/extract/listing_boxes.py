"""Groups the article links of a page into boxes: lists, grids, menus, most-read columns. Pure.

An item is the largest part of the page that shows one article only; a box is what holds items side by side.
Neighbouring boxes without a heading between them are one (rows of a grid, a big first item above a list).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from crawler.extract.blocks import Frame
from crawler.extract.listing_runs import PageText, Run, ShownLink
from crawler.extract.listing_words import is_heading

_DIGITS = re.compile(r"[0-9]+")
_VOLATILE = re.compile(
    r"odd|even|first|last|active|current|selected|open|show|hover|animated|fade|in|out|alt|lazy\w*"
)
_DEPTH_OF_NAME = 5
_MERGE_DEPTH = 4
_MANY = ""


@dataclass(slots=True, eq=False)
class Item:
    """One article in one place of the page."""

    ident: str
    #: The frame that shows this article alone; None where articles share one without frames of their own.
    frame: Frame | None
    container: Frame
    links: list[ShownLink]
    #: Its runs: first and one after the last.
    first: int
    end: int


@dataclass(slots=True, eq=False)
class Box:
    """Items that belong together."""

    container: Frame
    items: list[Item]
    #: Headings before it, nearest first.
    headings: list[Run] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.items[0].first

    @property
    def start(self) -> int:
        """The run of the first link: a heading may stand inside the first item's frame."""
        return self.items[0].links[0].first

    @property
    def end(self) -> int:
        return self.items[-1].end

    @property
    def place(self) -> Frame:
        """The innermost frame that holds all of it: a lone item's own one."""
        return (self.items[0].frame if len(self.items) == 1 else None) or self.container

    def idents(self) -> list[str]:
        return list(dict.fromkeys(item.ident for item in self.items))


def find_boxes(page: PageText, skip: frozenset[str], pager_runs: frozenset[int]) -> list[Box]:
    """All boxes of article links in page order, without headings yet; links to `skip` are paging."""
    links = [link for link in page.links if link.ident and link.url not in skip]
    if not links:
        return []
    items = _items(page, links, _barriers(page, pager_runs))
    return _merge(page, _split(page, items, pager_runs), pager_runs)


# -- items --------------------------------------------------------------------------------------------------


def _barriers(page: PageText, pager_runs: frozenset[int]) -> frozenset[int]:
    """Frames that cannot be a single item, because they hold the page's heading or its pager."""
    found: set[int] = set()
    for run in page.runs:
        if run.index in pager_runs or (run.frame.heading == 1 and not (run.link and run.link.ident)):
            found.update(frame.index for frame in run.frame.lineage())
    return frozenset(found)


def _items(page: PageText, links: list[ShownLink], barriers: frozenset[int]) -> list[Item]:
    owner = _owners(links)
    items: list[Item] = []
    for link in links:
        ident = link.ident or ""
        frame = _alone(link.frame, ident, owner, barriers)
        last = items[-1] if items else None
        if last and last.ident == ident and (last.frame is frame if frame else last.container is link.frame):
            last.links.append(link)
        else:
            items.append(Item(ident, frame, (frame.parent if frame else None) or link.frame, [link], 0, 0))
    _measure(page, items)
    return items


def _owners(links: list[ShownLink]) -> dict[int, str]:
    """For each frame around article links the one article in it, or `_MANY`."""
    owner: dict[int, str] = {}
    for link in links:
        frame: Frame | None = link.frame
        while frame is not None:
            known = owner.setdefault(frame.index, link.ident or "")
            if known != link.ident:
                owner[frame.index] = _MANY
            frame = frame.parent
    return owner


def _alone(frame: Frame, ident: str, owner: dict[int, str], barriers: frozenset[int]) -> Frame | None:
    """The outermost frame around `frame` that shows this article alone."""
    found = None
    current: Frame | None = frame
    while current is not None and owner[current.index] == ident and current.index not in barriers:
        if current.tag in ("body", "html", "#root"):
            break
        found, current = current, current.parent
    return found


def _measure(page: PageText, items: list[Item]) -> None:
    """Sets the extents of items in runs; one without a frame of its own reaches to the next item."""
    extents = _extents(page)
    for n, item in enumerate(items):
        frame = item.frame or item.container
        low, high = extents.get(frame.index, (item.links[0].first, item.links[0].first))
        if item.frame is None:
            following = items[n + 1].links[0].first if n + 1 < len(items) else high
            low, high = item.links[0].first, _flat_end(page, item, min(high, following))
        item.first, item.end = low, max(high, low)


def _flat_end(page: PageText, item: Item, limit: int) -> int:
    """Where the texts end that stand beside a link directly, in no part of their own."""
    own = {run.index for link in item.links for run in link.runs}
    end = item.links[0].first
    while end < limit and (end in own or page.runs[end].frame is item.container):
        end += 1
    return end


def _extents(page: PageText) -> dict[int, tuple[int, int]]:
    """For each frame its first run and the one after its last."""
    extents: dict[int, tuple[int, int]] = {}
    for run in page.runs:
        frame: Frame | None = run.frame
        while frame is not None:
            low, _ = extents.get(frame.index, (run.index, 0))
            extents[frame.index] = (low, run.index + 1)
            frame = frame.parent
    return extents


# -- boxes --------------------------------------------------------------------------------------------------


def _split(page: PageText, items: list[Item], pager_runs: frozenset[int]) -> list[Box]:
    boxes: list[Box] = []
    for item in items:
        last = boxes[-1] if boxes else None
        if last and last.container is item.container and not _divided(page, last.end, item.first):
            last.items.append(item)
        else:
            boxes.append(Box(item.container, [item]))
    boxes = [part for box in boxes for part in _columns(page, box)]
    for box in boxes:
        _stretch(page, box, pager_runs)
    return boxes


def _columns(page: PageText, box: Box) -> list[Box]:
    """Two columns of one article each, under headings of their own, are two boxes and no list of two."""
    if len(box.items) != 2:
        return [box]
    leads = [page.runs[item.first : item.links[0].first] for item in box.items]
    headings = [[run for run in lead if is_heading(run)] for lead in leads]
    kinds = [{(run.frame.tag, run.frame.hint, run.hint) for run in found} for found in headings]
    side = any(page.label(run) for found in headings for run in found)
    if all(kinds) and (side or kinds[0] != kinds[1]):
        return [Box(box.container, [item]) for item in box.items]
    return [box]


def _stretch(page: PageText, box: Box, pager_runs: frozenset[int]) -> None:
    """Gives each item the texts up to the next one (table rows below the title), the last as many as usual."""
    gaps = [max(0, b.first - a.end) for a, b in pairwise(box.items)]
    usual = min(gaps, default=0)
    if not usual:
        return
    for item, gap in zip(box.items, [*gaps, usual], strict=True):
        end = item.end
        while (
            end < min(item.end + gap, len(page.runs))
            and end not in pager_runs
            and page.encloses(box.container, page.runs[end].frame)
        ):
            end += 1
        item.end = end


def _divided(page: PageText, start: int, end: int) -> bool:
    """Whether a heading element stands between two items of one container."""
    return any(run.frame.heading and is_heading(run) for run in page.runs[start:end])


def _merge(page: PageText, boxes: list[Box], pager_runs: frozenset[int]) -> list[Box]:
    merged: list[Box] = []
    for box in boxes:
        last = merged[-1] if merged else None
        if last and _belongs(page, last, box, pager_runs):
            last.items.extend(box.items)
            last.container = page.common(last.container, box.container)
        else:
            merged.append(box)
    return merged


def _belongs(page: PageText, one: Box, other: Box, pager_runs: frozenset[int]) -> bool:
    """Whether nothing but distance in the tree parts two neighbouring boxes."""
    between = page.runs[one.end : max(other.first, one.end)]
    if any(run.index in pager_runs or is_heading(run) for run in between):
        return False
    if one.end - 1 in pager_runs or any(one.end <= n <= other.first for n in page.turns):
        return False
    if one.place.noise != other.place.noise:
        return False
    if len(other.items) == 1 and _has_heading_inside(page, one, other.items[0]):
        return False
    shared = page.common(one.container, other.container)
    return max(one.container.depth, other.container.depth) - shared.depth <= _MERGE_DEPTH


def _has_heading_inside(page: PageText, one: Box, item: Item) -> bool:
    """Whether a lone item begins with a heading: a text of a kind that the items of `one` do not have."""
    items = one.items if len(one.items) > 1 else []
    kinds = {(r.frame.tag, r.frame.hint, r.hint) for i in items for r in page.runs[i.first : i.end]}
    lead = page.runs[item.first : item.links[0].first]
    return any(is_heading(r) and (r.frame.tag, r.frame.hint, r.hint) not in kinds for r in lead)


# -- names --------------------------------------------------------------------------------------------------


def name_of(container: Frame) -> str:
    """Where a box stands: tags, ids and classes on the way to it, without what varies between pages."""
    steps = []
    for frame in container.lineage()[:_DEPTH_OF_NAME]:
        words = [word for word in _DIGITS.sub("0", frame.hint).split() if not _VOLATILE.fullmatch(word)]
        steps.append(".".join([frame.tag, *words]))
    return "/".join(reversed(steps))
