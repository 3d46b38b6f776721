"""Lets a request pass only to the site's own hosts, or to the chosen archive, and only so many of them."""

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.crawling.session import CrawlSession, OptionError
from crawler.middlewares.resolver import policy_for
from crawler.netguard import Refused
from crawler.sources.handler import REPLAY
from crawler.sources.limits import is_below, services


class BudgetError(IgnoreRequest):
    """The run's budget of requests is used up."""


class GuardMiddleware:
    """Checks every request, each hop of a redirect included, before anything is resolved or sent."""

    def __init__(self, session: CrawlSession) -> None:
        self.session = session
        self.services = services(session.config, session.options.kind)
        hosts = tuple(urlsplit(service).hostname or "" for service in self.services)
        self.policy = policy_for(session.config, hosts or session.site.hosts)
        self._check_services()
        self.budget = session.max_requests

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GuardMiddleware":
        """The guard for the site that this crawler works on."""
        return cls(crawler.spider.session)  # type: ignore[union-attr]

    def _check_services(self) -> None:
        """A mirror at a private address must be allowed by name."""
        for service in self.services:
            try:
                self.policy.check_url(service)
            except Refused as error:
                raise OptionError(f"{service}: {error}") from None

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest for an address that is not the site's, BudgetError beyond the budget."""
        if REPLAY in request.meta:
            return
        try:
            self.policy.check_url(request.url)
        except Refused as error:
            raise IgnoreRequest(str(error)) from None
        if self.services and not is_below(request.url, self.services):
            raise IgnoreRequest("it is no address of the archive")
        if self.session.error or self.session.report.blocked:
            raise IgnoreRequest("the crawl is ending")
        if self.budget is not None and self.session.report.requests >= self.budget:
            self.session.report.budget_reached = True
            raise BudgetError("budget of requests reached")
