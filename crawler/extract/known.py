"""What is read from a short text alone is read once: a portal's pages repeat their menus, boxes and dates. Pure."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from crawler.normalize import clean_text, fold

T = TypeVar("T")
#: Longer texts are an article's own: they stand on one page, and would cost memory.
LONGEST = 200
#: Enough for the chrome of many skins and the titles that boxes share.
MOST = 8192


def remembered(read: Callable[[str], T]) -> Callable[[str], T]:
    """A pure function of one text that remembers the newest of its answers for short texts."""
    known = lru_cache(maxsize=MOST)(read)

    @wraps(read)
    def ask(text: str) -> T:
        return known(text) if len(text) <= LONGEST else read(text)

    return ask


cleaned = remembered(clean_text)
folded = remembered(fold)
