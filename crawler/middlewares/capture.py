"""Keeps every response in a WARC file, as received, before anyone interprets it."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.captures import CaptureDiskError, CapturedResponse
from crawler.crawling.session import CrawlSession
from crawler.items import Capture
from crawler.sources.errand import ERRAND
from crawler.sources.handler import REPLAY
from crawler.store import StoreError

#: Key of `request.meta` under which a page's capture travels.
CAPTURE = "capture"
#: Key of `request.meta` for the capture of a page that lies in the captures folder already.
KEPT = "kept"


class CaptureMiddleware:
    """Stands nearest the downloader, below decompression and redirects."""

    def __init__(self, session: CrawlSession) -> None:
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "CaptureMiddleware":
        """Captures into the session of this crawler's spider."""
        return cls(crawler.spider.session)  # type: ignore[union-attr]

    def process_request(self, request: Request) -> None:
        """Counts what is really sent; whatever stands above may have kept a request back."""
        if REPLAY not in request.meta:
            self.session.report.requests += 1

    def process_response(self, request: Request, response: Response) -> Response:
        """Writes the response and notes on the request where it is kept."""
        replayed: CapturedResponse | None = request.meta.get(REPLAY)
        if replayed is None and ERRAND in request.meta:
            return response  # an archive's own answer is no page of the portal
        self.session.report.responses[str(response.status)] += 1
        try:
            kept: Capture | None = request.meta.get(KEPT)
            capture = kept or (self._kept(replayed) if replayed else self._written(request, response))
            self.session.keep(capture)
        except (CaptureDiskError, StoreError) as error:
            self.session.fail(
                error
            )  # a page that cannot be kept is not read, and the guard lets no other pass
            raise IgnoreRequest(str(error)) from error
        request.meta[CAPTURE] = capture
        return response

    def _written(self, request: Request, response: Response) -> Capture:
        return self.session.captures.write(
            url=request.url,
            status=response.status,
            reason=None,
            http_version=response.protocol or "HTTP/1.1",
            headers=[(name, value) for name, values in response.headers.items() for value in values],
            body=response.body,
            fetched_at=self.session.now(),
            source="live",
        )

    def _kept(self, replayed: CapturedResponse) -> Capture:
        """A capture that lies in our own folder already is cited where it lies; another is copied."""
        session = self.session
        if session.replays_own_captures and replayed.addressable:
            return Capture(
                source="warc",
                url=replayed.url,
                fetched_at=replayed.fetched_at.replace(microsecond=0),
                status=replayed.status,
                digest=replayed.digest,
                warc=replayed.warc,
                offset=replayed.offset,
            )
        return session.captures.write(
            url=replayed.url,
            status=replayed.status,
            reason=replayed.reason,
            http_version="HTTP/1.1",
            headers=replayed.headers,
            body=replayed.payload,
            fetched_at=replayed.fetched_at.replace(microsecond=0),
            source=session.options.kind,
        )
