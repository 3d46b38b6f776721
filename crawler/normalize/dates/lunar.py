"""Dates of the lunar calendar, which are no dates here: found so that nothing of them is read as a civil one."""

import re

from crawler.normalize.dates.line import Line
from crawler.normalize.dates.words import MONTH, NUMBER_WORD, YEAR

_YEAR = rf"(?:[ ,/-]{{0,3}}(?:nam ?)?{YEAR}(?![0-9]))?"
_DAY = rf"(?:(?:mung|mong|ram|ngay|[0-9]{{1,2}}|{NUMBER_WORD})[ ,]{{0,2}})"
_NUMERIC = r"[0-9]{1,2} ?[/.-] ?[0-9]{1,2}(?: ?[/.-] ?[0-9]{2,4})?"
_EXPRESSION = rf"(?:{_NUMERIC}|(?:[0-9]{{1,2}} ?,? ?)?thang ?{MONTH}{_YEAR}|ngay [0-9]{{1,2}}|nam {YEAR})"
_MARK = r"(?:am lich|(?<![a-z])a\.?l(?![a-z0-9]|-[a-z]))"
_STEM_AND_BRANCH = (
    "(?:giap|at|binh|dinh|mau|ky|canh|tan|nham|quy) "
    "(?:ty|suu|dan|mao|meo|thin|ngo|mui|than|dau|tuat|hoi)(?![a-z])"
)

#: (name, what to blank out)
_RULES = (
    ("day of tháng giêng", re.compile(rf"(?<![^\W_]){_DAY}{{1,3}}thang gieng(?![a-z]){_YEAR}")),
    ("tháng chạp", re.compile(rf"(?<![^\W_]){_DAY}{{0,3}}thang chap(?![a-z]){_YEAR}")),
    ("marked behind", re.compile(rf"(?<![0-9]){_EXPRESSION} ?,? ?[(\[]?{_MARK}")),
    ("marked before", re.compile(rf"{_MARK}[)\]]? ?:? ?(?:la )?(?:ngay )?{_EXPRESSION}")),
    ("lunar year", re.compile(rf"(?<![0-9])(?:{_EXPRESSION} ?,? ?)nam {_STEM_AND_BRANCH}")),
)
_HINTS = ("gieng", "thang chap", "am lich", "al", "a.l")
_YEAR_HINT = re.compile(rf"nam {_STEM_AND_BRANCH}")


def blank_out_lunar(line: Line) -> None:
    """Make every lunar date of the line unreadable."""
    if not any(hint in line.folded for hint in _HINTS) and not _YEAR_HINT.search(line.folded):
        return
    for _, pattern in _RULES:
        for match in pattern.finditer(line.folded):
            line.blank_out(match.start(), match.end())
