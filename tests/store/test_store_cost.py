"""Memory and speed stay in bounds: short checks that only a mistake in kind can fail."""

import os
import subprocess
import sys
import time
from pathlib import Path
from sqlite3 import Connection

from crawler.store import open_store
from crawler.store.write import SiteWriter
from tests.store.samples import SITE, T0, article, capture, listed, read

FILLS = """
import sys
from tests.memory import peak_kib
from crawler.store import open_store
from tests.store.samples import SITE, T0, article, read
with open_store(sys.argv[1]) as store:
    with store.writer(SITE, "test", T0) as writer:
        writer.begin_run("live", T0, full=False)
        for number in range(int(sys.argv[2])):
            read(writer, article(number, text="Đoạn văn dài. " * 600))
            if number % 100 == 0:
                writer.commit()
        writer.commit()
    assert sum(1 for _ in store.articles(SITE)) == sum(1 for _ in store.records(SITE)) == int(sys.argv[2])
print(peak_kib())
"""


def peak(url: str, count: int) -> int:
    """Peak memory in KiB of writing and reading so many articles of 8 KB."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ran = subprocess.run(
        [sys.executable, "-c", FILLS, url, str(count)], check=True, capture_output=True, text=True, env=env
    )
    return int(ran.stdout)


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    small = peak(f"sqlite:///{tmp_path}/small.sqlite", 700)  # by then every buffer is full
    large = peak(f"sqlite:///{tmp_path}/large.sqlite", 2100)
    assert large - small < 16 * 1024, (small, large)


def test_articles_and_sightings_cost_little(tmp_path: Path) -> None:
    """About 0.3 ms an article and 0.1 ms a page of twenty known links on an idle machine."""
    pages = [article(number) for number in range(300)]
    kept = [capture(page) for page in pages]
    with open_store(f"sqlite:///{tmp_path}/s.sqlite") as store, store.writer(SITE, "test", T0) as writer:
        run = writer.begin_run("live", T0, full=False)
        read(writer, article(999), run=run)
        start = time.process_time()
        for page, one in zip(pages, kept, strict=True):
            writer.add_capture(one)
            writer.add_article(page, one, run=run)
        writer.commit()
        assert (time.process_time() - start) / 300 < 0.004
        start = time.process_time()
        for first in range(0, 300, 20):
            writer.sight(listed(*range(first, first + 20)), T0, run=run, section_id=None)
        assert (time.process_time() - start) / 15 < 0.01


def test_a_page_asks_the_database_little(tmp_path: Path) -> None:
    """A new article with its related list costs four look-ups; what it writes waits for the commit."""
    told: list[str] = []
    with open_store(f"sqlite:///{tmp_path}/s.sqlite") as store, store.writer(SITE, "test", T0) as writer:
        assert isinstance(writer, SiteWriter)
        run = writer.begin_run("live", T0, full=False)
        read(writer, article(999), run=run)
        writer.commit()
        writer.payload("sha256:0")  # begins the transaction
        driver = writer._connection.connection.dbapi_connection
        assert isinstance(driver, Connection)
        driver.set_trace_callback(told.append)
        for number in range(100):
            page = article(number)
            writer.payload(capture(page).digest)
            read(writer, page, run=run)
            writer.sight(listed(number + 1000, number + 2000), T0, run=run, section_id=None)
        driver.set_trace_callback(None)
        writer.commit()
    assert {statement.split()[0] for statement in told} <= {"SELECT", "--"}
    assert len(told) <= 4 * 100 + 5
