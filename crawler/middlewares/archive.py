"""Asks web archives: waits for turns, tells captures from an archive's own answers, leaves an archive in trouble alone.

Stands nearest the network, so that above it a capture out of an archive is what a replayed one is.
"""

import asyncio
import logging
from functools import partial
from typing import NoReturn
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from w3lib.url import safe_url_string

from crawler.captures import CodingError
from crawler.crawling.session import CrawlSession
from crawler.sources.answers import Absent, Answer, Given, Trouble
from crawler.sources.errand import ERRAND, RESULT, TRIES, Errand
from crawler.sources.handler import REPLAY, TURN, replayed_response
from crawler.sources.limits import Limits, commoncrawl_limits, wayback_limits
from crawler.sources.pace import Turns, cache_folder, turns_for
from crawler.sources.patience import TRIES as MOST_TRIES
from crawler.sources.patience import Patience
from crawler.sources.ranges import WHOLE_FILE

log = logging.getLogger(__name__)

#: Key of `request.meta` while a request is under way.
ASKING = "asking"
#: Seconds between two looks whether the crawl is ending, while a request waits for its turn.
LOOK = 0.25
#: So many whole files instead of records, and never a record: the service takes no ranges.
WHOLE_FILES = 3
#: After so many pauses on end an archive is given up for this run.
PAUSES = 6


