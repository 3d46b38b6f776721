"""Keeps responses in WARC files before anyone interprets them. No clock: times are given."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.captures import records
from crawler.captures.files import OPEN_SUFFIX, CaptureDiskError, file_name
from crawler.captures.originals import kept_response
from crawler.items import Capture, Source

MAX_BYTES = 512 * 1024 * 1024
#: Payloads of this run remembered for revisits; older ones the store knows (`previous`).
_REMEMBERED = 4096


class CaptureWriter:
    """Writes one run's responses into `{site}-{run:06d}-{n:05d}.warc.gz`, rotated by size.

    While a file is written it carries `.open` behind that name and an exclusive lock (flock), which dies with
    the process: `repair` finds what a killed run left behind and never touches a file in use. An existing
    file is never appended to or overwritten: a run number seen before goes on with the next free file number.

    Every record goes to the operating system at once and is durable after `flush`. Not thread-safe.
    """

    def __init__(
        self,
        folder: Path,
        *,
        site: str,
        run: int,
        software: str,
        previous: Callable[[str], Capture | None],
        max_bytes: int = MAX_BYTES,
    ) -> None:
        """Opens nothing yet: the first `write` does.

        `previous` gives the oldest kept capture of a payload digest (`sha256:…`), or None.
        """
        self._folder = folder
        self._site = site
        self._run = run
        self._software = software
        self._previous = previous
        self._max_bytes = max_bytes
        self._number = 0
        self._fd: int | None = None
        self._name = ""
        self._offset = 0
        self._first = 0
        self._synced = True
        self._seen: dict[str, Capture] = {}

    def write(
        self,
        *,
        url: str,
        status: int,
        reason: str | None,
        http_version: str | None,
        headers: Sequence[tuple[bytes | str, bytes | str]],
        body: bytes,
        fetched_at: datetime,
        source: Source,
        ip: str | None = None,
    ) -> Capture:
        """Keeps one response and says where.

        `body` is the payload as received, content coding still in force, transfer coding undone. A payload
        that is kept already becomes a `revisit` record, and the very same capture (address, time, status,
        payload: an archive read in twice) is not written again. CaptureDiskError when it cannot be written; the
        file then ends with the last whole record.
        """
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        known = (self._seen.get(digest) or self._previous(digest)) if body else None
        original = self._original(known) if known else None
        if known and original and (known.url, known.fetched_at, known.status) == (url, fetched_at, status):
            return known
        raw = [(_raw(name), _raw(value)) for name, value in headers]
        head = records.http_head(status, reason, http_version, raw, len(body))
        fields = {"WARC-Date": records.warc_date(fetched_at), "WARC-Payload-Digest": digest}
        fields |= {"WARC-IP-Address": records.uri(ip)} if ip else {}
        fields |= {"X-Bantin-Source": source} if source != "live" else {}
        if original is None:
            member = records.response(url, head, body, fields, packed=_packed(raw))
        else:
            member = records.revisit(url, head, fields, original)
        name, offset = self._append(member, fetched_at)
        capture = Capture(source, url, fetched_at, status, digest, name, offset)
        if body:
            self._remember(original or capture)
        return capture

    def flush(self) -> None:
        """Makes everything written so far durable; called before each commit that cites it."""
        if self._fd is not None and not self._synced:
            try:
                os.fsync(self._fd)
            except OSError as error:
                raise self._refused(error) from error
            self._synced = True

    def close(self) -> None:
        """Flushes and gives the file its final name. A writer may be closed twice."""
        if self._fd is None:
            return
        try:
            self.flush()
            path = self._folder / (self._name + OPEN_SUFFIX)
            if self._offset:
                path.rename(self._folder / self._name)
            else:
                path.unlink()  # the disk took not even the first record
            sync_folder(self._folder)
        except OSError as error:
            raise self._refused(error) from error
        finally:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _original(self, known: Capture) -> Capture | None:
        """What a revisit can refer to: what the store knows may be a revisit itself, or lie in another folder."""
        return known if known.digest in self._seen else kept_response(self._folder, known)

    def _remember(self, capture: Capture) -> None:
        self._seen.setdefault(capture.digest, capture)
        if len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]

    def _append(self, member: bytes, time: datetime) -> tuple[str, int]:
        if (
            self._fd is not None
            and self._offset + len(member) > self._max_bytes
            and self._offset > self._first
        ):
            self.close()
        fd = self._open(time) if self._fd is None else self._fd
        offset = self._offset
        self._put(fd, member)
        return self._name, offset

    def _open(self, time: datetime) -> int:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._fd = fd = self._create()
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            sync_folder(self._folder)
        except OSError as error:
            raise self._refused(error) from error
        self._offset = 0
        self._put(fd, records.warcinfo(self._name, self._software, time, f"{self._site} run {self._run}"))
        self._first = self._offset
        return fd

    def _create(self) -> int:
        """A new file under the next number that neither a finished nor an open file has."""
        while True:
            self._number += 1
            self._name = file_name(self._site, self._run, self._number)
            if (self._folder / self._name).exists():
                continue
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
                return os.open(self._folder / (self._name + OPEN_SUFFIX), flags, 0o644)
            except FileExistsError:
                continue

    def _put(self, fd: int, member: bytes) -> None:
        """Appends a whole member or, when the disk refuses, nothing."""
        rest = memoryview(member)
        self._synced = False
        try:
            while rest:
                rest = rest[os.write(fd, rest) :]
        except OSError as error:
            os.ftruncate(fd, self._offset)
            os.lseek(fd, self._offset, os.SEEK_SET)
            raise self._refused(error) from error
        self._offset += len(member)

    def _refused(self, error: OSError) -> CaptureDiskError:
        return CaptureDiskError(f"cannot keep captures in {self._folder}: {error.strerror or error}")


def sync_folder(folder: Path) -> None:
    """Makes creations and renames in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _packed(headers: records.Headers) -> bool:
    return any(name.lower() == b"content-encoding" and value.strip() for name, value in headers)


def _raw(value: bytes | str) -> bytes:
    """Header bytes as they came; text is taken as Latin-1 where it fits (HTTP's own), else UTF-8."""
    if isinstance(value, bytes):
        return value
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace")
