"""One item of a list of other articles: its title, its age, where it leads. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from crawler.extract.blocks import Anchor, Block
from crawler.extract.known import folded, remembered
from crawler.extract.reading import Reading
from crawler.extract.vocabulary import bare
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
class Entry:
    """One item while it is gathered from its thumbnail, its title and its age."""

    key: str
    id: str | None
    url: str
    title: str = ""
    alt: str = ""
    age: str | None = None
    published: DateSpan | None = None


def note_anchor(line: Block, anchor: Anchor, entries: dict[str, Entry], reading: Reading) -> None:
    """Notes what one link of a line says of an article; links to more of the list are none."""
    url = anchor.url or ""
    ident = reading.article_of(anchor)
    key = ident or url
    text = _whole(line.anchor_text(anchor), anchor.title)
    alt = next((p.alt for _, p in line.pictures if p.anchor is anchor and p.alt), "") if line.pictures else ""
    if ident is None and (_leads_to_more(text) or len(text or alt) < _SHORTEST):
        return
    entry = entries.get(key)
    if entry is None:
        entry = entries[key] = Entry(key, ident, url)
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
    return len(text) <= 30 and says_more(folded(text))


@remembered
def says_more(text: str) -> bool:
    """Whether a folded text leads to more of a list instead of naming an item."""
    return _MORE.fullmatch(bare(text)) is not None


def note_text(text: str, entries: dict[str, Entry], now: datetime) -> bool:
    """`• TITLE (1 tháng trước)` without a link."""
    title, age, span = _apart(text, now)
    if len(title) < _SHORTEST:
        return False
    entries.setdefault(fold(title), Entry(fold(title), None, "", title, "", age, span))
    return True


def note_time(entry: Entry, text: str, now: datetime) -> bool:
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
    whole = stripped(text)
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
def stripped(text: str) -> str:
    """A text without the bullet or number before it."""
    return _LEAD_IN.sub("", text).strip()


def ends_in_age(text: str) -> bool:
    """Whether a text ends in an age, as `1 tháng trước`."""
    return _AGE.search(text) is not None


def items_of(entries: dict[str, Entry], own: str | None) -> list[Related]:
    """Without the article itself; where some items are articles of the portal, links to elsewhere are none."""
    wanted = [entry for entry in entries.values() if entry.title or entry.alt]
    if any(entry.id for entry in wanted):
        wanted = [entry for entry in wanted if entry.id]
    return [_finished(entry) for entry in wanted if own is None or entry.id != own]


def _finished(entry: Entry) -> Related:
    return Related(entry.id, entry.title or entry.alt, entry.url or None, entry.age, entry.published)
