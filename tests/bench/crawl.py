"""The whole pipeline (fetch, capture, extract, store) beside an empty Scrapy spider on the same server."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.row import Row

ROOT = Path(__file__).parents[2]
NOW = "2020-03-25T10:00:00+07:00"
MIB = 1024 * 1024
TURNS = 3


@contextmanager
def _served(size: int) -> Iterator[str]:
    """The address of a portal of that size, served by a process of its own."""
    arguments = ["--now", NOW, "--articles", str(size)]
    process = subprocess.Popen(
        [sys.executable, "-m", "fixtures.portal", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        yield process.stdout.readline().split()[-1].rstrip("/")
    finally:
        process.terminate()
        process.wait()


def _environment(proxy: str) -> dict[str, str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    own = {"BANTIN_CONTACT": "https://example.org/bench", "BANTIN_DELAY": "0", "BANTIN_NOW": NOW}
    return keep | own | {"http_proxy": proxy, "PYTHONPATH": str(ROOT)}


def measure(size: int) -> list[Row]:
    """Pages per second as a ratio, and the peak memory of the crawl.

    Both take turns, and each counts by its fastest turn: a machine that does other things too must not decide.
    """
    crawls, seconds = [], []
    with tempfile.TemporaryDirectory() as name, _served(size) as proxy:
        environment = _environment(proxy)
        for turn in range(TURNS):
            folder = Path(name, str(turn))
            folder.mkdir()
            crawls.append(_crawl(folder, environment))
            seconds.append(_empty(folder, environment))
    fastest = min(crawls, key=lambda told: told["seconds"])
    ours = fastest["requests"] / fastest["seconds"]
    theirs = size / min(seconds)
    ratio, peak = ours / theirs, max(told["peak"] for told in crawls) / MIB
    return [
        Row(f"empty Scrapy spider, {size} pages", f"{theirs:.0f} /s"),
        Row(f"whole pipeline, {fastest['requests']} pages", f"{ours:.0f} /s"),
        Row("whole pipeline beside the empty spider", f"{ratio:.2f}", ">= 0.50", ratio >= 0.5),
        Row(f"peak memory of a crawl of {size} articles", f"{peak:.0f} MiB", "< 250 MiB", peak < 250),
    ]


def _crawl(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """A first crawl: its requests, seconds and peak memory."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.measured", "--json", "crawl"],
        cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(ended.stdout))


def _empty(folder: Path, environment: dict[str, str]) -> float:
    """Seconds in which the empty spider fetches the articles of the crawl in this folder."""
    urls = folder / "urls.txt"
    urls.write_text("\n".join(_urls(folder, environment)), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.empty_spider", str(urls)],
        cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return float(ended.stdout.split()[-1])


def _urls(folder: Path, environment: dict[str, str]) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-m", "feeds", "export"],
        cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line)["url"] for line in ended.stdout.splitlines()]
