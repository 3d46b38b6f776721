"""Class D: months, quarters, halves and years."""

import re
from collections.abc import Callable
from datetime import date, datetime

from crawler.items import DateSpan, Precision
from crawler.normalize.dates.line import Hit, Line
from crawler.normalize.dates.spans import months, whole_month, whole_year
from crawler.normalize.dates.words import (
    EDGE_LEFT,
    EDGE_RIGHT,
    LETTER_OR_DIGIT,
    MONTH_WORD,
    NUMBER_WORD,
    NUMBERS,
    ROMAN,
    YEAR,
    led_by,
    month_number,
)

_YEAR = f"(?P<year>{YEAR})(?![0-9])"
#: `tháng 9/2020`, `tháng 9-2020`, `tháng 9 năm 2020`, `Tháng Giêng, 2020`
_OF_YEAR = rf"(?: ?[/.-] ?| ?,? ?(?:cua )?nam ?| ?, ?| ){_YEAR}"
_SAID = "(?P<said>nay|ngoai)(?![a-z])"
_OF_SPOKEN_YEAR = rf" ?,? nam {_SAID}"
_NO_MORE = r"(?! ?[/-] ?[0-9]|[.,][0-9]|[0-9])"
_NO_COUNT = r"(?! ?(?:lan|buoi|tuoi|nghin|trieu dong)(?![a-z])| ?%)"
#: `tháng 5 đến tháng 9/2019`, `tháng 5 và 6/2019`: the year stands with the last month.
_LATER_YEAR = rf" ?(?:-|,|va|den|toi) ?(?:het )?(?:thang ?)?[0-9]{{1,2}} ?(?:[/.-]|,? ?nam) ?{_YEAR}"
_NAMED = rf"(?P<month>[0-9]{{1,2}}|gieng|{MONTH_WORD})"
_HANG = r"h(?:ang|g\.?)"
_THANG = led_by("t", LETTER_OR_DIGIT) + _HANG
#: `9 tháng năm 2019` and the unfilled `ngày … tháng … năm 2019` are told by their year alone.
_THANG_OF = led_by("t", LETTER_OR_DIGIT) + "(?!(?:(?<=[0-9] t)|(?<=ngay t))hang nam [0-9])" + _HANG
#: Not `6 tháng 1 lần`, `sáu tháng 9`, `mỗi tháng 2 triệu`.
_NOT_ALONE = ("[0-9] ", "moi ", "hang ", *(f"{word} " for word in NUMBERS))
_THANG_ALONE = led_by("t", LETTER_OR_DIGIT, *_NOT_ALONE) + _HANG
_QUARTER = rf"{led_by('q', LETTER_OR_DIGIT)}u[yi] ?(?P<quarter>iv|i{{1,3}}|[1-4]){EDGE_RIGHT}"
_NAM = led_by("n", LETTER_OR_DIGIT, "viet ", "mien ")
_LATER_QUARTER = " ?(?:-|,|va|den) ?(?:quy )?(?:iv|i{1,3}|[1-4])"
_COUNT = rf"(?<![0-9])(?<![0-9][.,])(?P<count>1[0-2]|[1-9]|muoi mot|muoi hai|{NUMBER_WORD})"
_HALF_OF = "(?P<which>dau|cuoi) (?:cua )?nam"
_NO_SCHOOL = r"(?! ?[0-9]| hoc(?![a-z])| (?:nay|ngoai|sau|toi|truoc)(?![a-z]))"

_NAMED_LENGTHS: dict[int, Precision] = {3: "quarter", 6: "half"}


def _month(match: re.Match[str], today: date) -> DateSpan | None:
    month = month_number(match["month"])
    if not 1 <= month <= 12:
        return None
    return whole_month(_year_of(match, today, month), month)


def _quarter(match: re.Match[str], today: date) -> DateSpan | None:
    written = match["quarter"]
    quarter = ROMAN[written] if written in ROMAN else int(written)
    return months(_year_of(match, today, 3 * quarter - 2), 3 * quarter - 2, 3, "quarter")


def _months_of_year(match: re.Match[str], today: date) -> DateSpan | None:
    count = month_number(match["count"])
    first = 1 if match["which"] == "dau" else 13 - count
    return months(_year_of(match, today, first), first, count, _NAMED_LENGTHS.get(count, "month"))


