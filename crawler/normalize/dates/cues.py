"""Words before a day without year that say it is a date."""

import re

from crawler.normalize.dates.line import Line
from crawler.normalize.dates.words import EDGE_LEFT, PART_OF_DAY, WEEKDAY

_REACH = 16
_CUE = re.compile(
    rf"{EDGE_LEFT}(?P<cue>ngay|{PART_OF_DAY}|nay|mai|qua|mung|mong|hom|{WEEKDAY})[ ,(]{{0,3}}\Z"
)
_AFTERNOON = re.compile(rf"{EDGE_LEFT}(?P<part>chieu|toi) (?:hom |ngay |mung |mong |nay |qua )?\(?\Z")


def is_cued(line: Line, start: int) -> bool:
    """Whether a cue stands right before, blanks, commas or an opening bracket between."""
    reach = max(0, start - _REACH)
    match = _CUE.search(line.folded[reach:start])
    return match is not None and not line.is_other_word(reach + match.start("cue"), reach + match.end("cue"))


def afternoon_before(folded: str, start: int) -> str | None:
    """`chieu` or `toi` where the words before a date say so."""
    match = _AFTERNOON.search(folded[max(0, start - _REACH) : start])
    return match["part"] if match else None
