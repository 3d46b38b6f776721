"""Class C: dates that count from the reference (`2 ngày trước`, `hôm qua`, `tuần trước`)."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from crawler.items import DateSpan, Precision
from crawler.normalize.dates import clock
from crawler.normalize.dates.line import Hit, Line
from crawler.normalize.dates.spans import add_months, one_day, whole_month, whole_week, whole_year
from crawler.normalize.dates.words import (
    EDGE_LEFT,
    EDGE_RIGHT,
    NUMBER_WORD,
    NUMBERS,
    PART_OF_DAY,
    WEEKDAYS,
    number,
)

_CLOCK_UNITS = {
    "giay": timedelta(seconds=1),
    "phut": timedelta(minutes=1),
    "gio": timedelta(hours=1),
    "h": timedelta(hours=1),
}
_DAY_UNITS: dict[str, tuple[int, Precision]] = {
    "ngay": (1, "day"),
    "tuan": (7, "week"),
    "thang": (30, "month"),
    "nam": (365, "year"),
}
_UNIT = "(?:giay|phut|gio|h|ngay|tuan|thang|nam)(?![a-z])"
_N = f"(?:[0-9]{{1,4}}|{NUMBER_WORD})"
_TERM = re.compile(f"({_N}) ?({_UNIT})")
_TERMS = f"{_N} ?{_UNIT}(?:[ ,]{{0,2}}(?:va )?{_N} ?{_UNIT}){{0,3}}"
#: At the end of the text or before a mark: `5 phút trước khi` and `1 tuần trước hạn` are no dates.
_ENDS = r"(?= ?(?:\Z|[^\w ]))"
#: Not a weekday (`thứ 5 tuần trước`), nor the tail of a longer number or of a span (`10-15 phút trước`).
_WHOLE = (
    rf"{EDGE_LEFT}(?<![0-9][.,/-])(?<![0-9] - )(?<!thu )(?<!gan )"
    rf"(?:(?=[0-9])(?<![0-9] )|(?=[a-z]){''.join(f'(?<!{word} )' for word in (*NUMBERS, 'tram', 'nghin'))})"
)
_COUNTED = re.compile(
    rf"(?:{_WHOLE}(?P<before>{_TERMS}) ?truoc"
    rf"|cach day (?:khoang |chung |dung )?(?P<since>{_TERMS})(?: truoc)?){_ENDS}"
)

_DAYS_BACK = {"nay": 0, "qua": 1, "kia": 2}

_VAGUE = ("may", "nhieu", "vai", "bao", "cac", "nhung", "ca", "tung", "moi", "nua", "chuc", "tram", "suot")
#: `5 năm nay`, `mấy tháng nay` are durations.
_DURATION_BEFORE = re.compile(rf"(?:[0-9]|(?<![a-z])(?:{'|'.join((*NUMBERS, *_VAGUE))})) \Z")
_DAY_NAMES = re.compile(
    rf"{EDGE_LEFT}(?:(?<! [0-9] )(?<!may )(?<!nhung )(?:(?P<part>{PART_OF_DAY}) )?hom (?P<named>nay|qua|kia)"
    rf"|(?<!truoc )(?<![0-9]{{4}} )(?P<half>{PART_OF_DAY}) (?P<day>nay|qua)){EDGE_RIGHT}"
)
_NO_CLAUSE = "(?! (?:khi|luc|do|day|ngay|gio|thang|nam|han|het|mat|tien|thoi)(?![a-z]))"
_PERIOD_NAMES = re.compile(
    rf"{EDGE_LEFT}(?:(?P<unit>tuan|thang) (?P<which>nay|truoc)|(?P<year>nam) (?P<said>nay|ngoai))"
    rf"{EDGE_RIGHT}{_NO_CLAUSE}"
)
#: `tháng 10 năm nay` and the like are partial dates with their year, see `partial`.
_PARTIAL_BEFORE = re.compile(r"(?:(?:thang|quy) ?[0-9ivx]{1,3}|(?:thang|nua) (?:dau|cuoi)),? ?\Z")

_WEEKDAY_OF_WEEK = re.compile(
    rf"{EDGE_LEFT}(?:thu ?(?P<weekday>hai|ba|tu|nam|sau|bay|[2-7])|(?P<sunday>chu nhat|cn)),? "
    rf"tuan (?P<which>nay|truoc){EDGE_RIGHT}{_NO_CLAUSE}"
)
_JUST_NOW = re.compile(r"\W*(?:vua xong|moi day)\W*")


def find_relative(line: Line, ref: datetime) -> Hit | None:
    """The leftmost expression that counts from the reference."""
    if _JUST_NOW.fullmatch(line.folded):
        span = DateSpan(ref, "minute", ref - timedelta(minutes=60), ref)
        return Hit(span, 0, len(line.folded))
    hits = [hit for hint, rule in _RULES if hint in line.folded and (hit := rule(line, ref))]
    return min(hits, key=lambda hit: hit.start, default=None)


def _counted(line: Line, ref: datetime) -> Hit | None:
    match = _COUNTED.search(line.folded)
    if not match:
        return None
    terms = [(number(n), unit) for n, unit in _TERM.findall(match["before"] or match["since"])]
    span = _single(ref, *terms[0]) if len(terms) == 1 else _compound(ref, terms)
    return Hit(span, match.start(), match.end())


def _single(ref: datetime, n: int, unit: str) -> DateSpan:
    """One number and its unit."""
    if unit in _CLOCK_UNITS:
        return _clock_span(ref - n * _CLOCK_UNITS[unit], unit)
    today = ref.date()
    if unit in {"thang", "nam"}:
        return _calendar_span(today, n, unit)
    length, precision = _DAY_UNITS[unit]
    latest = today - timedelta(days=n * length)
    return DateSpan(latest, precision, latest - timedelta(days=length - 1), latest)


def _clock_span(start: datetime, unit: str) -> DateSpan:
    return DateSpan(
        start, "minute" if unit in {"giay", "phut"} else "hour", start - _CLOCK_UNITS[unit], start
    )


def _calendar_span(today: date, n: int, unit: str) -> DateSpan:
    """Union of the two rules that sites round by: floors of 30 (365) days, and floors of the calendar."""
    length, precision = _DAY_UNITS[unit]
    months = n * (12 if unit == "nam" else 1)
    one = 12 if unit == "nam" else 1
    start = add_months(today, -months)
    next_start = add_months(today, -months - one) + timedelta(days=1)
    return DateSpan(
        start,
        precision,
        min(today - timedelta(days=length * n + length - 1), next_start),
        max(today - timedelta(days=length * n), start),
    )


def _compound(ref: datetime, terms: list[tuple[int, str]]) -> DateSpan:
    """Several units together (`2 tháng 2 tuần`): as exact as the smallest."""
    total = sum((n * _length(unit) for n, unit in terms), timedelta())
    smallest = min((unit for _, unit in terms), key=_length)
    if smallest in _CLOCK_UNITS:
        return _clock_span(ref - total, smallest)
    length, precision = _DAY_UNITS[smallest]
    latest = ref.date() - total
    return DateSpan(latest, precision, latest - timedelta(days=length - 1), latest)


def _length(unit: str) -> timedelta:
    return _CLOCK_UNITS[unit] if unit in _CLOCK_UNITS else timedelta(days=_DAY_UNITS[unit][0])


def _day_name(line: Line, ref: datetime) -> Hit | None:
    for match in _DAY_NAMES.finditer(line.folded):
        if any(line.is_other_word(*match.span(group)) for group in match.groupdict() if match[group]):
            continue
        day = ref.date() - timedelta(days=_DAYS_BACK[match["named"] or match["day"]])
        part = match["part"] or match["half"]
        at = clock.time_before(line.folded, match.start(), part)
        at = at or clock.time_after(line.folded, match.end(), part)
        start, end = (at.start, at.end) if at else match.span()
        return Hit(clock.at_time(day, at), min(start, match.start()), max(end, match.end()))
    return None


def _weekday_of_week(line: Line, ref: datetime) -> Hit | None:
    match = _WEEKDAY_OF_WEEK.search(line.folded)
    if not match:
        return None
    today = ref.date()
    monday = today - timedelta(days=today.weekday() + (7 if match["which"] == "truoc" else 0))
    day = monday + timedelta(days=WEEKDAYS[match["weekday"] or match["sunday"]])
    return Hit(one_day(day), match.start(), match.end())


def _period_name(line: Line, ref: datetime) -> Hit | None:
    for match in _PERIOD_NAMES.finditer(line.folded):
        before = line.folded[max(0, match.start() - 20) : match.start()]
        if _DURATION_BEFORE.search(before) or (match["year"] and _PARTIAL_BEFORE.search(before)):
            continue
        if line.is_other_word(*match.span("unit" if match["unit"] else "year")):
            continue
        return Hit(_period(ref.date(), match), match.start(), match.end())
    return None


def _period(today: date, match: re.Match[str]) -> DateSpan:
    if match["unit"] == "tuan":
        return whole_week(today - timedelta(days=7) if match["which"] == "truoc" else today)
    if match["unit"] == "thang":
        first = add_months(today.replace(day=1), -1 if match["which"] == "truoc" else 0)
        return whole_month(first.year, first.month)
    return whole_year(today.year - (match["said"] == "ngoai"))


#: (what the text must hold, rule); of two that begin at one place the first counts.
_RULES: tuple[tuple[str, Callable[[Line, datetime], Hit | None]], ...] = (
    ("tuan", _weekday_of_week),
    ("truoc", _counted),
    ("cach day", _counted),
    ("nay", _day_name),
    ("qua", _day_name),
    ("hom kia", _day_name),
    (" nay", _period_name),
    ("g truoc", _period_name),
    ("n truoc", _period_name),
    ("ngoai", _period_name),
)
