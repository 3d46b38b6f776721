"""Days as they are written: every form of day, month and year, and of day and month alone."""

import re
from datetime import date
from typing import NamedTuple

from crawler.normalize.dates.spans import valid_date
from crawler.normalize.dates.words import EDGE_LEFT, LETTER_OR_DIGIT, MONTH, YEAR, led_by, month_number


def _day(*behind: str) -> str:
    """A day of one or two digits, no digit nor any of `behind` before it."""
    return f"(?P<day>{led_by('[0-9]', '[0-9]', *behind)}[0-9]?)"


#: A year has exactly four digits even where a time is glued to it: `30/04/200900:00:00`.
_YEAR_END = "(?:(?=[0-9]{1,2} ?(?::|h|g)[0-9]{2})|(?![0-9]))"
_FOUR = rf"(?P<year>[0-9]{{4}}){_YEAR_END}"
_TWO = "(?P<year>[0-9]{2})(?![0-9])"
_FOUR_OR_TWO = rf"(?P<year>[0-9]{{4}}{_YEAR_END}|[0-9]{{2}}(?![0-9]))"
_THIS_CENTURY = rf"(?P<year>{YEAR}){_YEAR_END}"
_MONTH = "(?P<month>[0-9]{1,2})"
#: Neither `/digit` nor `-digit` behind, unless that begins the end of a range, or a time.
_NO_MORE = r"(?!/[0-9])(?!-(?![0-9]{1,2}(?:[/:]|h[0-9]))[0-9])"
#: Versions, addresses and prices go on; dates with dots stand free.
_DOT_BEHIND = (LETTER_OR_DIGIT, "[0-9][.,/]")
_DOT_END = r"(?![^\W0-9_])(?!\.[0-9])"
_VERSIONS = ("ban ", "version ", "ver ", "v ", r"v\.", r"ver\.")
_ISO = led_by("[0-9]", "[0-9]", "[0-9][/.-]")
_ISO_END = "(?![0-9]|[/-][0-9])"

_THANG = r"(?:thang|thg|th(?=[0-9. ]))\.?"
#: `Bản tin số 5 tháng 9/2020`, `đợt 1 tháng 5`: a thing's number, no day.
_THINGS = ("so ", "ky ", "dot ", "lan ", "thu ", "tap ", "khoa ")
_D_THANG_M = rf"{_day('[0-9][./]', *_THINGS)} ?,? ?[/-]?{_THANG} ?(?P<month>{MONTH})"

#: (name, what follows a digit in it, pattern) of a day with its year.
_FULL = (
    ("d/m/Y", "/", rf"{_day('[0-9]/')} ?/ ?{_MONTH} ?/ ?{_FOUR_OR_TWO}{_NO_MORE}"),
    ("d-m-Y", "-", rf"{_day('[0-9][/-]')} ?- ?{_MONTH} ?- ?{_FOUR}{_NO_MORE}"),
    ("d-m-yy", "-", rf"{_day('[0-9][/-]')}-{_MONTH}-{_TWO}{_NO_MORE}"),
    ("d.m.Y", ".", rf"{_day(*_DOT_BEHIND)} ?\. ?{_MONTH} ?\. ?{_FOUR}{_DOT_END}"),
    ("d.m.yy", ".", rf"{_day(*_DOT_BEHIND, *_VERSIONS)}\.{_MONTH}\.{_TWO}{_DOT_END}"),
    ("Y-m-d", "-", rf"(?P<year>{_ISO}[0-9]{{3}})-{_MONTH}-(?P<day>[0-9]{{1,2}}){_ISO_END}"),
    ("Y/m/d", "/", rf"(?P<year>{_ISO}[0-9]{{3}})/{_MONTH}/(?P<day>[0-9]{{1,2}}){_ISO_END}"),
    ("d tháng m năm Y", "th", rf"{_D_THANG_M} ?[,./-]? ?nam ?(?P<year>[0-9]{{1,4}}){_YEAR_END}"),
    ("d tháng m, Y", "th", rf"{_D_THANG_M} ?[,./-]? ?{_THIS_CENTURY}"),
    ("d/m năm Y", "nam", rf"{_day('[0-9][./-]')} ?[/.-] ?{_MONTH} ?,? ?nam ?{_FOUR}"),
    ("tháng m d, Y", ",", rf"{EDGE_LEFT}{_THANG} ?(?P<month>{MONTH}) {_day()} ?, ?{_THIS_CENTURY}"),
    ("dd mm Y", "", rf"\A(?P<day>[0-9]{{2}}) (?P<month>[0-9]{{2}}) {_THIS_CENTURY}(?= [0-9]{{1,2}}:|\Z)"),
)

