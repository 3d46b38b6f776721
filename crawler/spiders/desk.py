"""Where listings come together: which links are sections, which articles are a section's own, how far to walk.

Speaks to the store's ledger; knows nothing of requests and responses.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from crawler.crawling.session import CrawlSession
from crawler.extract import EMPTY_LIST
from crawler.extract.listing_addresses import is_further
from crawler.items import Link, ListedArticle, Listing
from crawler.normalize import fold
from crawler.spiders.boxes import Box, own_articles, standing_boxes
from crawler.spiders.walk import MAX_PAGES, Walk, is_older
from crawler.store import SectionRow, Sighting, Validators

#: Navigation links tried in one run that are not yet known to be listings.
MAX_CANDIDATES = 100
#: Pages kept to compare boxes with.
COMPARED_PAGES = 40
#: Two addresses that list these many same articles in the same order are one section.
SAME_LISTING = 5
#: Words of links that lead to a section without naming it.
NAMELESS = frozenset({"", "xem them", "xem tat ca", "chi tiet", "tat ca", "xem tiep", "them", "more"})

#: A navigation link that proved to be no listing is tried again after so many days, by reason: a section may have
#: been empty or under construction.
REJECTED_DAYS = {
    "listing": 7,  # it led to another listing: a redirect, for now
    "no-articles": 7,
    "listing-empty": 7,
    "maintenance": 7,
    "login": 7,
    "soft-404": 7,
    "http-404": 7,
}
LONGEST_REJECTION = 90

Ask = tuple[Walk, str]


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The first page of a listing, or of what a navigation link led to, until it can be compared with others."""

    url: str
    listing: Listing
    link: Link | None = None
    row: SectionRow | None = None
    validators: Validators | None = None


