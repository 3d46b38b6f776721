"""The whole pipeline (fetch, capture, extract, store) beside an empty Scrapy spider on the same server."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.row import Row

ROOT = Path(__file__).parents[2]
NOW = "2020-03-25T10:00:00+07:00"
MIB = 1024 * 1024


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
    """Pages per second as a ratio, and the peak memory of the crawl."""
    with tempfile.TemporaryDirectory() as name, _served(size) as proxy:
        folder, environment = Path(name), _environment(proxy)
        ended = subprocess.run(
            [sys.executable, "-m", "tests.bench.measured", "--json", "crawl"],
            cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        told = json.loads(ended.stdout)
        urls = folder / "urls.txt"
        urls.write_text("\n".join(_urls(folder, environment)), encoding="utf-8")
        empty = subprocess.run(
            [sys.executable, "-m", "tests.bench.empty_spider", str(urls)],
            cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
    ours = told["requests"] / told["seconds"]
    theirs = size / float(empty.stdout.split()[-1])
    ratio, peak = ours / theirs, told["peak"] / MIB
    return [
        Row(f"empty Scrapy spider, {size} pages", f"{theirs:.0f} /s"),
        Row(f"whole pipeline, {told['requests']} pages", f"{ours:.0f} /s"),
        Row("whole pipeline beside the empty spider", f"{ratio:.2f}", ">= 0.50", ratio >= 0.5),
        Row(f"peak memory of a crawl of {size} articles", f"{peak:.0f} MiB", "< 250 MiB", peak < 250),
    ]


def _urls(folder: Path, environment: dict[str, str]) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-m", "feeds", "export"],
        cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line)["url"] for line in ended.stdout.splitlines()]
