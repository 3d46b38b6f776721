"""The measure of speed: a Scrapy spider that fetches addresses and does nothing with them."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from time import perf_counter

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response


class EmptySpider(Spider):
    """Fetches every address of a list."""

    name = "empty"

    async def start(self) -> AsyncIterator[Request]:
        """One request per address."""
        for url in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
            yield Request(url, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Nothing."""


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
        }
    )
    process.crawl(EmptySpider)
    began = perf_counter()
    process.start()
    print(perf_counter() - began)
