"""The real `bantin` command, in a process of its own, against stand-ins of the archives on loopback."""

import json
import os
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from crawler.store import Store, open_store
from fixtures.archives import CommonCrawlServer, WaybackServer
from fixtures.archives.process import start_command

NOW = "2020-03-25T10:00:00+07:00"


@dataclass
class Installation:
    """An installation in a folder of its own."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    #: What the last command said on standard error.
    err: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "BANTIN_CONTACT": "https://example.org/test",
            "BANTIN_NOW": NOW,
            "BANTIN_WAYBACK_INDEX_PER_MINUTE": "60000",
            "BANTIN_WAYBACK_PAGES_PER_SECOND": "1000",
            "BANTIN_COMMONCRAWL_PER_SECOND": "1000",
            "BANTIN_ARCHIVE_PAUSE": "40",
        } | self.settings

    def start(self, *arguments: str, **environment: str) -> BaseProcess:
        """The command, under way."""
        return start_command(
            arguments,
            folder=self.folder,
            environment=self.environment | environment,
            out=self.folder / "out",
            err=self.folder / "err",
        )

    def run(self, *arguments: str, expect: int = 0, **environment: str) -> str:
        """What the command says on standard output."""
        process = self.start(*arguments, **environment)
        process.join(90)
        if process.exitcode is None:
            process.kill()
        out, self.err = (self.folder / "out").read_text(), (self.folder / "err").read_text()
        assert process.exitcode == expect, f"exit code {process.exitcode}\n{self.err}\n{out[:900]}"
        return out

    def harvest(self, *arguments: str, source: str = "wayback", expect: int = 0, **environment: str) -> Any:
        """One crawl of an archive; returns its report."""
        return json.loads(
            self.run("--json", "crawl", "--from", source, *arguments, expect=expect, **environment)
        )

    def exported(self) -> list[dict[str, Any]]:
        """What `bantin export` gives; read here, for a process costs more than all the rest."""
        with self._store() as store:
            return [dict(record) for record in store.records("dukcqtw")]

    def newest(self) -> dict[str, dict[str, Any]]:
        """The last record of every article, without what depends on when and in what order it was read."""
        told = {record["id"]: record for record in self.exported()}
        for record in told.values():
            for name in ("seq", "at", "op"):
                del record[name]
            record["capture"] = {k: v for k, v in record["capture"].items() if k not in ("warc", "offset")}
        return told

    def views(self) -> list[tuple[str, int, str]]:
        """Article, count and time of every view observation."""
        with self._store() as store:
            return sorted((v["id"], v["count"], v["observed_at"]) for v in store.view_records("dukcqtw"))

    def problems(self) -> list[str]:
        with self._store() as store:
            return list(store.problems())

    def _store(self) -> closing[Store]:
        return closing(open_store(f"sqlite:///{self.folder / 'var/store.sqlite'}", create=False))


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
