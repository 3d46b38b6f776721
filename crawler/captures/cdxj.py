"""The index of capture files as web archives read it: CDXJ lines, packed in blocks with a short list of them.

Formats: CDXJ and its compressed form `cdxj-gzip-1.0`, as in WACZ 1.1.1 (specs.webrecorder.net).
"""

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Protocol

from crawler.captures.files import final_name, opened
from crawler.captures.gzipped import open_stream
from crawler.captures.originals import MAX_BLOCK
from crawler.captures.parse import HttpHead, RecordHead, header, parse_http, read_records
from crawler.captures.surt import surt

#: Lines of one packed block: what a reader unpacks to find one address.
_BLOCK_LINES = 1000


class Sink(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One response or revisit of a file, with what its record says."""

    head: RecordHead
    time: datetime
    http: HttpHead
    payload: bytes
    #: Bytes of the record in the file.
    length: int

    @property
    def media_type(self) -> str:
        """Of the response, in lower case and without parameters; empty when it names none."""
        return header(self.http.headers, "content-type").partition(";")[0].strip().lower()


def read_index(path: Path, problems: Counter[str]) -> Iterator[IndexEntry]:
    """The responses and revisits of one WARC file, in file order; damage is counted in `problems`."""
    with opened(path) as file:
        size = path.stat().st_size
        stream = open_stream(path, file)
        previous: tuple[RecordHead, bytes] | None = None
        records = read_records(
            stream, lambda head: min(head.length, MAX_BLOCK), lambda reason, _: problems.update([reason])
        )
        for record in records:
            if previous is not None:
                yield from _entry(*previous, record[0].place.offset, problems)
            previous = record
        if previous is not None:
            yield from _entry(*previous, size, problems)


def _entry(head: RecordHead, block: bytes, end: int, problems: Counter[str]) -> Iterator[IndexEntry]:
    """None for a record that holds no answer of a web server."""
    if head.type not in ("response", "revisit") or not head.url.lower().startswith(("http://", "https://")):
        return
    http, time = parse_http(block), head.time
    if http is None or time is None:
        problems["unreadable"] += 1
        return
    yield IndexEntry(head, time, *http, end - head.place.offset)


def line(entry: IndexEntry, path: Path) -> bytes:
    """The CDXJ line of an entry: key, 14-digit time, and as JSON where the record stands."""
    fields = {
        "url": entry.head.url,
        "mime": "warc/revisit" if entry.head.type == "revisit" else entry.media_type,
        "status": str(entry.http.status),
        "digest": entry.head.digest or "",
        "length": str(entry.length),
        "offset": str(entry.head.place.offset),
        "filename": final_name(path),
    }
    told = json.dumps({name: value for name, value in fields.items() if value})
    return f"{surt(entry.head.url)} {entry.time:%Y%m%d%H%M%S} {told}\n".encode()


def once(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines, each capture (address, time, digest) once: after a kill the same one may be fetched again."""
    for _, group in groupby(lines, key=lambda line: line.split(b" ", 2)[:2]):
        first, *more = group
        yield first
        if more:
            yield from _others(first, more)


def _others(first: bytes, lines: list[bytes]) -> Iterator[bytes]:
    """Of lines with one key and time those that are other captures than the first, and than each other."""
    seen = {_capture(first)}
    for line in lines:
        capture = _capture(line)
        if capture not in seen:
            yield line
        seen.add(capture)


def _capture(line: bytes) -> tuple[str, str]:
    """Address and digest of a line; its place where it has no digest."""
    told = json.loads(line.split(b" ", 2)[2])
    return told["url"], told.get("digest") or f"{told['filename']} {told['offset']}"


def write_blocks(lines: Iterable[bytes], to: Sink, name: str) -> bytes:
    """Writes sorted lines as gzip members into `to` (a file called `name`); gives the list of the members.

    The list (`.idx`) has one line for each block: its first key and time, and where it stands.
    """
    told = [b"!meta 0 " + _json({"format": "cdxj-gzip-1.0", "filename": name})]
    offset = 0
    rest = iter(lines)
    while block := list(islice(rest, _BLOCK_LINES)):
        member = gzip.compress(b"".join(block), 6, mtime=0)
        first = b" ".join(block[0].split(b" ", 2)[:2])
        digest = f"sha256:{hashlib.sha256(member).hexdigest()}"
        told.append(first + b" " + _json({"offset": offset, "length": len(member), "digest": digest}))
        to.write(member)
        offset += len(member)
    return b"".join(told)


def _json(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"
