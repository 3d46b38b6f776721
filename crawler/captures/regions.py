"""Parts of a file read as if each were a file of its own. Every reader has its own position."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from crawler.captures.files import CaptureError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True, slots=True)
class Region:
    """Bytes of an open or openable file, from `start` on."""

    #: Gives a descriptor that its reader closes; OSError when it cannot.
    descriptor: Callable[[], int]
    start: int
    size: int

    def open(self) -> BinaryIO:
        """The region for reading, as a file that begins and ends with it. Raises OSError."""
        return io.BufferedReader(_Window(self.descriptor(), self.start, self.size))

    def part(self, start: int, size: int) -> "Region":
        """A region of this one; what reaches beyond the end is left off."""
        size = max(0, min(size, self.size - start))
        return replace(self, start=self.start + start, size=size)


def file_region(path: Path) -> Region:
    """A whole file of the disk; CaptureError when it cannot be read."""
    try:
        return Region(partial(os.open, path, os.O_RDONLY | os.O_CLOEXEC), 0, path.stat().st_size)
    except OSError as error:
        raise CaptureError(f"cannot read {path}: {error.strerror}") from error


class _Window(io.RawIOBase):
    def __init__(self, descriptor: int, start: int, size: int) -> None:
        self._descriptor = descriptor
        self._start = start
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        wanted = max(0, min(len(view), self._size - self._at))
        data = os.pread(self._descriptor, wanted, self._start + self._at)
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()
