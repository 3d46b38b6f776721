"""Articles of the ledger: their requests, and what is done with the answers."""

from collections.abc import AsyncIterator, Iterator

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.items import Page
from crawler.middlewares.breaker import is_trouble
from crawler.middlewares.robots import RobotsError
from crawler.pipelines import ReadArticle
from crawler.spiders.answers import GONE, batches, capture_of, related_links
from crawler.spiders.health import PORTAL_REFUSALS
from crawler.spiders.parts import Parts
from crawler.store import LinkRow


class ArticlePages:
    """The articles of one live crawl."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.session = parts.session
        self.site = parts.site
        self.health = parts.health

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

    def _article(self, row: LinkRow) -> Request:
        self.parts.tried.add(row.id)
        return Request(
            row.url, self.read_article, errback=self.article_failed, cb_kwargs={"row": row}, dont_filter=True
        )

    # -- answers --------------------------------------------------------------------------------------------

    async def read_article(self, response: Response, row: LinkRow) -> AsyncIterator[ReadArticle]:
        """Reads one article of the ledger."""
        page = await self.parts.read(response)
        article = page.article
        if page.kind == "article" and article is not None and article.id is not None:
            self.health.went_well()
            if article.id != row.id:  # a redirect; what it leads away from may come back
                self.health.settle(row, "refused", f"moved to {article.id}")
            yield ReadArticle(article, capture_of(response))
            self.parts.desk.sight(related_links(page))
        elif page.kind == "listing" and self._is_no_article(response, row):
            self.health.went_well()
            self.health.settle(row, "refused", "listing")  # no loss
        elif response.status in GONE:
            self._note_absence(row, response.status)
        else:
            self._not_an_article(row, response.status, page)

    def _is_no_article(self, response: Response, row: LinkRow) -> bool:
        """Whether a listing answers at its own address: that of a section which looks like an article's."""
        return self.site.article_id(response.url) == row.id and row.last_read_run is None

    def _not_an_article(self, row: LinkRow, status: int, page: Page) -> None:
        """An answer without an article: a sign that something is wrong with the portal, or with this one page."""
        if is_trouble(status):
            self.health.doubt(row, f"http-{status}", "failed")
        elif page.refusal in PORTAL_REFUSALS:
            self.health.doubt(row, page.refusal or "", "refused")
            self.health.went_wrong(page.refusal or "")
        else:
            self.health.went_well()
            instead = "listing-instead" if page.kind == "listing" else f"http-{status}"
            self.health.refuse(row, page.refusal or instead)

    def _note_absence(self, row: LinkRow, status: int) -> None:
        """An article that was read before is counted as gone; only a 410 is taken at its word at once."""
        self.health.went_well()
        if status == 410 or row.last_read_run is not None:
            self.session.report.articles["gone"] += 1
            self.health.settle(row, "gone" if status == 410 else "refused", f"http-{status}")
        else:
            self.health.refuse(row, f"http-{status}")

    def article_failed(self, failure: Failure) -> None:
        """Notes the failed try; the article stays in the ledger."""
        row: LinkRow = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        if self.parts.is_ending(failure):
            return
        if isinstance(failure.value, RobotsError):
            self.health.refuse(row, "robots", "failed")
        else:
            self.health.doubt(row, "unreachable", "failed")
