"""What a portal answers for an article that it does not have, when it answers with success. Pure.

Such an answer (a soft 404) proves nothing by itself. It is proved by what the portal answers for an address that
cannot exist, or by giving one and the same text for several articles.
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from scrapy.http import Response

from crawler.crawling.reading import charset_of
from crawler.extract.article import document_of
from crawler.items import Page
from crawler.normalize import fold
from crawler.sites import Site
from crawler.spiders.answers import GONE, header_of

#: An article number that no portal has reached; it fits 32 bits, so that none answers with an error instead.
IMPOSSIBLE = "1987654321"
#: So much of two pages' text must be the same (own addresses, clocks and counters apart).
SAME_TEXT = 0.8
#: So many articles with one and the same text prove each other.
SEVERAL = 3

_NUMBER = re.compile(r"[0-9]+")
_MISSING = frozenset({"soft-404", *(f"http-{status}" for status in GONE)})


@dataclass(frozen=True, slots=True)
class Sign:
    """What there was instead of an article."""

    kind: Literal["message", "listing", "elsewhere"]
    #: Where it was found when not at the address asked for.
    url: str | None
    lines: frozenset[str]


def impossible_address(site: Site, url: str) -> str | None:
    """The article's address with a number in its identity that no article has; None where there is no number."""
    own = site.article_id(url)
    for number in reversed(list(_NUMBER.finditer(url))):
        changed = url[: number.start()] + IMPOSSIBLE + url[number.end() :]
        if site.article_id(changed) not in (None, own):
            return changed
    return None


def sign_of(site: Site, asked: str, response: Response, page: Page) -> Sign | None:
    """What an answer without an article shows; None when it is no sign that the article is missing."""
    here = site.canonical(response.url)
    moved = here != site.canonical(asked)
    if page.refusal in _MISSING:
        return Sign("message", None, _lines(response, asked))
    if page.refusal is not None or page.kind not in ("listing", "other"):
        return None
    if moved:  # an error page may be told in its address what was asked for
        return Sign("elsewhere", unquote(here or response.url).replace(urlsplit(asked).path, ""), frozenset())
    return Sign("listing", None, _lines(response, asked)) if page.kind == "listing" else None


def agree(one: Sign, other: Sign) -> bool:
    """Whether two signs are the portal's one way of saying that it has no such article."""
    if (one.kind, one.url) != (other.kind, other.url):
        return False
    both = one.lines | other.lines
    return not both or len(one.lines & other.lines) >= SAME_TEXT * len(both)


def _lines(response: Response, asked: str) -> frozenset[str]:
    """The page's lines without what differs from address to address and from minute to minute."""
    document = document_of(response.body, response.url, charset_of(header_of(response, "Content-Type")))
    if isinstance(document, str):
        return frozenset({document})
    own = fold(asked)
    lines = (fold(block.text).replace(own, "") for block in document.blocks)
    return frozenset(filter(None, (_NUMBER.sub("0", line) for line in lines)))
