"""Runs the real `bantin` command, in a process of its own, against a portal on loopback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.store import open_store
from fixtures.portal import Faults, Portal, PortalServer

NOW = datetime.fromisoformat("2020-03-25T10:00:00+07:00")
ROOT = Path(__file__).parents[2]
FULL_SIZE = bool(os.environ.get("BANTIN_TEST_ALL"))


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Bantin:
    """An installation in a folder of its own, whose proxy is the test's portal."""

    folder: Path
    server: PortalServer
    now: datetime = NOW

    @property
    def environment(self) -> dict[str, str]:
        keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return keep | {
            "BANTIN_CONTACT": "https://example.org/test",
            "BANTIN_DELAY": "0",
            "BANTIN_NOW": self.now.isoformat(),
            "BANTIN_PUBLIC": "https://feeds.example.org/",
            "PYTHONPATH": str(ROOT),
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
            "http_proxy": self.server.proxy_url,
            "https_proxy": self.server.proxy_url,
        }

    def start(self, *arguments: str, module: str = "feeds", **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, timeout: float = 120, **environment: str) -> Ended:
        with self.start(*arguments, **environment) as process:
            try:
                out, err = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Ended(process.returncode, out, err)

    def crawl(self, *arguments: str, expect: int = 0, **environment: str) -> dict[str, Any]:
        """One crawl; returns its report."""
        ended = self.run("--json", "crawl", *arguments, **environment)
        assert ended.code == expect, f"exit code {ended.code}\n{ended.err}\n{ended.out[:900]}"
        return ended.json

    def records(self, *arguments: str) -> list[dict[str, Any]]:
        ended = self.run("export", *arguments)
        assert ended.code == 0, ended.err
        return [json.loads(line) for line in ended.out.splitlines()]

    @property
    def store_url(self) -> str:
        return f"sqlite:///{self.folder / 'var/store.sqlite'}"

    def problems(self) -> list[str]:
        with closing(open_store(self.store_url, create=False)) as store:
            return list(store.problems())

    def output(self) -> dict[str, bytes]:
        """Every published file but `status.*`."""
        public = self.folder / "public"
        return {
            str(path.relative_to(public)): path.read_bytes()
            for path in sorted(public.rglob("*"))
            if path.is_file() and not path.name.startswith("status.")
        }


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Bantin]]:
    """Starts a server for a portal and gives an installation that crawls it."""
    servers: list[PortalServer] = []

    def start(portal: Portal, faults: Faults | None = None, **arguments: Any) -> Bantin:
        server = PortalServer(portal, now=arguments.pop("now", NOW), faults=faults, **arguments)
        server.__enter__()
        servers.append(server)
        folder = tmp_path / f"installation-{len(servers)}"
        folder.mkdir()
        return Bantin(folder, server)

    yield start
    for server in servers:
        server.__exit__(None, None, None)
