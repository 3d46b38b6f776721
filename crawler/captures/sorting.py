"""Sorts more lines than memory should hold. The disk is used, names are not: nothing is left behind."""

import heapq
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

_BATCH = 16 * 1024 * 1024


class LineSorter:
    """Takes lines (bytes with their end), gives them sorted by bytes; each line once."""

    def __init__(self, folder: Path, *, batch: int = _BATCH) -> None:
        """`folder` takes nameless temporary files beyond every `batch` bytes of lines."""
        self._folder = folder
        self._batch = batch
        self._lines: list[bytes] = []
        self._size = 0
        self._runs: list[BinaryIO] = []
        self._files = ExitStack()

    def add(self, line: bytes) -> None:
        """Takes one line; OSError when the disk refuses."""
        self._lines.append(line)
        self._size += len(line)
        if self._size >= self._batch:
            self._spill()

    def __iter__(self) -> Iterator[bytes]:
        self._lines.sort()
        for run in self._runs:
            run.seek(0)
        last = b""
        for line in heapq.merge(self._lines, *self._runs):
            if line != last:
                yield line
            last = line

    def _spill(self) -> None:
        run: BinaryIO = self._files.enter_context(tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115 (it is)
        self._lines.sort()
        run.writelines(self._lines)
        self._lines.clear()
        self._size = 0
        self._runs.append(run)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()
