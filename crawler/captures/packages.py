"""The WARC files inside a WACZ, or any ZIP file. Nothing is unpacked to a path; what a package claims is bounded.

Members are found by the ZIP's own list alone: a package without `datapackage.json`, with folders around its
folders or with packages inside (as collections are downloaded) gives its WARC files all the same.
"""

import io
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from crawler.captures.files import CaptureDiskError, CaptureError, NotWarcError, WarcFile, is_warc_name
from crawler.captures.regions import Region, file_region

PACKAGE_STARTS = (b"PK\x03\x04", b"PK\x05\x06")

#: The list of members is held in memory: about 600 bytes for each of at most 100,000.
_LONGEST_LIST = 8 * 1024 * 1024
_DEEPEST = 2
_MOST_FILES = 100_000
#: WARC files that are packed once more need room on the disk; text shrinks to a tenth, a bomb to a thousandth.
_MOST_UNPACKED = 2 * 1024**3
_MOST_GROWTH = 100
_FREE_GROWTH = 64 * 1024**2
_CHUNK = 256 * 1024
_LOCAL_HEADER = struct.Struct("<4s22x2H")
_ENCRYPTED = 1
#: What a damaged or made-up list of members raises in `zipfile`.
_DAMAGE = (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error, OSError)


class OversizedError(NotWarcError):
    """It claims more bytes than an honest one has."""


def package_files(path: Path) -> tuple[WarcFile, ...]:
    """The WARC files of a package, sorted by name; NotWarcError when it is damaged or has none.

    CaptureError when it cannot be read at all.
    """
    found = tuple(islice(_warc_files(file_region(path), str(path), 1), _MOST_FILES + 1))
    if len(found) > _MOST_FILES:
        raise OversizedError(f"{path} claims to hold more than {_MOST_FILES} WARC files")
    if not found:
        raise NotWarcError(f"no WARC file (.warc, .warc.gz) in {path}")
    return found


def _warc_files(package: Region, label: str, depth: int) -> Iterator[WarcFile]:
    members = [_Member(package, info, label) for info in _list(package, label)]
    wanted = sorted((m for m in members if m.is_warc or m.is_package), key=lambda m: m.label)
    _refuse_bombs(package, label, wanted)
    for member in wanted:
        if member.is_warc:
            yield member.as_warc()
        elif depth < _DEEPEST:
            yield from _inner(member, depth + 1)


def _inner(member: "_Member", depth: int) -> tuple[WarcFile, ...]:
    """What a package in the package holds; a damaged one stands for itself, and is found to be no WARC file."""
    try:
        return tuple(_warc_files(member.region(), member.label, depth))
    except NotWarcError:
        return (member.as_warc(),)


def _list(package: Region, label: str) -> list[zipfile.ZipInfo]:
    try:
        with _Frugal(package.open()) as file, zipfile.ZipFile(file) as listed:  # type: ignore[arg-type]
            return listed.infolist()
    except _DAMAGE as error:
        raise NotWarcError(f"{label} is no readable WACZ file: {error}") from error


def _refuse_bombs(package: Region, label: str, members: list["_Member"]) -> None:
    """By what the list claims; no member ever gives more than it claims, packed or unpacked."""
    if sum(member.info.compress_size for member in members) > package.size:
        raise OversizedError(f"{label} lists the same bytes more than once")
    claimed = sum(member.info.file_size for member in members if member.is_packed)
    if claimed > min(_MOST_UNPACKED, _FREE_GROWTH + _MOST_GROWTH * package.size):
        cure = "unpack it and give the folder, if it can be trusted"
        raise OversizedError(f"{label} claims to hold {claimed} bytes of packed WARC files; {cure}")


class _Frugal(io.BufferedReader):
    """Reads no more at once than a list of members may be long."""

    def read(self, size: int | None = -1, /) -> bytes:
        most = _LONGEST_LIST + 1
        data = super().read(most if size is None or size < 0 else min(size, most))
        if len(data) == most:
            raise zipfile.BadZipFile("its list of members is too long")
        return data


class _Member:
    """A file inside a package; one that is packed is unpacked once, to a nameless temporary file."""

    def __init__(self, package: Region, info: zipfile.ZipInfo, label: str) -> None:
        self.info = info
        self.name = info.filename.replace("\\", "/").rpartition("/")[2]
        self.label = f"{label}/{info.filename}"
        self._package = package
        self._region: Region | None = None

    @property
    def is_warc(self) -> bool:
        return is_warc_name(self.name) and not self.name.startswith("._")  # what macOS notes beside a file

    @property
    def is_package(self) -> bool:
        return self.name.lower().endswith(".wacz") and not self.name.startswith("._")

    @property
    def is_packed(self) -> bool:
        return self.info.compress_type != zipfile.ZIP_STORED

    def as_warc(self) -> WarcFile:
        return WarcFile(self.name, self.label, self.open, in_folder=False)

    def open(self) -> BinaryIO:
        """From its start; NotWarcError when it is damaged, CaptureDiskError when there is no room to unpack it."""
        try:
            return self.region().open()
        except OSError as error:
            raise CaptureError(f"cannot read {self.label}: {error.strerror or error}") from error

    def region(self) -> Region:
        """Its bytes, unpacked."""
        if self._region is None:
            stored = self._stored()
            self._region = self._unpacked(stored) if self.is_packed else stored
        return self._region

    def _stored(self) -> Region:
        """Its bytes as they lie in the package."""
        if self.info.flag_bits & _ENCRYPTED:
            raise NotWarcError(f"{self.label} is encrypted")
        if self.info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotWarcError(f"{self.label} is packed with a method that WACZ does not know")
        start = max(0, self.info.header_offset)
        with self._package.part(start, _LOCAL_HEADER.size).open() as file:
            head = file.read()
        if len(head) < _LOCAL_HEADER.size or not head.startswith(PACKAGE_STARTS[0]):
            raise NotWarcError(f"{self.label} is not where the list of members says")
        _, name_length, extra_length = _LOCAL_HEADER.unpack(head)
        start += _LOCAL_HEADER.size + name_length + extra_length
        return self._package.part(start, self.info.compress_size)

    def _unpacked(self, packed: Region) -> Region:
        """As far as it is whole: what is missing shows as a torn record."""
        try:
            spool = tempfile.TemporaryFile()  # noqa: SIM115 (the region keeps it as long as itself)
            with packed.open() as file:
                size = _inflate(file, spool, self.info.file_size)
            spool.flush()
        except OSError as error:
            raise CaptureDiskError(f"no room to unpack {self.label}: {error.strerror or error}") from error
        return Region(lambda: os.dup(spool.fileno()), 0, size)


def _inflate(packed: BinaryIO, to: BinaryIO, most: int) -> int:
    """Unpacks raw deflate, at most `most` bytes; how many there were."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    left = most
    data = packed.read(_CHUNK)
    while data and left and not unpacker.eof:
        try:
            piece = unpacker.decompress(data, min(left, _CHUNK))
        except zlib.error:
            break
        to.write(piece)
        left -= len(piece)
        data = unpacker.unconsumed_tail or packed.read(_CHUNK)
    return most - left
