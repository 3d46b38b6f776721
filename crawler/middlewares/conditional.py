"""Asks conditionally where the server gave validators the last time. The spider remembers them, but only
together with what the page said: an answer 304 must never hide what was not entered yet.
"""

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.crawling.session import CrawlSession

#: Key of `request.meta` that asks for a conditional request.
CONDITIONAL = "conditional"


class ConditionalGetMiddleware:
    """Sends If-None-Match and If-Modified-Since for requests that want it."""

    def __init__(self, session: CrawlSession) -> None:
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ConditionalGetMiddleware":
        """Validators from the store of this crawler's spider."""
        return cls(crawler.spider.session)  # type: ignore[union-attr]

    def process_request(self, request: Request) -> None:
        """Adds the validators of the last 200 response."""
        if not request.meta.get(CONDITIONAL):
            return
        for name in ("If-None-Match", "If-Modified-Since"):  # of the address that led here
            request.headers.pop(name, None)
        validators = self.session.writer.validators(request.url)
        if validators and validators.etag:
            request.headers["If-None-Match"] = validators.etag
        if validators and validators.last_modified:
            request.headers["If-Modified-Since"] = validators.last_modified
