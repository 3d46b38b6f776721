"""A proxy on loopback that answers for a portal of ours, and the real command crawling through it."""

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.eval.chrome import NOW

ROOT = Path(__file__).parents[2]


class _Portal(ThreadingHTTPServer):
    """Answers with `pages` by path and query; counts what was asked."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = pages
        self.asked: Counter[str] = Counter()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Portal

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        body = self.server.pages.get(path, self.server.pages.get(unquote(path)))
        self.server.asked[path] += 1
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "text/html")
        body = body or b"<html><body><h1>404</h1></body></html>"
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Keeps quiet."""


@contextmanager
def serve(pages: Mapping[str, bytes]) -> Iterator[_Portal]:
    """Runs the proxy in a thread."""
    server = _Portal(pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _bantin(folder: Path, port: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    own = {
        "BANTIN_CONTACT": "https://example.org/eval",
        "BANTIN_DELAY": "0",
        "BANTIN_NOW": NOW.isoformat(),
        "PYTHONPATH": str(ROOT),
        "http_proxy": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "feeds", *arguments]
    return subprocess.run(
        command, cwd=folder, env=keep | own, capture_output=True, text=True, timeout=300, check=False
    )


def crawl(folder: Path, pages: Mapping[str, bytes]) -> tuple[int, str, list[dict[str, Any]], Counter[str]]:
    """Crawls a portal with the real command: exit code, stderr, records, and how often each address was asked."""
    with serve(pages) as server:
        ended = _bantin(folder, server.server_port, "--json", "crawl")
        exported = _bantin(folder, server.server_port, "export")
    records = [json.loads(line) for line in exported.stdout.splitlines()]
    return ended.returncode, ended.stderr, records, server.asked
