"""The line that dates an article and counts its readers: `22/12/2016 | 4258` and its other forms. Pure.

A header may be spread over neighbouring blocks (`Ngày đăng:`, `22/12/2016`, `|`, `4258`), so runs of short blocks that
hold nothing but dates, numbers and labels are read as one line.
"""

import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from crawler.extract.blocks import Block
from crawler.extract.known import MOST
from crawler.extract.vocabulary import is_tools
from crawler.items import DateSpan, ViewCount
from crawler.normalize import find_date, fold, parse_views

_DAY = r"[0-9]{1,2} ?[/.-] ?[0-9]{1,2} ?[/.-] ?[0-9]{4}"
_WORDED = r"[0-9]{1,2} (?:thang|thg) ?(?:[0-9]{1,2}|[a-z]{2,5}(?: [a-z]{2,4})?),? (?:nam )?[0-9]{4}"
_ISO = r"(?:19|20)[0-9]{2}[-/][0-9]{1,2}[-/][0-9]{1,2}"
_OTHER = (
    r"(?:thang|thg) [a-z0-9]{1,5}(?: [a-z]{2,3})? [0-9]{1,2}, ?[0-9]{4}|[0-9]{1,2} [0-9]{2} (?:19|20)[0-9]{2}"
)
_DATE = re.compile(rf"(?:{_ISO}|{_DAY}|{_WORDED}|{_OTHER})")
_TIME = re.compile(
    r"\b[0-9]{1,2} ?(?:[:h]|gio) ?[0-9]{2}(?:'|p|phut)?(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?(?:sa|ch|am"
    r"|pm)\b)?|\b[0-9]{1,2} ?(?:h|gio)\b"
    r"|[t ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?z?|\+0?7:?00"
)
_WEEKDAY = re.compile(
    r"\b(?:thu ?(?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|t[2-7]|cn|(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day)\b"
)
_VIEW_LABEL = re.compile(r"\b(?:xem|doc|view|views|visited|hits?)\b")
_VIEWS = re.compile(
    r"(?:(?:tong )?(?:so )?(?:luot|lan|nguoi)(?: nguoi)? (?:xem|doc|truy cap)(?: (?:bai(?: viet)?"
    r"|tin))?|da (?:xem|doc)|xem|views?|hits?|visited)"
    r" ?[:(]? ?[0-9][0-9.,' ]*(?:k|n|tr|nghin|ngan)?\b ?(?:lan|luot)?\)?|[0-9][0-9.,' ]*(?:k|n|tr|nghin"
    r"|ngan)?\b ?"
    r"(?:nguoi |luot |lan )?(?:luot |lan )?(?:xem|doc|views?|hits?)\b|da doc [0-9.,]+ lan"
)
_DATE_LABEL = re.compile(
    r"\b(?:(?:ngay|thoi gian|gio|duoc)?(?: gio)? ?(?:dang|xuat ban|gui|cap nhat|dua|tao|phat hanh"
    r"|ban hanh|publish(?:ed)?|posted|updated)"
    r"(?: (?:tin|bai|luc|ngay|boi|vao|on|by))*|dang (?:ngay|luc)|gui luc|luc|vao luc|date|ngay)\b ?:?"
)
_OTHER_WORDS = re.compile(
    r"\b(?:gmt|utc|\+0?7|am|pm|sa|ch|(?:tong )?so (?:luot|lan|nguoi)|luot|lan|nguoi|xem|doc|views?"
    r"|visited|times?|bai viet|tin|hits?|"
    r"ict|n/a|aa?|in (?:trang|bai)|co chu|binh luan|phan hoi|comments?|luot thich|so|dang cap nhat)\b|[^a-z0-9]+"
)
#: All of these at once; what they leave over is the rest of a line.
_SCRAP = re.compile(
    rf"{_DATE.pattern}|{_VIEWS.pattern}|{_TIME.pattern}|{_WEEKDAY.pattern}|{_DATE_LABEL.pattern}"
    rf"|{_OTHER_WORDS.pattern}|\b[0-9]+\b"
)
_OPENS = re.compile(
    r"[0-9](?: ?[/.-] ?[0-9]{1,2} ?[/.-] ?[0-9]|[0-9]{3}[-/][0-9]| [0-9]{2} [0-9]{4})|[tT]h(?:áng|ang|g)\b"
    r"|TH(?:ÁNG|ANG)\b|[xX](?:em|EM)\b|[đĐ](?:ọc|ỌC)\b|[vV]i(?:ew|sit)|[hH]its"
)
#: The portal's own form inside a longer line; the right side of the bar is no time.
GLUED = re.compile(
    r"\(?[0-9]{1,2} ?/ ?[0-9]{1,2} ?/ ?[0-9]{4} ?\| ?[0-9][0-9.,]*(?![0-9]* ?[:/h])(?![0-9]* ?(?:giờ|SA"
    r"|CH|AM|PM)\b)\)?"
)
_BAR = re.compile(
    rf"(?:{_DATE.pattern})[^|a-z]{{0,25}}\| ?([0-9][0-9.,' ]*)(?: |$)(?! ?(?:sa|ch|am|pm|gio|h)\b)"
)
#: `A- A A+`, which stands between date and count on some portals.
_FONT_SIZE = re.compile(r"\ba ?[-+]|\baa?\b")
_LONGEST = 160
#: A page of more headers is a list.
_MOST = 300
_VIETNAM = timezone(timedelta(hours=7))
_ANY_TIME = datetime(2000, 1, 1, tzinfo=_VIETNAM)


