"""Puts files into the output folder: whole or not at all, only when changed, never through a link."""

import errno
import fcntl
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from feeds.atomic import Staged, open_regular, stage, sweep

_SAFE = re.compile(r"[a-z0-9-][a-z0-9._-]{0,99}")
#: Endings of copies that web servers look for beside a file.
_PACKED = (".gz", ".br", ".zst")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
#: So many new files reach the disk together, which takes hardly longer than one.
_TOGETHER = 64


class PublishError(Exception):
    """The output folder cannot be written; the message names the file and the cure (exit code 3)."""


class OutputFolder:
    """An output folder while it is being written; one writer at a time.

    The folder itself may be a link, that is the operator's choice; below it every name is opened relative to
    its folder and without following links. What a killed run left half written is removed.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._root = -1
        self._swept: set[PurePosixPath] = set()
        self._touched: set[PurePosixPath] = set()
        self._waiting: list[tuple[str, Staged]] = []
        self.written: list[str] = []
        self.unchanged: list[str] = []
        self.removed: list[str] = []

    def __enter__(self) -> Self:
        with self._explained("."):
            self._out.mkdir(parents=True, exist_ok=True)
            self._root = os.open(self._out, _FOLDER & ~os.O_NOFOLLOW)
            # The kernel frees it with the process: two builds never mix, a killed one blocks none.
            fcntl.flock(self._root, fcntl.LOCK_EX)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._land()
            with self._explained("."):
                self._settle()
        finally:
            for _, staged in self._waiting:
                staged.drop()
            os.close(self._root)

    def _settle(self) -> None:
        """Makes the renames last, once per folder: after a power cut before it, the old file is there, whole."""
        for path in sorted(self._touched):
            with self._folder(path) as folder:
                os.fsync(folder)

    def write(self, name: str, content: bytes | Iterable[bytes]) -> bool:
        """Publishes `content` as the file `name` (relative, `/` between); False when it was there already.

        Readers see it at the latest when this folder is left. PublishError when it cannot; the old file then stays
        whole.
        """
        path = _safe(name)
        pieces = iter((content,) if isinstance(content, bytes) else content)
        with self._explained(name), self._folder(path.parent) as folder:
            staged = stage(folder, path.name, pieces)
        if staged:
            self._waiting.append((name, staged))
            # A new folder is an entry of the folder above.
            self._touched |= {path.parent, *path.parent.parents}
        if len(self._waiting) >= _TOGETHER:
            self._land()
        (self.written if staged else self.unchanged).append(name)
        return staged is not None

    def _land(self) -> None:
        """Makes the waiting files last, all at once, then shows them to readers in order."""
        if not self._waiting:
            return
        with ThreadPoolExecutor(min(len(self._waiting), 16)) as pool:
            synced = [(name, pool.submit(staged.sync)) for name, staged in self._waiting]
        for name, done in synced:
            with self._explained(name):
                done.result()
        while self._waiting:
            name, staged = self._waiting[0]
            with self._explained(name):
                staged.land()
            self._waiting.pop(0)

    def read(self, name: str) -> bytes | None:
        """What was published as this file; None where there is no such regular file."""
        self._land()
        path = _safe(name)
        with self._explained(name), self._folder(path.parent) as folder:
            file = open_regular(folder, path.name)
            if file is None:
                return None
            with file:
                return file.read()

    def files(self, name: str) -> Mapping[str, os.stat_result]:
        """The regular files in a folder below the output folder, without those of a killed build."""
        self._land()
        path = _safe(name)
        with self._explained(name), self._folder(path) as folder, os.scandir(folder) as entries:
            found = {entry.name: entry.stat(follow_symlinks=False) for entry in entries}
        return {file: stat_ for file, stat_ in found.items() if stat.S_ISREG(stat_.st_mode)}

    def names(self, name: str) -> tuple[str, ...]:
        """The names of everything in a folder below the output folder, in no order."""
        self._land()
        path = _safe(name)
        with self._explained(name), self._folder(path) as folder, os.scandir(folder) as entries:
            return tuple(entry.name for entry in entries)

    def folders(self, name: str) -> tuple[str, ...]:
        """The folders in a folder, in order; links are none."""
        path = _safe(name)
        with self._explained(name), self._folder(path) as folder, os.scandir(folder) as entries:
            return tuple(sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False)))

    def remove(self, name: str) -> None:
        """Takes a file away that is published no more."""
        self._land()
        path = _safe(name)
        with self._explained(name), self._folder(path.parent) as folder, suppress(FileNotFoundError):
            os.unlink(path.name, dir_fd=folder)
            self._touched.add(path.parent)
            self.removed.append(name)

    @contextmanager
    def _folder(self, path: PurePosixPath) -> Iterator[int]:
        with ExitStack() as opened:
            folder = self._root
            for name in path.parts:
                folder = _enter(folder, name)
                opened.callback(os.close, folder)
            if path not in self._swept:
                sweep(folder)
                self._swept.add(path)
            yield folder

    def _explained(self, name: str) -> "_Explained":
        return _Explained(self._out / name)


@dataclass(frozen=True, slots=True)
class SiteFolder:
    """One site's part of an output folder; names are relative to it."""

    folder: OutputFolder
    #: Empty, or the site's folder with a slash at the end.
    prefix: str

    def write(self, name: str, content: bytes | Iterable[bytes]) -> bool:
        """See `OutputFolder.write`."""
        return self.folder.write(self.prefix + name, content)

    def read(self, name: str) -> bytes | None:
        """See `OutputFolder.read`."""
        return self.folder.read(self.prefix + name)

    def files(self, name: str) -> Mapping[str, os.stat_result]:
        """See `OutputFolder.files`."""
        return self.folder.files(self.prefix + name)

    def names(self, name: str) -> tuple[str, ...]:
        """See `OutputFolder.names`."""
        return self.folder.names(self.prefix + name)

    def folders(self, name: str = "") -> tuple[str, ...]:
        """See `OutputFolder.folders`."""
        return self.folder.folders(self.prefix + name)

    def remove(self, name: str) -> None:
        """See `OutputFolder.remove`."""
        self.folder.remove(self.prefix + name)


