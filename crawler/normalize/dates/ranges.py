"""Ranges of days: what stands left of a date and is joined to it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from crawler.normalize.dates.spans import valid_date
from crawler.normalize.dates.words import MONTH, PART_OF_DAY, WEEKDAY, month_number

#: Characters before a date among which the beginning of its range is looked for.
_REACH = 70
#: `5/3 và 17/3` names two days; only neighbours are one event.
_NEIGHBOURS = timedelta(days=7)

_CLOCK = r"[0-9]{1,2} ?(?::[0-9]{2}|h(?:[0-9]{2})?|gio(?: [0-9]{2}(?: phut)?)?)"
_WEEKDAY_BEHIND = rf"(?: ?,? ?\(?{WEEKDAY} ?\)?)?"
_JOINT = (
    rf"{_WEEKDAY_BEHIND} ?[,)]? ?(?:(?P<dash>-+>?|~)|(?P<den>(?:cho |keo dai )?(?:den|toi))|(?P<va>va|&))"
    rf" ?(?:het )?(?:{_CLOCK} ?,? ?)?(?:{PART_OF_DAY} )?(?:{WEEKDAY} ?,? ?)?\(?(?P<cue>ngay ?)?"
)
_ITEM = r"(?: ?, ?(?:ngay )?[0-9]{1,2})"
#: Minutes, weekdays and numbers of things are no days.
_NO_LABEL = "".join(
    f"(?<!{word} )"
    for word in ("gio", "h", ":", "thu", "thang", "so", "ky", "lan", "dieu", "khoan", "thi", "quyet")
)
_LEFT = re.compile(
    rf"(?<![^\W_])(?<![0-9][:.,/-]){_NO_LABEL}"
    rf"(?P<day>[0-9]{{1,2}})(?:{_ITEM}{{1,8}}|(?: ?/ ?|[.-])(?P<month>[0-9]{{1,2}})"
    rf"| ?thang ?(?P<word>{MONTH}))?(?P<joint>{_JOINT})\Z"
)
#: `ngày 1, 2, 3 tháng 7`: commas alone join only behind the word for day.
_LIST = re.compile(rf"(?<![a-z])ngay (?P<day>[0-9]{{1,2}}){_ITEM}{{0,8}} ?, ?\Z")
#: A cheap look first: most dates stand alone.
_JOINED = re.compile("[0-9][^0-9]*?(?:[-~&,]|va|den|toi)")
_BRIDGE = re.compile(rf"(?: ?,? ?{_CLOCK})?(?P<joint>{_JOINT})")


@dataclass(frozen=True, slots=True)
class Left:
    """The beginning of a range as written left of its last day."""

    start: int
    day: int
    month: int | None
    by: Literal["-", "den", "va"]
    #: The joint itself says that dates are joined (`đến ngày 19/3`).
    cued: bool

    def first_day(self, last: date) -> date | None:
        """The range's first day, what it lacks taken from the last one; None when that makes no range.

        A range over New Year (`29/12 - 2/1/2020`) begins in the year before.
        """
        month = self.month or last.month
        year = last.year - 1 if month > last.month else last.year
        first = valid_date(year, month, self.day)
        if first is None or first > last:
            return None
        if self.by == "va" and self.month is not None and last - first > _NEIGHBOURS:
            return None
        return first


def left_of(folded: str, start: int) -> Left | None:
    """The beginning of a range whose last day begins at `start`."""
    reach = max(0, start - _REACH)
    tail = folded[reach:start]
    if not _JOINED.search(tail):
        return None
    match = _LEFT.search(tail)
    if match:
        month = match["month"] or match["word"]
        return Left(
            reach + match.start(),
            int(match["day"]),
            month_number(month) if month else None,
            _joint(match),
            bool(match["cue"]),
        )
    match = _LIST.search(tail)
    return Left(reach + match.start("day"), int(match["day"]), None, "va", cued=True) if match else None


def is_glued(folded: str, start: int) -> bool:
    """Whether a digit and a dash touch the date: then it is the end of a range, or no date at all."""
    return start > 1 and folded[start - 1] == "-" and folded[start - 2].isdigit()


def joins(folded: str, end: int, start: int) -> Literal["-", "den", "va"] | None:
    """How the date that ends at `end` is joined to the one that begins at `start`, if it is."""
    if start - end > _REACH:
        return None
    match = _BRIDGE.fullmatch(folded, end, start)
    return _joint(match) if match else None


def is_range(first: date, last: date, joint: Literal["-", "den", "va"]) -> bool:
    """Whether two dates joined like that are one range.

    `và` between them names two days, and a dash between a day and its anniversary (`07/11/1948 - 07/11/2018`)
    is no span of time.
    """
    anniversary = first.year != last.year and (first.day, first.month) == (last.day, last.month)
    return first <= last and joint != "va" and not (joint == "-" and anniversary)


def _joint(match: re.Match[str]) -> Literal["-", "den", "va"]:
    return "-" if match["dash"] else "den" if match["den"] else "va"
