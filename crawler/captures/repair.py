"""Finishes the files of killed runs: cuts off a torn last record and gives the file its final name."""

import fcntl
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from crawler.captures.files import OPEN_SUFFIX, CaptureDiskError, final_name, site_of
from crawler.captures.writer import sync_folder

_CHUNK = 64 * 1024


def repair(folder: Path, *, site: str | None = None) -> list[tuple[str, int]]:
    """Finishes every file that a killed run left open; of one site, when given.

    Only files that still carry `.open` are read, so no finished archive is ever scanned; one that a running
    writer has locked is left alone. Whole records are kept, whether the store knows them or not; a file
    without any is removed. Gives (final name, bytes cut off) of each file. CaptureDiskError when the folder
    refuses.
    """
    if not folder.is_dir():
        return []
    try:
        paths = sorted(p for p in folder.iterdir() if p.name.endswith(OPEN_SUFFIX) and _ours(p, site))
        done = [result for path in paths if (result := _finish(path)) is not None]
        if done:
            sync_folder(folder)
    except OSError as error:
        raise CaptureDiskError(f"cannot repair captures in {folder}: {error.strerror or error}") from error
    return done


def _ours(path: Path, site: str | None) -> bool:
    owner = site_of(final_name(path))
    return owner is not None and site in (None, owner)


def _finish(path: Path) -> tuple[str, int] | None:
    with path.open("r+b") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        size = os.fstat(file.fileno()).st_size
        good = max(_member_ends(file), default=0)
        if good < size:
            os.ftruncate(file.fileno(), good)
        os.fsync(file.fileno())
        name = final_name(path)
        if good == 0:
            path.unlink()
        else:
            path.rename(path.with_name(name))
    return name, size - good


def _member_ends(file: BinaryIO) -> Iterator[int]:
    """Offsets behind each whole gzip member from the start, up to the first that is damaged or cut."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
    packed = file.read(_CHUNK)
    while packed:
        try:
            unpacker.decompress(packed, _CHUNK)
        except zlib.error:
            return
        if unpacker.eof:
            packed = unpacker.unused_data
            yield file.tell() - len(packed)
            unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
        else:
            packed = unpacker.unconsumed_tail
        packed = packed or file.read(_CHUNK)
