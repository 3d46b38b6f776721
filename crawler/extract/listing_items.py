"""Title and date of an article as a listing shows them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from crawler.extract.known import folded
from crawler.extract.listing_boxes import Box, Item
from crawler.extract.listing_runs import PageText, Run, ShownLink
from crawler.extract.listing_words import GENERIC, is_date_like
from crawler.items import DateSpan, ListedArticle
from crawler.normalize import clean_text, parse_date

_CUT = re.compile(r"\s*(?:…|\.{3,})\s*$")
_BULLET = re.compile(r"^[\s•·●○■▪►▸»›>*+–—-]+(?=\w|[\"“(])")
_INDEX = re.compile(r"^0?([1-9][0-9]?)(?:[.)/:\]-]\s*|(?=[A-ZĐÀ-Ỹ])|\s+)")
#: One to three digits glued to a capitalised word: the index of a list of one.
_GLUED = re.compile(r"^[0-9]{1,3}(?=[A-ZĐÀ-Ỹ][^\W\d_A-Z])")
_AGE_TAIL = re.compile(r"\s*\((?:\d{1,2}/\d{1,2}/\d{4}(?:[ ,]+\d{1,2}[:h]\d{2})?|[^()]{1,20} trước)\)\s*$")
_DATE_LEAD = re.compile(r"\(?\d{1,2}/\d{1,2}/\d{4}(?:[ ,]+\d{1,2}[:h]\d{2})?\)?(?=\s*[-–|:,]\s)")
_TITLE_HINT = re.compile(r"title|tieude|tieu-de|headline|name|heading|caption-link")


def listed(page: PageText, box: Box, name: str, now: datetime) -> list[ListedArticle]:
    """The articles of a box, each once, in page order."""
    by_ident: dict[str, list[Item]] = {}
    for item in box.items:
        by_ident.setdefault(item.ident, []).append(item)
    titles = _without_indexes([_title(page, items) for items in by_ident.values()])
    dates_first = _dates_first(page, box)
    found = []
    for (ident, items), title in zip(by_ident.items(), titles, strict=True):
        span = next((s for item in items if (s := _date(page, box, item, dates_first, now))), None)
        url = items[0].links[0].url or ""
        found.append(ListedArticle(ident, url, title, span, name))
    return found


# -- titles -------------------------------------------------------------------------------------------------


def _title(page: PageText, items: Sequence[Item]) -> str | None:
    links = [link for item in items for link in item.links]
    texts = [text for link in links if (text := _link_title(link))]
    best = max(texts, key=len, default=None)
    if best is None:
        best = _stand_in(page, items, links)
    elif _CUT.search(best):
        best = _uncut(best, [clean_text(link.anchor.title) for link in links] + [link.alt for link in links])
    return best


def _link_title(link: ShownLink) -> str:
    """What a link's text says as a title; empty for dates, numbers, `Xem tiếp`."""
    runs = [run for run in link.runs if not is_date_like(run) or len(link.runs) == 1]
    while len(runs) > 1 and runs[0].text.strip(" .)#").isdigit():
        runs = runs[1:]
    if (
        len({id(run.frame) for run in runs}) > 1
        or len({run.hint for run in runs if run.hint}) == len(runs) > 1
    ):
        runs = _title_part(runs, link)
    text = _AGE_TAIL.sub("", _BULLET.sub("", " ".join(run.text for run in runs)))
    empty = text.strip(" .)#[](").isdigit() or (len(text) < 80 and GENERIC.fullmatch(folded(text)))
    return "" if empty else text.strip()


