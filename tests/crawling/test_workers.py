"""Worker processes: answers in order, errors told, nothing left behind, and a crawl that survives a killed one."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from crawler.crawling.workers import Worker, WorkerLost

ROOT = Path(__file__).parents[2]


def _work(factor: int, question: object) -> object:
    if question == "pid":
        return os.getpid()
    if question == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if isinstance(question, bytes):
        return question * factor
    if isinstance(question, int):
        return question * factor
    raise ValueError(f"no answer to {question}")


def times(factor: int) -> Callable[[object], object]:
    """Made in the worker, which must be able to import it."""
    return partial(_work, factor)


def test_answers_come_in_order_and_of_any_size() -> None:
    async def ask() -> list[object]:
        worker = await Worker.start(times, 3)
        questions = [worker.ask(n) for n in range(20)] + [worker.ask(b"x" * 3_000_000)]
        found = await asyncio.gather(*questions)
        worker.close()
        return found

    found = asyncio.run(asyncio.wait_for(ask(), 20))
    assert found == [*(n * 3 for n in range(20)), b"x" * 9_000_000]


def test_what_answering_raises_is_raised_here_and_the_worker_goes_on() -> None:
    async def ask() -> object:
        worker = await Worker.start(times, 3)
        with pytest.raises(ValueError, match="no answer to None"):
            await worker.ask(None)
        return await worker.ask(5)

    assert asyncio.run(asyncio.wait_for(ask(), 20)) == 15


def test_a_killed_worker_loses_what_it_was_asked_and_nothing_hangs() -> None:
    async def ask() -> None:
        worker = await Worker.start(times, 3)
        questions = [worker.ask("die"), worker.ask(1)]
        for question in questions:
            with pytest.raises(WorkerLost):
                await question
        with pytest.raises(WorkerLost):
            await worker.ask(2)

    asyncio.run(asyncio.wait_for(ask(), 20))


def test_a_worker_ends_with_a_crawl_that_is_killed() -> None:
    script = (
        "import asyncio, sys\n"
        f"sys.path[:0] = [{str(Path(__file__).parent)!r}, {str(ROOT)!r}]\n"
        "from crawler.crawling.workers import Worker\n"
        "from test_workers import times\n"
        "async def main():\n"
        "    worker = await Worker.start(times, 3)\n"
        "    print(await worker.ask('pid'), flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    crawl = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert crawl.stdout
    worker = int(crawl.stdout.readline())
    crawl.kill()
    crawl.wait()
    assert _ends(worker, within=10)


def _ends(process: int, *, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        state = Path(f"/proc/{process}/stat")
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False
