"""Reads pages beside the crawl: in this process, or in worker processes once there are many pages to read.

Reading a page costs more processor time than fetching it. A polite crawl waits between requests anyway and reads
where it stands; a crawl without delay or a replay of captures shares the work with the machine's other cores.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from typing import NamedTuple

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


def spare_collections() -> None:
    """Looks for garbage in circles less often: a page leaves thousands of objects, and nearly all die by themselves.

    Modules loaded by now are never garbage and are not looked at again.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class PageReader:
    """Reads pages of one site; answers come in the order of the questions, so that a crawl is repeatable."""

    def __init__(self, site: Site, *, parallel: bool) -> None:
        self._site = site
        self._workers = min((os.cpu_count() or 1) - 1, MAX_WORKERS) if parallel else 0
        self._pool: ProcessPoolExecutor | None = None
        self._read = 0
        self._last: asyncio.Future[None] | None = None

    async def read(self, page: FetchedPage) -> Page:
        """What the page says; waits until every page asked for before has been answered."""
        self._read += 1
        if self._workers < 1 or self._read <= BEFORE_WORKERS:
            return _read(page, self._site)
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
            return await asyncio.wrap_future(self._submit(page))
        except BrokenProcessPool:  # a worker was killed (memory?): the crawl goes on without them
            self.close()
            self._workers = 0
            return _read(page, self._site)

    def _submit(self, page: FetchedPage) -> "Future[Page]":
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start_worker,
                initargs=(self._site,),
            )
        return self._pool.submit(_read_in_worker, page)

    def close(self) -> None:
        """Ends the workers without waiting for what they still read."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _read(page: FetchedPage, site: Site) -> Page:
    return read_page(
        page.body,
        url=page.url,
        site=site,
        fetched_at=page.fetched_at,
        encoding=page.encoding,
        status=page.status,
    )


# -- in a worker --------------------------------------------------------------------------------------------


class _Worker:
    site: Site


def _start_worker(site: Site) -> None:
    """Leaves signals to the crawl, and ends with it even when it is killed."""
    _Worker.site = site
    spare_collections()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _read_in_worker(page: FetchedPage) -> Page:
    return _read(page, _Worker.site)
