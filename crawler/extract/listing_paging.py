"""Which links lead to other pages of the same listing, and which of them is the next one. Pure.

A pager is a row of numbers and words such as `Trang sau` or `»`; the page that is shown is the number without a
link, or the one that the address tells. A next page is offered only when it is the true next one: a step that
could lead back, to the last page or round in a circle is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.extract.listing_runs import PageText, Run, ShownLink
from crawler.items import Link
from crawler.normalize import fold

#: Folded, without brackets and arrows.
NEXT_WORDS = frozenset((
    "trang sau", "trang tiep", "trang tiep theo", "trang ke", "trang ke tiep", "trang ke sau", "tiep", "tiep theo",
    "tiep tuc", "ke tiep", "sau", "ve sau", "next", "next page", "xem tiep trang sau", "trang toi", "toi",
    "cu hon", "tin cu hon", "bai cu hon", "cac tin cu hon", "bai viet cu hon", "older", "older posts",
))  # fmt: skip
MORE_WORDS = frozenset(("xem them", "tai them", "xem them tin", "hien thi them", "load more", "xem tiep"))
BACK_WORDS = frozenset((
    "trang truoc", "truoc", "ve truoc", "trang truoc do", "lui", "prev", "previous", "previous page", "quay lai",
    "moi hon", "tin moi hon", "newer", "newer posts", "dau", "trang dau", "dau tien", "trang dau tien", "first",
    "first page", "ve dau",
))  # fmt: skip
END_WORDS = frozenset((
    "cuoi", "trang cuoi", "cuoi cung", "trang cuoi cung", "last", "last page", "het",
))  # fmt: skip
STEP_SIGNS = frozenset((">", "›", "→", "▶", "►", "⟩", "->", "❯", "⏵"))
LEAP_SIGNS = frozenset((">>", "»", "››", "→→", "»»", "⟫"))
BACK_SIGNS = frozenset(("<", "‹", "←", "◀", "◄", "<<", "«", "‹‹", "««", "|<", "|<<", "|«", "<-", "❮"))
END_SIGNS = frozenset((">|", ">>|", "»|", "›|", "⏭", ">>>", "»»»"))
FILLERS = frozenset(("", "...", "…", "..", "trang", "page", "pages", "|", "-", "/", ",", ".", "so trang", "cac trang",
                     "xem trang", "chon trang", "[", "]", "(", ")", "•", "·", "::", ":", "trang so", "di den trang",
                     "den trang"))  # fmt: skip
NUMBER = re.compile(r"(?:trang |page )?([0-9]{1,5})")
OF_TOTAL = re.compile(r"(?:trang |page )?([0-9]{1,5}) ?(?:/|tren|cua|of|trong(?: so| tong so)?) ?(?:tong so )?([0-9]{1,5})(?: trang)?")
_FRAME = " \t[](){}|.,:;-–—_•·"
_ARROWS = "<>«»‹›→←▶◀►◄❯❮"
_NUMBERS = re.compile(r"[0-9]+")
_NEXT_HINT = re.compile(
    r"(?:^|[\s_-])(?:next|nextpage|pagenext|sau|tiep)(?:$|[\s_-])|(?:angle|chevron|arrow|caret)(?:-double)?-right"
)
_OFF_HINT = re.compile(r"(?:^|[\s_-])(?:disabled?|inactive)(?:$|[\s_-])")
_ACTIVE_HINT = re.compile(r"(?:^|[\s_-])(?:active|current|selected|curr|cur|on|hientai)(?:$|[\s_-])|currentpage|pagecurrent|pageactive")
_DATE_KEYS = re.compile(r"(?:date|ngay|day|month|thang|year|nam)\b")
