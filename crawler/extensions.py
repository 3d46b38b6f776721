"""What runs beside a crawl: group commits by the clock, and a progress bar on a terminal."""

import sys

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.task import LoopingCall

from crawler.captures import CaptureDiskError
from crawler.crawling.session import COMMIT_SECONDS, CrawlSession
from crawler.spiders.portal import PortalSpider
from crawler.store import StoreError


class GroupCommit:
    """Commits what is older than a second even when the portal answers slowly."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._loop = LoopingCall(self._tick)
        crawler.signals.connect(self._start, signals.spider_opened)
        crawler.signals.connect(self._stop, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GroupCommit":
        """For this crawler's session."""
        return cls(crawler)

    def _start(self, spider: PortalSpider) -> None:
        self._loop.start(COMMIT_SECONDS, now=False)

    def _stop(self, spider: PortalSpider) -> None:
        if self._loop.running:
            self._loop.stop()

    def _tick(self) -> None:
        session: CrawlSession = self._crawler.spider.session  # type: ignore[union-attr]
        try:
            session.commit_if_due()
        except (CaptureDiskError, StoreError) as error:
            session.fail(error)
            deferred_from_coro(self._crawler.engine.close_spider_async(reason="error"))


class ProgressBar:
    """Shows on a terminal how many pages were read and how many are known to be left."""

    def __init__(self, crawler: Crawler) -> None:
        if not sys.stderr.isatty() or not crawler.settings.getbool("BANTIN_PROGRESS", True):
            raise NotConfigured
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(
            *columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True, refresh_per_second=4
        )
        crawler.signals.connect(self._start, signals.spider_opened)
        crawler.signals.connect(self._received, signals.response_received)
        crawler.signals.connect(self._stop, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ProgressBar":
        """NotConfigured where nobody looks."""
        return cls(crawler)

    def _start(self, spider: PortalSpider) -> None:
        self._progress.start()
        self._task = self._progress.add_task(spider.name, total=None)

    def _received(self, spider: PortalSpider) -> None:
        self._progress.update(self._task, advance=1, description=f"{spider.name}: {spider.phase}")

    def _stop(self, spider: PortalSpider) -> None:
        self._progress.stop()
