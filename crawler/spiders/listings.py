"""Home page, sections and the further pages of listings: their requests, and what is done with the answers."""

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.extract import EMPTY_LIST
from crawler.items import Link, Listing, Page
from crawler.middlewares.breaker import TRIED, is_trouble
from crawler.middlewares.conditional import CONDITIONAL
from crawler.middlewares.guard import BudgetError
from crawler.middlewares.robots import RobotsError
from crawler.pipelines import ReadArticle
from crawler.spiders.answers import GONE, capture_of, cause_of, header_of, request_of
from crawler.spiders.desk import FirstPage, is_proved
from crawler.spiders.health import PORTAL_REFUSALS
from crawler.spiders.parts import Parts
from crawler.spiders.walk import Walk
from crawler.store import SectionRow, Validators

#: Pages that say nothing of what is usually there.
UNCERTAIN_PAGES = frozenset(
    {"blocked", "captcha", "runtime-error", "truncated", "unreadable", "empty", "parked"}
)


class ListingPages:
    """The listings of one live crawl."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.session = parts.session
        self.site = parts.site
        self.desk = parts.desk
        self.health = parts.health
        #: Why the home page could not be read; None when it could.
        self._home_failure: str | None = None

    # -- requests -------------------------------------------------------------------------------------------

    def home(self) -> Request:
        """The home page."""
        return Request(self.site.home, self.read_home, errback=self.home_failed, dont_filter=True)

    def sections(self) -> list[Request]:
        """The first page of every known section."""
        return [self._first_page(url, None, row) for url, row in self.desk.sections()]

    def further_pages(self) -> Iterator[list[Request]]:
        """The further pages, while judging the first ones leads to some."""
        while self.desk.waiting:
            yield [self._listing_page(*ask) for ask in self.desk.settle()]

    def _first_page(self, url: str, link: Link | None, row: SectionRow | None) -> Request:
        """The first page of a section (`row`), or of a navigation link that may lead to one (`link`)."""
        return Request(
            url,
            self.read_first_page,
            errback=self.listing_failed,
            cb_kwargs={"link": link, "row": row},
            meta={CONDITIONAL: self._may_be_unchanged(row), TRIED: row is None},
            dont_filter=True,
        )

    def _may_be_unchanged(self, row: SectionRow | None) -> bool:
        """Whether an answer 304 would tell all: the listing was walked to its end, and nobody asked for more."""
        options = self.session.options
        walked = row is not None and row.backfilled and row.open_since is None
        return walked and not options.full and not options.section

    def _listing_page(self, walk: Walk, url: str) -> Request:
        return Request(
            url,
            self.read_further_page,
            errback=self.listing_failed,
            cb_kwargs={"walk": walk, "row": walk.row},
            dont_filter=True,
        )

    def _try_links(self, links: Iterable[Link]) -> Iterator[Request]:
        yield from (self._first_page(link.url, link, None) for link in self.desk.new_candidates(links))

    # -- the home page --------------------------------------------------------------------------------------

    async def read_home(self, response: Response) -> AsyncIterator[Request]:
        """Finds sections and articles on the home page."""
        page = await self.parts.read(response)
        if page.listing is None or page.refusal or response.status != 200:
            told = page.refusal if response.status == 200 else f"HTTP status {response.status}"
            self._home_failure = f"its home page answers {told or 'nothing to read'}"
            self.session.report.refused["home-page"] += 1
            return
        self.desk.compare(page.listing)
        self.desk.sight((*page.listing.elsewhere, *page.listing.articles))
        fixed = [Link(url, title) for title, url in self.site.sections]
        for request in self._try_links((*fixed, *page.listing.sections)):
            yield request

    def home_failed(self, failure: Failure) -> None:
        """A portal whose home page cannot be fetched is unreachable, or does not want us."""
        if not isinstance(failure.value, BudgetError):
            self.session.report.blocked = cause_of(failure)

    def judge_home(self) -> None:
        """Without its home page and without any section that answers, a portal counts as unreachable."""
        if not self.parts.pages_read and self._home_failure:
            self.session.report.blocked = self._home_failure

    # -- first pages ----------------------------------------------------------------------------------------

    async def read_first_page(
        self, response: Response, link: Link | None, row: SectionRow | None
    ) -> AsyncIterator[Any]:
        """Holds the first page of a listing until it can be compared with the others."""
        if response.status == 304 and row:
            self.parts.pages_read += 1
            self.desk.unchanged(row)
            return
        page = await self.parts.read(response)
        if page.kind == "listing" and page.listing is not None and self._is_own_page(response, row):
            self.health.went_well()
            validators = Validators(header_of(response, "ETag"), header_of(response, "Last-Modified"))
            address = row.section.url if row else link.url if link else None
            self.desk.hold(FirstPage(address or response.url, page.listing, link, row, validators))
            for request in self._try_links(page.listing.sections):
                yield request
        elif row is not None and is_proved(row):
            self._missed_section(row, response.status, page)
        else:
            for found in self._no_listing(response, page, link or Link(row.section.url or "", "")):  # type: ignore[union-attr]
                yield found

    def _is_own_page(self, response: Response, row: SectionRow | None) -> bool:
        """Whether a listing is the one that was asked for: many portals answer what they miss with the home page."""
        url = self.site.canonical(response.url)
        elsewhere = {
            self.site.canonical(self.site.home),
            *(u for u, other in self.desk.sections() if other != row),
        }
        return url == self.site.canonical(request_of(response).url) or url not in elsewhere

    def _missed_section(self, row: SectionRow, status: int, page: Page) -> None:
        """A known section that does not show its listing."""
        retired = status in GONE and not self.desk.in_menu(row)
        if not retired:  # a section that the portal itself has dropped is no loss
            self.fail(row, page.refusal or "listing-empty")
        if page.refusal in PORTAL_REFUSALS:
            self.health.went_wrong(page.refusal or "")

    def _no_listing(self, response: Response, page: Page, link: Link) -> Iterator[ReadArticle]:
        """A navigation link led to something else: remembered, unless it only could not be read now."""
        if is_trouble(response.status) or page.refusal in UNCERTAIN_PAGES:
            self.session.report.refused["navigation-unreadable"] += 1
        else:
            self.desk.reject(link, page.refusal or page.kind)
        if page.kind == "article" and page.article is not None and page.article.id is not None:
            self.parts.tried.add(page.article.id)
            yield ReadArticle(page.article, capture_of(response))

    # -- further pages --------------------------------------------------------------------------------------

    async def read_further_page(
        self, response: Response, walk: Walk, row: SectionRow
    ) -> AsyncIterator[Request]:
        """Reads one more page of a listing."""
        page = await self.parts.read(response)
        if (
            page.kind != "listing"
            or page.listing is None
            or not self._is_further_page(response, page.listing)
        ):
            self.fail(row, page.refusal or "listing-empty")
            self.health.went_wrong(page.refusal or "listing-empty")
            return
        self.health.went_well()
        ask = self.desk.walk_page(walk, request_of(response).url, page.listing)
        if ask:
            yield self._listing_page(*ask)

    def _is_further_page(self, response: Response, listing: Listing) -> bool:
        """Whether a page goes on with its listing; an empty one must say that it is, to prove a listing's end."""
        moved = self.site.canonical(response.url) != self.site.canonical(request_of(response).url)
        return (bool(listing.articles) and not moved) or listing.rules.get("articles") == EMPTY_LIST

    # -- failures -------------------------------------------------------------------------------------------

    def listing_failed(self, failure: Failure) -> None:
        """A known section that cannot be fetched is told; a navigation link that was only tried is no loss."""
        row: SectionRow | None = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        if self.parts.is_ending(failure):
            return
        robots = isinstance(failure.value, RobotsError)
        if row is not None and is_proved(row):
            self.fail(row, "robots" if robots else "listing-unreachable")
        elif not robots:
            self.session.report.refused["navigation-unreachable"] += 1

    def fail(self, row: SectionRow, reason: str) -> None:
        """Counts a listing that could not be walked."""
        self.session.report.listing(row.section.id).complete = False
        self.session.report.refused[reason] += 1
