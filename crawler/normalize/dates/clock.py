"""Times of day that stand beside a date."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from crawler.items import DateSpan
from crawler.normalize.dates.spans import HANOI, moment, one_day, whole_hour
from crawler.normalize.dates.words import PART_OF_DAY, WEEKDAY

#: Characters before a date among which its time is looked for.
_REACH = 60

#: What may stand between a date and its time.
_BETWEEN = rf"(?:[ ,|·•(\[-]|(?:luc|vao|hoi|khoang|ngay|mung|mong)(?![a-z])|{WEEKDAY}[)\]]?)"
_BETWEEN_BEFORE = rf"(?:{_BETWEEN}|(?:hom|nay|qua|{PART_OF_DAY})(?![a-z])){{0,16}}"
_BETWEEN_AFTER = rf"(?:{_BETWEEN}{{0,16}}|t(?=[0-9]{{2}}:)|ict)"

_COLON = (
    r"(?P<h1>[0-9]{1,2}) ?: ?(?P<m1>[0-9]{2})(?: ?: ?(?P<s1>[0-9]{2})(?:\.[0-9]{1,9})?)?'?(?![0-9]|:[0-9])"
)
_LETTER = (
    r"(?P<h2>[0-9]{1,2}) ?(?:h|gio|g(?= ?[0-9]))"
    r"(?: ?:? ?(?P<m2>[0-9]{2}|[0-9](?= ?(?:'|p)))(?: ?(?:phut|p(?![a-z])|'))?)?(?![a-z0-9])"
)
_NO_DURATION = r"(?! ?(?:[0-9]{1,2} ?)?(?:phut )?(?:truoc|qua|nua|sau|dong ho)(?![a-z]))"
_HALF = r"(?: ?(?P<half>sang|trua|chieu|toi|dem|khuya|sa|ch|[ap]\.m\.|[ap]m)(?![a-z]))?"
_ZONE = (
    r"(?:[ (\[,|-]{0,4}(?:(?P<named>gmt|utc) ?(?P<offset>[+-] ?[0-9]{1,2}(?::?[0-9]{2})?(?![0-9:]))?"
    r"|(?P<bare>[+-][0-9]{2}:?[0-9]{2}(?![0-9:]))|(?P<zulu>z)(?![a-z]))[)\]]?)?"
)
_TIME = rf"(?:{_COLON}|{_LETTER}){_NO_DURATION}{_HALF}{_ZONE}"

_BEFORE = re.compile(rf"(?<![0-9])(?<![0-9][:.,/])(?:(?P<lead>{PART_OF_DAY}) )?{_TIME}{_BETWEEN_BEFORE}\Z")
_FROM = re.compile(rf"(?<![0-9])(?<![0-9][:.,/])(?:(?P<lead>{PART_OF_DAY}) )?{_TIME} ?(?:-|den|toi) ?\Z")
_AFTER = re.compile(rf"(?P<joint>{_BETWEEN_AFTER})(?:(?P<lead>{PART_OF_DAY}) )?{_TIME}")
_SOME_TIME = re.compile(r"[0-9] ?(?::|h|g)")

_HANOI_OFFSET = timedelta(hours=7)
_AFTERNOON = {"ch", "pm", "p.m.", "chieu", "toi"}
_MORNING = {"sa", "am", "a.m.", "sang"}


class ClockTime(NamedTuple):
    """A time of day; `minute` is None where only the hour is told. `start`, `end`: its place in the text."""

    hour: int
    minute: int | None
    second: int
    offset: timedelta
    start: int
    end: int

    def on(self, day: date) -> DateSpan:
        """That time on a day, in the zone of Hanoi."""
        local = datetime(day.year, day.month, day.day, self.hour, self.minute or 0, self.second, tzinfo=HANOI)
        if self.offset != _HANOI_OFFSET:
            local += _HANOI_OFFSET - self.offset
        return whole_hour(local) if self.minute is None else moment(local)


def time_before(folded: str, end: int, part_of_day: str | None = None) -> ClockTime | None:
    """The time that ends, but for words between, where a date begins."""
    start = max(0, end - _REACH)
    tail = folded[start:end]
    if not _SOME_TIME.search(tail):
        return None
    match = _BEFORE.search(tail)
    if match is None:
        return None
    end_of_span = _clock_time(match, start, part_of_day)
    return _beginning_of_span(tail[: match.start()], start, end_of_span) or end_of_span


def _beginning_of_span(tail: str, start: int, until: ClockTime | None) -> ClockTime | None:
    """`8h00` of `8h00 - 11h30 ngày 21/5`: what takes a while happens when it begins."""
    match = _FROM.search(tail) if until else None
    if match is None or until is None:
        return None
    begin = _clock_time(match, start, None)
    return begin._replace(end=until.end) if begin and begin.hour <= until.hour else None


def time_after(folded: str, start: int, part_of_day: str | None = None) -> ClockTime | None:
    """The time that begins, but for words between, where a date ends."""
    if not _SOME_TIME.search(folded, start):
        return None
    match = _AFTER.match(folded, start)
    return _clock_time(match, 0, part_of_day) if match else None


def at_time(day: date, clock: ClockTime | None) -> DateSpan:
    """The day, or the moment of it if a time is known."""
    return clock.on(day) if clock else one_day(day)


def _clock_time(match: re.Match[str], shift: int, part_of_day: str | None) -> ClockTime | None:
    minute = match["m1"] or match["m2"]
    half = match["half"] or match["lead"] or part_of_day
    hour = _hour_of_day(int(match["h1"] or match["h2"]), half)
    offset = _offset(match)
    if hour is None or int(minute or 0) > 59 or int(match["s1"] or 0) > 59 or offset is None:
        return None
    return ClockTime(
        hour,
        None if minute is None else int(minute),
        int(match["s1"] or 0),
        offset,
        match.start() + shift,
        match.end() + shift,
    )


def _hour_of_day(hour: int, half: str | None) -> int | None:
    """0-23 from an hour and its part of the day; None for an hour that contradicts it or does not exist.

    From 13 on the 24-hour value stands. Noon and night words, which the written forms use loosely, move only
    the hours that they cannot mean.
    """
    if hour > 23:
        return None
    if half in _MORNING:
        return hour % 12 if hour <= 12 else None
    if half in _AFTERNOON:
        return hour % 12 + 12 if hour <= 12 else hour
    if half == "trua":
        return hour + 12 if 1 <= hour <= 3 else hour
    if half in {"dem", "khuya"} and 6 <= hour <= 12:
        return (hour + 12) % 24
    return hour


def _offset(match: re.Match[str]) -> timedelta | None:
    """Distance from UTC; None for one that no place has."""
    written = match["offset"] or match["bare"]
    if match["zulu"] or (match["named"] and not written):
        return timedelta(0)
    # `14:30-16:00` is a span of time; a negative offset is read only in ISO form.
    if not written or (match["bare"] and written[0] == "-" and not _is_iso(match)):
        return _HANOI_OFFSET
    digits = re.sub("[^0-9]", "", written)
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        return None
    return timedelta(hours=hours, minutes=minutes) * (-1 if written[0] == "-" else 1)


def _is_iso(match: re.Match[str]) -> bool:
    return match.groupdict().get("joint") == "t"
