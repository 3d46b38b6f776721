"""What the parts of the spider share: session, listings, the portal's health, and the reading of pages."""

from collections.abc import Callable
from datetime import date, datetime

from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawling.reading import FetchedPage, PageReader, charset_of
from crawler.crawling.session import CrawlSession
from crawler.items import Page, Published
from crawler.middlewares.guard import BudgetError
from crawler.spiders.answers import capture_of, header_of
from crawler.spiders.desk import ListingDesk
from crawler.spiders.health import PortalHealth


class Parts:
    """One crawl, as its parts see it."""

    def __init__(self, session: CrawlSession, stop: Callable[[str], None]) -> None:
        """`stop` ends the crawl for the reason it is given."""
        self.session = session
        self.site = session.site
        self.desk = ListingDesk(session)
        self.health = PortalHealth(session, stop)
        self.reader = PageReader(self.site, parallel=session.config.delay == 0 or not session.live)
        #: Ids of articles asked for in this run.
        self.tried: set[str] = set()
        #: Pages that said what pages usually say.
        self.pages_read = 0

    async def read(self, response: Response) -> Page:
        """What a page says."""
        fetched_at = capture_of(response).fetched_at
        charset = charset_of(header_of(response, "Content-Type"))
        page = await self.reader.read(
            FetchedPage(response.body, response.url, fetched_at, charset, response.status)
        )
        self.pages_read += not page.refusal
        return page

    def here(self, url: str) -> str:
        """The address under which the portal is asked today, whatever host or scheme it had once."""
        return self.site.canonical(url) or url

    def is_ending(self, failure: Failure) -> bool:
        """Whether a request was only kept back because the crawl is ending."""
        report = self.session.report
        return isinstance(failure.value, BudgetError) or bool(report.blocked or self.session.error)

    def wanted(self, article_id: str) -> bool:
        """Whether an article is to be read and was not asked for in this run."""
        section = self.session.options.section
        return article_id not in self.tried and (not section or article_id in self.desk.listed)

    def in_scope(self, article_id: str) -> bool:
        """Whether a stored article belongs to what the options of this crawl ask for."""
        options = self.session.options
        if options.section is None and options.since is None:
            return True
        article = self.session.writer.article(self.site.id, article_id)
        if article is None:
            return False
        in_section = options.section is None or any(s.id == options.section for s in article.sections)
        return in_section and not (options.since and is_before(article.published, options.since))


def is_before(published: Published | None, day: date) -> bool:
    """Whether a publication date is known and lies before that day."""
    if published is None:
        return False
    at = published.date
    return (at.date() if isinstance(at, datetime) else at) < day
