"""Takes articles into the store."""

from dataclasses import dataclass

from scrapy.crawler import Crawler

from crawler.crawling.session import CrawlSession
from crawler.items import Article, Capture


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """The spider's item: an article and the capture it was read from."""

    article: Article
    capture: Capture


class StorePipeline:
    """Hands each article to the crawl's session."""

    def __init__(self, session: CrawlSession) -> None:
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        """Stores into the session of this crawler's spider."""
        return cls(crawler.spider.session)  # type: ignore[union-attr]

    def process_item(self, item: ReadArticle) -> ReadArticle:
        """Stores one article; other items pass."""
        if isinstance(item, ReadArticle):
            self.session.add(item.article, item.capture)
        return item
