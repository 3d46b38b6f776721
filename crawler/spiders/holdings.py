"""Fetches what the ledger says that a web archive holds, and reads it like any captured page."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.captures import CapturedResponse, CaptureError, CodingError, read_at
from crawler.captures.parse import header
from crawler.captures.surt import surt
from crawler.items import Capture, ListedArticle
from crawler.sources.answers import Absent, Answer, Elsewhere, Given, Trouble, Verdict
from crawler.sources.errand import RESULT, Errand
from crawler.sources.handler import REPLAY
from crawler.sources.memento import memento_url, read_memento
from crawler.sources.ranges import range_header, read_record, record_url
from crawler.spiders.answers import batches, capture_of, request_of
from crawler.spiders.indexes import archive_request
from crawler.spiders.parts import Parts
from crawler.spiders.replay import ReplayedPages, replay_meta
from crawler.store import Holding, HoldingRow

log = logging.getLogger(__name__)

#: A capture that could not be had is tried again after so many days, by number of tries; then no more.
RETRY_DAYS = (1, 7, 30)
REDIRECTS = (301, 302, 303, 307, 308)
#: No answer with bad news is longer, in bytes.
MOST_ERROR = 64 * 1024
#: So many times an address may lead on to another capture of itself.
HOPS = 5


class HeldPages:
    """The captures that one archive holds of the site, in one crawl."""

    def __init__(self, parts: Parts, replayed: ReplayedPages, archive: str) -> None:
        """`archive` is its name in the ledger: `wayback`, or `commoncrawl:` and a crawl's id."""
        self.parts = parts
        self.session = parts.session
        self.writer = parts.session.writer
        self.replayed = replayed
        self.archive = archive
        self._tried: set[tuple[str, datetime]] = set()
        self._hops: dict[str, int] = {}

    # -- requests -------------------------------------------------------------------------------------------

    def requests(self, *, articles: bool) -> Iterator[list[Request]]:
        """Requests for all articles, or all other pages, until none is left that this run has not tried."""
        more = True
        while more:
            more = False
            self.session.commit()  # holdings are read as they are committed
            for batch in batches(self._round(articles=articles)):
                more = True
                yield batch

    def _round(self, *, articles: bool) -> Iterator[Request]:
        """One way through the ledger; a payload that is on its way for another capture is waited for."""
        since, under_way = self.session.options.since, set[str]()
        for row in self.writer.holdings(self.archive, self.session.now(), articles=articles):
            holding = row.holding
            if (holding.url, holding.at) in self._tried or holding.digest in under_way:
                continue
            if since is not None and holding.at.date() < since:
                continue
            self._tried.add((holding.url, holding.at))
            request = self._kept_payload(row) or self._fetch(row)
            if request is None:
                self._fail(row, "archive-no-place")
                continue
            if REPLAY not in request.meta and holding.digest:
                under_way.add(holding.digest)
            yield request

    def _kept_payload(self, row: HoldingRow) -> Request | None:
        """The same bytes were fetched for another capture: they are read from our own files."""
        holding = row.holding
        capture = self.writer.held_payload(self.archive, holding.digest) if holding.digest else None
        if capture is None:
            return None
        try:
            captured = read_at(self.session.config.captures, capture)
        except CaptureError:
            return None
        captured = replace(captured, url=holding.url, fetched_at=holding.at, warc="", offset=None)
        return Request(
            holding.url,
            self.read,
            errback=self.failed,
            meta=replay_meta(captured),
            dont_filter=True,
            cb_kwargs={"held": row},
        )

    def _fetch(self, row: HoldingRow) -> Request | None:
        return self._memento(row) if self.archive == "wayback" else self._record(row)

    def _memento(self, row: HoldingRow) -> Request:
        url = memento_url(self.session.config.wayback_url, row.holding.url, row.holding.at)
        read = partial(read_memento, asked=url, url=row.holding.url)
        errand = Errand("wayback", "pages", partial(self._checked, read))
        return archive_request(url, errand, self.read, self.failed, held=row)

    def _record(self, row: HoldingRow) -> Request | None:
        """None where the index names no usable place in a file."""
        offset, length = row.holding.offset or 0, row.holding.length or 0
        url = record_url(
            self.session.config.commoncrawl_data_url, row.holding.file, row.holding.offset, length
        )
        if url is None:
            return None
        read = partial(read_record, url=row.holding.url, offset=offset, length=length)
        errand = Errand("commoncrawl", "pages", partial(self._checked, read))
        more = {
            "meta": {"download_maxsize": max(length, MOST_ERROR)},
            "headers": {"Range": range_header(offset, length)},
        }
        return archive_request(url, errand, self.read, self.failed, held=row, **more)

    def _checked(self, read: Callable[[Answer], Verdict], answer: Answer) -> Verdict:
        """A capture of another site's page is none of ours, whatever it was asked under."""
        verdict = read(answer)
        url = verdict.capture.url if isinstance(verdict, Given) else None
        return verdict if url is None or self.parts.site.in_site(url) else Absent("archive-other-site")

    # -- answers --------------------------------------------------------------------------------------------

    async def read(self, response: Response, held: HoldingRow) -> None:
        """Reads a capture, and settles its holding together with what it said: durable at once, if it was fetched.

        At an archive's pace a commit a page costs nothing, and a kill loses no more than what is under way.
        """
        meta = request_of(response).meta
        result = meta.get(RESULT)
        if REPLAY in meta:
            async for item in self.replayed.read(response):
                self.session.add(item.article, item.capture)
            self._note_redirect(meta[REPLAY])
            self._settle(held, "done", capture=capture_of(response))
        elif isinstance(result, Elsewhere):
            self._lead_on(result, held)
        elif isinstance(result, Absent | Trouble):
            # A row without a record is a loss where it names an article; what other pages were, nobody knows.
            told = isinstance(result, Trouble) or held.holding.article is not None
            self._fail(held, result.reason, told=told)
        if result is not None and not self.session.error:
            self.session.commit()

    def _lead_on(self, found: Elsewhere, held: HoldingRow) -> None:
        """No record at this time: the capture that the archive names instead enters the ledger, unless it is known."""
        site, key = self.parts.site, surt(held.holding.url)
        if site.in_site(found.url) and self._hops.get(key, 0) < HOPS:
            instead = Holding(found.url, found.at, article=site.article_id(found.url))
            self._hops[key] = self._hops.get(key, 0) + self.writer.add_holdings(self.archive, [instead])
        self._settle(held, "skipped", reason="unplayable")

    def _note_redirect(self, captured: CapturedResponse) -> None:
        """An archived redirect to an article of the site is a sight of it."""
        if captured.status not in REDIRECTS:
            return
        target = urljoin(captured.url, header(captured.headers, "location"))
        article, url = self.parts.site.article_id(target), self.parts.site.canonical(target)
        if article and url:
            self.parts.desk.sight([ListedArticle(article, url, None)])

    def failed(self, failure: Failure) -> None:
        """A capture that cannot be unpacked; whatever was only kept back stays as it is."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, CodingError):
            self._fail(request.cb_kwargs["held"], "capture-undecodable")

    # -- the ledger -----------------------------------------------------------------------------------------

    def _fail(self, held: HoldingRow, reason: str, *, told: bool = True) -> None:
        """Counts a capture that could not be had, and says when to try again."""
        report = self.session.report
        if held.holding.article:
            report.refuse(reason)
        elif told:
            report.refused[reason] += 1
        log.info("%s: %s of %s: %s", self.archive, held.holding.url, held.holding.at.isoformat(), reason)
        if held.tries >= len(RETRY_DAYS):
            self._settle(held, "skipped", reason=reason)
        else:
            retry = self.session.now() + timedelta(days=RETRY_DAYS[held.tries])
            self._settle(held, "failed", reason=reason, retry=retry)

    def _settle(
        self,
        held: HoldingRow,
        state: Literal["done", "failed", "skipped"],
        *,
        reason: str | None = None,
        retry: datetime | None = None,
        capture: Capture | None = None,
    ) -> None:
        now = self.session.now()
        self.writer.settle_holding(
            self.archive, held, state, now, reason=reason, retry=retry, capture=capture
        )
