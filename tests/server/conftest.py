"""A served folder over real sockets."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from feeds.server.app import make_app
from feeds.server.connection import BoundedConnection
from feeds.server.run import listen

ATOM = b"<feed>" + b"\xe1\xba\xa1" * 4000 + b"</feed>"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the server serves: a link, as operators have it who switch between folders."""
    return tmp_path_factory.mktemp("served") / "current"


@pytest.fixture
def root(tmp_path: Path, served: Path) -> Path:
    """The folder served in this test."""
    folder = tmp_path / "public"
    (folder / "all" / "archive").mkdir(parents=True)
    (folder / "index.html").write_text("<!DOCTYPE html><p>chào</p>", encoding="utf-8")
    (folder / "all" / "index.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    (folder / "all" / "atom.xml").write_bytes(ATOM)
    (folder / "all" / "archive" / "2020-01.xml").write_bytes(ATOM)
    (folder / "all" / "rss.xml").write_bytes(b"<rss/>")
    (folder / "all" / "feed.json").write_bytes(b"{}")
    (folder / "icon.png").write_bytes(b"\x89PNG")
    (folder / "strange.exe").write_bytes(b"MZ")
    (folder / "large.pdf").write_bytes(bytes(range(256)) * 4096 * 20)
    served.unlink(missing_ok=True)
    served.symlink_to(folder)
    return folder


def application(root: Path) -> Starlette:
    return make_app(root, hosts=["127.0.0.1", "localhost"], healthy=dict, metrics=lambda: b"bantin_seq 1\n")


@pytest.fixture(scope="session")
def server(served: Path) -> Iterator[tuple[str, int]]:
    """Host and port of a server in a thread of its own."""
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        application(served), http=BoundedConnection, ws="none", lifespan="off", log_config=None, limit_concurrency=2000,
        server_header=False,
    )  # fmt: skip
    running = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[listening])), daemon=True)
    thread.start()
    yield "127.0.0.1", listening.getsockname()[1]
    running.should_exit = running.force_exit = True
    thread.join(10)


@pytest.fixture
def address(server: tuple[str, int], root: Path) -> tuple[str, int]:
    """Where `root` is served."""
    return server
