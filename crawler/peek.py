"""Fetches one page under all the rules of a crawl (hosts, robots.txt, sizes) and keeps nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler.config import Config
from crawler.crawling.reading import charset_of
from crawler.crawling.scrapy_settings import scrapy_settings
from crawler.crawling.session import CrawlOptions
from crawler.report import RunReport
from crawler.runner import hush
from crawler.sites import Site


class PeekError(Exception):
    """The page cannot be had; `exit_code` is the contract's."""

    exit_code = 6


@dataclass(frozen=True, slots=True)
class Peeked:
    """A page as fetched."""

    url: str
    status: int
    body: bytes
    charset: str | None


@dataclass(frozen=True, slots=True)
class _PeekSession:
    """As much of a crawl's session as the guard asks for."""

    config: Config
    site: Site
    options: CrawlOptions
    report: RunReport
    error: None = None
    max_requests: None = None


class _PeekSpider(Spider):
    name = "peek"

    def __init__(self, session: _PeekSession, url: str, answers: list[Response | Failure]) -> None:
        super().__init__()
        self.session = session
        self.url = url
        self.answers = answers

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "_PeekSpider":
        spider = cls(*args, **kwargs)
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url, self.answers.append, errback=self.answers.append)


def peek(config: Config, site: Site, url: str, *, log_level: str = "WARNING") -> Peeked:
    """Fetches one page of a site; once per process. Raises PeekError."""
    settings = scrapy_settings(config, log_level=log_level)
    keeps = ("breaker", "capture", "conditional")
    middlewares = settings["DOWNLOADER_MIDDLEWARES"].items()
    settings["DOWNLOADER_MIDDLEWARES"] = {
        path: None if path.split(".")[-2] in keeps else order for path, order in middlewares
    }
    settings |= {"ITEM_PIPELINES": {}, "EXTENSIONS": {}}
    answers: list[Response | Failure] = []
    session = _PeekSession(config, site, CrawlOptions(), RunReport(site.id, "live", config.clock()))
    process = CrawlerProcess(Settings(settings))
    hush(log_level)
    process.crawl(_PeekSpider, session, url, answers)
    process.start()
    answer = answers[0] if answers else None
    if answer is None:
        raise PeekError("interrupted")
    if isinstance(answer, Failure):
        raise PeekError(f"cannot be fetched: {answer.getErrorMessage().splitlines()[0]}")
    return Peeked(
        answer.url,
        answer.status,
        answer.body,
        charset_of((answer.headers.get("Content-Type") or b"").decode("latin-1")),
    )