class Header(NamedTuple):
    """A date, a view count or both, as one run of blocks shows them."""

    #: Positions of its first and last block in the list of lines.
    first: int
    last: int
    #: The date as printed; empty where there is none.
    text: str
    span: DateSpan | None
    views: ViewCount | None
    #: `date | views`, `labelled`, `date time`, `date`, `views`.
    form: str
    #: Names a day of the week, as page clocks do.
    weekday: bool
    #: Words beside date and count, folded (an author, say); empty for a header proper.
    rest: str
    #: Its date lies in the future: it dates the article no more, but no other line does so in its place.
    late: bool = False


def is_scrap(folded: str) -> bool:
    """Whether a folded line holds nothing but dates, times, numbers, header labels and page tools."""
    if len(folded) > _LONGEST:
        return False
    parts = _parts(folded)
    return not parts.rest or parts.tools


class _Parts(NamedTuple):
    """What a folded line is made of."""

    dated: bool
    #: Words beyond dates, times, counts and their labels.
    rest: str
    #: It is tools of the page and nothing else.
    tools: bool


@lru_cache(maxsize=MOST)
def _parts(folded: str) -> _Parts:
    rest = " ".join(_SCRAP.sub(" ", folded).split())
    return _Parts(_DATE.search(folded) is not None, rest, is_tools(folded))


def find_headers(lines: list[Block], now: datetime, forms: tuple[str, ...]) -> list[Header]:
    """All runs of lines that read like a header, in page order; `now` is when the page was fetched."""
    tomorrow = now.astimezone(_VIETNAM).date() + timedelta(days=1)
    found: list[Header] = []
    end = 0
    for at, line in enumerate(lines):
        if at < end or not 0 < len(line.text) <= _LONGEST or not _may_be_header(line.text):
            continue
        if len(found) == _MOST:
            break
        end = _run(lines, at)
        told = _told(tuple([part.text for part in lines[at:end]]), forms)
        if told is not None:
            late = told.span is not None and day_of(told.span.start) > tomorrow
            found.append(Header(at, end - 1, *told, late))
    return found


@lru_cache(maxsize=MOST)
def _may_be_header(text: str) -> bool:
    """A cheap look before anything is folded: what a date is written with, or a word of a header."""
    if _OPENS.search(text) is None:
        return False
    folded = fold(text)
    return bool(_DATE.search(folded) or _VIEW_LABEL.search(folded))


