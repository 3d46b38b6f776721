"""Class A: full dates, with their time of day or range."""

import re
from datetime import date

from crawler.normalize.dates import clock, ranges
from crawler.normalize.dates.cues import afternoon_before
from crawler.normalize.dates.line import Hit, Line
from crawler.normalize.dates.spans import days
from crawler.normalize.dates.words import WEEKDAY
from crawler.normalize.dates.written import Written, full_days

_THANG_NAM = re.compile(r"([0-9]{1,2}) ?thang (nam) [0-9]{4}")
_DAY_CUE = re.compile(rf"(?:ngay|{WEEKDAY}) ?,? ?\Z")


def find_full(line: Line) -> Hit | None:
    """The leftmost full date that exists; the invalid ones are blanked out, nothing of them may be read."""
    written = [this for this in full_days(line.folded, line.marks) if not _is_span_of_months(line, this)]
    for index, this in enumerate(written):
        hit = _range_ending(line, this) or _range_beginning(line, this, written[index + 1 : index + 2])
        hit = hit or _single(line, this)
        if hit:
            return hit
    for this in written:
        left = ranges.left_of(line.folded, this.start)
        line.blank_out(left.start if left else this.start, this.end)
    return None


def _is_span_of_months(line: Line, this: Written) -> bool:
    """Whether `9 tháng năm 2019` means nine months of a year; `9 Tháng Năm 2019` is a day in May."""
    match = _THANG_NAM.match(line.folded, this.start, this.end)
    if match is None or int(match[1]) > 12:
        return False
    start, end = line.original(*match.span(2))
    written = line.source[start:end]
    return written.islower() and not _DAY_CUE.search(line.folded[max(0, this.start - 16) : this.start])


def _range_ending(line: Line, this: Written) -> Hit | None:
    last = this.civil_date()
    left = ranges.left_of(line.folded, this.start) if last else None
    first = left.first_day(last) if left and last else None
    return Hit(days(first, last), left.start, this.end) if left and first and last else None


def _range_beginning(line: Line, this: Written, following: list[Written]) -> Hit | None:
    first = this.civil_date()
    for other in following:
        joint = ranges.joins(line.folded, this.end, other.start)
        last = other.civil_date()
        if first and last and joint and ranges.is_range(first, last, joint):
            return Hit(days(first, last), this.start, other.end)
    return None


def _single(line: Line, this: Written) -> Hit | None:
    day = this.civil_date()
    if day is None:
        return None
    at = clock.time_before(line.folded, this.start)
    if at is None and ranges.is_glued(line.folded, this.start):
        return None
    return with_time(line, this, day, at)


def with_time(line: Line, this: Written, day: date, before: clock.ClockTime | None) -> Hit:
    """The day with the time that stands before or behind it."""
    at = before or clock.time_after(line.folded, this.end)
    if at and not before and at.hour < 12 and (part := afternoon_before(line.folded, this.start)):
        at = clock.time_after(line.folded, this.end, part)
    start, end = (min(this.start, at.start), max(this.end, at.end)) if at else (this.start, this.end)
    return Hit(clock.at_time(day, at), start, end)
