"""What reading a page costs beside a bare parse of the same bytes, and how many pages two processes read."""

import gc
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import _lru_cache_wrapper
from multiprocessing import get_context
from time import perf_counter, process_time
from typing import Any, NamedTuple

from lxml import html

from crawler.crawling.garbage import spare_collections
from crawler.extract import read_page
from crawler.sites import load_site
from fixtures.portal import Pages, scaled_portal
from tests.bench.row import Row

NOW = datetime.fromisoformat("2020-03-25T10:00:00+07:00")
SITE = load_site("dukcqtw")
MARKUPS = ("table", "webforms", "modern")
ROUNDS = 5
BATCH = 25


class Fetched(NamedTuple):
    """One page of a portal."""

    url: str
    body: bytes


def measure() -> list[Row]:
    """CPU time of articles by markup and of listings, as first read; pages per second of two processes."""
    spare_collections()
    rows = []
    articles: list[Fetched] = []
    listings: list[Fetched] = []
    for markup in MARKUPS:
        found = _pages(60, markup)
        read = [page for page in found if "-duk" in page.url]
        rows.append(_reading(f"an article page, {markup}", read, 15))
        articles += read
        listings += [page for page in found if page not in read and _read(page) == "listing"]
    rows.append(_reading("a listing page", listings, 20))
    return [*rows, *_shared(articles + listings)]


def _pages(size: int, markup: str) -> list[Fetched]:
    portal = scaled_portal(size, sections=2, markup=markup)
    pages = Pages(portal, NOW)
    return [Fetched(f"http://{portal.host}{path}", pages.get(path).body) for path in pages.addresses()]


def _read(page: Fetched) -> str:
    return read_page(page.body, url=page.url, site=SITE, fetched_at=NOW).kind


def _reading(what: str, pages: Sequence[Fetched], most: int) -> Row:
    """Both sides in turn, page by page, so that a busy machine slows both alike."""
    ours = theirs = 0.0
    for _ in range(ROUNDS):
        _forget()
        for page in pages:
            theirs += _seconds(html.fromstring, page.body)
            ours += _seconds(_read, page)
    times = ours / theirs
    spent = ours / ROUNDS / len(pages)
    size = sum(len(page.body) for page in pages) / len(pages) / 1024
    figure = f"{spent * 1000:.2f} ms, {1 / spent:.0f} /s, {times:.1f} x"
    return Row(f"reading {what} ({size:.0f} KiB), times a parse by lxml", figure, f"< {most} x", times < most)


def _seconds(do: Callable[[Any], object], what: Any) -> float:
    began = process_time()
    do(what)
    return process_time() - began


def _forget() -> None:
    """Each round is a first crawl: nothing is remembered of the round before."""
    for found in gc.get_objects():
        if isinstance(found, _lru_cache_wrapper) and (found.__module__ or "").startswith("crawler.extract"):
            found.cache_clear()


# -- two processes ------------------------------------------------------------------------------------------


def _shared(pages: Sequence[Fetched]) -> list[Row]:
    """Wall-clock time of processes that are already running; what they found is thrown away."""
    many = random.Random(1).sample(pages, len(pages)) * 8
    batches = [many[n : n + BATCH] for n in range(0, len(many), BATCH)]
    speeds = []
    for processes in (1, 2):
        with ProcessPoolExecutor(processes, get_context("spawn"), spare_collections) as pool:
            list(pool.map(_read_all, batches[: 4 * processes]))
            began = perf_counter()
            list(pool.map(_read_all, batches))
            speeds.append(len(many) / (perf_counter() - began))
    return [
        Row("pages read by one process", f"{speeds[0]:.0f} /s"),
        Row("pages read by two processes", f"{speeds[1]:.0f} /s"),
    ]


def _read_all(pages: Sequence[Fetched]) -> int:
    return sum(_read(page) != "refused" for page in pages)