def _run(lines: list[Block], start: int) -> int:
    """The end of the run of scraps that starts here; a second date starts a new run."""
    parts = _parts(lines[start].folded)
    dated = parts.dated
    end = start + 1
    if parts.rest:
        return end
    while end < len(lines) and end - start < 6 and len(lines[end].text) <= 60:
        parts = _parts(lines[end].folded)
        if (parts.dated and dated) or (parts.rest and not parts.tools) or lines[end].heading:
            break
        dated = dated or parts.dated
        end += 1
    while end > start + 1 and _parts(lines[end - 1].folded).tools:
        end -= 1
    return end


class _Told(NamedTuple):
    """What the lines of a run tell, whenever they are read; the fields are those of `Header`."""

    text: str
    span: DateSpan | None
    views: ViewCount | None
    form: str
    weekday: bool
    rest: str


@lru_cache(maxsize=MOST)
def _told(texts: tuple[str, ...], forms: tuple[str, ...]) -> _Told | None:
    """None where a run is no header. Sidebars repeat theirs on every page."""
    text = " ".join(texts)
    plain = " ".join(fold(part) for part in texts)
    dated, rest, tools = _parts(plain)
    rest = plain if tools else rest
    if rest and plain.endswith("."):
        return None  # a sentence: `Thời gian: 8 giờ 30 ngày 21/5/2015 (sáng thứ năm).`
    if len(rest) > 45 or (not dated and not _VIEW_LABEL.search(plain)):
        return None
    views = _views(fold(texts[0]), plain, forms)
    span, shown = _span(text) if dated else (None, "")
    if span is None and views is None:
        return None
    weekday = bool(_WEEKDAY.search(plain)) or plain.startswith("hom nay")
    return _Told(shown, span, views, _form(plain, views, span), weekday, rest)


def _form(plain: str, views: ViewCount | None, span: DateSpan | None) -> str:
    if span is None:
        return "views"
    if views is not None:
        return "date | views"
    if re.search(r"(?:dang|xuat ban|gui|cap nhat|publish|posted)", plain):
        return "labelled"
    return "date time" if span.precision in ("minute", "hour") else "date"


def _views(first: str, plain: str, forms: tuple[str, ...]) -> ViewCount | None:
    """The count of a run: right of the bar, labelled, or alone in the block behind the date; `first` is its line."""
    bar = _BAR.search(plain)
    if bar:
        return parse_views(bar.group(1).strip())
    if _VIEW_LABEL.search(plain):
        labelled = _VIEWS.search(_TIME.sub(" | ", _DATE.sub(" | ", plain)))
        return parse_views(labelled.group()) if labelled else None
    if "date | views" in forms and _DATE.search(first):
        bare_count = _WEEKDAY.sub(" ", _TIME.sub(" ", _DATE.sub(" ", plain)))
        apart = re.fullmatch(r"\W*([0-9][0-9.,]*)\W*", _FONT_SIZE.sub(" ", bare_count))
        count = apart.group(1) if apart else None  # beside an icon, or in a cell of its own
        return parse_views(count) if count else None
    return None


def _span(text: str) -> tuple[DateSpan | None, str]:
    """The date of a header and how it is printed; None when it is not told to the day."""
    if "trước" in text:
        return None, ""
    found = find_date(_before_count(text), now=_ANY_TIME)  # a full date means the same whenever it is read
    if found is None or found.span.precision not in ("day", "minute", "hour"):
        return None, ""
    return found.span, found.matched


def _before_count(text: str) -> str:
    """Without what stands right of the bar when that is a count: `22/12/2016 | 4258` is no time 42:58."""
    left, bar, right = text.partition("|")
    return left if bar and re.fullmatch(r"\s*[0-9.,' ]*\s*", right) and re.search(r"[0-9]{4}", left) else text


def day_of(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
