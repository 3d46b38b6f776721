"""Lets a request pass only to the site's own hosts, and only so many of them."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.crawling.session import CrawlSession
from crawler.middlewares.resolver import policy_for
from crawler.netguard import Refused
from crawler.sources.handler import REPLAY


class BudgetError(IgnoreRequest):
    """The run's budget of requests is used up."""


class GuardMiddleware:
    """Checks every request, each hop of a redirect included, before anything is resolved or sent."""

    def __init__(self, session: CrawlSession) -> None:
        self.session = session
        self.policy = policy_for(session.config, session.site.hosts)
        self.budget = session.options.max_requests or session.config.max_requests

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GuardMiddleware":
        """The guard for the site that this crawler works on."""
        return cls(crawler.spider.session)  # type: ignore[union-attr]

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest for an address that is not the site's, BudgetError beyond the budget."""
        if REPLAY in request.meta:
            return
        try:
            self.policy.check_url(request.url)
        except Refused as error:
            raise IgnoreRequest(str(error)) from None
        if self.session.error or self.session.report.blocked:
            raise IgnoreRequest("the crawl is ending")
        if self.budget is not None and self.session.report.requests >= self.budget:
            self.session.report.budget_reached = True
            raise BudgetError("budget of requests reached")
