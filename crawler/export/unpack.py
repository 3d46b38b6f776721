"""Reads a segment's lines back in bounded memory, and what is wrong with the file. Never trusts it."""

import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from crawler.export.segments import GZIP

_READ: Final = 1 << 16
_UNPACKED: Final = 1 << 20
#: Longer than any page that a crawl accepts becomes as a line.
MAX_LINE: Final = 128 << 20


class Unpacker:
    """Gives the lines of a gzip file of one member, without their ends; then its sums and its `fault`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._packed, self._content = hashlib.sha256(), hashlib.sha256()
        self.bytes = 0
        self.content_bytes = 0
        #: What keeps the rest from being read; None while nothing does.
        self.fault: str | None = None

    @property
    def sha256(self) -> str:
        """Of the file; whole after the last line, also of a damaged one."""
        return self._packed.hexdigest()

    @property
    def content_sha256(self) -> str:
        """Of what could be unpacked."""
        return self._content.hexdigest()

    def lines(self) -> Iterator[bytes]:
        """Every whole line up to the first fault. Raises OSError."""
        rest: list[bytes] = []
        held = 0
        for piece in self._pieces():
            *whole, tail = piece.split(b"\n")
            if whole:
                whole[0] = b"".join([*rest, whole[0]])
                rest, held = [], 0
                yield from whole
            rest.append(tail)
            held += len(tail)
            if held > MAX_LINE:
                self.fault = f"a line is longer than {MAX_LINE} bytes"
                rest, held = [], 0
        if held and self.fault is None:
            self.fault = "its last line has no end"

    def _pieces(self) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(GZIP)
        with self._path.open("rb") as file:
            while data := file.read(_READ):
                self.bytes += len(data)
                self._packed.update(data)
                if self.fault is None:
                    yield from self._unpacked(unpacker, data)
        if self.fault is None and not unpacker.eof:
            self.fault = "its gzip ends too early"

    def _unpacked(self, unpacker: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
        while data and self.fault is None:
            if unpacker.eof:
                self.fault = "something follows the end of its gzip"
                return
            try:
                piece = unpacker.decompress(data, _UNPACKED)
            except zlib.error as error:
                self.fault = f"its gzip is damaged ({error})"
                return
            self.content_bytes += len(piece)
            self._content.update(piece)
            data = unpacker.unconsumed_tail or unpacker.unused_data
            if piece:
                yield piece
