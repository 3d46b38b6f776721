"""Does a text look like Vietnamese that was decoded rightly? Pure: no network, no clock, no store."""

import re
import unicodedata
from functools import lru_cache
from itertools import islice

# Runs that hold a sign beyond ASCII, with the letters around it: `nghÞ`, `c«ng`, `Há»™i`. Quotation marks and
# dashes stand beside words in right text too, so they break a run; `«` or `¸` stand inside broken ones.
_SIGNS = r"[^\x00-\x7f\s“”‘’–—…•·][^\x00-\x40\[-`{-\x7f\s“”‘’–—…•]{0,16}"
_FROM_SIGN = re.compile(_SIGNS)
_LAST_RUN = re.compile(rf"[A-Za-z]{{0,8}}{_SIGNS}\Z")
#: Letters that may stand before the sign in its run.
_LEADING = 8
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|kh|gh|gi|ch|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:uye|uya|uyu|oai|oay|oeo|uay|uoi|uou|ieu|yeu|uê|[aeiouy]{1,2})"
    r"(?:ch|ng|nh|[cmnpt])?"
)
_VIETNAMESE = frozenset("àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđð")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
#: Letters of other scripts are no sign of a wrong charset; broken text shows Latin letters and symbols.
_SUSPECT_BELOW = 0x2500
#: What stands alone between words of right text: `Chi tiết »`, `© 2016`.
_ORNAMENTS = "«»‹›©®°·→←"
_SAMPLE = 120
_TOLERATED = 0.25


@lru_cache(maxsize=8192)
def _is_syllable(run: str) -> bool:
    """Whether a run of letters is built like one Vietnamese syllable (at most one tone)."""
    lowered = run.lower()
    if any(sign not in _VIETNAMESE for sign in lowered if sign > "\x7f"):
        return False
    parts = unicodedata.normalize("NFD", lowered)
    if sum(part in _TONES for part in parts) > 1:
        return False
    plain = (
        "".join(part for part in parts if part.isascii() or part in "đð").replace("đ", "d").replace("ð", "d")
    )
    return _SYLLABLE.fullmatch(plain) is not None


@lru_cache(maxsize=8192)
def _verdict(around: str) -> int:
    """1 where the run that ends a text is a syllable, -1 where it is a sign of a wrong charset, else 0."""
    match = _LAST_RUN.search(around)
    run = match[0] if match else around
    return 1 if _is_syllable(run) else -1 if _is_suspect(run) else 0


def _is_suspect(run: str) -> bool:
    if not run.strip(_ORNAMENTS):
        return False
    return any("\x7f" < sign < chr(_SUSPECT_BELOW) or sign == "\ufffd" for sign in run)


def implausibility(text: str) -> float:
    """Share of accented words that are no Vietnamese syllables, 0.0 to 1.0; 0.0 where nothing is accented.

    TCVN3, VISCII and UTF-8 read as something else score above 0.5; right text, with a foreign name here and
    there, below 0.1.
    """
    good = bad = end = 0
    # The signs are looked for alone, and the letters before each afterwards: most of a page is ASCII.
    for match in islice(_FROM_SIGN.finditer(text), _SAMPLE):
        start = max(end, match.start() - _LEADING)
        end = match.end()
        verdict = _verdict(text[start:end])
        good += verdict > 0
        bad += verdict < 0
    return bad / (good + bad) if bad else 0.0


def is_readable(text: str) -> bool:
    """Whether a text (NFC) may be stored: its accented words are mostly Vietnamese syllables."""
    return implausibility(text) <= _TOLERATED
