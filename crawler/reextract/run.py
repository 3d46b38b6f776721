"""Goes over the kept captures of a site with the work shared among processes; the store is this process's alone."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from crawler.crawling.workers import Worker
from crawler.reextract.examine import Examined, examiner
from crawler.reextract.report import Reextraction
from crawler.reextract.take import Taker
from crawler.sites import Site
from crawler.store import CaptureRow, Reader, Writer

#: Captures that travel to a worker together, and at most so many articles that a commit takes in.
BATCH: Final = 50
#: Batches that wait at each worker, so that it never waits for us.
_AHEAD: Final = 2
#: What lies further ahead of the clock no crawl believes.
_FUTURE: Final = timedelta(days=1)


class NoSuchCaptureError(Exception):
    """No kept capture has the identity asked for."""


def reextract(
    reader: Reader,
    site: Site,
    folder: Path,
    *,
    processes: int,
    now: datetime,
    writer: Writer | None = None,
    only: str | None = None,
    limit: int = 20,
    progress: Callable[[int], None] = lambda count: None,
) -> Reextraction:
    """Reads every kept capture of the site again and tells what is different; with a `writer` it is taken in.

    `folder` holds the capture files; with `processes` 1 no other process is started. `only` is the id of one
    article, `limit` the number of differences kept for the report. `progress` hears how many captures were read
    since it was last called. What was applied is durable when this returns or, batch by batch, when it is
    interrupted: run again, it goes on. Raises NoSuchCaptureError, StoreError, and WorkerLost when a worker
    process was killed.
    """
    rows = (writer or reader).captures(site.id, pages_only=True)
    if only is not None:
        rows = _present(
            only, (row for row in rows if only in (row.article, site.article_id(row.capture.url)))
        )
    report = Reextraction(site.id, applied=writer is not None)
    taker = Taker(writer or reader, writer, report, limit=limit, now=now)
    batches = _committing(_batches(rows), writer)

    async def work() -> None:
        async with aclosing(_answers(batches, processes, site, folder, now + _FUTURE)) as answers:
            async for examined in answers:
                taker.take(examined)
                progress(examined.counts.total())

    asyncio.run(work())
    if writer is not None:
        writer.commit()
    return report


def _present(only: str, rows: Iterator[CaptureRow]) -> Iterator[CaptureRow]:
    first = next(rows, None)
    if first is None:
        raise NoSuchCaptureError(f"no capture of {only} is kept")
    yield first
    yield from rows


def _batches(rows: Iterable[CaptureRow]) -> Iterator[list[CaptureRow]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _committing(batches: Iterator[list[CaptureRow]], writer: Writer | None) -> Iterator[list[CaptureRow]]:
    """Commits when the next batch was fetched: while a worker is waited for, nobody else waits for the database."""
    for batch in batches:
        if writer is not None:
            writer.commit()
        yield batch


async def _answers(
    batches: Iterator[list[CaptureRow]], processes: int, *task: object
) -> AsyncGenerator[Examined]:
    """What the batches gave, in their order."""
    if processes == 1:
        examine = examiner(*task)  # type: ignore[arg-type]
        for batch in batches:
            yield examine(batch)
            await asyncio.sleep(0)  # an interruption is heard here
        return
    workers = [await Worker.start(examiner, *task) for _ in range(processes)]
    waiting: deque[asyncio.Future[Examined]] = deque()
    try:
        for number, batch in enumerate(batches):
            waiting.append(workers[number % processes].ask(batch))
            if len(waiting) > _AHEAD * processes:
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()
    finally:
        for unheard in waiting:
            unheard.cancel()
        for worker in workers:
            worker.close()
