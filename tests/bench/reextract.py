"""What re-extraction costs beside reading the pages, and how many captures it reads in a second."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from os import times
from pathlib import Path
from time import perf_counter, process_time

from crawler.captures import CaptureWriter
from crawler.crawling.garbage import spare_collections
from crawler.extract import read_page
from crawler.items import Capture
from crawler.reextract import reextract
from crawler.sites import Site, load_site
from crawler.store import Writer, open_store
from fixtures.portal import Pages, scaled_portal
from tests.bench.row import Row

NOW = datetime.fromisoformat("2020-03-25T10:00:00+07:00").astimezone(UTC)
HTML = ((b"Content-Type", b"text/html; charset=utf-8"),)


def measure(size: int) -> list[Row]:
    """Captures per second with two processes, and the share of the work that is not reading."""
    site = load_site("dukcqtw")
    pages = list(_pages(size))
    spare_collections()
    with tempfile.TemporaryDirectory() as name:
        url, folder = f"sqlite:///{name}/store.sqlite", Path(name) / "captures"
        with closing(open_store(url)) as store:
            with store.writer(site.id, "bench", NOW) as writer:
                _fill(writer, site, folder, pages)
            reading = _reading(site, pages)
            began, spent = perf_counter(), process_time()
            alone = store.transaction(lambda reader: reextract(reader, site, folder, processes=1, now=NOW))
            spent = process_time() - spent
            seconds = perf_counter() - began
            began, ours = perf_counter(), times()
            shared = store.transaction(lambda reader: reextract(reader, site, folder, processes=2, now=NOW))
            together, main = perf_counter() - began, times().user - ours.user
    assert alone.counts == shared.counts
    assert alone.counts["same"] == len(pages)
    beside = spent / reading - 1
    return [
        Row(f"re-extraction, {len(pages)} captures, one process", f"{len(pages) / seconds:.0f} /s"),
        Row("re-extraction, two processes, their start included", f"{len(pages) / together:.0f} /s"),
        Row("re-extraction beside reading alone", f"+{beside:.0%}", "< +50%", beside < 0.5),
        Row("processor time of its main process", f"{main / together:.0%}", "< 10%", main / together < 0.1),
    ]


def _pages(size: int) -> Iterator[tuple[str, bytes]]:
    portal = scaled_portal(size, sections=2)
    pages = Pages(portal, NOW)
    for path in pages.addresses():
        if "-duk" in path:
            yield f"http://{portal.host}{path}", pages.get(path).body


def _reading(site: Site, pages: list[tuple[str, bytes]]) -> float:
    """Processor seconds of reading alone."""
    began = process_time()
    for url, body in pages:
        read_page(body, url=url, site=site, fetched_at=NOW)
    return process_time() - began


def _fill(writer: Writer, site: Site, folder: Path, pages: list[tuple[str, bytes]]) -> None:
    run = writer.begin_run("live", NOW, full=False)
    with CaptureWriter(
        folder, site=site.id, run=run, software="bench", previous=lambda digest: None
    ) as captures:
        for url, body in pages:
            kept = _kept(captures, url, body)
            page = read_page(body, url=url, site=site, fetched_at=NOW)
            assert page.article, url
            writer.add_capture(kept)
            writer.add_article(page.article, kept, run=run)
    writer.commit()


def _kept(captures: CaptureWriter, url: str, body: bytes) -> Capture:
    return captures.write(
        url=url, status=200, reason="OK", http_version="HTTP/1.1", headers=HTML,
        body=body, fetched_at=NOW, source="live",
    )  # fmt: skip
