"""Pages that were captured before: requests that bring their own answer, and what is done with it. Follows nothing."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.captures import CapturedResponse, CaptureReader
from crawler.captures.parse import header
from crawler.crawling.assets import media_type_of
from crawler.crawling.scrapy_settings import REPLAY_SLOT
from crawler.items import Page
from crawler.pipelines import ReadArticle
from crawler.sources.handler import REPLAY
from crawler.spiders.answers import batches, capture_of, header_of, related_links, request_of
from crawler.spiders.captured_absences import CapturedAbsences
from crawler.spiders.missing import IMPOSSIBLE
from crawler.spiders.parts import Parts

log = logging.getLogger(__name__)

#: Ends of the media types by which pages are sent, rightly or wrongly.
PAGE_TYPES = ("html", "xml", "plain", "octet-stream")


def replay_requests(
    reader: CaptureReader, callback: Callable[..., Any], errback: Callable[..., Any]
) -> Iterator[Request]:
    """One request for every captured response that the reader gives."""
    for captured in reader:
        yield Request(captured.url, callback, errback=errback, meta=replay_meta(captured), dont_filter=True)


def replay_meta(captured: CapturedResponse) -> dict[str, Any]:
    """What a request carries that brings its own answer."""
    meta = {REPLAY: captured, "download_slot": REPLAY_SLOT, "autothrottle_dont_adjust_delay": True}
    # An archived redirect is an answer like any other.
    return meta | {"dont_redirect": True, "dont_retry": True}


class ReplayedPages:
    """The pages of one crawl that come out of files, or out of an archive as if they came out of files."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.session = parts.session
        self.site = parts.site
        self.desk = parts.desk
        self.absences = CapturedAbsences(parts)

    def files(self) -> Iterator[list[Request]]:
        """Home page and listings of the files first, then articles: their sections are known when they are read.

        What the captures say of articles that are gone is judged when all are read.
        """
        site = self.site
        for wanted in (lambda url: not site.article_id(url), lambda url: bool(site.article_id(url))):
            captured = self.session.captured(wanted)
            yield from batches(replay_requests(captured, self.read, self.failed))
            self.desk.settle_replayed()
        self.absences.judge()

    async def read(self, response: Response) -> AsyncIterator[ReadArticle]:
        """Takes a captured page for whatever it is."""
        if response.status != 200:
            self._look(response)
            return
        if self._is_no_page(response):
            return
        if self._is_unusable(request_of(response)):
            return
        page = await self.parts.read(response)
        if page.kind == "article" and page.article is not None and page.article.id is not None:
            self.desk.settle_replayed()
            self.absences.shown(page.article.id, capture_of(response).fetched_at)
            yield ReadArticle(page.article, capture_of(response))
            self.desk.sight(related_links(page))
        elif page.listing is not None and not page.refusal and self._is_home(response.url, page):
            self.desk.compare(page.listing)
            self.desk.sight((*page.listing.elsewhere, *page.listing.articles))
            self.desk.new_candidates(page.listing.sections)
        elif page.kind == "listing" and page.listing is not None:
            self.desk.hold_replayed(response.url, page.listing)
        elif self.site.article_id(response.url):
            self._refuse(page.refusal or "no-article", request_of(response))

    def _look(self, response: Response) -> None:
        """Takes an answer that brings no page for what it says of an article."""
        if not self._is_in_future(request_of(response).meta[REPLAY]):
            self.absences.look(response)

    def _is_no_page(self, response: Response) -> bool:
        """Whether an answer is a file that articles name, or what the portal answers for what cannot exist."""
        return IMPOSSIBLE in response.url or self._is_file(response.url, header_of(response, "Content-Type"))

    def _is_file(self, url: str, content_type: str | None) -> bool:
        media_type = media_type_of(content_type) or "text/html"
        return self.site.article_id(url) is None and not media_type.endswith(PAGE_TYPES)

    def _is_unusable(self, request: Request) -> bool:
        """Whether a capture can prove nothing; then it is counted."""
        captured: CapturedResponse = request.meta[REPLAY]
        if captured.truncated:
            self._refuse("capture-truncated", request)
        elif self._is_in_future(captured):
            self._refuse("capture-in-future", request)
        else:
            return False
        return True

    def _is_in_future(self, captured: CapturedResponse) -> bool:
        return captured.fetched_at > self.session.now() + timedelta(days=1)

    def _is_home(self, url: str, page: Page) -> bool:
        """The home page, whatever it lists, and other pages without a list of their own."""
        return self.site.canonical(url) == self.site.canonical(self.site.home) or page.kind == "other"

    def failed(self, failure: Failure) -> None:
        """A captured response that cannot be decoded is counted; a file that is longer than any page comes later."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if not self._is_file(request.url, header(request.meta[REPLAY].headers, "content-type")):
            self._refuse("capture-undecodable", request)

    def _refuse(self, reason: str, request: Request) -> None:
        """Counts a capture that gives no article, and names it for those who look for it."""
        self.session.report.refuse(reason)
        captured: CapturedResponse = request.meta[REPLAY]
        place = "" if captured.offset is None else f" at offset {captured.offset}"
        where = f"{captured.warc}{place}, " if captured.warc else ""
        log.info("%s%s of %s: %s", where, captured.url, captured.fetched_at.isoformat(), reason)
