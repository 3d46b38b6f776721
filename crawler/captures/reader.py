"""Reads captured responses back, from our own WARC files and other tools'. Never writes."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self

from crawler.captures.coding import is_whole_gzip, undo_chunks
from crawler.captures.contents import contents
from crawler.captures.files import (
    OPEN_SUFFIX,
    CaptureError,
    NotWarcError,
    WarcFile,
    locate,
    warc_file,
    warc_files,
)
from crawler.captures.gzipped import open_stream
from crawler.captures.originals import MAX_BLOCK, Originals, hint, not_modified, record_at, repeats
from crawler.captures.parse import HttpHead, RecordHead, header, parse_http, read_records
from crawler.captures.problems import Problems, at
from crawler.captures.response import CapturedResponse
from crawler.captures.saved import RefusedPageError, SavedPage, read_saved
from crawler.captures.sidecar import SIDECAR
from crawler.captures.streams import Place
from crawler.items import Capture

_KINDS = ("response", "revisit")
_CURES = {"no-address": f"name its address in {SIDECAR} beside it"}
#: Of an address in the log.
_LONGEST_URL = 500


class CaptureReader(Iterator[CapturedResponse]):
    """The responses of one file or folder in file order, read as they are asked for.

    `problems` counts what could not be given: `torn` (a cut last record) and `unreadable` records, `unresolved`
    revisits (their original is not among the files), `oversized` pages and packages, saved pages with `no-address`
    and those `missing` that a list names, `not-warc` files of a folder or package. An oversized response of
    another type than HTML is no page, and passed over like a request. Each case is named in the log.
    """

    def __init__(
        self,
        path: Path,
        *,
        wanted: Callable[[str], bool] | None = None,
        max_block: int = MAX_BLOCK,
        now: datetime | None = None,
        told: set[str] | None = None,
    ) -> None:
        """`told` are the `problems.told` of an earlier reader of the same files, which are not named again."""
        self.problems = Problems(told)
        self._contents = contents(path, self.problems)
        self._wanted_url = wanted
        self._max_block = max_block
        self._now = now
        warcs = [item for item in self._contents if isinstance(item, WarcFile)]
        self._originals = Originals(warcs, self._wanted, beside=path.parent if path.is_file() else None)
        self._responses = self._read()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> CapturedResponse:
        return next(self._responses)

    def _read(self) -> Iterator[CapturedResponse]:
        for item in self._contents:
            yield from self._warc(item) if isinstance(item, WarcFile) else self._page(item)

    def _warc(self, warc: WarcFile) -> Iterator[CapturedResponse]:
        with ExitStack() as held:
            try:
                stream = open_stream(warc.label, held.enter_context(warc.open()))
            except NotWarcError:
                self.problems.note("not-warc", warc.label)
                return
            for head, block in read_records(stream, self._wanted, partial(self._damaged, warc)):
                response = self._response(warc, head, block)
                if response is not None:
                    yield response

    def _page(self, page: SavedPage) -> Iterator[CapturedResponse]:
        try:
            response = read_saved(page, self._now)
        except RefusedPageError as refused:
            self.problems.note(refused.reason, str(page.path), _CURES.get(refused.reason, ""))
            return
        if self._wanted_url is None or self._wanted_url(response.url):
            yield response

    def _wanted(self, head: RecordHead) -> int | None:
        if head.type not in _KINDS or not head.url.lower().startswith(("http://", "https://")):
            return None
        if self._wanted_url is not None and not self._wanted_url(head.url):
            return None
        return min(head.length, self._max_block)

    def _response(self, warc: WarcFile, head: RecordHead, block: bytes) -> CapturedResponse | None:
        if head.length > self._max_block:
            http = parse_http(block)
            page = http is None or "html" in (header(http[0].headers, "content-type") or "html")
            if page:
                self._refuse("oversized", warc, head)
            return None
        original = self._originals.find(head) if head.type == "revisit" else (head, block)
        if original is None:
            self._refuse("unresolved", warc, head)
            return None
        response = build(warc, head, block, original)
        if response is None:
            self._refuse("unreadable", warc, head)
        return response

    def _refuse(self, reason: str, warc: WarcFile, head: RecordHead) -> None:
        self.problems.note(reason, f"{at(warc.label, head.place)}, {head.url[:_LONGEST_URL]}")

    def _damaged(self, warc: WarcFile, reason: str, place: Place) -> None:
        self.problems.note(reason, at(warc.label, place))


def read_captures(
    path: Path,
    *,
    wanted: Callable[[str], bool] | None = None,
    max_block: int = MAX_BLOCK,
    now: datetime | None = None,
) -> CaptureReader:
    """The responses in a WARC file, a WACZ, a saved page, or a folder of any of them, sorted by name.

    `wanted` is asked with each address before a record's payload is read; a saved page is no later than `now`
    (aware). CaptureError when nothing is there, or when the one file given is none of these or cannot be read.
    """
    return CaptureReader(path, wanted=wanted, max_block=max_block, now=now)


def read_at(folder: Path, capture: Capture) -> CapturedResponse:
    """The response that a capture names, read at its offset alone; CaptureError when it is not there."""
    if capture.warc is None or capture.offset is None:
        raise CaptureError(f"the capture of {capture.url} is not kept in a file")
    warc = warc_file(locate(folder, capture.warc))
    found = record_at(warc, Place(capture.offset))
    if found is None or found[0].type not in _KINDS:
        raise CaptureError(f"{capture.warc} has no readable response at {capture.offset}")
    head, block = found
    original = _original(folder, head) if head.type == "revisit" else found
    if original is None:
        raise CaptureError(f"{capture.warc}: the payload repeated at {capture.offset} is not in {folder}")
    response = build(warc, head, block, original)
    if response is None or response.digest != capture.digest:
        raise CaptureError(f"{capture.warc} holds another payload at {capture.offset} than was indexed")
    return response


def build(
    warc: WarcFile, head: RecordHead, block: bytes, original: tuple[RecordHead, bytes]
) -> CapturedResponse | None:
    """Puts a record and the response it repeats (itself, unless a revisit) together; None when unreadable."""
    repeated = parse_http(original[1])
    own = parse_http(block) if head.type == "revisit" and not not_modified(head) else repeated
    if repeated is None or head.time is None:
        return None
    http = own[0] if own is not None else repeated[0]
    payload, truncated = _payload(repeated[0], repeated[1])
    return CapturedResponse(
        url=head.url,
        status=http.status,
        reason=http.reason,
        headers=tuple(h for h in http.headers if h[0].lower() != "transfer-encoding"),
        payload=payload,
        fetched_at=head.time,
        warc=warc.name,
        offset=head.place.offset if head.place.inner == 0 else None,
        digest=f"sha256:{hashlib.sha256(payload).hexdigest()}",
        record_type="revisit" if head.type == "revisit" else "response",
        truncated=original[0].fields.get("warc-truncated") or truncated,
        addressable=warc.in_folder and head.place.inner == 0,
    )


def _payload(http: HttpHead, recorded: bytes) -> tuple[bytes, str | None]:
    """The payload without transfer coding, and why it is incomplete where that shows."""
    if header(http.headers, "transfer-encoding").lower().endswith("chunked"):
        joined = undo_chunks(recorded)
        if joined is not None:
            return joined[0], None if joined[1] else "chunked"
        return recorded, None
    length = header(http.headers, "content-length")
    short = recorded and length.isdecimal() and len(recorded) < int(length[:18])
    # Common Crawl notes the length of the page unpacked beside a payload that it left packed.
    return recorded, "length" if short and not is_whole_gzip(recorded) else None


def _original(folder: Path, revisit: RecordHead) -> tuple[RecordHead, bytes] | None:
    """By the place that our own writer notes; else by a search of the folder."""
    name, offset = hint(revisit)
    if name and Path(name).name == name and any((folder / n).exists() for n in (name, name + OPEN_SUFFIX)):
        found = record_at(warc_file(locate(folder, name)), Place(offset))
        if found is not None and repeats(revisit, found[0]):
            return found
    return Originals(warc_files(folder), lambda head: head.length).find(revisit)
