"""Finds the pagers of a page: rows of page numbers and of words such as `Trang sau`. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Literal
from urllib.parse import urljoin

from crawler.extract.known import folded
from crawler.extract.listing_runs import PageText, Run, ShownLink

Words = Mapping[str, "Kind"]
Kind = Literal["number", "of", "next", "step", "leap", "more", "back", "end", "filler"]

# fmt: off
#: What a link says, folded, without arrows and brackets.
WORDS: dict[str, Kind] = {
    **dict.fromkeys((
        "trang sau", "trang tiep", "trang tiep theo", "trang ke", "trang ke tiep", "trang ke sau", "tiep", "tiep theo",
        "tiep tuc", "ke tiep", "sau", "ve sau", "next", "next page", "trang toi", "toi", "cu hon", "tin cu hon",
        "bai cu hon", "cac tin cu hon", "bai viet cu hon", "older", "older posts", "go to next page",
    ), "next"),
    **dict.fromkeys((
        "xem them", "tai them", "xem tiep", "xem them tin", "hien thi them", "load more", "xem them bai viet",
        "xem them tin bai",
    ), "more"),
    **dict.fromkeys((
        "trang truoc", "truoc", "ve truoc", "trang truoc do", "lui", "prev", "previous", "previous page", "moi hon",
        "tin moi hon", "bai moi hon", "newer", "newer posts", "dau", "trang dau", "dau tien", "trang dau tien",
        "first", "first page", "ve dau", "quay lai",
    ), "back"),
    **dict.fromkeys((
        "cuoi", "trang cuoi", "cuoi cung", "trang cuoi cung", "last", "last page", "het",
    ), "end"),
    **dict.fromkeys((
        "", "trang", "page", "pages", "so trang", "cac trang", "xem trang", "chon trang", "trang so", "den trang",
        "di den trang", "chuyen den trang", "phan trang", "trang hien tai", "current page",
    ), "filler"),
}
SIGNS: dict[str, Kind] = {
    **dict.fromkeys((">", "›", "→", "▶", "►", "->", "❯"), "step"),
    **dict.fromkeys((">>", "»", "››", "»»", ">>>"), "leap"),
    **dict.fromkeys(("<", "‹", "←", "◀", "◄", "<-", "❮", "<<", "«", "‹‹", "««", "<<<"), "back"),
    **dict.fromkeys(("|<", "|<<", "|«", "|‹"), "back"),
    **dict.fromkeys((">|", ">>|", "»|", "›|"), "end"),
}
# fmt: on
WEAK_NEXT = frozenset({"tiep", "sau", "toi", "next", "tiep theo", "tiep tuc", "ke tiep", "ve sau", "older"})
_NUMBER = re.compile(r"(?:trang |page )?([0-9]{1,4})(?: trang hien tai)?")
_RANGE = re.compile(r"([0-9]{1,5}) ?- ?([0-9]{1,5})")
_OF = re.compile(
    r"(?:trang |page )?(?:so )?([0-9]{1,4}) ?(?:/|tren|cua|of|trong)(?: tong)?(?: so)? ?([0-9]{1,4})(?: trang)?"
)
_FRAME = " \t[](){}|.,:;-_•·…/"
_ARROWS = "<>«»‹›→←▶►◀◄❯❮"
_FRAMED = re.compile(rf"[{re.escape(_FRAME)}]+")
_NEXT_HINT = re.compile(
    r"(?:^|[\s_-])(?:next|nextpage|pagenext)(?:$|[\s_-])|(?:angle|chevron|arrow|caret)-right"
)
_BARE_LINK = re.compile(
    r"<a\b([^<>]{1,2000})>(?:\s|&nbsp;|</?(?:i|span|em|b|svg|use|path)\b[^<>]{0,500}>){0,20}</a>",
    re.IGNORECASE,
)
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_CLASS = re.compile(r"\b(?:class|aria-label|title)\s*=\s*[\"']([^\"'<>]*)", re.IGNORECASE)
_ACTIVE_HINT = re.compile(
    r"(?:^|[\s_-])(?:active|current|selected|curr|cur|on|hientai)(?:$|[\s_-])|current-?page|page-?current|pageactive"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One sign of a pager; `number` is its page, `link` None where it is plain text."""

    kind: Kind
    number: int | None
    link: ShownLink | None
    run: int
    #: Marked as the page that is shown.
    active: bool = False
    word: str = ""

    @property
    def url(self) -> str | None:
        return self.link.url if self.link else None


@dataclass(frozen=True, slots=True)
class Pager:
    """Marks that stand in one row."""

    marks: tuple[Mark, ...]
    #: Its runs; a picture alone has none, and `last` stands before `first`.
    first: int
    last: int


