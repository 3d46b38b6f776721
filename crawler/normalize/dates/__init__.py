"""Vietnamese dates: one answer per text, as exact as the text. Pure: the reference time is an argument."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.items import DateSpan
from crawler.normalize.dates.cued import find_cued
from crawler.normalize.dates.full import find_full
from crawler.normalize.dates.line import Hit, Line
from crawler.normalize.dates.lunar import blank_out_lunar
from crawler.normalize.dates.partial import find_partial
from crawler.normalize.dates.relative import find_relative
from crawler.normalize.dates.spans import HANOI

__all__ = ["DateClass", "FoundDate", "find_date", "parse_date"]

#: A: full date. B: day and month behind a cue. C: counts from the reference. D: month, quarter, half, year.
DateClass = Literal["A", "B", "C", "D"]


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date, the text it was read from as written (time of day included), and its place in the whole text."""

    span: DateSpan
    matched: str
    kind: DateClass
    start: int
    end: int


def parse_date(text: str, *, now: datetime) -> DateSpan | None:
    """The one date that a text tells, or None where it tells none, an impossible one or an ambiguous one.

    A full date wins over a day without year, that over a relative date, that over a month, quarter, half or
    year; within a class the leftmost. `now` (aware) is what relative dates count from: when the page was
    fetched or captured. Raises ValueError for a naive `now`.

    >>> from datetime import UTC
    >>> parse_date("22/12/2016 | 4258", now=datetime(2020, 4, 10, tzinfo=UTC)).start
    datetime.date(2016, 12, 22)
    """
    found = _find(Line(text), now)
    return found[0].span if found else None


def find_date(text: str, *, now: datetime) -> FoundDate | None:
    """As `parse_date`, with the substring that the date was read from and its class."""
    line = Line(text)
    found = _find(line, now)
    if not found:
        return None
    hit, kind = found
    start, end = line.original(hit.start, hit.end)
    return FoundDate(hit.span, text[start:end], kind, start, end)


def _find(line: Line, now: datetime) -> tuple[Hit, DateClass] | None:
    if now.tzinfo is None:
        raise ValueError("the reference time must be aware")
    blank_out_lunar(line)
    if line.marks and (hit := find_full(line)):
        return hit, "A"
    try:
        ref = now.astimezone(HANOI)
        if line.marks and (hit := find_cued(line, ref)):
            return hit, "B"
        if hit := find_relative(line, ref):
            return hit, "C"
        if hit := find_partial(line, ref):
            return hit, "D"
    except OverflowError:  # the date lies outside the years 1-9999
        return None
    return None
