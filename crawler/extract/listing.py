"""A page as a listing: its own list of articles, other article links, sections, paging. Pure.

Which list is the page's own is judged by what stands around it (the page's name before it, a pager after it), by
how its items look (dates, summaries), and by what speaks against it (the heading of a most-read box, a place in
a side column). A page of several section boxes, such as a home page, has no own list: its articles stand in
`elsewhere`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crawler.extract.document import Document, read_document
from crawler.extract.encoding import decode
from crawler.extract.listing_above import find_headings
from crawler.extract.listing_boxes import Box, find_boxes, name_of
from crawler.extract.listing_heading import STRIP, Names, names_of
from crawler.extract.listing_items import listed
from crawler.extract.listing_own import EMPTY_LIST, SECTION_BOXES, Choice, choose
from crawler.extract.listing_paging import find_paging, without_pages
from crawler.extract.listing_runs import PageText
from crawler.extract.listing_sections import find_sections, is_menu, may_be_menus
from crawler.items import ListedArticle, Listing
from crawler.sites import Site


def extract_listing(
    body: bytes, *, url: str, site: Site, fetched_at: datetime, encoding: str | None = None
) -> Listing:
    """What one page offers to a crawler.

    `encoding` is the charset of the Content-Type header. Never raises on what a page holds; a page that cannot be
    read has `refusal` set.
    """
    decoded = decode(body, encoding)
    if decoded is None:
        return Listing(site.id, site.canonical(url) or url, fetched_at, refusal="unreadable")
    return listing_from_document(read_document(decoded.text, url), site, fetched_at)


def listing_from_document(document: Document, site: Site, fetched_at: datetime) -> Listing:
    """As `extract_listing`, of a page already parsed."""
    page = PageText(document, site)
    paging = find_paging(page)
    pager_runs = frozenset(n for first, last in paging.extents for n in range(first, last + 1))
    page.turns = frozenset(first for first, last in paging.extents if last < first)
    names = names_of(page, pager_runs)
    boxes = find_boxes(page, paging.urls, pager_runs)
    find_headings(page, boxes, pager_runs)
    menus = [box for box in boxes if is_menu(page, box)]
    boxes = [box for box in boxes if box not in menus]
    choice = choose(page, boxes, names, paging)
    if not paging.kin and paging.turner and not _turns(choice.own, boxes, paging.turner[0]):
        paging = without_pages(paging)
    others = [box for box in boxes if box not in choice.own]
    title, title_rule = _title(choice, names)
    rules = {"articles": choice.rule, "next_page": paging.rule, "title": title_rule}
    return Listing(
        site=site.id,
        url=page.url,
        fetched_at=fetched_at,
        title=title,
        articles=_own(_articles(page, choice.own, names, fetched_at)),
        elsewhere=tuple(_articles(page, others, names, fetched_at)),
        sections=find_sections(page, paging.links, menus + may_be_menus(page, others)),
        next_page=paging.next_page,
        pages=paging.pages,
        rules={field: rule for field, rule in rules.items() if rule},
    )


def _own(listed: Iterable[ListedArticle]) -> tuple[ListedArticle, ...]:
    """Each article once, where it stands first."""
    articles: dict[str, ListedArticle] = {}
    for article in listed:
        articles.setdefault(article.id, article)
    return tuple(articles.values())


def looks_like_listing(listing: Listing) -> bool:
    """Whether a page lists articles as its main content: a list, boxes of sections, or an empty list."""
    if listing.refusal is not None:
        return False
    return bool(listing.articles) or listing.rules.get("articles") in (SECTION_BOXES, EMPTY_LIST)


def _turns(own: tuple[Box, ...], boxes: list[Box], turner: int) -> bool:
    """Whether a pager with foreign addresses stands right after the page's own list."""
    before = [box for box in boxes if box.start < turner]
    return not before or before[-1] in own


def _articles(page: PageText, boxes: Iterable[Box], names: Names, now: datetime) -> list[ListedArticle]:
    """The articles of boxes in page order, each once per box name."""
    found: dict[tuple[str, str], ListedArticle] = {}
    for box in boxes:
        heading = box.headings[0] if box.headings else None
        name = name_of(box.container)
        if heading is not None and not names.fits(heading):
            name += f" | {heading.folded}"
        for article in listed(page, box, name, now):
            found.setdefault((article.id, article.block), article)
    return list(found.values())


def _title(choice: Choice, names: Names) -> tuple[str | None, str]:
    """What the page calls itself, and the rule that says so."""
    headings = choice.own[0].headings if choice.own else []
    named = next((run for run in headings if names.fits(run)), None)
    if "h1" not in names.by_rule and named is not None:
        return named.text.strip(STRIP), "heading of the list"
    for rule, text in names.by_rule.items():
        return text, rule
    return (headings[0].text, "heading of the list") if headings else (None, "")
