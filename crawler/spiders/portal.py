"""The spider: home page, sections, listings, articles. What to read next is always asked of the store's ledger.

A crawl has phases, and each begins when the one before has run dry (Scrapy's idle signal): home page and the first
page of every section; the further pages of listings; articles. So an article's sections are known before it is
read, and a kill at any moment leaves a ledger from which the next crawl goes on.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from crawler.captures import CaptureError
from crawler.crawling.reading import FetchedPage, PageReader, charset_of
from crawler.crawling.session import CrawlOptions, CrawlSession
from crawler.extract import EMPTY_LIST
from crawler.items import Capture, Link, ListedArticle, Listing, Page
from crawler.middlewares.breaker import TRIED, is_trouble
from crawler.middlewares.capture import CAPTURE
from crawler.middlewares.conditional import CONDITIONAL
from crawler.middlewares.guard import BudgetError
from crawler.middlewares.robots import RobotsError
from crawler.pipelines import ReadArticle
from crawler.sites import Site
from crawler.sources.handler import REPLAY
from crawler.spiders.desk import FirstPage, ListingDesk, is_proved
from crawler.spiders.replay import replay_requests
from crawler.spiders.walk import Walk
from crawler.store import LinkRow, LinkState, SectionRow, StoreError, Validators

#: Requests made at a time; ledger and files are asked for more when these are done.
CHUNK = 200
#: So many pages on end by which the portal as a whole refuses us mean that it blocks us or is down.
BLOCKED_AFTER = 5
#: After a refused try an article is tried again after so many days, by number of tries.
RETRY_DAYS = (1, 3, 7, 30)
#: Refusals by the portal as a whole rather than of one page.
PORTAL_REFUSALS = frozenset({"blocked", "captcha", "maintenance", "login", "runtime-error", "parked"})
GONE = (404, 410)
#: Pages that say nothing of what is usually there.
UNCERTAIN_PAGES = frozenset(
    {"blocked", "captcha", "runtime-error", "truncated", "unreadable", "empty", "parked"}
)


class PortalSpider(Spider):
    """Crawls one site; `crawler.spiders.loader` makes one subclass per site file."""

    name = "portal"
    site: ClassVar[Site]

    def __init__(self, session: CrawlSession, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self.desk = ListingDesk(session)
        self.reader = PageReader(self.site, parallel=session.config.delay == 0 or session.reader is not None)
        self._tried: set[str] = set()
        #: Failures on end, and the articles they happened to: settled once it is known that the portal is well.
        self._trouble = 0
        self._doubts: list[tuple[LinkRow, str, LinkState]] = []
        #: Why the home page could not be read; None when it could.
        self._home_failure: str | None = None
        self._read_pages = 0
        #: What the crawl is at, for people.
        self.phase = "sections"
        self._work = self._phases()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "PortalSpider":
        """Opens the session; its errors (lock, store, captures, options) end the crawl before it begins."""
        options = CrawlOptions.from_arguments(kwargs)
        spider = cls(CrawlSession.open(crawler.settings["BANTIN_CONFIG"], cls.site, options))
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.go_on, signals.spider_idle)
        crawler.signals.connect(spider.on_error, signals.spider_error)
        crawler.signals.connect(spider.on_error, signals.item_error)
        return spider

    @staticmethod
    def close(spider: Spider, reason: str) -> None:
        """Scrapy's last word to the spider: ends the run."""
        session: CrawlSession = spider.session  # type: ignore[attr-defined]
        spider.reader.close()  # type: ignore[attr-defined]
        session.report.interrupted = reason == "shutdown"
        try:
            if not session.report.blocked and not session.error:
                spider.settle_doubts()  # type: ignore[attr-defined]
            session.close()
        except Exception as error:  # noqa: BLE001 (Scrapy would log it and take the run for a good one)
            session.fail(error)

    # -- phases ---------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """The first requests; `go_on` makes the later ones."""
        for request in next(self._work, ()):
            yield request

    def go_on(self) -> None:
        """Everything asked for has been answered: begins the next phase that has work."""
        if self.session.report.budget_reached or self.session.report.blocked or self.session.error:
            return
        try:
            requests = next(filter(None, self._work), None)
        except Exception as error:  # noqa: BLE001 (Scrapy would log it and take the run for a good one)
            self.session.fail(error)
            return
        if requests:
            for request in requests:
                self.crawler.engine.crawl(request)
            raise DontCloseSpider

    def _phases(self) -> Iterator[list[Request]]:
        """Batches of requests; each batch is made when the one before is done."""
        if self.session.reader is not None:
            yield from self._replay()
            return
        yield [Request(self.site.home, self.read_home, errback=self.home_failed, dont_filter=True)]
        yield [self._first_page(url, None, row) for url, row in self.desk.sections()]
        self._judge_home()
        self.phase = "listings"
        while self.desk.waiting:
            yield [self._listing_page(*ask) for ask in self.desk.settle()]
        self.phase = "articles"
        yield from _batches(self._articles())

    def _replay(self) -> Iterator[list[Request]]:
        """Home page and listings of the files first, then articles: their sections are known when they are read."""
        site = self.site
        for wanted in (lambda url: not site.article_id(url), lambda url: bool(site.article_id(url))):
            captured = self.session.captured(wanted)
            yield from _batches(replay_requests(captured, self.read_replayed, self.replay_failed))
            self.desk.settle_replayed()

    def _judge_home(self) -> None:
        """Without its home page and without any section that answers, a portal counts as unreachable."""
        if not self._read_pages and self._home_failure:
            self.session.report.blocked = self._home_failure

    def _articles(self) -> Iterator[Request]:
        """Links of the ledger to read now, while reading finds more; with `full` every known article."""
        writer, session = self.session.writer, self.session
        while fresh := [row for row in writer.pending(session.now()) if self._wanted(row.id)]:
            yield from (self._article(row) for row in fresh)
        if session.options.full:
            known = [row for row in writer.read_before(session.run) if self._wanted(row.id)]
            yield from (self._article(row) for row in known)

    def _wanted(self, article_id: str) -> bool:
        return article_id not in self._tried and (
            not self.session.options.section or article_id in self.desk.listed
        )

    # -- requests -------------------------------------------------------------------------------------------

    def _article(self, row: LinkRow) -> Request:
        self._tried.add(row.id)
        return Request(
            row.url, self.read_article, errback=self.article_failed, cb_kwargs={"row": row}, dont_filter=True
        )

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

    # -- pages ----------------------------------------------------------------------------------------------

    async def read(self, response: Response) -> Page:
        """What a page says."""
        fetched_at, charset = _capture(response).fetched_at, charset_of(_header(response, "Content-Type"))
        page = await self.reader.read(
            FetchedPage(response.body, response.url, fetched_at, charset, response.status)
        )
        self._read_pages += not page.refusal
        return page

    def _went_well(self) -> None:
        """A page as expected: whatever failed before it was no block."""
        self._trouble = 0
        self.settle_doubts()

    def _went_wrong(self, reason: str) -> None:
        """One more page on end by which the portal as a whole refuses; after several it is left alone."""
        self._trouble += 1
        if self._trouble >= BLOCKED_AFTER and self.session.reader is None and not self.session.report.blocked:
            self.session.report.blocked = f"several pages on end failed: {reason}"
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="blocked"))

    def _doubt(self, row: LinkRow, reason: str, state: LinkState) -> None:
        """An article that could not be read, for a reason that may be the whole portal's."""
        self.session.report.refuse(reason)
        self._doubts.append((row, reason, state))

    def settle_doubts(self) -> None:
        """Failures that were no block after all are the articles' own."""
        doubts, self._doubts = self._doubts, []
        for row, reason, state in doubts:
            self._settle(row, state, reason)

    async def read_home(self, response: Response) -> AsyncIterator[Request]:
        """Finds sections and articles on the home page."""
        page = await self.read(response)
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

    async def read_first_page(
        self, response: Response, link: Link | None, row: SectionRow | None
    ) -> AsyncIterator[Any]:
        """Holds the first page of a listing until it can be compared with the others."""
        if response.status == 304 and row:
            self._read_pages += 1
            self.desk.unchanged(row)
            return
        page = await self.read(response)
        if page.kind == "listing" and page.listing is not None and self._is_own_page(response, row):
            self._went_well()
            validators = Validators(_header(response, "ETag"), _header(response, "Last-Modified"))
            address = row.section.url if row else link.url if link else None
            self.desk.hold(FirstPage(address or response.url, page.listing, link, row, validators))
            for request in self._try_links(page.listing.sections):
                yield request
        elif row is not None and is_proved(row):
            retired = response.status in GONE and not self.desk.in_menu(row)
            if not retired:  # a section that the portal itself has dropped is no loss
                self._fail_listing(row, page.refusal or "listing-empty")
            if page.refusal in PORTAL_REFUSALS:
                self._went_wrong(page.refusal or "")
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
        return url == self.site.canonical(response.request.url) or url not in elsewhere  # type: ignore[union-attr]

    def _no_listing(self, response: Response, page: Page, link: Link) -> Iterator[ReadArticle]:
        """A navigation link led to something else: remembered, unless it only could not be read now."""
        if is_trouble(response.status) or page.refusal in UNCERTAIN_PAGES:
            self.session.report.refused["navigation-unreadable"] += 1
        else:
            self.desk.reject(link, page.refusal or page.kind)
        if page.kind == "article" and page.article is not None and page.article.id is not None:
            self._tried.add(page.article.id)
            yield ReadArticle(page.article, _capture(response))

    async def read_further_page(
        self, response: Response, walk: Walk, row: SectionRow
    ) -> AsyncIterator[Request]:
        """Reads one more page of a listing."""
        page = await self.read(response)
        if (
            page.kind != "listing"
            or page.listing is None
            or not self._is_further_page(response, page.listing)
        ):
            self._fail_listing(row, page.refusal or "listing-empty")
            self._went_wrong(page.refusal or "listing-empty")
            return
        self._went_well()
        ask = self.desk.walk_page(walk, response.request.url, page.listing)  # type: ignore[union-attr]
        if ask:
            yield self._listing_page(*ask)

    def _is_further_page(self, response: Response, listing: Listing) -> bool:
        """Whether a page goes on with its listing; an empty one must say that it is, to prove a listing's end."""
        moved = self.site.canonical(response.url) != self.site.canonical(response.request.url)  # type: ignore[union-attr]
        return (bool(listing.articles) and not moved) or listing.rules.get("articles") == EMPTY_LIST

    async def read_article(self, response: Response, row: LinkRow) -> AsyncIterator[ReadArticle]:
        """Reads one article of the ledger."""
        page = await self.read(response)
        article = page.article
        if page.kind == "article" and article is not None and article.id is not None:
            self._went_well()
            if article.id != row.id:  # a redirect; what it leads away from may come back
                self._settle(row, "refused", f"moved to {article.id}")
            yield ReadArticle(article, _capture(response))
            self.desk.sight(_related(page))
        elif (
            page.kind == "listing"
            and self.site.article_id(response.url) == row.id
            and row.last_read_run is None
        ):
            self._went_well()
            self._settle(row, "refused", "listing")  # a section with an address like an article's: no loss
        elif response.status in GONE:
            self._note_absence(row, response.status)
        else:
            self._not_an_article(row, response.status, page)

    def _not_an_article(self, row: LinkRow, status: int, page: Page) -> None:
        """An answer without an article: a sign that something is wrong with the portal, or with this one page."""
        if is_trouble(status):
            self._doubt(row, f"http-{status}", "failed")
        elif page.refusal in PORTAL_REFUSALS:
            self._doubt(row, page.refusal or "", "refused")
            self._went_wrong(page.refusal or "")
        else:
            self._went_well()
            instead = "listing-instead" if page.kind == "listing" else f"http-{status}"
            self._refuse(row, page.refusal or instead)

    def _note_absence(self, row: LinkRow, status: int) -> None:
        """An article that was read before is counted as gone; only a 410 is taken at its word at once."""
        self._went_well()
        if status == 410 or row.last_read_run is not None:
            self.session.report.articles["gone"] += 1
            self._settle(row, "gone" if status == 410 else "refused", f"http-{status}")
        else:
            self._refuse(row, f"http-{status}")

    async def read_replayed(self, response: Response) -> AsyncIterator[ReadArticle]:
        """Takes a captured page for whatever it is; follows nothing."""
        if response.status != 200:
            return
        captured = response.request.meta[REPLAY]  # type: ignore[union-attr]
        if captured.truncated or captured.fetched_at > self.session.now() + timedelta(days=1):
            self.session.report.refuse("capture-truncated" if captured.truncated else "capture-in-future")
            return
        page = await self.read(response)
        if page.kind == "article" and page.article is not None and page.article.id is not None:
            self.desk.settle_replayed()
            yield ReadArticle(page.article, _capture(response))
            self.desk.sight(_related(page))
        elif page.listing is not None and not page.refusal and self._is_home(response.url, page):
            self.desk.compare(page.listing)
            self.desk.sight((*page.listing.elsewhere, *page.listing.articles))
            self.desk.new_candidates(page.listing.sections)
        elif page.kind == "listing" and page.listing is not None:
            self.desk.hold_replayed(response.url, page.listing)
        elif self.site.article_id(response.url):
            self.session.report.refuse(page.refusal or "no-article")

    def _is_home(self, url: str, page: Page) -> bool:
        """The home page, whatever it lists, and other pages without a list of their own."""
        return self.site.canonical(url) == self.site.canonical(self.site.home) or page.kind == "other"

    def _try_links(self, links: Iterable[Link]) -> Iterator[Request]:
        yield from (self._first_page(link.url, link, None) for link in self.desk.new_candidates(links))

    # -- failures -------------------------------------------------------------------------------------------

    def home_failed(self, failure: Failure) -> None:
        """A portal whose home page cannot be fetched is unreachable, or does not want us."""
        if not isinstance(failure.value, BudgetError):
            self.session.report.blocked = _cause(failure)

    def _is_ending(self, failure: Failure) -> bool:
        """Whether a request was only kept back because the crawl is ending."""
        report = self.session.report
        return isinstance(failure.value, BudgetError) or bool(report.blocked or self.session.error)

    def listing_failed(self, failure: Failure) -> None:
        """A known section that cannot be fetched is told; a navigation link that was only tried is no loss."""
        row: SectionRow | None = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        if self._is_ending(failure):
            return
        robots = isinstance(failure.value, RobotsError)
        if row is not None and is_proved(row):
            self._fail_listing(row, "robots" if robots else "listing-unreachable")
        elif not robots:
            self.session.report.refused["navigation-unreachable"] += 1

    def article_failed(self, failure: Failure) -> None:
        """Notes the failed try; the article stays in the ledger."""
        row: LinkRow = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        if self._is_ending(failure):
            return
        if isinstance(failure.value, RobotsError):
            self._refuse(row, "robots", "failed")
        else:
            self._doubt(row, "unreachable", "failed")

    def replay_failed(self, failure: Failure) -> None:
        """A captured response that cannot be decoded is counted."""
        self.session.report.refuse("capture-undecodable")

    def on_error(self, failure: Failure, response: Response | None) -> None:
        """An error of disk or store ends the crawl; one of ours costs the page, is counted and told."""
        error = failure.value
        if error is None or isinstance(error, CloseSpider):
            return
        if not isinstance(error, StoreError | CaptureError | OSError):
            self.session.report.internal_error = repr(error)
            row = response.request.cb_kwargs.get("row") if response is not None and response.request else None
            if isinstance(row, LinkRow):
                self._refuse(row, "internal-error")
            elif isinstance(row, SectionRow):
                self._fail_listing(row, "internal-error")
            return
        self.session.fail(error)
        deferred_from_coro(self.crawler.engine.close_spider_async(reason="error"))

    def _fail_listing(self, row: SectionRow, reason: str) -> None:
        self.session.report.listing(row.section.id).complete = False
        self.session.report.refused[reason] += 1

    def _refuse(self, row: LinkRow, reason: str, state: LinkState = "refused") -> None:
        self.session.report.refuse(reason)
        self._settle(row, state, reason)

    def _settle(self, row: LinkRow, state: LinkState, reason: str) -> None:
        """Notes a try without an article: one that failed is made again in the next crawl, one that was refused
        later and later, one of an article that is gone never.
        """
        now = self.session.now()
        days = 0 if state == "failed" else RETRY_DAYS[min(row.tries, len(RETRY_DAYS) - 1)]
        wait = timedelta(days=days)
        self.session.writer.settle(
            row.id, state, now, reason=reason, retry=None if state == "gone" else now + wait
        )


def _batches(requests: Iterator[Request]) -> Iterator[list[Request]]:
    while batch := list(islice(requests, CHUNK)):
        yield batch


def _capture(response: Response) -> Capture:
    capture: Capture = response.request.meta[CAPTURE]  # type: ignore[union-attr]
    return capture


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _cause(failure: Failure) -> str:
    """Why a fetch failed, in a few words; Twisted wraps the cause in a list."""
    reasons = getattr(failure.value, "reasons", None)
    message = (reasons[0] if reasons else failure).getErrorMessage().strip()
    return message.splitlines()[0] if message else "no answer"


def _related(page: Page) -> tuple[ListedArticle, ...]:
    """The related block as links for the ledger."""
    related = page.article.related if page.article else ()
    return tuple(
        ListedArticle(item.id, item.url, item.title, item.published)
        for item in related
        if item.id and item.url
    )
