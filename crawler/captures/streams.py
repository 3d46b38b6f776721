"""Bounded reading of WARC bytes with the place of every record; knows no record's meaning.

warcio's own iterator stops at the first damaged member, refuses a file that is one gzip member, reads lines
of any length and reports to stderr: files of other tools need more patience and firmer bounds.
"""

import io
from dataclasses import dataclass
from typing import BinaryIO, Protocol

RECORD_START = b"WARC/"
#: A longer line is read in pieces.
MAX_LINE = 64 * 1024


class DamagedError(Exception):
    """The bytes here are no whole record."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record starts: an offset in the file and, in a member that holds more, bytes to skip."""

    offset: int
    inner: int = 0


FILE_START = Place(0)


class Stream(Protocol):
    """Bytes of one file; `read` and `readline` stop where a gzip member begins with the next record."""

    #: Bytes that are no record and no blank line, passed over by the last `next_record`.
    rubbish: int
    #: Whether they began without the two line ends that close a record.
    abrupt: bool

    def next_record(self) -> bool:
        """Goes over blank lines and rubbish to the next record's first line; False at the end."""

    def place(self) -> Place: ...

    def readline(self) -> bytes:
        """A line with its end; one longer than 64 KiB comes in pieces."""

    def read(self, size: int) -> bytes: ...

    def skip(self, size: int) -> int:
        """How many of `size` bytes could be passed over."""

    def resume(self, after: Place) -> bool:
        """Goes to the next record found behind a damaged one; False when there is none."""

    def reconsider(self, after: Place, more: bool) -> bool:
        """Goes back to records that one with a wrong length has swallowed; `more`: what `next_record` said."""


class PlainStream:
    """An uncompressed file."""

    def __init__(self, file: BinaryIO, start: Place) -> None:
        self.rubbish, self.abrupt = 0, False
        self._file = file
        self._size = file.seek(0, io.SEEK_END)
        file.seek(start.offset)

    def next_record(self) -> bool:
        self.rubbish, self.abrupt = 0, False
        blank = 0
        while True:
            here = self._file.tell()
            line = self._file.readline(MAX_LINE)
            if line.startswith(RECORD_START):
                self._file.seek(here)
                return True
            if not line:
                return False
            if line.strip():
                self.abrupt = self.abrupt or blank < 2
                self.rubbish += len(line)
            blank += 1

    def place(self) -> Place:
        return Place(self._file.tell())

    def readline(self) -> bytes:
        return self._file.readline(MAX_LINE)

    def read(self, size: int) -> bytes:
        return self._file.read(size)

    def skip(self, size: int) -> int:
        here = self._file.tell()
        return self._file.seek(min(here + size, self._size)) - here

    def resume(self, after: Place) -> bool:
        self._file.seek(after.offset + len(RECORD_START))
        return self.next_record()

    def reconsider(self, after: Place, more: bool) -> bool:
        return self.resume(after)
