"""The spider: home page, sections, listings, articles. What to read next is always asked of the store's ledger.

A crawl has phases, and each begins when the one before has run dry (Scrapy's idle signal): home page and the first
page of every section; the further pages of listings; articles. So an article's sections are known before it is
read, and a kill at any moment leaves a ledger from which the next crawl goes on.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from crawler.captures import CaptureError
from crawler.crawling.session import CrawlOptions, CrawlSession
from crawler.sites import Site
from crawler.spiders.articles import ArticlePages
from crawler.spiders.assets import AssetPages
from crawler.spiders.harvest import Harvest
from crawler.spiders.listings import ListingPages
from crawler.spiders.parts import Parts
from crawler.spiders.replay import ReplayedPages
from crawler.store import LinkRow, SectionRow, StoreError


class PortalSpider(Spider):
    """Crawls one site; `crawler.spiders.loader` makes one subclass per site file."""

    name = "portal"
    site: ClassVar[Site]

    def __init__(self, session: CrawlSession, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self.parts = Parts(session, self._stop)
        self.listings = ListingPages(self.parts)
        self.articles = ArticlePages(self.parts)
        self.replayed = ReplayedPages(self.parts)
        self.files = AssetPages(self.parts)
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
        assert isinstance(spider, PortalSpider)  # noqa: S101  Scrapy calls it with nothing else
        spider.parts.reader.close()
        spider.session.report.interrupted = reason == "shutdown"
        try:
            spider.settle()
            spider.session.close()
        except Exception as error:  # noqa: BLE001 (Scrapy would log it and take the run for a good one)
            spider.session.fail(error)

    def settle(self) -> None:
        """What was left open until it is known that the portal was well."""
        report = self.session.report
        if report.blocked or self.session.error:
            return
        self.parts.health.settle_doubts()
        if not report.interrupted:
            self.articles.absences.judge()

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
        if self.session.options.kind in ("wayback", "commoncrawl"):
            yield from self._harvested()
            return
        yield from self._live() if self.session.live else self.replayed.files()
        if not self.session.live or self.session.assets != "none":
            self.phase = "files"
            yield from self.files.live() if self.session.live else self.files.replayed()

    def _harvested(self) -> Iterator[list[Request]]:
        for phase, requests in Harvest(self.parts, self.replayed).phases():
            self.phase = phase
            yield requests

    def _live(self) -> Iterator[list[Request]]:
        yield [self.listings.home()]
        yield self.listings.sections()
        self.listings.judge_home()
        self.phase = "listings"
        yield from self.listings.further_pages()
        self.phase = "articles"
        yield from self.articles.pending()
        if self.session.options.full:
            yield from self.articles.known()
        else:
            self.phase = "re-reading"
            yield from self.articles.due()
        yield from self.articles.proofs()
        self.articles.absences.judge()

    # -- failures -------------------------------------------------------------------------------------------

    def on_error(self, failure: Failure, response: Response | None) -> None:
        """An error of disk or store ends the crawl; one of ours costs the page, is counted and told."""
        error = failure.value
        if error is None or isinstance(error, CloseSpider):
            return
        if isinstance(error, StoreError | CaptureError | OSError):
            self.session.fail(error)
            self._stop("error")
            return
        self.session.report.internal_error = repr(error)
        row = response.request.cb_kwargs.get("row") if response is not None and response.request else None
        if isinstance(row, LinkRow):
            self.parts.health.refuse(row, "internal-error")
        elif isinstance(row, SectionRow):
            self.listings.fail(row, "internal-error")

    def _stop(self, reason: str) -> None:
        """Ends the crawl; what is under way is still answered."""
        deferred_from_coro(self.crawler.engine.close_spider_async(reason=reason))
