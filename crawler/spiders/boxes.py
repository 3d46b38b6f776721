"""Tells a listing's own articles from boxes that stand on every page (newest, most read, menus). Pure.

One page alone cannot always tell: on a listing's last page the most-read box may hold more links than the list
itself. Seen side by side the pages of a portal can: a box that shows the same articles on most of them belongs to none.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from math import ceil

from crawler.items import ListedArticle, Listing

#: What tells boxes apart: the ids they show, and for short ones their place too: one article stands in many boxes.
Box = tuple[str, tuple[str, ...]]

#: Share of the pages on which a box must stand to be taken for furniture, and the fewest pages that can prove it:
#: the home page and the only section may rightly show one and the same list.
STANDING_SHARE = 0.6
FEWEST_PAGES = 3
#: So many articles in the same order tell a box by themselves, in whatever skin it stands.
TELLING = 3


def boxes(listing: Listing) -> dict[Box, tuple[ListedArticle, ...]]:
    """The page's boxes with article links and what stands in them."""
    articles = sorted((*listing.articles, *listing.elsewhere), key=lambda article: article.block)
    found = {}
    for block, group in groupby(articles, key=lambda article: article.block):
        members = tuple(group)
        ids = tuple(member.id for member in members)
        found["" if len(ids) >= TELLING else block, ids] = members
    return found


def standing_boxes(listings: Sequence[Listing]) -> frozenset[Box]:
    """Boxes that stand with the same content on most of these pages."""
    counts = Counter(box for listing in listings for box in boxes(listing))
    needed = max(FEWEST_PAGES, ceil(STANDING_SHARE * len(listings)))
    return frozenset(box for box, count in counts.items() if count >= needed)


def own_articles(listing: Listing, standing: Iterable[Box]) -> tuple[ListedArticle, ...]:
    """The articles of the page's own list, without those of standing boxes.

    When the page by itself took a standing box for its list, the largest other box is the list.
    """
    furniture = set(standing)
    found = boxes(listing)
    theirs = {article for box, members in found.items() if box in furniture for article in members}
    own = tuple(article for article in listing.articles if article not in theirs)
    if own or not listing.articles:
        return own
    others = [members for box, members in found.items() if box not in furniture]
    return max(others, key=len, default=())