class ListingDesk:
    """The listings of one crawl."""

    def __init__(self, session: CrawlSession) -> None:
        self.session = session
        self.site = session.site
        self.writer = session.writer
        #: Ids listed in a section in this run.
        self.listed: set[str] = set()
        self._sighted: set[str] = set()
        #: Addresses of the home page and of the sections.
        self._listings = {
            self.site.canonical(self.site.home),
            *(row.section.url for row in self.writer.sections(self.site.id)),
        }
        self._rejected = set() if session.options.full else self._still_rejected()
        #: Addresses that some listing names as further pages of itself.
        self._pages: set[str] = set()
        #: Navigation links of this run by address, sections included.
        self._menu: dict[str, Link] = {}
        self._held: list[FirstPage] = []
        self._compared: deque[Listing] = deque(maxlen=COMPARED_PAGES)
        self._standing: frozenset[Box] = frozenset()
        self._navigation: dict[str, Link] = {}
        self._section_of_page: dict[str, str] = {}
        self._own_ids: dict[tuple[str, ...], SectionRow] = {}

    # -- sections -------------------------------------------------------------------------------------------

    def sections(self) -> tuple[tuple[str, SectionRow], ...]:
        """The sections to walk in this run, with their addresses.

        A section that only an article page has named may have no address, or one that proved to be none.
        """
        wanted = self.session.options.section
        rows = ((row.section.url, row) for row in self.writer.sections(self.site.id))
        return tuple(
            (url, row)
            for url, row in rows
            if url
            and self.site.in_site(url)
            and wanted in (None, row.section.id)
            and not self._disproved(row)
        )

    def _disproved(self, row: SectionRow) -> bool:
        return row.section.url in self._rejected and not is_proved(row)

    def _still_rejected(self) -> set[str]:
        now = self.session.now()
        return {
            url
            for url, found in self.writer.rejected().items()
            if now - found.at < timedelta(days=REJECTED_DAYS.get(found.reason, LONGEST_REJECTION))
        }

    def in_menu(self, row: SectionRow) -> bool:
        """Whether some page of this run links to the section in its navigation."""
        return row.section.url in self._menu

    def new_candidates(self, links: Iterable[Link]) -> list[Link]:
        """Those of these navigation links that are neither sections nor known to be none."""
        if self.session.options.section:
            return []
        fresh = []
        for link in links:
            url = self.site.canonical(link.url)
            if url:
                self._menu.setdefault(url, link)
            tried = url in self._listings or url in self._navigation or url in self._rejected
            if url and not tried and len(self._navigation) < MAX_CANDIDATES:
                self._navigation[url] = replace(link, url=url)
                fresh.append(self._navigation[url])
        return fresh

    def reject(self, link: Link, reason: str) -> None:
        """Remembers that a navigation link leads to no listing."""
        self.writer.reject(link.url, reason, self.session.now())

    def compare(self, listing: Listing) -> None:
        """Adds a page (the home page, say) to those that boxes are compared with."""
        self._compared.append(listing)

    # -- first pages ----------------------------------------------------------------------------------------

    @property
    def waiting(self) -> bool:
        """Whether first pages are held."""
        return bool(self._held)

    def hold(self, page: FirstPage) -> None:
        """Takes a first page; `settle` judges all of them side by side."""
        self._held.append(page)
        self.compare(page.listing)

    def settle(self) -> list[Ask]:
        """Judges the held first pages; returns the listing pages to read next."""
        held, self._held = self._held, []
        self._standing |= standing_boxes(self._compared)
        held.sort(
            key=lambda page: page.row is None
        )  # known sections first: a link to one of them is its alias
        asks = (self._settle_one(page) for page in held)
        return [ask for ask in asks if ask]

    def _settle_one(self, page: FirstPage) -> Ask | None:
        own = own_articles(page.listing, self._standing)
        row = page.row or self._section(page, own)
        if row is None:
            return None
        if not own and page.listing.rules.get("articles") != EMPTY_LIST:
            self.session.report.listing(row.section.id).complete = False
            self.session.report.refused["listing-empty"] += 1
            return None
        if own:
            self._own_ids.setdefault(tuple(article.id for article in own), row)
        self._rename(row, page.listing)
        walk = Walk(row, self.session.run, full=self.session.options.full, since=self.session.options.since)
        return self.walk_page(walk, page.url, page.listing, page.validators)

    def _section(self, page: FirstPage, own: tuple[ListedArticle, ...]) -> SectionRow | None:
        """The section that a navigation link proved to lead to; None when it is none, or one known already."""
        link = page.link or Link(page.url, "")
        ids = tuple(article.id for article in own)
        if not ids:
            self.reject(link, "no-articles")
            return None
        title = section_title(link.text, page.listing.title)
        twin = self._own_ids.get(ids)
        if not title or (twin and (len(ids) >= SAME_LISTING or fold(twin.section.title) == fold(title))):
            self.reject(link, f"same as {twin.section.id}" if twin else "no-title")
            return None
        row = self.writer.add_section(title, link.url, self.session.now())
        self._listings.add(link.url)
        self._own_ids[ids] = row
        return row

    # -- walking --------------------------------------------------------------------------------------------

    def walk_page(
        self, walk: Walk, url: str, listing: Listing, validators: Validators | None = None
    ) -> Ask | None:
        """Enters one listing page into the ledger; returns the page to read next, None at the walk's end."""
        own = own_articles(listing, self._standing)
        sightings = self._sight_section(self._new_enough(own), walk.row.section.id)
        self.sight(listing.elsewhere)
        step = walk.after_page(url, own, sightings, listing.next_page.url if listing.next_page else None)
        self.writer.progress(
            walk.row.section.id,
            open_since=step.open_since,
            resume_url=step.resume_url,
            backfilled=step.backfilled,
        )
        if validators and step.complete:
            self.writer.remember_validators(url, validators)
        progress = self.session.report.listing(walk.row.section.id)
        progress.pages += 1
        progress.complete = step.next_url is None and walk.pages < MAX_PAGES
        return (walk, step.next_url) if step.next_url else None

    def _new_enough(self, listed: Iterable[ListedArticle]) -> tuple[ListedArticle, ...]:
        """Without articles that are listed as older than `--since`."""
        since = self.session.options.since
        if since is None:
            return tuple(listed)
        return tuple(article for article in listed if not is_older(article, since))

    def _rename(self, row: SectionRow, listing: Listing) -> None:
        """Takes over a new title from the menu; the section keeps its id."""
        link = self._menu.get(row.section.url or "")
        title = section_title(link.text, listing.title) if link else ""
        if title and title != row.section.title:
            self.writer.add_section(title, row.section.url or "", self.session.now())

    def unchanged(self, row: SectionRow) -> None:
        """The server says that nothing changed since the last complete walk."""
        progress = self.session.report.listing(row.section.id)
        progress.pages += 1
        progress.complete = True

    def sight(self, listed: Iterable[ListedArticle]) -> None:
        """Enters article links into the ledger, without a section; each once a run, however often it is shown."""
        listed = self._new_enough(self._articles(listed))
        fresh = [article for article in listed if article.id not in self._sighted]
        if fresh:
            self._sighted.update(article.id for article in fresh)
            self.writer.sight(fresh, self.session.now(), run=self.session.run, section_id=None)

    def _sight_section(self, own: tuple[ListedArticle, ...], section_id: str) -> tuple[Sighting, ...]:
        ids = [article.id for article in own]
        self.listed.update(ids)
        self._sighted.update(ids)
        return self.writer.sight(own, self.session.now(), run=self.session.run, section_id=section_id)

    def _articles(self, listed: Iterable[ListedArticle]) -> list[ListedArticle]:
        """Without links to sections whose addresses look like articles'."""
        return [a for a in listed if a.url not in self._listings and a.url not in self._navigation]

    # -- replay ---------------------------------------------------------------------------------------------

    def hold_replayed(self, url: str, listing: Listing) -> None:
        """Takes a listing page out of a file, in whatever order pages lie there."""
        address = self.site.canonical(url) or url
        link = self._navigation.get(address) or Link(address, "")
        self.hold(FirstPage(address, listing, link))

    def settle_replayed(self) -> None:
        """Enters the held pages' articles; walks nothing, and leaves alone how far listings were walked."""
        if not self._held:
            return
        held, self._held = self._held, []
        self._standing |= standing_boxes(self._compared)
        links = ((page.url, link.url) for page in held for link in _paging(page.listing))
        self._pages.update(there for here, there in links if is_further(here, there))
        # First pages first, for they make the sections; and those in the order of the menu.
        place = {url: n for n, url in enumerate(self._navigation)}
        held.sort(key=lambda page: (page.url in self._pages, place.get(page.url, len(place))))
        for page in held:
            own = own_articles(page.listing, self._standing)
            row = self._row_of(page.url, page.listing)
            if row is None and page.url not in self._pages:
                row = self._section(page, own)
            if row:
                self._sight_section(own, row.section.id)
                self._section_of_page.update((link.url, row.section.id) for link in _paging(page.listing))
            self.sight(page.listing.elsewhere)

    def _row_of(self, address: str, listing: Listing) -> SectionRow | None:
        rows = {row.section.id: row for row in self.writer.sections(self.site.id)}
        by_page = rows.get(self._section_of_page.get(address, ""))
        if by_page:
            return by_page
        title = fold(listing.title or "")
        named = (row for row in rows.values() if title and fold(row.section.title) == title)
        return next((row for row in rows.values() if row.section.url == address), None) or next(named, None)


def is_proved(row: SectionRow) -> bool:
    """Whether the section's address has ever shown a listing."""
    return row.backfilled or row.open_since is not None


def section_title(link_text: str, heading: str | None) -> str:
    """What a section is called: as the menu says it, else its own heading; a heading mends a menu in capitals."""
    if fold(link_text) in NAMELESS:
        return heading or ""
    same = heading and fold(heading) == fold(link_text)
    return heading if same and link_text.isupper() and heading else link_text


def _paging(listing: Listing) -> Iterator[Link]:
    yield from listing.pages
    if listing.next_page:
        yield listing.next_page
