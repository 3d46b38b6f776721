"""Articles of the ledger: their requests, and what is done with the answers."""

from collections.abc import AsyncIterator, Iterator

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.items import Page
from crawler.middlewares.breaker import is_trouble
from crawler.middlewares.conditional import CONDITIONAL
from crawler.middlewares.robots import RobotsError
from crawler.pipelines import ReadArticle
from crawler.spiders.absences import Absences, is_known
from crawler.spiders.answers import GONE, batches, capture_of, header_of, related_links, request_of
from crawler.spiders.health import PORTAL_REFUSALS
from crawler.spiders.missing import sign_of
from crawler.spiders.parts import Parts
from crawler.store import LinkRow, Validators


class ArticlePages:
    """The articles of one live crawl."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.session = parts.session
        self.site = parts.site
        self.health = parts.health
        self.absences = Absences(parts)

    # -- requests -------------------------------------------------------------------------------------------

    def pending(self) -> Iterator[list[Request]]:
        """Links of the ledger to read now, while reading finds more."""
        writer, session = self.session.writer, self.session
        while fresh := [row for row in writer.pending(session.now()) if self.parts.wanted(row.id)]:
            yield from batches(self._article(row) for row in fresh)

    def known(self) -> Iterator[list[Request]]:
        """Every article that was read before this run."""
        rows = self.session.writer.read_before(self.session.run)
        yield from batches(self._article(row) for row in [r for r in rows if self.parts.wanted(r.id)])

    def due(self) -> Iterator[list[Request]]:
        """Articles whose re-reading is planned for now, within the run's budgets.

        They are no loss when there is no room for them: what a budget of requests leaves over bounds them too.
        """
        session = self.session
        room = self._room(session.config.rereads_per_run)
        rows = session.writer.due(session.now(), room) if room else ()
        again = [row for row in rows if row.id not in self.parts.tried and self.parts.in_scope(row.id)]
        yield from batches(self._article(row, conditional=row.state == "read") for row in again)

    def proofs(self) -> Iterator[list[Request]]:
        """What is asked to find out whether missing articles are gone, or the portal is not well."""
        if self._room(1):
            yield from self.absences.probes()
        controls = self.absences.controls()
        yield [self._article(row) for row in controls[: self._room(len(controls))]]

    def _room(self, wanted: int) -> int:
        """So many of the wanted requests as the run's budget leaves over."""
        budget = self.session.max_requests
        return wanted if budget is None else max(min(wanted, budget - self.session.report.requests), 0)

    def _article(self, row: LinkRow, *, conditional: bool = False) -> Request:
        self.parts.tried.add(row.id)
        return Request(
            self.parts.here(row.url),
            self.read_article,
            errback=self.article_failed,
            cb_kwargs={"row": row},
            meta={CONDITIONAL: conditional},
            dont_filter=True,
        )

    # -- answers --------------------------------------------------------------------------------------------

    async def read_article(self, response: Response, row: LinkRow) -> AsyncIterator[ReadArticle]:
        """Reads one article of the ledger."""
        if response.status == 304 and request_of(response).meta[CONDITIONAL]:
            self._not_modified(row, response)
            return
        page = await self.parts.read(response)
        if page.kind == "article" and page.article is not None and page.article.id is not None:
            self.health.went_well()
            self.absences.answered(row)
            if page.article.id != row.id:
                self._moved(row, page.article.id, response)
            yield ReadArticle(page.article, capture_of(response))
            self._remember_validators(response)
            self.parts.desk.sight(related_links(page))
        elif page.kind == "listing" and self._is_no_article(response, row):
            self.health.went_well()
            self.health.settle(row, "refused", "listing")  # no loss
        else:
            self._not_an_article(row, response, page)

    def _moved(self, row: LinkRow, target: str, response: Response) -> None:
        """Another article answers: a known one that is led away from may have been taken away."""
        if not is_known(row) or self.site.article_id(response.url) == row.id:
            self.health.settle(row, "refused", f"moved to {target}")  # it may come back
        elif row.state == "gone":
            self.absences.still_gone(row, "redirected")
        else:
            self.absences.redirected(row)

    def _not_modified(self, row: LinkRow, response: Response) -> None:
        """What was asked for is as it was, unless the answer is that of another article."""
        answered = self.site.article_id(response.url)
        if answered in (None, row.id):
            self._unchanged(row)
        else:
            self.health.went_well()
            self.absences.answered(row)
            self._moved(row, answered, response)

    def _unchanged(self, row: LinkRow) -> None:
        """The server says that the article is as it was when it was last read."""
        self.health.went_well()
        self.absences.answered(row)
        self.parts.pages_read += 1
        self.session.report.articles["unchanged"] += 1
        self.session.writer.settle(row.id, "read", self.session.now())

    def _remember_validators(self, response: Response) -> None:
        """For the next conditional request, where the server gives something to ask with."""
        validators = Validators(header_of(response, "ETag"), header_of(response, "Last-Modified"))
        if validators.etag or validators.last_modified:
            self.session.writer.remember_validators(request_of(response).url, validators)

    def _is_no_article(self, response: Response, row: LinkRow) -> bool:
        """Whether a listing answers at its own address: that of a section which looks like an article's."""
        return self.site.article_id(response.url) == row.id and row.last_read_run is None

    def _not_an_article(self, row: LinkRow, response: Response, page: Page) -> None:
        """An answer without an article: a sign that something is wrong with the portal, or with this one page."""
        status, refusal = response.status, page.refusal or ""
        if is_trouble(status):
            self.health.doubt(row, f"http-{status}", "failed")
        elif status not in GONE and refusal in PORTAL_REFUSALS:
            self.health.doubt(row, refusal, "refused")
            self.health.went_wrong(refusal)
        else:
            self.health.went_well()
            self._missing(row, response, page)

    def _missing(self, row: LinkRow, response: Response, page: Page) -> None:
        """The portal is well, but this is no article: it was taken away, or it is read wrongly."""
        instead = "listing-instead" if page.kind == "listing" else f"http-{response.status}"
        if not is_known(row):
            self.health.refuse(row, page.refusal or instead)
        elif row.state == "gone":
            self.absences.still_gone(row, page.refusal or instead)
        elif response.status in GONE:
            self.absences.answered(row)
            self.absences.missing(row, response.status)
        else:
            self.absences.answered(row)
            sign = sign_of(self.site, self.parts.here(row.url), response, page)
            if sign:
                self.absences.suspect(row, page.refusal or instead, sign)
            else:
                self.health.refuse(row, page.refusal or instead)

    def article_failed(self, failure: Failure) -> None:
        """Notes the failed try; the article stays in the ledger."""
        row: LinkRow = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        if self.parts.is_ending(failure):
            return
        if isinstance(failure.value, RobotsError):
            self.health.refuse(row, "robots", "failed")
        else:
            self.health.doubt(row, "unreachable", "failed")
