"""Extraction of listing and home pages over many skins."""

from collections.abc import Iterator

from crawler.extract import read_page
from crawler.items import Page
from crawler.normalize import fold
from tests.eval.article import HOST
from tests.eval.articles import Verdict, bundled_site
from tests.eval.chrome import NOW
from tests.eval.dice import Dice
from tests.eval.listing import ListingPage, address
from tests.eval.portal import SkinPortal
from tests.eval.texts import articles

FIELDS = ("kind", "articles", "next page", "section links", "listing title", "item titles", "home sections")


def _read(body: bytes, url: str) -> Page:
    return read_page(body, url=HOST + url, site=bundled_site(), fetched_at=NOW)


def _checks(portal: SkinPortal, url: str, shown: ListingPage) -> Iterator[tuple[str, object, object]]:
    found = _read(portal.listing(shown), url)
    yield "kind", "listing", found.kind
    listing = found.listing
    truth = [article.id for article in shown.items]
    yield "articles", truth, None if listing is None else [item.id for item in listing.articles]
    if listing is None:
        return
    last = shown.number == shown.count
    following = None if last else HOST + address(portal.skin, shown.section[1], shown.number + 1)
    yield "next page", following, listing.next_page and listing.next_page.url
    offered = {link.url for link in listing.sections}
    own = {HOST + u for _, u in portal.sections.values()} - {HOST + url, HOST + shown.section[1]}
    yield "section links", set(), own - offered
    yield "listing title", fold(shown.section[0]), fold(listing.title or "")
    yield "item titles", [a.title for a in shown.items], [item.title for item in listing.articles]


def listing_verdicts(seed: str) -> Iterator[Verdict]:
    """Every property of the home page and of each page of each section in one skin."""
    portal = SkinPortal(Dice(seed), articles())
    home = _read(portal.home(), "/").listing
    offered = {link.url for link in home.sections} if home else set()
    missing = {HOST + url for _, url in portal.sections.values()} - offered
    yield Verdict(seed, "/", "home sections", not missing, set(), missing)
    for url, shown in portal.listings().items():
        for name, truth, found in _checks(portal, url, shown):
            yield Verdict(seed, url, name, truth == found, truth, found)
