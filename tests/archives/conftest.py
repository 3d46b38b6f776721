"""The real `bantin` command, in a process of its own, against stand-ins of the archives on loopback."""

import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crawler.store import open_store
from fixtures.archives import CommonCrawlServer, WaybackServer

ROOT = Path(__file__).parents[2]
NOW = "2020-03-25T10:00:00+07:00"
#: An address at which nobody listens: whoever asks the portal itself in these tests fails.
NOBODY = "http://127.0.0.1:9/"


@dataclass
class Installation:
    """An installation in a folder of its own."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PYTHONPATH": str(ROOT),
            "BANTIN_CONTACT": "https://example.org/test",
            "BANTIN_NOW": NOW,
            "BANTIN_WAYBACK_INDEX_PER_MINUTE": "60000",
            "BANTIN_WAYBACK_PAGES_PER_SECOND": "1000",
            "BANTIN_COMMONCRAWL_PER_SECOND": "1000",
            "BANTIN_ARCHIVE_PAUSE": "40",
        } | self.settings

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "feeds", *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, expect: int = 0, **environment: str) -> tuple[str, str]:
        with self.start(*arguments, **environment) as process:
            try:
                out, err = process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        assert process.returncode == expect, f"exit code {process.returncode}\n{err}\n{out[:900]}"
        return out, err

    def harvest(self, *arguments: str, source: str = "wayback", expect: int = 0, **environment: str) -> Any:
        """One crawl of an archive; returns its report."""
        out, self.err = self.run(
            "--json", "crawl", "--from", source, *arguments, expect=expect, **environment
        )
        return json.loads(out)

    def records(self, *arguments: str) -> list[dict[str, Any]]:
        out, _ = self.run("export", *arguments)
        return [json.loads(line) for line in out.splitlines()]

    def newest(self) -> dict[str, dict[str, Any]]:
        """The last record of every article, without what depends on when and in what order it was read."""
        told = {record["id"]: record for record in self.records()}
        for record in told.values():
            for name in ("seq", "at", "op"):
                del record[name]
            record["capture"] = {k: v for k, v in record["capture"].items() if k not in ("warc", "offset")}
        return told

    def views(self) -> list[tuple[str, int, str]]:
        return sorted((v["id"], v["count"], v["observed_at"]) for v in self.records("--views"))

    def problems(self) -> list[str]:
        with closing(open_store(f"sqlite:///{self.folder / 'var/store.sqlite'}", create=False)) as store:
            return list(store.problems())


@pytest.fixture
def install(tmp_path):
    """Makes an installation for an archive."""
    made = []

    def make(server: WaybackServer | CommonCrawlServer, **settings: str) -> Installation:
        folder = tmp_path / f"installation-{len(made)}"
        folder.mkdir()
        made.append(folder)
        addresses = {
            "BANTIN_WAYBACK_URL": server.url,
            "BANTIN_COMMONCRAWL_INDEX_URL": server.url,
            "BANTIN_COMMONCRAWL_DATA_URL": server.url,
            "BANTIN_ALLOW_PRIVATE": server.place,
            "http_proxy": "",
        }
        return Installation(folder, addresses | settings)

    return make
