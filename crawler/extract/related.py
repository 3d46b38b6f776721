"""The lists of other articles around an article: where they stand and what they hold. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from crawler.extract.blocks import Anchor, Block, Frame
from crawler.extract.header import is_scrap
from crawler.extract.known import folded, remembered
from crawler.extract.reading import Reading
from crawler.extract.vocabulary import Words, bare, heads_related, is_comments, is_contact, is_footer
from crawler.items import DateSpan, Related
from crawler.normalize import clean_text, fold, parse_date

_UNIT = r"(?:giây|phút|giờ|ngày|tuần|tháng|năm)"
_COUNTED = rf"(?:khoảng |cách đây )?[0-9]{{1,4}} ?{_UNIT}(?: [0-9]{{1,3}} ?{_UNIT})? trước"
_NAMED = r"hôm (?:nay|qua|kia)|vừa xong|mới đây|(?:tuần|tháng) trước|năm ngoái"
_AGE = re.compile(rf"[(\[]?\s*({_COUNTED}|{_NAMED})\s*[)\]]?\s*$", re.IGNORECASE)
_DATED = re.compile(
    r"[(\[]?\s*((?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?[, -]*)?[0-9]{1,2}\s?[/.-]\s?[0-9]{1,2}\s?[/.-]\s?[0-9]{4}"
    r"(?:[, -]*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?(?:\s*\|\s*[0-9.,]+)?)\s*[)\]]?\s*$"
)
_LEAD_IN = re.compile(r"^[\s•·●▪■►▶»›>+*–-]+|^[0-9]{1,2}[.)]\s+")
_MORE = re.compile(
    r"(?:xem|doc) (?:them|tiep|tat ca|chi tiet)|tiep|trang sau|trang truoc|[«»<>]+|[0-9]{1,3}|chi tiet|more"
)
_AGE_WORD = re.compile(r"trước|hôm |vừa |mới |ngoái", re.IGNORECASE)
#: No age or date is printed longer, with its brackets.
_TIME_LENGTH = 48
_JOINTS = " -–|,"
_SHORTEST = 12
_VIETNAM = timezone(timedelta(hours=7))
_BY_THE_HOUR = re.compile(r"giây|phút|giờ|xong|đây", re.IGNORECASE)


@dataclass(slots=True)
class RelatedBlock:
    """Lines `first` to `last` (exclusive) of one list, its heading included."""

    first: int
    last: int
    rule: str
    items: list[Related] = field(default_factory=list)


@dataclass(slots=True)
class _Entry:
    """One item while it is gathered from its thumbnail, its title and its age."""

    key: str
    id: str | None
    url: str
    title: str = ""
    alt: str = ""
    age: str | None = None
    published: DateSpan | None = None


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
    return line.linked > 0.5 or _stripped(line.text) == _stripped(line.anchor_text(line.anchors[0]))


def _gather(lines: Sequence[Block], first: int, at: int, reading: Reading, rule: str) -> RelatedBlock:
    """Reads items until something stands there that is none."""
    block = RelatedBlock(first, at, rule)
    entries: dict[str, _Entry] = {}
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
    block.items = [_finished(entry) for entry in _chosen(entries, reading.own)]
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


def _take(line: Block, entries: dict[str, _Entry], reading: Reading) -> bool:
    """Puts a line into the list; False when it is no part of one."""
    now = reading.fetched_at
    anchors = [anchor for anchor in line.anchors if _leads_on(anchor)]
    for anchor in anchors:
        _note_anchor(line, anchor, entries, reading)
    if anchors:
        rest = line.text if line.linked < 0.98 else ""
        outside = "".join(piece.text for piece in line.pieces if piece.anchor is None).strip()
        if rest and entries and len(outside) > 1:
            _note_time(next(reversed(entries.values())), outside, now)
        return line.linked > 0.3 or len(outside) < 60 or not line.text or _AGE.search(outside) is not None
    if not line.text or _stripped(line.text) == "":
        return True
    last = next(reversed(entries.values())) if entries else None
    if last is not None and _note_time(last, line.text, now):
        return True
    if _AGE.search(line.text) and len(line.text) > 30:
        return _note_text(line.text, entries, now)
    if last is not None and line.folded == fold(last.title or last.alt):
        return True
    return is_scrap(line.folded) or _says_more(line.folded)


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


def _note_anchor(line: Block, anchor: Anchor, entries: dict[str, _Entry], reading: Reading) -> None:
    url = anchor.url or ""
    ident = reading.article_of(anchor)
    key = ident or url
    text = _whole(line.anchor_text(anchor), anchor.title)
    alt = next((p.alt for _, p in line.pictures if p.anchor is anchor and p.alt), "") if line.pictures else ""
    if ident is None and (_leads_to_more(text) or len(text or alt) < _SHORTEST):
        return
    entry = entries.get(key)
    if entry is None:
        entry = entries[key] = _Entry(key, ident, url)
    entry.alt = entry.alt or alt
    title, age, span = _apart(text, reading.fetched_at)
    if len(title) > len(entry.title) and not _leads_to_more(title):
        entry.title = entry.title if entry.title and not entry.title.endswith(("...", "…")) else title
    if span is not None and entry.published is None:
        entry.age, entry.published = age, span


def _whole(text: str, title: str) -> str:
    """A title cut with `…` in whole, where the link's tooltip has it."""
    if not text.endswith(("...", "…")):
        return text
    whole = clean_text(title)
    return whole if whole.startswith(text.rstrip(" .…")) else text


