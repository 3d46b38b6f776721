"""View counts, read only beside their label or in the portal's header line. Pure: str -> value."""

import re

from crawler.items import ViewCount
from crawler.normalize.text import fold

_LIMIT = 2**53 - 1
#: Characters looked at; a page's counter stands in a short text.
_TEXT_LENGTH = 4000

_SCALES = {
    **dict.fromkeys(("k", "n", "nghin", "ngan"), 10**3),
    **dict.fromkeys(("tr", "trieu", "m"), 10**6),
    **dict.fromkeys(("t", "ty", "ti", "b"), 10**9),
}

#: Groups of exactly three after one and the same mark, or bare digits; nothing numeric may go on behind.
_DIGITS = r"(?P<digits>[0-9]{1,3}(?:(?P<mark>[.,' ])[0-9]{3}(?:(?P=mark)[0-9]{3})*)(?![0-9])|[0-9]+)"
_SCALED = r"(?:[.,](?P<decimals>[0-9]{1,2}))?\s?(?P<scale>nghin|ngan|trieu|tr|ty|ti|[knmtb])(?![a-z0-9]|\.\s?[a-z])\+?"
_NUMBER = rf"{_DIGITS}(?:{_SCALED})?"
_LEFT_EDGE = r"(?<![0-9a-z])(?<![0-9][.,/:'-])(?<!-)"
_ABOUT = r"(?:(?:hon|gan|khoang|tren)\s)?"

_LABEL = (
    r"(?:(?:(?:tong\s)?(?:so\s)?luot\s(?:nguoi\s)?(?:xem|doc)(?:\sbai\sviet)?|da\s(?:xem|doc)|so\slan\s(?:doc|xem)"
    r"|views?)(?P<colon>\s?:)?|(?<!dang\s)xem\s?:|visited(?=\s[0-9.,]+\s?[a-z]*\stimes))"
)
_LABEL_BEFORE = re.compile(rf"(?<![a-z]){_LABEL}\s?\(?{_ABOUT}{_NUMBER}")
_LABEL_AFTER = re.compile(
    rf"{_LEFT_EDGE}{_NUMBER}\s?(?:luot\s(?:nguoi\s)?(?:xem|doc)|lan\s(?:xem|doc)|views?)(?![a-z])(?!\s?:)"
)
_BARE = re.compile(rf"\|?\s?{_DIGITS}")
_HEADER = re.compile(rf"[0-9]{{1,2}}([/.-])[0-9]{{1,2}}\1[0-9]{{4}}\s?\|\s?{_DIGITS}")

_COUNTED = (
    r"binh\sluan|phan\shoi|tra\sloi|thich|luot\s(?:thich|chia\sse|tai|truy\scap|hien\sthi)|likes?|comments?|shares?"
    r"|downloads?|nguoi\stheo\sdoi"
)
#: These are counted too, or begin the next thing on the page (`Lượt xem: 123 Trang chủ`).
_OTHER = rf"(?:{_COUNTED}|chia\sse|tai|truy\scap|hien\sthi|trang|chapters?|chuong|tin|bai)"
#: The number goes on as a date, time, fraction or column, or tells an age.
_NO_NUMBER = re.compile(
    r"[.,:/'-][0-9]|\s?[/:]\s?[0-9]|\s[0-9]+\s?(?:[|)]|$)|\s?%"
    r"|\s?(?:giay|phut|gio|ngay|tuan|thang|nam)\struoc(?![a-z])"
)
#: The number belongs to what follows it, unless that is a label with a number of its own.
_COUNTS_OTHER = re.compile(rf"\s?(?:{_COUNTED})(?![a-z])(?!\s?:|\s[0-9])")
_MAY_COUNT_OTHER = re.compile(rf"\s?{_OTHER}(?![a-z])(?!\s?:|\s[0-9])")
_OTHER_PRECEDES = re.compile(rf"(?<![a-z])(?:{_OTHER}|{'|'.join(_SCALES)}|tap|phan|(?<!viet\s)nam)\s?:?\s?\Z")


def parse_views(text: str) -> ViewCount | None:
    """The view count that a text tells; None unless a label or one of two whole-text forms says it is one.

    The forms without label are a bare number (`| 4258`) and the portal's header line (`22/12/2016 | 4258`).
    Site counters, comments, dates and numbers above 2**53 - 1 give None.

    >>> parse_views("Lượt xem: 1.234")
    ViewCount(views=1234, exact=True)
    """
    folded = fold(text[:_TEXT_LENGTH])
    if (whole := _BARE.fullmatch(folded) or _HEADER.fullmatch(folded)) is not None:
        return None if _is_phone(whole["digits"]) else _count(whole["digits"])
    found = [match for match in (_labelled_before(folded), _labelled_after(folded)) if match]
    if not found:
        return None
    first = min(found, key=lambda match: match.start("digits"))
    return _count(first["digits"], first["decimals"], first["scale"])


def _labelled_before(folded: str) -> re.Match[str] | None:
    for match in _LABEL_BEFORE.finditer(folded):
        counts_other = _COUNTS_OTHER if match["colon"] else _MAY_COUNT_OTHER
        if not _NO_NUMBER.match(folded, match.end()) and not counts_other.match(folded, match.end()):
            return match
    return None


def _labelled_after(folded: str) -> re.Match[str] | None:
    for match in _LABEL_AFTER.finditer(folded):
        start = match.start()
        if not _OTHER_PRECEDES.search(folded[max(0, start - 30) : start]):
            return match
    return None


def _is_phone(digits: str) -> bool:
    return len(digits) > 1 and digits[0] == "0"


def _count(digits: str, decimals: str | None = None, scale: str | None = None) -> ViewCount | None:
    """The number; None above the limit and for a decimal fraction of nothing."""
    plain = re.sub("[^0-9]", "", digits)
    if len(plain) > 16:
        return None
    views = int(plain)
    if scale:
        factor = _SCALES[scale]
        views = views * factor + int(decimals or "0") * factor // 10 ** len(decimals or "")
    return ViewCount(views, exact=scale is None) if views <= _LIMIT else None
