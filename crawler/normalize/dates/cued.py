"""Class B: day and month without year, where a cue or the words themselves say that it is a date."""

import re
from datetime import date, datetime, timedelta

from crawler.normalize.dates import clock, ranges
from crawler.normalize.dates.cues import is_cued
from crawler.normalize.dates.full import with_time
from crawler.normalize.dates.line import Hit, Line
from crawler.normalize.dates.spans import days, valid_date
from crawler.normalize.dates.written import Written, yearless_days

#: A date so far ahead of the reference still is an announcement, beyond it is last year's.
_AHEAD = timedelta(days=7)
_SAID = re.compile(",? ?nam (?P<which>nay|ngoai|truoc)(?![a-z])")


def find_cued(line: Line, ref: datetime) -> Hit | None:
    """The leftmost day and month that may be read as a date, in the latest year that fits the reference."""
    written = yearless_days(line.folded, line.marks)
    for index, this in enumerate(written):
        hit = _range_ending(line, this, ref.date())
        if hit is None and _speaks_for_itself(line, this):
            hit = _range_beginning(line, this, written[index + 1 : index + 2], ref.date())
            hit = hit or _single(line, this, ref.date())
        if hit:
            return hit
    return None


def _speaks_for_itself(line: Line, this: Written) -> bool:
    if this.rule == "d tháng m":
        word = line.folded.find("thang", this.start, this.end)
        return word < 0 or not line.is_other_word(word, word + len("thang"))
    return not ranges.is_glued(line.folded, this.start) and is_cued(line, this.start)


def _range_ending(line: Line, this: Written, today: date) -> Hit | None:
    left = ranges.left_of(line.folded, this.start)
    if left is None or not (this.rule == "d tháng m" or left.cued or is_cued(line, left.start)):
        return None
    first = _latest(left.day, left.month or this.month, today)
    last = _next(this, first) if first else None
    if first is None or last is None or left.first_day(last) != first:
        return None
    return Hit(days(first, last), left.start, this.end)


def _range_beginning(line: Line, this: Written, following: list[Written], today: date) -> Hit | None:
    first = _latest(this.day, this.month, today)
    for other in following:
        joint = ranges.joins(line.folded, this.end, other.start)
        last = _next(other, first) if first else None
        if first and last and joint and ranges.is_range(first, last, joint):
            return Hit(days(first, last), this.start, other.end)
    return None


def _single(line: Line, this: Written, today: date) -> Hit | None:
    day = _said(line, this, today) or _latest(this.day, this.month, today)
    return with_time(line, this, day, clock.time_before(line.folded, this.start)) if day else None


def _said(line: Line, this: Written, today: date) -> date | None:
    """The day in the year that words behind it name (`ngày 22/12 năm ngoái`)."""
    match = _SAID.match(line.folded, this.end)
    return valid_date(today.year - (match["which"] != "nay"), this.month, this.day) if match else None


def _latest(day: int, month: int, today: date) -> date | None:
    """That day in the latest year that puts it at most a week ahead of the reference."""
    limit = today + _AHEAD
    for year in range(limit.year, max(limit.year - 9, 0), -1):  # 29 February can be eight years back
        found = valid_date(year, month, day)
        if found and found <= limit:
            return found
    return None


def _next(written: Written, first: date) -> date | None:
    """The day as written on or behind the first day of its range."""
    year = first.year + (written.month < first.month)
    return valid_date(year, written.month, written.day)
