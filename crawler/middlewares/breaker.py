"""Leaves a portal alone that fails on end: whether it is down or does not want us, asking on helps nobody."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro

from crawler.sources.handler import REPLAY

#: Answers by which a portal as a whole may refuse us, beside every 5xx.
TROUBLE = (403, 408, 425, 429)
#: So many different addresses on end, without a good answer in between.
LIMIT = 5
#: Key of `request.meta` for links that are only tried: what is wrong with them says nothing of the portal.
TRIED = "tried"


def is_trouble(status: int) -> bool:
    """Whether an answer says nothing of the page that was asked for."""
    return status in TROUBLE or status >= 500


class BreakerMiddleware:
    """Counts failures as they come from the network, before retries."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._failing: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "BreakerMiddleware":
        """For this crawler's portal."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """A good answer proves that the portal is well."""
        if REPLAY in request.meta:
            return response
        if is_trouble(response.status):
            self._note(request, f"HTTP status {response.status}")
        else:
            self._failing.clear()
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """No answer at all."""
        if not isinstance(exception, IgnoreRequest):
            self._note(
                request, str(exception).splitlines()[0] if str(exception) else type(exception).__name__
            )

    def _note(self, request: Request, cause: str) -> None:
        report = self.crawler.spider.session.report  # type: ignore[union-attr]
        if request.meta.get(TRIED) or report.blocked:
            return
        self._failing.add(request.url)
        if len(self._failing) >= LIMIT:
            report.blocked = f"{LIMIT} pages on end could not be read: {cause}"
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="blocked"))
