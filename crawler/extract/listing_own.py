"""Decides which boxes are the page's own list. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from crawler.extract.listing_addresses import starts
from crawler.extract.listing_boxes import Box
from crawler.extract.listing_heading import Names
from crawler.extract.listing_paging import Paging
from crawler.extract.listing_runs import PageText, Run
from crawler.extract.listing_words import is_date_like

#: Values of `rules["articles"]` for pages that list articles without having a list of their own.
SECTION_BOXES = "boxes of sections"
EMPTY_LIST = "says that it is empty"

_SIDE = re.compile(
    r"(?:^|[\s_-])(?:sidebar|aside|side|widget|footer|bottom|hot|most|popular|related|trending"
    r"|marquee|slide|slider|banner|adv|ads)(?:$|[\s_-]|\d)|sidebar|colright|rightcol|col-?phai|noibat"
)
_MAYBE_SIDE = re.compile(r"(?:^|[\s_-])(?:right|left|phai|trai)(?:$|[\s_-]|\d)")
_MAIN = re.compile(
    r"(?:^|[\s_-])(?:main|content|center|primary|list|archive|category|giua)(?:$|[\s_-])"
    r"|maincontent|listing|danhsach"
)
_EMPTY = re.compile(
    r"(?:hien )?(?:chua co|khong co|khong tim thay) (?:bai|tin|ban ghi|du lieu|noi dung|ket qua|thong tin)\b.{0,60}"
    r"|(?:du lieu|noi dung|chuyen muc) dang (?:duoc )?cap nhat.{0,40}|no (?:posts|articles|results).{0,40}"
)
_LEAST = 1.5
#: More boxes than any listing has.
_MOST_BOXES = 200
#: Letters outside lists above which a page is something to read; a summary in a list is shorter than `_SUMMARY`.
_PROSE = 1_500
_LONG_RUN = 160
_SUMMARY = 900


@dataclass(frozen=True, slots=True)
class Choice:
    """The boxes that are the page's own list; none, with the reason in `rule` where one is known."""

    own: tuple[Box, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class _Judged:
    box: Box
    score: float
    #: The page's own name stands before it.
    named: bool
    paged: bool
    #: In a side column, or under the heading of one.
    side: bool
    #: Under the heading of another section.
    foreign: bool
    #: Goes on a list that stands before it: no heading, or one that says `Các tin khác`.
    continues: bool


def choose(page: PageText, boxes: list[Box], names: Names, paging: Paging) -> Choice:
    """The page's own list: the best box, with the boxes of the same column that continue it."""
    if not boxes:
        return Choice((), EMPTY_LIST if says_empty(page) else "")
    if _prose(page, boxes) > _PROSE:
        return Choice((), "")
    paged = _before_pager(page, boxes, paging)
    bonus = 4 if paging.kin else 1.5
    judged = [_judge(page, box, names, bonus if box is paged else 0) for box in boxes[:_MOST_BOXES]]
    best = max(judged, key=lambda j: j.score)
    sections = sum(j.foreign for j in judged)
    at_home = page.url == page.site.canonical(page.site.home)
    if (sections >= 2 or at_home) and not best.paged and (at_home or not best.named):
        return Choice((), SECTION_BOXES)
    if not best.named and not best.paged and says_empty(page):
        return Choice((), EMPTY_LIST)
    if best.score < _least(best) or (best.side and not best.paged):
        return Choice((), SECTION_BOXES if sections else "")
    if page.own_id and not best.named and not best.paged:
        return Choice((), "")  # an article's address, and nothing says that it is a section's
    return Choice(_column(page, judged, best, paging), _reason(best))


def _least(best: _Judged) -> float:
    """The score that a list needs: more at the side of the page under a heading of its own."""
    doubtful = not best.named and not best.paged and not best.continues and _place(best.box) < 0
    return _LEAST + 2 if doubtful else _LEAST


def says_empty(page: PageText) -> bool:
    """Whether the page says that it has nothing to list."""
    return any(_EMPTY.fullmatch(run.folded.strip(" .!…*()")) for run in page.runs)


def _reason(best: _Judged) -> str:
    told = [word for word, holds in (("heading", best.named), ("pager", best.paged)) if holds]
    return " and ".join(told) or "best box"


def _prose(page: PageText, boxes: list[Box]) -> int:
    """How much there is to read beside the lists."""
    inside: dict[int, int] = {}
    for box in boxes:
        for item in box.items:
            inside.update(dict.fromkeys(range(item.first, item.end), item.links[0].first))
    total = 0
    per_item: dict[int, int] = {}
    for run in page.runs:
        if run.link is None and len(run.text) >= _LONG_RUN:
            place = inside.get(run.index)
            if place is None:
                total += len(run.text)
            else:
                per_item[place] = per_item.get(place, 0) + len(run.text)
    return total + sum(max(0, letters - _SUMMARY) for letters in per_item.values())


# -- one box ------------------------------------------------------------------------------------------------


def _judge(page: PageText, box: Box, names: Names, paged: float) -> _Judged:
    nearest = box.headings[0] if box.headings else None
    label = page.label(nearest) if nearest else ""
    named = nearest is not None and names.fits(nearest)
    near_name = any(names.fits(run) for run in box.headings[1:])
    place = _place(box)
    foreign = not named and not label and _leads_elsewhere(page, nearest)
    score = math.sqrt(min(len(box.idents()), 8)) + place + _richness(page, box)
    score += 4 if named else 1.5 if near_name and not label and place >= 0 else 0
    score += paged - (3 if foreign else 0)
    score -= 0 if named else {"sidebar": 5, "related": 4}.get(label, 0)
    side = not named and (label == "sidebar" or place <= -4 or (place <= -2 and not paged))
    continues = nearest is None or label == "related" or named
    return _Judged(box, score, named, paged > 0, side, foreign, continues)


def _leads_elsewhere(page: PageText, heading: Run | None) -> bool:
    """Whether a heading is a link to, or has the name of, another page of the portal."""
    if heading is None:
        return False
    home = page.site.canonical(page.site.home)
    named_so = [heading.link] if heading.link else []
    named_so += page.links_named(heading.folded)
    return any(link.url and link.url != home and not starts(link.url, page.url) for link in named_so)


def _place(box: Box) -> float:
    """What tags and names of the enclosing frames say: at most 1 for, 4 against."""
    if box.place.noise in ("aside", "footer", "nav"):
        return -4
    for frame in box.place.lineage()[:6]:
        if _SIDE.search(frame.hint):
            return -2
        if _MAYBE_SIDE.search(frame.hint):
            return -1
        if _MAIN.search(frame.hint) or frame.tag == "main":
            return 1
    return 0


def _richness(page: PageText, box: Box) -> float:
    """Summaries, dates and long titles mark the list that the page is about."""
    plain = dated = linked = 0
    for item in box.items:
        runs = page.runs[item.first : item.end]
        plain += min(300, sum(len(run.text) for run in runs if run.link is None and not is_date_like(run)))
        dated += any(is_date_like(run) for run in runs)
        linked += max(len(link.label) for link in item.links)
    count = len(box.items)
    return (
        min(plain / count / 60, 1.5)
        + (1 if dated * 2 >= count else 0)
        + (0.5 if linked / count >= 25 else -1)
    )


def _before_pager(page: PageText, boxes: list[Box], paging: Paging) -> Box | None:
    """The box that the pager turns: before it, and nearest in the tree."""
    if paging.turner is None:
        return None
    index, frame = paging.turner
    before = [box for box in boxes if box.start < index]
    return max(before, key=lambda box: (page.common(box.container, frame).depth, box.start), default=None)


# -- the column ---------------------------------------------------------------------------------------------


def _column(page: PageText, judged: list[_Judged], best: _Judged, paging: Paging) -> tuple[Box, ...]:
    """The best box and those that share its column and go on with the same list."""
    strangers = [j.box for j in judged if not j.continues or j.side or j.foreign]
    start = best.box.headings[0].index if best.named else 0
    end = paging.turner[0] if best.paged and paging.turner else len(page.runs)
    return tuple(
        j.box
        for j in judged
        if j is best
        or (
            j.box not in strangers
            and start <= j.box.start < end
            and _same_column(page, j.box, best.box, strangers)
        )
    )


def _same_column(page: PageText, one: Box, other: Box, strangers: list[Box]) -> bool:
    """Whether no other kind of box stands in the part of the page that both share."""
    shared = page.common(one.container, other.container)
    return not any(page.encloses(shared, box.container) and box is not other for box in strangers)
