"""Bounded reading of gzipped WARC files, and the choice between them and plain ones."""

import zlib
from typing import BinaryIO

from crawler.captures.files import NotWarcError
from crawler.captures.streams import (
    FILE_START,
    MAX_LINE,
    RECORD_START,
    DamagedError,
    Place,
    PlainStream,
    Stream,
)

_MAGIC = b"\x1f\x8b\x08"
_CHUNK = 32 * 1024
_SEARCH = 1024 * 1024
_SNIFF = 1024


class GzipStream:
    """A gzipped file: one member per record, or one over everything.

    Unpacks at most 32 KiB at a time, whatever a member claims to hold.
    """

    def __init__(self, file: BinaryIO, start: Place) -> None:
        self.rubbish, self.abrupt = 0, False
        self._file = file
        self._begin(start.offset)
        self.skip(start.inner)

    def _begin(self, offset: int) -> None:
        self._file.seek(offset)
        self._packed = b""
        self._start_member(offset)

    def _start_member(self, offset: int) -> None:
        self._member = offset
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
        self._buffer = b""
        self._at = 0
        #: Bytes of the member before the buffer.
        self._passed = 0
        #: True while the buffer holds the first bytes of a record that nobody has asked for.
        self._boundary = False

    def next_record(self) -> bool:
        self.rubbish, self.abrupt = 0, False
        blank = 2 if self._boundary else 0
        while True:
            self._boundary = False
            if self._peek() == RECORD_START:
                return True
            line = self.readline()
            if not line and not self._boundary:
                return False
            if line.strip():
                self.abrupt = self.abrupt or blank < 2
                self.rubbish += len(line)
            blank += 1

    def place(self) -> Place:
        return Place(self._member, self._passed + self._at)

    def readline(self) -> bytes:
        parts: list[bytes] = []
        size = 0
        while size < MAX_LINE and self._more():
            end = self._buffer.find(b"\n", self._at) + 1
            parts.append(self._take((end or len(self._buffer)) - self._at))
            size += len(parts[-1])
            if end:
                break
        return b"".join(parts)

    def read(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size > 0 and self._more():
            parts.append(self._take(size))
            size -= len(parts[-1])
        return b"".join(parts)

    def skip(self, size: int) -> int:
        left = size
        while left > 0 and self._more():
            step = min(left, len(self._buffer) - self._at)
            self._at += step
            left -= step
        return size - left

    def resume(self, after: Place) -> bool:
        offset = _find_member(self._file, after.offset + 1)
        if offset is not None:
            self._begin(offset)
        return offset is not None

    def reconsider(self, after: Place, more: bool) -> bool:
        return more  # no record reaches into the next member

    def _take(self, size: int) -> bytes:
        part = self._buffer[self._at : self._at + size]
        self._at += len(part)
        return part

    def _peek(self) -> bytes:
        """The next few bytes, as many as a record's start has, where the member holds them."""
        if not self._more():
            return b""
        while len(self._buffer) - self._at < len(RECORD_START) and not self._unpacker.eof:
            self._extend()
        return self._buffer[self._at : self._at + len(RECORD_START)]

    def _more(self) -> bool:
        """Whether a byte can be read without crossing into the next record's member."""
        return not self._boundary and (self._at < len(self._buffer) or self._fill())

    def _fill(self) -> bool:
        while True:
            fresh = self._unpacker.eof
            if fresh and not self._next_member():
                return False
            self._extend()
            while fresh and len(self._buffer) < len(RECORD_START) and not self._unpacker.eof:
                self._extend()
            if self._buffer:
                self._boundary = fresh and self._buffer.startswith(RECORD_START)
                return not self._boundary

    def _extend(self) -> None:
        """Unpacks a piece behind what is left in the buffer."""
        packed = self._packed or self._file.read(_CHUNK)
        try:
            piece = self._unpacker.decompress(packed, _CHUNK)
        except zlib.error as error:
            raise DamagedError(str(error)) from error
        if not packed and not piece and not self._unpacker.eof:
            raise DamagedError("the file ends inside a gzip member")
        self._packed = self._unpacker.unconsumed_tail
        self._passed += self._at
        self._buffer = self._buffer[self._at :] + piece
        self._at = 0

    def _next_member(self) -> bool:
        """Starts the member behind the one just ended; zeros that pad the end of a file are none."""
        packed = self._unpacker.unused_data.lstrip(b"\0")
        while not packed:
            chunk = self._file.read(_CHUNK)
            if not chunk:
                return False
            packed = chunk.lstrip(b"\0")
        self._start_member(self._file.tell() - len(packed))
        self._packed = packed
        return True


def _find_member(file: BinaryIO, offset: int) -> int | None:
    """The next place at or behind `offset` where a gzip member begins with a record."""
    while True:
        file.seek(offset)
        chunk = file.read(_SEARCH)
        found = chunk.find(_MAGIC)
        while found >= 0:
            file.seek(offset + found)
            if _unpacks_to(file.read(_SNIFF)) == RECORD_START:
                return offset + found
            found = chunk.find(_MAGIC, found + 1)
        if len(chunk) < _SEARCH:
            return None
        offset += len(chunk) - len(_MAGIC) + 1


def _unpacks_to(packed: bytes) -> bytes | None:
    """The first few bytes that a gzip member holds; None when it is damaged or too short to tell."""
    try:
        start = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(packed, len(RECORD_START))
    except zlib.error:
        return None
    return start if len(start) == len(RECORD_START) else None


def open_stream(label: object, file: BinaryIO, start: Place = FILE_START) -> Stream:
    """The stream that fits the first bytes of the file at `label`; NotWarcError when it holds no WARC record at all."""
    file.seek(0)
    magic = file.read(_SNIFF)
    if magic.startswith(_MAGIC[:2]) and _unpacks_to(magic) in (RECORD_START, None):
        return GzipStream(file, start)
    if magic.startswith(RECORD_START):
        return PlainStream(file, start)
    raise NotWarcError(f"{label} is {'no WARC file' if magic else 'empty'}")