class _Explained:
    """Turns an OSError into one sentence for the operator."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, OSError):
            cure = _CURES.get(error.errno or 0, "check its permissions, or choose another folder with --out")
            raise PublishError(f"cannot write {self._path}: {error.strerror}; {cure}") from error


_FULL = "free some space and build again; what was published stays as it was"
_CURES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "raise the file size limit and build again; what was published stays as it was",
    errno.ENOTDIR: "a file is in the way of a folder: move it, or choose another folder with --out",
    errno.EEXIST: "a file is in the way of a folder: move it, or choose another folder with --out",
    errno.EISDIR: "a folder is in the way of a file: move it, or choose another folder with --out",
}


def is_published_name(name: str) -> bool:
    """Whether a build could have published a file of this name; packed copies are the operator's."""
    return _SAFE.fullmatch(name) is not None and not name.endswith(_PACKED)


def _safe(name: str) -> PurePosixPath:
    """Names come from the store, and a store can be tampered with: nothing else gets to the file system."""
    path = PurePosixPath(name)
    if not all(_SAFE.fullmatch(part) for part in path.parts):
        raise PublishError(f"refusing to write {name!r}: not a name of a published file")
    return path


def _enter(parent: int, name: str) -> int:
    """Opens a folder below `parent`, made when it is missing; a link in its place goes, its target stays."""
    with suppress(FileNotFoundError):
        if stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=parent)
    with suppress(FileExistsError):
        os.mkdir(name, dir_fd=parent)
    return os.open(name, _FOLDER, dir_fd=parent)
