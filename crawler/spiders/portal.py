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

from crawler.crawling.reading import FetchedPage, PageReader
from crawler.crawling.session import CrawlOptions, CrawlSession
from crawler.items import Capture, Link, ListedArticle, Page
from crawler.middlewares.capture import CAPTURE
from crawler.middlewares.conditional import CONDITIONAL
from crawler.middlewares.guard import BudgetError
from crawler.middlewares.robots import RobotsError
from crawler.pipelines import ReadArticle
from crawler.sites import Site
from crawler.sources.handler import REPLAY
from crawler.spiders.desk import FirstPage, ListingDesk
from crawler.spiders.replay import replay_requests
from crawler.spiders.walk import Walk
from crawler.store import LinkRow, LinkState, SectionRow, StoreError, Validators

#: Requests made at a time; ledger and files are asked for more when these are done.
CHUNK = 200
#: So many pages on end by which the portal as a whole refuses us mean that it blocks us or is down.
BLOCKED_AFTER = 5
#: After a failed or refused try an article is tried again after so many days, by number of tries.
RETRY_DAYS = (1, 3, 7, 30)
#: Refusals by the portal as a whole rather than of one page.
PORTAL_REFUSALS = frozenset(
    {"blocked", "captcha", "maintenance", "login", "runtime-error", "parked"}
)
GONE = (404, 410)


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
        self._refused_on_end = 0
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
            yield from _batches(replay_requests(self.session.reader, self.read_replayed, self.replay_failed))
            self.desk.settle_replayed()
            return
        yield [Request(self.site.home, self.read_home, errback=self.home_failed, dont_filter=True)]
        yield [self._first_page(row.section.url or "", None, row) for row in self.desk.sections()]
        self._judge_home()
        self.phase = "listings"
        while self.desk.waiting:
            yield [self._listing_page(*ask) for ask in self.desk.settle()]
        self.phase = "articles"
        yield from _batches(self._articles())

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
            meta={CONDITIONAL: row is not None and row.open_since is None},
            dont_filter=True,
        )

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
        """What a page says; gives up when the portal as a whole refuses several times on end."""
        fetched_at, charset = _capture(response).fetched_at, _charset(response)
        page = await self.reader.read(
            FetchedPage(response.body, response.url, fetched_at, charset, response.status)
        )
        refused = page.refusal in PORTAL_REFUSALS
        self._refused_on_end = self._refused_on_end + 1 if refused else 0
        self._read_pages += not page.refusal
        if self._refused_on_end >= BLOCKED_AFTER and self.session.options.kind == "live":
            self.session.report.blocked = f"it answers with {page.refusal} pages"
            raise CloseSpider("blocked")
        return page

    async def read_home(self, response: Response) -> AsyncIterator[Request]:
        """Finds sections and articles on the home page."""
        page = await self.read(response)
        if page.listing is None or page.refusal or response.status != 200:
            self._home_failure = f"its home page answers {page.refusal or response.status}"
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
            self.desk.unchanged(row)
            return
        page = await self.read(response)
        if page.kind == "listing" and page.listing is not None:
            validators = Validators(_header(response, "ETag"), _header(response, "Last-Modified"))
            address = row.section.url if row else link.url if link else None
            self.desk.hold(FirstPage(address or response.url, page.listing, link, row, validators))
            for request in self._try_links(page.listing.sections):
                yield request
        elif row is not None:
            self._fail_listing(row, page.refusal or "listing-empty")
        elif link is not None:
            for found in self._no_listing(response, page, link):
                yield found

    def _no_listing(self, response: Response, page: Page, link: Link) -> Iterator[ReadArticle]:
        """A navigation link led to something else: remembered unless the portal was merely out of order."""
        if response.status < 500 and page.refusal not in PORTAL_REFUSALS:
            self.desk.reject(link, page.refusal or page.kind)
        if page.kind == "article" and page.article is not None and page.article.id is not None:
            self._tried.add(page.article.id)
            yield ReadArticle(page.article, _capture(response))

    async def read_further_page(
        self, response: Response, walk: Walk, row: SectionRow
    ) -> AsyncIterator[Request]:
        """Reads one more page of a listing."""
        page = await self.read(response)
        if page.kind != "listing" or page.listing is None:
            self._fail_listing(row, page.refusal or "listing-empty")
            return
        ask = self.desk.walk_page(walk, response.request.url, page.listing)  # type: ignore[union-attr]
        if ask:
            yield self._listing_page(*ask)

    async def read_article(self, response: Response, row: LinkRow) -> AsyncIterator[ReadArticle]:
        """Reads one article of the ledger."""
        page = await self.read(response)
        article = page.article
        if page.kind == "article" and article is not None and article.id is not None:
            if article.id != row.id:
                self._settle(row, "gone", f"moved to {article.id}")
            yield ReadArticle(article, _capture(response))
            self.desk.sight(_related(page))
        elif page.kind == "listing" and response.status == 200 and not page.refusal:
            self._settle(row, "gone", "listing")  # a section with an address like an article's: no loss
        elif response.status in GONE:
            self.session.report.articles["gone"] += 1
            self._refuse(row, f"http-{response.status}")
        else:
            self._refuse(row, page.refusal or f"http-{response.status}")

    async def read_replayed(self, response: Response) -> AsyncIterator[ReadArticle]:
        """Takes a captured page for whatever it is; follows nothing."""
        if response.status != 200:
            return
        if response.request.meta[REPLAY].truncated:  # type: ignore[union-attr]
            self.session.report.refuse("capture-truncated")
            return
        page = await self.read(response)
        if page.kind == "article" and page.article is not None and page.article.id is not None:
            self.desk.settle_replayed()
            yield ReadArticle(page.article, _capture(response))
            self.desk.sight(_related(page))
        elif page.kind == "listing" and page.listing is not None:
            self.desk.hold_replayed(response.url, page.listing)
        elif self.site.article_id(response.url):
            self.session.report.refuse(page.refusal or "no-article")
        elif page.listing is not None and not page.refusal:
            self.desk.compare(page.listing)
            self.desk.new_candidates(page.listing.sections)

    def _try_links(self, links: Iterable[Link]) -> Iterator[Request]:
        yield from (self._first_page(link.url, link, None) for link in self.desk.new_candidates(links))

    # -- failures -------------------------------------------------------------------------------------------

    #: Why the home page could not be read; None when it could.
    _home_failure: str | None = None

    def home_failed(self, failure: Failure) -> None:
        """A portal whose home page cannot be fetched is unreachable, or does not want us."""
        if not isinstance(failure.value, BudgetError):
            self.session.report.blocked = _cause(failure)

    def listing_failed(self, failure: Failure) -> None:
        """A known section that cannot be fetched is told; a navigation link that was only tried is no loss."""
        row: SectionRow | None = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        if row is not None and not isinstance(failure.value, BudgetError):
            self._fail_listing(row, "listing-unreachable")

    def article_failed(self, failure: Failure) -> None:
        """Notes the failed try; the article stays in the ledger."""
        if not isinstance(failure.value, BudgetError):
            reason = "robots" if isinstance(failure.value, RobotsError) else "unreachable"
            self._refuse(failure.request.cb_kwargs["row"], reason, "failed")  # type: ignore[attr-defined]

    def replay_failed(self, failure: Failure) -> None:
        """A captured response that cannot be decoded is counted."""
        self.session.report.refuse("capture-undecodable")

    def on_error(self, failure: Failure, response: Response | None) -> None:
        """An error of disk or store ends the crawl; one of ours costs the page, is counted and told."""
        error = failure.value
        if error is None or isinstance(error, CloseSpider):
            return
        row = response.request.cb_kwargs.get("row") if response is not None and response.request else None
        if isinstance(row, LinkRow) and not isinstance(error, StoreError | OSError):
            self.session.report.internal_error = repr(error)
            self._refuse(row, "internal-error")
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
        """Notes a try without an article; it is made again later and later, after a settled absence never."""
        now = self.session.now()
        wait = timedelta(days=RETRY_DAYS[min(row.tries, len(RETRY_DAYS) - 1)])
        self.session.writer.settle(
            row.id, state, now, reason=reason, retry=None if state == "gone" else now + wait
        )


def _batches(requests: Iterator[Request]) -> Iterator[list[Request]]:
    while batch := list(islice(requests, CHUNK)):
        yield batch


def _capture(response: Response) -> Capture:
    capture: Capture = response.request.meta[CAPTURE]  # type: ignore[union-attr]
    return capture


def _charset(response: Response) -> str | None:
    """The charset of the Content-Type header."""
    _, _, charset = (_header(response, "Content-Type") or "").lower().partition("charset=")
    return charset.split(";")[0].strip(" \"'") or None


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _cause(failure: Failure) -> str:
    """Why a fetch failed, in a few words."""
    message = failure.getErrorMessage().strip()
    return message.splitlines()[0] if message else "no answer"


def _related(page: Page) -> tuple[ListedArticle, ...]:
    """The related block as links for the ledger."""
    related = page.article.related if page.article else ()
    return tuple(
        ListedArticle(item.id, item.url, item.title, item.published)
        for item in related
        if item.id and item.url
    )
