"""A store of the tests' site on disk, and the `bantin` command over it."""

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NoReturn

from crawler.store import open_store
from feeds.cli import entry
from tests.store.samples import SITE, T0, article, read

for module in (
    "crawler.config",
    "crawler.sites",
    "crawler.export.append",
    "crawler.export.verify",
    "crawler.compare",
):
    import_module(module)  # once here instead of in every fork

ROOT = Path(__file__).parents[2]
SITE_FILE = f"""
id = "{SITE}"
title = "Phường Mai"
home = "http://phuongmai.example/"
hosts = ["phuongmai.example"]
article_url = ['-(?P<code>pm)(?P<number>[0-9]+)\\.aspx$']
identity = "{{code}}{{number}}"
tag_authority = "phuongmai.example"
tag_date = "2020"
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def told(self) -> str:
        """The one line that an error is."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("bantin: ")
        return lines[0]


class Installation:
    """A folder with a site file and a store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder}/store.sqlite"
        (folder / "site.toml").write_text(SITE_FILE, encoding="utf-8")

    def write(self, work: Callable[[Any], object]) -> None:
        """Lets a writer work and commits."""
        with open_store(self.url) as store, store.writer(SITE, "test", T0) as writer:
            writer.begin_run("live", T0, full=False)
            work(writer)
            writer.commit()

    def fill(self, *numbers: int, day: float = 0, **changes: Any) -> None:
        """Reads articles of these numbers."""
        self.write(lambda writer: [read(writer, article(number, day, **changes)) for number in numbers])

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "BANTIN_SITE": str(self.folder / "site.toml"),
            "BANTIN_STORE": self.url,
            "BANTIN_NOW": "2021-04-01T09:00:00+07:00",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts the program in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "feeds", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, *arguments: str) -> Ended:
        """Runs a command in a fork of this process, which spares it the imports."""
        with TemporaryFile() as out, TemporaryFile() as err:
            child = os.fork()
            if child == 0:
                self._become(arguments, out.fileno(), err.fileno())
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            out.seek(0)
            err.seek(0)
            return Ended(code, out.read().decode(), err.read().decode())

    def _become(self, arguments: Sequence[str], out: int, err: int) -> NoReturn:
        """The `bantin` program from its first line to its last, but for the interpreter's own start and end."""
        code, environment = 1, self.environment
        try:
            os.chdir(self.folder)
            os.environ.clear()
            os.environ.update(environment)
            for descriptor, number in ((out, 1), (err, 2)):
                os.dup2(descriptor, number)
            sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
            sys.argv = ["bantin", *arguments]
            entry()
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            if sys.exc_info()[0]:
                traceback.print_exc()
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
            os._exit(code)
