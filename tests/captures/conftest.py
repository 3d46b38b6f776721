"""WARC bytes written by hand, as other tools write them, and a writer with everything filled in."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.captures import CaptureWriter
from crawler.items import Capture

NOW = datetime(2020, 3, 25, 3, 0, 0, 123456, tzinfo=UTC)


def _record(
    kind: str,
    url: str | None,
    block: bytes = b"",
    *,
    date: str = "2020-03-25T03:00:00Z",
    version: str = "WARC/1.0",
    length: int | None = None,
    **fields: str,
) -> bytes:
    """One record; `fields` are further named fields with `_` for `-`."""
    lines = [version, f"WARC-Type: {kind}", f"WARC-Date: {date}", "WARC-Record-ID: <urn:uuid:made>"]
    lines += [f"WARC-Target-URI: {url}"] if url is not None else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    lines += [f"Content-Length: {len(block) if length is None else length}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def _http(body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    return "\r\n".join([status, *headers]).encode() + b"\r\n\r\n" + body


@pytest.fixture
def record() -> Callable[..., bytes]:
    return _record


@pytest.fixture
def http() -> Callable[..., bytes]:
    return _http


@pytest.fixture
def new_writer(tmp_path: Path) -> Callable[..., CaptureWriter]:
    def make(**changes: object) -> CaptureWriter:
        values: dict[str, object] = {
            "site": "congso",
            "run": 1,
            "software": "bantin/test",
            "previous": lambda _: None,
        }
        return CaptureWriter(tmp_path, **(values | changes))  # type: ignore[arg-type]

    return make


@pytest.fixture
def keep() -> Callable[..., Capture]:
    """Writes one response with everything filled in."""

    def write(
        writer: CaptureWriter, url: str = "http://congso.vn/a", body: bytes = b"<p>A</p>", **changes: object
    ) -> Capture:
        values: dict[str, object] = {
            "status": 200,
            "reason": "OK",
            "http_version": "HTTP/1.1",
            "headers": [(b"Content-Type", b"text/html; charset=utf-8")],
            "fetched_at": NOW,
            "source": "live",
        }
        return writer.write(url=url, body=body, **(values | changes))  # type: ignore[arg-type]

    return write
