"""Boxes that stand on every page put no article into a section."""

from datetime import UTC, datetime

from crawler.items import ListedArticle, Listing
from crawler.spiders.boxes import own_articles, standing_boxes

NOW = datetime(2020, 3, 25, tzinfo=UTC)


def _articles(block: str, *numbers: int) -> tuple[ListedArticle, ...]:
    return tuple(ListedArticle(f"duk{n}", f"/{n}", f"Bài {n}", block=block) for n in numbers)


def _listing(own: tuple[ListedArticle, ...], elsewhere: tuple[ListedArticle, ...] = ()) -> Listing:
    return Listing("dukcqtw", "/", NOW, articles=own, elsewhere=elsewhere)


NEWEST = _articles("div.newest", 91, 92, 93, 94, 95, 96)


def test_a_box_on_every_page_is_furniture_even_when_it_is_the_longest():
    pages = [_listing(_articles("div.list", n), NEWEST) for n in range(4)]
    misread = _listing(NEWEST, _articles("div.list", 50))
    standing = standing_boxes([*pages, misread])
    assert [a.id for a in own_articles(pages[0], standing)] == ["duk0"]
    assert [a.id for a in own_articles(misread, standing)] == ["duk50"]


def test_the_same_box_with_other_articles_is_a_list_of_its_own():
    pages = [_listing(_articles("div.list", n, n + 1)) for n in range(0, 12, 2)]
    assert standing_boxes(pages) == frozenset()


def test_home_page_and_only_section_may_show_one_list():
    listing = _listing(_articles("div.list", 1, 2, 3))
    standing = standing_boxes([listing, listing])
    assert own_articles(listing, standing) == listing.articles


def test_a_page_without_a_list_of_its_own_has_none():
    assert own_articles(_listing((), NEWEST), standing_boxes([_listing((), NEWEST)] * 3)) == ()
