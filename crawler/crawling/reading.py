"""Reads pages beside the crawl: in this process, or in worker processes once there are many pages to read.

Reading a page costs as much processor time as fetching it. A polite crawl waits between requests anyway and reads
where it stands; a crawl without delay or a replay of captures shares the work with the machine's other cores.
"""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from crawler.crawling.workers import Worker, WorkerLost
from crawler.extract import read_page
from crawler.items import Page
from crawler.sites import Site

#: Pages read in this process before workers are started: an incremental crawl is over by then.
BEFORE_WORKERS = 50
MAX_WORKERS = 4


class FetchedPage(NamedTuple):
    """A page to read, as it came."""

    body: bytes
    url: str
    fetched_at: datetime
    encoding: str | None
    status: int


def charset_of(content_type: str | None) -> str | None:
    """The charset that a Content-Type header names."""
    _, _, charset = (content_type or "").lower().partition("charset=")
    return charset.split(";")[0].strip(" \"'") or None


class PageReader:
    """Reads pages of one site; answers come in the order of the questions, so that a crawl is repeatable."""

    def __init__(self, site: Site, *, parallel: bool) -> None:
        self._site = site
        self._most = min((os.cpu_count() or 1) - 1, MAX_WORKERS) if parallel else 0
        self._workers: asyncio.Future[list[Worker]] | None = None
        self._read = 0
        self._last: asyncio.Future[None] | None = None

    async def read(self, page: FetchedPage) -> Page:
        """What the page says; waits until every page asked for before has been answered."""
        self._read += 1
        if self._most < 1 or self._read <= BEFORE_WORKERS:
            return _read(self._site, page)
        previous, self._last = self._last, asyncio.get_running_loop().create_future()
        answered = self._last
        try:
            found = await self._read_elsewhere(page)
            if previous is not None:
                await previous
            return found
        finally:
            answered.set_result(None)

    async def _read_elsewhere(self, page: FetchedPage) -> Page:
        try:
            if self._workers is None:
                self._workers = asyncio.ensure_future(self._started())
            least_loaded = min(await self._workers, key=lambda worker: worker.load)
            found: Page = await least_loaded.ask(page)
        except WorkerLost:  # it was killed (memory?): the crawl goes on without
            self._most = 0
            return _read(self._site, page)
        return found

    async def _started(self) -> list[Worker]:
        return [await Worker.start(_reader_of, self._site) for _ in range(self._most)]

    def close(self) -> None:
        """Ends the workers without waiting for what they still read."""
        if self._workers is not None and self._workers.done():
            for worker in self._workers.result():
                worker.close()


def _read(site: Site, page: FetchedPage) -> Page:
    return read_page(
        page.body,
        url=page.url,
        site=site,
        fetched_at=page.fetched_at,
        encoding=page.encoding,
        status=page.status,
    )


def _reader_of(site: Site) -> Callable[[FetchedPage], Page]:
    """What a worker does."""
    return partial(_read, site)