def _half(match: re.Match[str], today: date) -> DateSpan | None:
    first = 1 if match["which"] == "dau" else 7
    return months(_year_of(match, today, first), first, 6, "half")


def _first_half(_: re.Match[str], today: date) -> DateSpan | None:
    return months(today.year, 1, 6, "half")


def _year(match: re.Match[str], _: date) -> DateSpan | None:
    return whole_year(int(match["year"]))


def _year_of(match: re.Match[str], today: date, first_month: int) -> int:
    """The year as written or said; else the latest in which the period has begun."""
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    if groups.get("said"):
        return today.year - (groups["said"] == "ngoai")
    return today.year - (first_month > today.month)


#: (name, what the text must hold, pattern, builder); where two begin at one place the longer counts.
_Builder = Callable[[re.Match[str], date], DateSpan | None]
_TABLE: tuple[tuple[str, str, str, _Builder], ...] = (
    ("N tháng đầu năm Y", "th", rf"{EDGE_LEFT}{_COUNT} thang {_HALF_OF} ?{_YEAR}", _months_of_year),
    ("N tháng đầu năm nay", "th", rf"{EDGE_LEFT}{_COUNT} thang {_HALF_OF} {_SAID}", _months_of_year),
    ("6 tháng đầu năm", "th", rf"{EDGE_LEFT}(?:6|sau) thang dau (?:cua )?nam{EDGE_RIGHT}{_NO_SCHOOL}", _first_half),
    ("nửa đầu năm Y", "nua", rf"{EDGE_LEFT}nua {_HALF_OF} ?{_YEAR}", _half),
    ("nửa đầu năm nay", "nua", rf"{EDGE_LEFT}nua {_HALF_OF} {_SAID}", _half),
    ("nửa đầu năm", "nua", rf"{EDGE_LEFT}nua dau (?:cua )?nam{EDGE_RIGHT}{_NO_SCHOOL}", _first_half),
    ("quý I-Y", "qu", rf"{_QUARTER}{_OF_YEAR}", _quarter),
    ("quý I năm nay", "qu", rf"{_QUARTER}{_OF_SPOKEN_YEAR}", _quarter),
    ("quý I đến quý II/Y", "qu", rf"{_QUARTER}{_LATER_QUARTER}{_OF_YEAR}", _quarter),
    ("quý I", "qu", rf"{_QUARTER}{_NO_MORE}", _quarter),
    ("tháng m/Y", "th", rf"{_THANG_OF} ?{_NAMED}{_OF_YEAR}", _month),
    ("tháng m năm nay", "th", rf"{_THANG} ?{_NAMED}{_OF_SPOKEN_YEAR}", _month),
    ("tháng m đến n/Y", "th", rf"{_THANG} ?(?P<month>[0-9]{{1,2}}){_LATER_YEAR}", _month),
    ("tháng m", "th", rf"{_THANG_ALONE} ?(?P<month>[0-9]{{1,2}}){_NO_MORE}{_NO_COUNT}", _month),
    (
        "năm Y",
        "nam",
        rf"{_NAM}am ?{_YEAR}(?! ?[-/] ?(?:nam )?{YEAR}(?![0-9])|[-/][0-9])",
        _year,
    ),
)  # fmt: skip
_RULES = tuple((keyword, re.compile(pattern), build) for _, keyword, pattern, build in _TABLE)
_KEYWORDS = re.compile("thang|thg|qu[yi]|nua|nam")


def find_partial(line: Line, ref: datetime) -> Hit | None:
    """The leftmost period; one that does not exist (`tháng 13 năm 2019`) hides what it consists of."""
    if not _KEYWORDS.search(line.folded):
        return None
    found = [
        (m.start(), -m.end(), m, build)
        for keyword, rule, build in _RULES
        if keyword in line.folded
        for m in rule.finditer(line.folded)
    ]
    end = 0
    for start, _, match, build in sorted(found, key=lambda entry: entry[:2]):
        if start < end:
            continue
        end = match.end()
        span = None if _means_something_else(line, match) else build(match, ref.date())
        if span:
            return Hit(span, start, end)
    return None


def _means_something_else(line: Line, match: re.Match[str]) -> bool:
    keyword = _KEYWORDS.search(match[0])
    if keyword is None:
        return False
    start = match.start() + keyword.start()
    return line.is_other_word(start, match.start() + keyword.end())
