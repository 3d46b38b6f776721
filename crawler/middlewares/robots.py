"""Obeys robots.txt by RFC 9309, where Scrapy's own lets everything pass when robots.txt cannot be read."""

import asyncio

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.middlewares.guard import BudgetError
from crawler.robots import MAX_REDIRECTS, RobotsRules, read_robots
from crawler.sources.errand import ERRAND
from crawler.sources.handler import REPLAY

#: A Crawl-delay beyond this is taken as this, in seconds.
MAX_CRAWL_DELAY = 60.0


_WORDS = {
    "rules": "robots.txt says no",
    "server-error": "robots.txt answers with a server error, which means no (RFC 9309)",
    "unreachable": "it cannot be reached: {cause}",
}


class RobotsError(IgnoreRequest):
    """robots.txt says no, or cannot be read."""


class RobotsMiddleware:
    """Asks each host for robots.txt once per run, before anything else."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agent: str = crawler.settings["USER_AGENT"]
        self._cause = ""
        self._rules: dict[str, asyncio.Future[RobotsRules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        """For the hosts this crawler asks."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises RobotsError for a path that robots.txt forbids.

        Archives are asked through their documented programmatic interfaces, within their published limits instead.
        """
        if REPLAY in request.meta or ERRAND in request.meta or request.meta.get("robots"):
            return
        verdict = (await self._rules_for(request)).verdict(request.url)
        if not verdict.allowed:
            raise RobotsError(_WORDS[verdict.reason].format(cause=self._cause))
        if verdict.crawl_delay:
            request.meta["autothrottle_dont_adjust_delay"] = True  # it would go below what the site asks for
            self._slow_down(request, min(verdict.crawl_delay, MAX_CRAWL_DELAY))

    async def _rules_for(self, request: Request) -> RobotsRules:
        """The rules of the request's host; asked for once, however many requests wait for them."""
        parts = urlparse_cached(request)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._rules:
            self._rules[host] = asyncio.ensure_future(self._fetch(f"{host}/robots.txt"))
        return await self._rules[host]

    async def _fetch(self, url: str) -> RobotsRules:
        meta = {"robots": True, "max_redirect_times": MAX_REDIRECTS}
        request = Request(url, callback=NO_CALLBACK, meta=meta, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except BudgetError:
            raise
        except IgnoreRequest as error:
            if str(error) == "max redirections reached":
                return read_robots(302, b"", user_agent=self.agent)
            self._cause = str(error)
            return read_robots(None, b"", user_agent=self.agent)
        except Exception as error:  # noqa: BLE001 (whatever the network does: unreachable means no)
            self._cause = str(error).splitlines()[0] if str(error) else type(error).__name__
            return read_robots(None, b"", user_agent=self.agent)
        return read_robots(response.status, response.body, user_agent=self.agent)

    def _slow_down(self, request: Request, delay: float) -> None:
        """Keeps at least the Crawl-delay between requests to this host."""
        slot = self.crawler.engine.downloader.slots.get(urlparse_cached(request).hostname or "")
        if slot and slot.delay < delay:
            slot.delay = delay
