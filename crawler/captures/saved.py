"""Pages that somebody saved with a browser, as the responses they were. Reads one file at a time."""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from mimetypes import MimeTypes
from pathlib import Path

from crawler.captures.coding import MAX_UNPACKED, CodingError, decode_payload
from crawler.captures.files import CaptureError
from crawler.captures.marks import told_by_page
from crawler.captures.mhtml import read_mhtml
from crawler.captures.originals import MAX_BLOCK
from crawler.captures.parse import HeaderList
from crawler.captures.response import CapturedResponse
from crawler.captures.sidecar import Told

_PLAIN = (".html", ".htm", ".xhtml", ".aspx", ".asp", ".php", ".jsp")
_MAIL = (".mhtml", ".mht")
#: An `.mhtml` file holds the pictures too.
_LONGEST_MAIL = 64 * 1024 * 1024
_MARKUP_START = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff\0?)?\s*<")
#: Python's own list, not that of the machine.
_TYPES = MimeTypes()
#: Of the year 9999: file systems and unpackers know later ones, `datetime` does not.
_LAST_SECOND = 253402300799
_MARKUP = (("Content-Type", "text/html"),)


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A file that somebody saved."""

    path: Path
    #: What the list beside it says.
    told: Told | None = None


class RefusedPageError(CaptureError):
    """A saved page that cannot be used; `reason` is `no-address`, `oversized` or `unreadable`."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.reason = reason


def is_page_name(name: str) -> bool:
    """Whether a file is called as saved pages are."""
    return name.lower().removesuffix(".gz").endswith((*_PLAIN, *_MAIL))


def read_saved(page: SavedPage, now: datetime | None) -> CapturedResponse:
    """The response that a saved page or file was: status 200, its bytes as they are. RefusedPageError when it is none.

    Its address and time are those of the list, else those the page itself tells; the last time the file was
    written stands in for a time that nothing tells. No time is later than `now` (aware).
    """
    data, written = _read(page.path)
    payload, headers, own = _parts(page.path, data)
    told = page.told or own
    if told is None:
        raise RefusedPageError(page.path, "no-address")
    return CapturedResponse(
        url=told.url,
        status=200,
        reason="OK",
        headers=headers,
        payload=payload,
        fetched_at=_time([page.told, own], written, now),
        warc=page.path.name,
        offset=None,
        digest=f"sha256:{hashlib.sha256(payload).hexdigest()}",
        record_type="response",
    )


def _read(path: Path) -> tuple[bytes, datetime]:
    longest = _longest(path.name)
    try:
        with path.open("rb") as file:
            data = file.read(longest + 1)
            written = os.fstat(file.fileno()).st_mtime
    except OSError as error:
        raise CaptureError(f"cannot read {path}: {error.strerror}") from error
    if len(data) > longest:
        raise RefusedPageError(path, "oversized")
    return data, datetime.fromtimestamp(min(max(int(written), 0), _LAST_SECOND), UTC)


def _longest(name: str) -> int:
    if name.lower().endswith(_MAIL):
        return _LONGEST_MAIL
    return MAX_UNPACKED if is_page_name(name) else MAX_BLOCK


def _other_type(name: str, data: bytes) -> str | None:
    """The media type of a file that a list names and that is no page (a PDF, a picture); None for a page."""
    if is_page_name(name) or _MARKUP_START.match(data):
        return None
    return _TYPES.guess_type(name)[0] or "application/octet-stream"


def _parts(path: Path, data: bytes) -> tuple[bytes, HeaderList, Told | None]:
    """Payload, headers, and what the page tells of itself."""
    if path.name.lower().endswith(_MAIL):
        part = read_mhtml(data)
        if part is None:
            raise RefusedPageError(path, "unreadable")
        if len(part.page) > MAX_UNPACKED:
            raise RefusedPageError(path, "oversized")
        return part.page, (("Content-Type", part.content_type),), part.told or told_by_page(part.page)
    other = _other_type(path.name, data)
    if other is not None:
        return data, (("Content-Type", other),), None
    packed = data.startswith(b"\x1f\x8b\x08")
    headers = (*_MARKUP, ("Content-Encoding", "gzip")) if packed else _MARKUP
    try:
        return data, headers, told_by_page(decode_payload(data, headers))
    except CodingError as error:
        reason = "oversized" if error.reason == "too-large" else "unreadable"
        raise RefusedPageError(path, reason) from error


def _time(told: list[Told | None], written: datetime, now: datetime | None) -> datetime:
    """The first time told that can be true, else when the file was written: at the latest, it was there `now`."""
    times = (source.time for source in told if source is not None and source.time is not None)
    if now is None:
        return next(times, written)
    return next((time for time in times if time <= now), min(written, now.astimezone(UTC)))