class ArchiveMiddleware:
    """The archives that one crawl asks."""

    def __init__(self, session: CrawlSession, crawler: Crawler) -> None:
        self.session = session
        self.crawler = crawler
        self._turns: dict[str, Turns] = {}
        self._patience: dict[str, Patience] = {}
        #: Whole files sent instead of records; None as soon as a record came.
        self._whole_files: int | None = 0
        #: One request at a time, and none before the last answer was understood: it may ask for a pause.
        self._asking = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ArchiveMiddleware":
        """For the session of this crawler's spider."""
        return cls(crawler.spider.session, crawler)  # type: ignore[union-attr]

    # -- asking ---------------------------------------------------------------------------------------------

    def process_request(self, request: Request) -> None:
        """A request to an archive waits for its turn just before it is sent."""
        errand: Errand | None = request.meta.get(ERRAND)
        if errand is not None and REPLAY not in request.meta:
            request.meta[TURN] = partial(self._turn, errand, request)

    async def _turn(self, errand: Errand, request: Request) -> None:
        """Returns when it is this request's turn; IgnoreRequest when the crawl ends before."""
        await self._asking.acquire()
        request.meta[ASKING] = True
        await self._wait(errand)

    def _done(self, request: Request) -> None:
        """The answer was understood, or there is none: the next request may take its turn."""
        if request.meta.pop(ASKING, False):
            self._asking.release()

    async def _wait(self, errand: Errand) -> None:
        limits = self._limits(errand)
        patience = self._patience_with(limits)
        while not self._is_ending():
            try:
                wait = self._turns_at(limits.base).take(errand.kind, limits.interval * patience.slower)
            except OSError as error:
                self.session.fail(error)
                break
            if not wait:
                return
            await asyncio.sleep(min(wait, LOOK))
        raise IgnoreRequest("the crawl is ending")

    def _is_ending(self) -> bool:
        return bool(self.session.error or self.session.report.blocked) or not self.crawler.crawling

    def _limits(self, errand: Errand) -> Limits:
        limits = wayback_limits if errand.archive == "wayback" else commoncrawl_limits
        return limits(self.session.config, errand.kind)

    def _turns_at(self, base: str) -> Turns:
        host = urlsplit(base).netloc
        if host not in self._turns:
            self._turns[host] = turns_for(base, cache_folder(), self.session.config.captures)
        return self._turns[host]

    def _patience_with(self, limits: Limits) -> Patience:
        patience = self._patience.setdefault(urlsplit(limits.base).netloc, Patience(limits.pause, PAUSES))
        patience.pause = limits.pause  # a host's index and pages may have limits of their own
        return patience

    # -- answers --------------------------------------------------------------------------------------------

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """What an answer says goes on as `request.meta[RESULT]`, a capture as the replayed page that it is."""
        try:
            return self._understood(request, response)
        finally:
            self._done(request)

    def _understood(self, request: Request, response: Response) -> Response | Request:
        errand: Errand | None = request.meta.get(ERRAND)
        if errand is None or RESULT in request.meta or REPLAY in request.meta:
            return response
        result = errand.read(_answer(response))
        if not isinstance(result, Given):  # which is counted as the page that it is
            self.session.report.responses[str(response.status)] += 1
        if isinstance(result, Trouble):
            if result.reason == WHOLE_FILE:
                self._got_whole_file(errand)
            return self._in_trouble(request, errand, result, answered=response.status < 500)
        self._patience_with(self._limits(errand)).good()
        if isinstance(result, Given):
            self._whole_files = None
            return self._given(request, errand, result)
        return _passed_on(request, result)

    def _given(self, request: Request, errand: Errand, given: Given) -> Response | Request:
        try:
            response = replayed_response(given.capture, request, safe_url_string(given.capture.url))
        except CodingError as error:
            return self._in_trouble(
                request, errand, Trouble(str(error), reason="capture-undecodable"), answered=True
            )
        request.meta[REPLAY] = given.capture
        request.meta[RESULT] = given
        return response

    def process_exception(self, request: Request, exception: Exception) -> Response | Request | None:
        """No answer: refused and cut connections are the archive's way of saying that it is too much."""
        try:
            return self._without_answer(request, exception)
        finally:
            self._done(request)

    def _without_answer(self, request: Request, exception: Exception) -> Response | Request | None:
        errand: Errand | None = request.meta.get(ERRAND)
        if errand is None or isinstance(exception, IgnoreRequest):
            return None
        if isinstance(exception, DownloadCancelledError):  # larger than anything that was asked for
            if "Range" in request.headers:
                self._got_whole_file(errand)
            return _passed_on(request, Absent("archive-too-large"))
        cause = (str(exception).splitlines() or [type(exception).__name__])[0].rstrip(".")
        refused = isinstance(exception, DownloadConnectionRefusedError)
        silent = not self._patience_with(self._limits(errand)).answered
        if isinstance(exception, CannotResolveHostError) or (refused and silent):
            # Not there, or the firewall's answer to asking too much: no time to insist.
            self._give_up(errand, cause)
        whole = refused or isinstance(exception, DownloadFailedError)
        return self._in_trouble(request, errand, Trouble(cause, whole=whole), answered=False)

    # -- trouble --------------------------------------------------------------------------------------------

    def _in_trouble(
        self, request: Request, errand: Errand, trouble: Trouble, *, answered: bool
    ) -> Response | Request:
        """Asks again later; hands the trouble on where asking again has not helped."""
        limits = self._limits(errand)
        patience = self._patience_with(limits)
        tries = request.meta.get(TRIES, 1)
        # One page may be at fault itself; without the index there is nothing to go on with.
        whole = trouble.whole or (errand.kind == "index" and trouble.again)
        if answered and not whole:
            patience.good()
        if whole:
            wait = patience.trouble(request.url, trouble.wait)
            if errand.kind == "pages" and patience.is_alone(request.url, tries):
                return _passed_on(request, trouble)
            if wait is None:
                self._give_up(errand, trouble.cause)
            self._pause(limits, trouble.cause, wait)
        elif tries >= MOST_TRIES or not trouble.again:
            if not answered and patience.spoiled(request.url):
                self._give_up(errand, trouble.cause)
            return _passed_on(request, trouble)
        meta = {key: value for key, value in request.meta.items() if key != ASKING}
        return request.replace(meta=meta | {TRIES: tries + 1}, dont_filter=True)

    def _got_whole_file(self, errand: Errand) -> None:
        """Ends the crawl of a service that takes no ranges, rather than break off a download for every record."""
        if self._whole_files is None:
            return
        self._whole_files += 1
        if self._whole_files >= WHOLE_FILES:
            self.session.report.blocked_for_good = True
            cure = "set commoncrawl_data_url to a service that takes Range"
            self._give_up(errand, f"sends whole files instead of the records asked for; {cure}")

    def _pause(self, limits: Limits, cause: str, seconds: float) -> None:
        host = urlsplit(limits.base).hostname
        log.warning("%s: %s; it is left alone for %.0f s", host, cause, seconds)
        self._turns_at(limits.base).pause(seconds)

    def _give_up(self, errand: Errand, cause: str) -> NoReturn:
        """Ends the crawl; everything fetched so far is kept, and the next crawl goes on."""
        host = urlsplit(self._limits(errand).base).hostname
        self.session.report.blocked = f"{host}: {cause}"
        deferred_from_coro(self.crawler.engine.close_spider_async(reason="blocked"))
        raise IgnoreRequest("the archive is given up for now")


def _passed_on(request: Request, result: object) -> Response:
    """An answer to the spider that is no page: what it means stands in `request.meta[RESULT]`."""
    request.meta[RESULT] = result
    return Response(request.url, request=request)


def _answer(response: Response) -> Answer:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Answer(response.status, headers, response.body)
