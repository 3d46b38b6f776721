"""Short texts cleaned and folded once: the pages of a portal repeat their menus, boxes and dates. Pure."""

from functools import lru_cache

from crawler.normalize import clean_text, fold

#: Longer texts are an article's own: they stand on one page, and would cost memory.
LONGEST = 200
#: Enough for the chrome of many skins and the titles that boxes share.
MOST = 8192

_cleaned = lru_cache(maxsize=MOST)(clean_text)
_folded = lru_cache(maxsize=MOST)(fold)


def cleaned(text: str) -> str:
    """As `normalize.clean_text`."""
    return _cleaned(text) if len(text) <= LONGEST else clean_text(text)


def folded(text: str) -> str:
    """As `normalize.fold`."""
    return _folded(text) if len(text) <= LONGEST else fold(text)
