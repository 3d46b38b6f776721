"""Opens what was published, and nothing else: no links, no hidden files, nothing outside the folder."""

import errno
import os
import re
import stat
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

INDEX = "index.html"
#: Names that the publisher gives; a file that it is still writing begins with a dot.
_NAME = re.compile(r"[A-Za-z0-9-][A-Za-z0-9._-]{0,149}")
#: Errors of opening a link, or a pipe or socket, where a file should be.
_NO_FILE = frozenset((errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG))
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A published file, open for reading; whoever has it closes `descriptor`."""

    descriptor: int
    #: Path below the folder.
    path: str
    size: int
    #: Seconds since 1970.
    modified: float
    #: Changes whenever the publisher replaces the file, which it does only when its bytes change.
    tag: str


def open_published(root: Path, path: str) -> OpenFile | Literal["folder"] | None:
    """The file at a path of an address, a folder's index where it ends in a slash.

    `folder` for a folder's address without its slash, None where nothing is published. The root may be a link,
    which is the operator's choice; nothing below it is followed. OSError when the disk fails.
    """
    parts = path.split("/")
    parts[-1] = parts[-1] or INDEX
    if not all(map(_NAME.fullmatch, parts)):
        return None
    with ExitStack() as opened:
        try:
            folder = os.open(root, _FOLDER & ~os.O_NOFOLLOW)
            opened.callback(os.close, folder)
            for name in parts[:-1]:
                folder = os.open(name, _FOLDER, dir_fd=folder)
                opened.callback(os.close, folder)
            descriptor = os.open(parts[-1], _FILE, dir_fd=folder)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            return None
        except OSError as error:
            if error.errno in _NO_FILE:
                return None
            raise
    return _described(descriptor, "/".join(parts))


def _described(descriptor: int, path: str) -> OpenFile | Literal["folder"] | None:
    told = os.fstat(descriptor)
    if not stat.S_ISREG(told.st_mode):
        os.close(descriptor)
        return "folder" if stat.S_ISDIR(told.st_mode) else None
    tag = f"{told.st_mtime_ns:x}-{told.st_size:x}"
    return OpenFile(descriptor, path, told.st_size, told.st_mtime, tag)