def _leads_to_more(text: str) -> bool:
    """`Xem tiếp`, `Trang sau`, `2`: no title."""
    return len(text) <= 30 and _says_more(folded(text))


@remembered
def _says_more(text: str) -> bool:
    return _MORE.fullmatch(bare(text)) is not None


def _note_text(text: str, entries: dict[str, _Entry], now: datetime) -> bool:
    """`• TITLE (1 tháng trước)` without a link."""
    title, age, span = _apart(text, now)
    if len(title) < _SHORTEST:
        return False
    entries.setdefault(fold(title), _Entry(fold(title), None, "", title, "", age, span))
    return True


def _note_time(entry: _Entry, text: str, now: datetime) -> bool:
    """An age or a date beside an item; False when the text says more than that."""
    rest, age, span = _apart(text, now)
    if span is None or len(rest) > 25:
        return False
    if entry.published is None:
        entry.age, entry.published = age, span
    return True


def _apart(text: str, now: datetime) -> tuple[str, str | None, DateSpan | None]:
    """A title, the age printed behind it, and when that was; a date instead of an age gives no age."""
    whole, title, age, day = _printed_time(text)
    if age is not None:
        return title, age, _span(age, now)
    span = _span(day, now) if day is not None else None
    return (whole, None, None) if span is None else (title, None, span)


class _PrintedTime(NamedTuple):
    """A title with the age or the date printed behind it."""

    whole: str
    #: Without the time.
    title: str
    age: str | None
    day: str | None


@remembered
def _printed_time(text: str) -> _PrintedTime:
    whole = _stripped(text)
    cut = max(0, len(whole) - _TIME_LENGTH)
    tail = whole[cut:]
    age = _AGE.search(tail) if _AGE_WORD.search(tail) else None
    if age:
        return _PrintedTime(whole, whole[: cut + age.start()].rstrip(_JOINTS), age.group(1), None)
    dated = _DATED.search(tail) if any(c.isdigit() for c in tail[-8:]) else None
    if dated:
        opened = dated.group().lstrip()[:1] in "(["
        before = whole[: cut + dated.start()]
        if opened or not before.strip(_JOINTS + "•"):
            return _PrintedTime(whole, before.rstrip(_JOINTS), None, dated.group(1).partition("|")[0])
    return _PrintedTime(whole, whole, None, None)


def _span(text: str, now: datetime) -> DateSpan | None:
    """When something of this age or date was; days and longer count from the day of the fetch."""
    if _is_by_the_hour(text):
        return parse_date(text, now=now)
    return _span_of_day(text, now.astimezone(_VIETNAM).date())


@remembered
def _is_by_the_hour(text: str) -> bool:
    return _BY_THE_HOUR.search(text) is not None


@lru_cache(maxsize=2048)
def _span_of_day(text: str, day: date) -> DateSpan | None:
    """Lists repeat their ages (`1 tháng trước`), line by line and page by page."""
    return parse_date(text, now=datetime.combine(day, time(12), _VIETNAM))


@remembered
def _stripped(text: str) -> str:
    return _LEAD_IN.sub("", text).strip()


def _chosen(entries: dict[str, _Entry], own: str | None) -> list[_Entry]:
    """Without the article itself; where some items are articles of the portal, links to elsewhere are none."""
    wanted = [entry for entry in entries.values() if entry.title or entry.alt]
    if any(entry.id for entry in wanted):
        wanted = [entry for entry in wanted if entry.id]
    return [entry for entry in wanted if own is None or entry.id != own]


def _finished(entry: _Entry) -> Related:
    return Related(entry.id, entry.title or entry.alt, entry.url or None, entry.age, entry.published)
