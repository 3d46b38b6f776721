"""Turns at an archive, shared by every process of this user on this machine through one small file a host.

An archive counts requests by network address, not by process: two crawls at once must not ask twice as fast. Times in
the file are of the monotonic clock, which all processes share until the machine starts again.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from crawler.sources.patience import LONGEST_PAUSE

_PAUSED = "paused"


class Turns:
    """The turns at one host."""

    def __init__(self, folder: Path, base: str) -> None:
        """`folder` is made when it is missing; `base` is an address of the host. OSError when it refuses."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"turns-{_name(base)}.json"
        with self._open():
            pass

    def take(self, kind: str, interval: float) -> float:
        """Seconds to wait before trying again; 0 when the turn is taken, and the next is `interval` later.

        `kind` names one of the host's budgets (its index, its pages).
        """
        with self._open() as file:
            now = monotonic()
            times = _read(file, now + max(interval, LONGEST_PAUSE))
            wait = max(times.get(kind, 0.0), times.get(_PAUSED, 0.0)) - now
            if wait > 0:
                return wait
            _write(file, times | {kind: now + interval})
            return 0.0

    def pause(self, seconds: float) -> None:
        """Nobody asks the host anything for so long."""
        with self._open() as file:
            now = monotonic()
            times = _read(file, now + LONGEST_PAUSE)
            _write(file, times | {_PAUSED: max(now + seconds, times.get(_PAUSED, 0.0))})

    @contextmanager
    def _open(self) -> Iterator[int]:
        """The file, held by this process alone."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)


def turns_for(base: str, *folders: Path) -> Turns:
    """The turns at a host, kept in the first folder that takes them; OSError when none does."""
    *others, last = folders
    for folder in others:
        try:
            return Turns(folder, base)
        except OSError:
            continue
    return Turns(last, base)


def cache_folder() -> Path:
    """Where this user's programs keep what can be made again (XDG base directories)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bantin"


def _read(file: int, latest: float) -> dict[str, float]:
    """The noted times; a damaged file says nothing, nor a time that is later than any can be.

    Such a one was noted before the machine was started again, when the clock began anew.
    """
    try:
        noted = json.loads(os.pread(file, 4096, 0) or b"{}")
    except ValueError:
        return {}
    if not isinstance(noted, dict):
        return {}
    numbers = {str(kind): float(time) for kind, time in noted.items() if isinstance(time, int | float)}
    return {kind: time for kind, time in numbers.items() if time <= latest}


def _write(file: int, times: dict[str, float]) -> None:
    text = json.dumps({kind: round(time, 3) for kind, time in times.items()}).encode()
    os.pwrite(file, text, 0)
    os.ftruncate(file, len(text))


def _name(base: str) -> str:
    """Host and port as a part of a file name."""
    host = urlsplit(base).netloc.rpartition("@")[2].lower()
    return "".join(c if c.isalnum() or c in ".-" else "_" for c in host)
