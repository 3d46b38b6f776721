"""`scrapy crawl SITE`: Scrapy's own command, but its exit code and last line are those of `bantin crawl`."""

import argparse
import sys

from scrapy.commands import crawl
from scrapy.crawler import CrawlerProcess
from scrapy.exceptions import UsageError
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from crawler.runner import crawl_result


class Command(crawl.Command):
    """Runs one spider, for schedulers that watch the exit code (scrapyd, cron)."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawls; an error that keeps the crawl from beginning is one line, not a traceback."""
        if len(args) != 1:
            raise UsageError("give one spider; `scrapy list` names them", print_help=False)
        assert isinstance(self.crawler_process, CrawlerProcess)  # noqa: S101  settings: FORCE_CRAWLER_PROCESS
        try:
            crawler = self._create_crawler(args[0])
        except KeyError:
            message = f"no such spider: {args[0]}; `scrapy list` names them"
            raise UsageError(message, print_help=False) from None
        failures: list[Failure] = []
        crawling: Deferred[None] = self.crawler_process.crawl(crawler, **opts.spargs)
        crawling.addErrback(failures.append)
        self.crawler_process.start()
        error = failures[0].value if failures else None
        result = crawl_result(crawler, error, None)
        self.exitcode = result.exit_code
        if result.message:
            sys.stderr.write(f"bantin: {result.message}\n")