def find_pagers(page: PageText) -> list[Pager]:
    """All rows of the page that may lead to other pages of a listing, in page order."""
    texts = _idents_with_text(page)
    words = _words(page.site.labels.next_page)
    pagers: list[Pager] = []
    row: list[Mark] = []
    seen: set[int] = set()
    for run in page.runs:
        marks = _marks(run, texts, words, seen)
        if marks is None:
            _close(pagers, row)
            row = []
        else:
            row.extend(marks)
    _close(pagers, row)
    return pagers + _pictured(page, texts, words)


@lru_cache(maxsize=16)
def _words(next_words: tuple[str, ...]) -> Words:
    """The built-in words and those of a site file."""
    of_site: dict[str, Kind] = {folded(word).strip(_FRAME + _ARROWS): "next" for word in next_words}
    return of_site | WORDS


def textless_next(page: PageText) -> list[str]:
    """Addresses of links without any text whose class, or that of an icon in them, says that they lead on."""
    text = page.document.text
    if "next" not in text and "-right" not in text:
        return []
    found = []
    for match in _BARE_LINK.finditer(text):
        href = _HREF.search(match[1])
        words = " ".join(_CLASS.findall(match[0])).lower()
        if href and _NEXT_HINT.search(words) and "prev" not in words:
            url = page.site.canonical(urljoin(page.document.base, unescape(href[1]).strip()))
            found += [url] if url else []
    return found


def _idents_with_text(page: PageText) -> set[str]:
    """Articles that some link names in words: a number that leads to one is an index, no page number."""
    return {link.ident for link in page.links if link.ident and len(link.label) > 20}


def _marks(run: Run, articles: set[str], words: Words, seen: set[int]) -> list[Mark] | None:
    """The marks of a run; None when it is no part of a pager."""
    if run.link is None:
        return _plain_marks(run, words)
    if run.link.ident in articles:
        return None
    if id(run.link) in seen:
        return []
    seen.add(id(run.link))
    mark = _read_label(run.link.text, run.link, run.index, words)
    return None if mark is None else [mark]


def _plain_marks(run: Run, words: Words) -> list[Mark] | None:
    if len(run.text) > 60:
        return None
    whole = _read_label(run.text, None, run.index, words, run)
    if whole is not None:
        return [whole]
    marks = []
    for part in run.text.split():
        mark = _read_label(part, None, run.index, words, run)
        if mark is None:
            return None
        marks.append(mark)
    return marks


def _read_label(
    text: str, link: ShownLink | None, index: int, words: Words, run: Run | None = None
) -> Mark | None:
    """What one text says as part of a pager; None when it says something else."""
    if len(text) > 40:
        return None
    raw = text.strip(" []()")
    if raw in SIGNS:
        return Mark(SIGNS[raw], None, link, index, word=raw)
    told = folded(text)
    of = _OF.fullmatch(told.strip(_FRAME))
    if of and link is None:
        return Mark("of", int(of[1]), None, index, word=of[2])
    core = _FRAMED.sub(" ", told).strip(_FRAME + _ARROWS)
    if (page := _of_range(told)) is not None:
        return Mark("number", page, link, index, _active(link, run))
    if number := _NUMBER.fullmatch(core):
        return Mark("number", int(number[1]), link, index, _active(link, run))
    if (kind := words.get(core)) is not None:
        return Mark(kind, None, link, index, word=core)
    return None


def _of_range(text: str) -> int | None:
    """The page number of a label that counts articles (`11-20` is the second page of ten)."""
    match = _RANGE.fullmatch(text.strip(_FRAME))
    if not match or 1900 <= int(match[1]) <= 2100:
        return None
    first, last = int(match[1]), int(match[2])
    size = last - first + 1
    return (first - 1) // size + 1 if size >= 5 and (first - 1) % size == 0 else None


def _active(link: ShownLink | None, run: Run | None) -> bool:
    run = run or (link.runs[0] if link and link.runs else None)
    return run is not None and bool(_ACTIVE_HINT.search(run.hint) or _ACTIVE_HINT.search(run.frame.hint))


def _close(pagers: list[Pager], row: list[Mark]) -> None:
    """Keeps a row that has a link with a number or a word of paging."""
    if any(mark.kind != "filler" and mark.link for mark in row) and not _is_calendar(row):
        pagers.append(Pager(tuple(row), row[0].run, row[-1].run))


def _is_calendar(row: list[Mark]) -> bool:
    """A month's days, or a list of years, look like page numbers but lead to anything."""
    numbers = [mark.number for mark in row if mark.kind == "number" and mark.number is not None]
    days = set(range(1, 29)) <= set(numbers) and not any(mark.kind in ("next", "end") for mark in row)
    return days or (bool(numbers) and all(1900 <= number <= 2100 for number in numbers))


def _pictured(page: PageText, articles: set[str], words: Words) -> list[Pager]:
    """Links without text that say by picture, tool tip or class that they lead on."""
    found = []
    for link in page.links:
        if link.text or link.url is None or link.ident in articles:
            continue
        mark = _read_label(link.label, link, link.first, words)
        if mark is not None and mark.kind not in ("filler", "number"):
            found.append(Pager((mark,), link.first, link.first - 1))
    return found
