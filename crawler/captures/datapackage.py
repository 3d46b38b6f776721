"""A ZIP file that lists its members with sizes and hashes (Frictionless data package, as WACZ asks). No clock."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, BinaryIO, Self

_NAME = "datapackage.json"
#: ZIP knows no earlier year.
_FIRST_YEAR = 1980
_READABLE = 0o100644 << 16
_UNIX = 3


class DataPackage:
    """Takes members one after the other; `finish` adds the list of them, without which nothing can be read."""

    def __init__(self, file: BinaryIO, created: datetime) -> None:
        """`created`, an aware datetime, is the time of every member: equal contents give equal bytes."""
        self._zip = zipfile.ZipFile(file, "w")
        self._created = created.astimezone(UTC)
        self._resources: list[dict[str, object]] = []

    @contextmanager
    def member(self, path: str, size: int = 0, *, packed: bool = False) -> Iterator["HashingFile"]:
        """A stream whose bytes become the member `path`.

        `size` need only be given where it may exceed 2 GiB. Members stay addressable unless `packed`.
        """
        with self._zip.open(self._info(path, size, packed=packed), "w") as stream:
            hashing = HashingFile(stream)
            yield hashing
        name = path.rpartition("/")[2].lower()
        resource = {"name": name, "path": path, "hash": hashing.digest, "bytes": hashing.size}
        self._resources.append(resource)

    def finish(self, told: Mapping[str, str]) -> None:
        """Ends the file with the list of its members, after what is `told` about them, and the list's own hash."""
        package = {"profile": "data-package", **told, "resources": self._resources}
        listed = _json(package)
        digest = {"path": _NAME, "hash": f"sha256:{hashlib.sha256(listed).hexdigest()}"}
        for name, content in ((_NAME, listed), ("datapackage-digest.json", _json(digest))):
            self._zip.writestr(self._info(name, len(content), packed=True), content)
        self._zip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(
            OSError, ValueError
        ):  # what is not finished need not be whole, but must not be closed later
            self._zip.close()

    def _info(self, path: str, size: int, *, packed: bool) -> zipfile.ZipInfo:
        at = self._created
        year = max(at.year, _FIRST_YEAR)
        info = zipfile.ZipInfo(path, (year, at.month, at.day, at.hour, at.minute, at.second))
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.create_system, info.external_attr, info.file_size = _UNIX, _READABLE, size
        return info


class HashingFile:
    """Passes bytes on and remembers how many and their SHA-256."""

    def __init__(self, to: IO[bytes]) -> None:
        self._to = to
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Passes all of `data` on."""
        self._hash.update(data)
        self.size += len(data)
        return self._to.write(data)

    @property
    def digest(self) -> str:
        """`sha256:` and hex of what was written so far."""
        return f"sha256:{self._hash.hexdigest()}"


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
