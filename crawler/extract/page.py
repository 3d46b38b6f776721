"""One page, whatever it is: the page decides, its address alone does not. Pure."""

from dataclasses import replace
from datetime import datetime

from crawler.extract.article import address_of, article_from_document, document_of
from crawler.extract.classify import is_truncated, refusal_of_message
from crawler.extract.listing import listing_from_document, looks_like_listing
from crawler.extract.plausible import is_readable
from crawler.items import Article, Listing, Page
from crawler.sites import Site

#: Refusals that say what is wrong with the whole page; the others only say that it is no article.
_WHOLE_PAGE = frozenset(
    (
        "blocked",
        "captcha",
        "maintenance",
        "runtime-error",
        "soft-404",
        "login",
        "parked",
        "empty",
        "unreadable",
        "truncated",
    )
)


def read_page(
    body: bytes,
    *,
    url: str,
    site: Site,
    fetched_at: datetime,
    encoding: str | None = None,
    status: int = 200,
) -> Page:
    """Reads a page once and tells what it is: article, listing, refused (with the reason) or other.

    `status` is the HTTP status; a page that was not sent with success is neither article nor listing, whatever it
    shows. `listing` is None for an article: its related block and its sections are in the article. `article` is None
    for a listing whose address is no article's: nothing it says could make it one. Relative addresses count from
    the page's canonical one, so that a picture is the same under every host and scheme of the site.
    """
    url = site.canonical(url) or url
    document = document_of(body, url, encoding)
    if isinstance(document, str):
        article = Article(
            site.id, site.article_id(url), site.canonical(url) or url, fetched_at, refusal=document
        )
        return Page("refused", article, None, document)
    succeeded = 200 <= status < 300
    listing = None
    if succeeded and site.article_id(address_of(document, site)) is None:
        listing = listing_from_document(document, site, fetched_at)
        if _is_sound(listing) and not is_truncated(document):
            return Page("listing", None, listing)
    article = article_from_document(document, site, fetched_at)
    if not succeeded:
        reason = refusal_of_message(document) or f"http-{status}"
        return Page("refused", replace(article, refusal=reason), None, reason)
    if article.refusal is None:
        return Page("article", article, None)
    listing = listing or listing_from_document(document, site, fetched_at)
    broken = article.refusal in ("truncated", "unreadable")
    if article.refusal in _WHOLE_PAGE and (broken or not listing.articles):
        return Page("refused", article, listing, article.refusal)
    return Page("listing" if looks_like_listing(listing) else "other", article, listing)


def _is_sound(listing: Listing) -> bool:
    """Whether a page lists articles of its own, under titles that can be read."""
    return bool(listing.articles) and is_readable(" ".join(item.title or "" for item in listing.articles))
