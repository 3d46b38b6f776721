"""Files that appear whole or not at all, in a folder that is already open; never through a link."""

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

_LEFTOVER = re.compile(r"\.bantin-[0-9a-f]{16}")
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that is written beside the one it will replace: whole, but not yet known to the disk or to readers."""

    folder: int
    name: str
    temporary: str
    handle: int

    def sync(self) -> None:
        """Makes its bytes last."""
        os.fsync(self.handle)

    def land(self) -> None:
        """Puts it in its place: readers see the old bytes or the new ones."""
        os.rename(self.temporary, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)
        self._close()

    def drop(self) -> None:
        """Takes it away; the old file stays."""
        with suppress(OSError):
            os.unlink(self.temporary, dir_fd=self.folder)
        self._close()

    def _close(self) -> None:
        os.close(self.handle)
        os.close(self.folder)


def stage(folder: int, name: str, pieces: Iterator[bytes]) -> Staged | None:
    """Writes what is to replace the file `name` beside it; None when the file says the same already."""
    old = open_regular(folder, name)
    if old is None:
        return _write(folder, name, pieces)
    with old:
        same, rest = _common(old, pieces)
        if rest is None:
            return None
        old.seek(0)
        return _write(folder, name, chain(_first(old, same), rest))


def open_regular(folder: int, name: str) -> BinaryIO | None:
    """The file for reading; None when there is none to read: a link, pipe or device stands in its place."""
    # O_NONBLOCK: a planted pipe must not stop the build.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(name, flags, dir_fd=folder)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ELOOP, errno.ENXIO, errno.EACCES}:
            return None
        raise
    file = os.fdopen(handle, "rb")
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return file
    file.close()
    return None


def is_leftover(name: str) -> bool:
    """Whether a file of this name is what a killed build left half written."""
    return _LEFTOVER.fullmatch(name) is not None


def sweep(folder: int) -> None:
    """Removes what a killed run left half written; the caller's lock makes sure that nobody is writing it now."""
    for name in os.listdir(folder):
        if is_leftover(name):
            os.unlink(name, dir_fd=folder)


def _write(folder: int, name: str, pieces: Iterable[bytes]) -> Staged:
    temporary = f".bantin-{secrets.token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(temporary, flags, 0o666, dir_fd=folder)
    staged = Staged(os.dup(folder), name, temporary, handle)
    try:
        with os.fdopen(handle, "wb", closefd=False) as file:
            file.writelines(pieces)
    except BaseException:
        staged.drop()
        raise
    return staged


def _common(old: BinaryIO, pieces: Iterator[bytes]) -> tuple[int, Iterator[bytes] | None]:
    """How many bytes the old file shares with the new one, and the new rest; None where nothing differs."""
    same = 0
    for piece in pieces:
        if old.read(len(piece)) != piece:
            return same, chain((piece,), pieces)
        same += len(piece)
    return same, iter(()) if old.read(1) else None


def _first(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (block := file.read(min(size, _BLOCK))):
        size -= len(block)
        yield block