def _title_part(runs: list[Run], link: ShownLink) -> list[Run]:
    """Of a whole card inside one link: its heading, else its part named so, else its first sentence."""
    for chosen in (
        [run for run in runs if run.frame.heading],
        [run for run in runs if _TITLE_HINT.search(run.frame.hint) or _TITLE_HINT.search(run.hint)],
        [run for run in runs if folded(run.text) in {folded(link.alt), folded(link.anchor.title)}],
    ):
        if chosen:
            return [run for run in chosen if run.frame is chosen[0].frame]
    if len({id(run.frame) for run in runs}) == 1:
        return [max(runs, key=lambda run: len(run.text))]
    first = next((run for run in runs if len(run.text) >= 12), runs[0])
    return [run for run in runs if run.frame is first.frame]


def _stand_in(page: PageText, items: Sequence[Item], links: Sequence[ShownLink]) -> str | None:
    """The title of an article whose links name it only in pictures, or not at all."""
    for item in items:
        heading = [r for r in page.runs[item.first : item.links[0].first] if r.frame.heading and item.frame]
        if heading:
            return " ".join(run.text for run in heading if run.frame is heading[-1].frame)
    named = [clean_text(link.anchor.title) for link in links] + [link.alt for link in links]
    return max(
        (text for text in named if len(text) >= 80 or not GENERIC.fullmatch(folded(text))),
        key=len,
        default=None,
    )


def _uncut(text: str, candidates: Sequence[str]) -> str:
    """The whole of a title that the page cuts with an ellipsis, where a tool tip or picture has it."""
    start = folded(_CUT.sub("", text))
    whole = [c for c in candidates if folded(c).startswith(start) and not _CUT.search(c)]
    return max(whole, key=len, default=text)


def _without_indexes(titles: list[str | None]) -> list[str | None]:
    """Drops the numbers of a numbered list, when they count up over the whole list."""
    if len(titles) == 1 and titles[0]:
        return [_GLUED.sub("", titles[0])]
    matches = [match for title in titles if title and (match := _INDEX.match(title))]
    numbers = [int(match[1]) for match in matches]
    if len(titles) < 2 or len(numbers) < len(titles) or any(b != a + 1 for a, b in pairwise(numbers)):
        return titles
    return [match.string[match.end() :] for match in matches]


# -- dates --------------------------------------------------------------------------------------------------


def _dates_first(page: PageText, box: Box) -> bool:
    """Whether dates stand before the titles: one before the first item, in the same box, and none after the last."""
    last = box.items[-1]
    before = page.runs[max(0, box.first - 1) : box.first]
    after = page.runs[last.links[-1].first + 1 : last.end]
    beside = all(
        run.frame is box.container or (len(box.items) > 1 and page.encloses(box.container, run.frame))
        for run in before
    )
    if not beside or any(is_date_like(run) or _leading_date(run) for run in after):
        return False
    return any(is_date_like(run) for run in before)


def _date(page: PageText, box: Box, item: Item, dates_first: bool, now: datetime) -> DateSpan | None:
    """The date a card shows: a short text of its own, never one inside a summary."""
    for run in _date_runs(page, box, item, dates_first):
        text = run.text if is_date_like(run) else _leading_date(run)
        if text and (span := parse_date(text, now=now)) is not None:
            return span
    return None


def _date_runs(page: PageText, box: Box, item: Item, dates_first: bool) -> list[Run]:
    """Where the date of an item may stand, best first.

    What shows one article may be half the page, with its clock: there only what is near the link counts.
    """
    link = item.links[0]
    if dates_first:
        return page.runs[max(0, item.first - 2) : link.first]
    if len(box.items) > 1:
        return page.runs[item.first : item.end]
    before = page.runs[max(item.first, link.first - 1) : link.first]
    near = [run for run in before if link.frame.depth - page.common(run.frame, link.frame).depth <= 2]
    return page.runs[link.first : min(item.end, item.links[-1].first + 6)] + near


def _leading_date(run: Run) -> str:
    """The date that opens a summary (`25/10/2021 - Sáng nay…`), or closes a title in brackets."""
    found = _DATE_LEAD.match(run.text) or (_AGE_TAIL.search(run.text) if run.link else None)
    return found[0] if found else ""