#: Frequencies and ages: `ngày 2-3 lần`, `6 tháng 1 lần`, `2 tháng 5 tuổi`.
_NO_COUNT = r"(?! ?(?:lan|tuoi|phan tram)(?![a-z])| ?%)"
#: Spans of hours: `sáng 5-7 giờ`, but `ngày 5-7 giờ địa phương` is a day.
_NO_HOURS = r"(?! ?(?:phut|h|gio(?! (?:dia phuong|viet|ha noi|quoc te|my|anh|phap|duc|bac kinh)))(?![a-z]))"
#: Durations: `5 tháng 6 ngày`, `trong 2 tháng 7 và 8`.
_NO_DURATION = r"(?! (?:ngay|tuan|thang|gio)(?![a-z]))"
_SPANS = ("trong ", "suot ", "hon ", "ca ")
_D_THANG_M_ALONE = rf"{_day('[0-9][./]', *_THINGS, *_SPANS)} ?,? ?[/-]?{_THANG} ?(?P<month>{MONTH})"

#: The same for a day without its year.
_YEARLESS = (
    ("d/m", "/", rf"{_day('[0-9]/')} ?/ ?{_MONTH}(?![0-9]| ?/ ?[0-9]|-[0-9]){_NO_COUNT}"),
    (
        "d-m",
        "-",
        rf"{_day('[0-9][/-]')}-{_MONTH}(?![0-9]| ?/ ?[0-9]|-[0-9]){_NO_COUNT}{_NO_HOURS}",
    ),
    ("d.m", ".", rf"{_day(*_DOT_BEHIND)}\.{_MONTH}(?![^\W_]|\.[0-9]){_NO_COUNT}{_NO_HOURS}"),
    (
        "d tháng m",
        "th",
        rf"{_D_THANG_M_ALONE}(?![0-9]|[/.-][0-9]| [0-9]{{4}}){_NO_COUNT}{_NO_DURATION}",
    ),
)


class Written(NamedTuple):
    """A day as written, whether or not it exists, and its place in the folded text."""

    rule: str
    start: int
    end: int
    day: int
    month: int
    #: None where it is not told.
    year: int | None

    def civil_date(self) -> date | None:
        """The civil day of a full date; None when the calendar or the years 1900-2099 do not have it."""
        if self.year is None or not 1900 <= self.year <= 2099:
            return None
        return valid_date(self.year, self.month, self.day)


def marks_of(folded: str) -> frozenset[str]:
    """What follows the digits of a text: one fast look says which of the rules can match it at all."""
    return frozenset(_MARK.findall(folded))


def full_days(folded: str, marks: frozenset[str]) -> list[Written]:
    """All days with a year, in the order of the text; what overlaps an earlier one is left out."""
    return _scan(folded, marks, _FULL_RULES)


def yearless_days(folded: str, marks: frozenset[str]) -> list[Written]:
    """All days with a month and no year, cued or not, in the order of the text."""
    return _scan(folded, marks, _YEARLESS_RULES)


_MARK = re.compile("[0-9] ?(?:[,/-] ?(?=[tn]))?([/.,-](?= ?[0-9])|th|nam|(?<= )(?=[0-9]))")
_Rules = tuple[tuple[str, str, re.Pattern[str]], ...]
_FULL_RULES: _Rules = tuple((name, mark, re.compile(pattern)) for name, mark, pattern in _FULL)
_YEARLESS_RULES: _Rules = tuple((name, mark, re.compile(pattern)) for name, mark, pattern in _YEARLESS)


def _scan(folded: str, marks: frozenset[str], rules: _Rules) -> list[Written]:
    found = [
        _read(name, match) for name, mark, rule in rules if mark in marks for match in rule.finditer(folded)
    ]
    if len(found) < 2:
        return found
    found.sort(key=lambda written: (written.start, -written.end))
    kept: list[Written] = []
    for written in found:
        if not kept or written.start >= kept[-1].end:
            kept.append(written)
    return kept


def _read(rule: str, match: re.Match[str]) -> Written:
    month = month_number(match["month"])
    year = match["year"] if "year" in match.re.groupindex else None
    return Written(rule, match.start(), match.end(), int(match["day"]), month, _year_number(rule, year))


def _year_number(rule: str, year: str | None) -> int | None:
    """Two digits stand for 1969-2068, in numeric forms only."""
    if year is None:
        return None
    if len(year) == 2 and "tháng" not in rule:
        return int(year) + (2000 if int(year) <= 68 else 1900)
    return int(year)
