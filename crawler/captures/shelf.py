"""Reads many captures of one folder, each at its place, with the files kept open. Never writes."""

import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from crawler.captures.files import CaptureError, locate, opened, warc_file, warc_files
from crawler.captures.originals import MAX_BLOCK, Originals, hint, repeats
from crawler.captures.parse import RecordHead, read_records, unheeded
from crawler.captures.reader import build
from crawler.captures.response import CapturedResponse
from crawler.captures.streams import FILE_START, Place, PlainStream
from crawler.items import Capture

#: A record whose payload repeats another's needs two files at a time, a chain of them a few more.
_OPEN_FILES: Final = 4
_CHUNK: Final = 32 * 1024
_LONGEST: Final = MAX_BLOCK + 512 * 1024
_GZIP: Final = b"\x1f\x8b"

_Record = tuple[RecordHead, bytes]


class MissingCaptureError(CaptureError):
    """The file that a capture names is not in the folder."""


class Shelf:
    """The captures of one folder by their places; cheapest when they are asked for in the order they lie in."""

    def __init__(self, folder: Path) -> None:
        """Opens nothing yet."""
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}
        self._originals: Originals | None = None

    def read(self, capture: Capture) -> CapturedResponse:
        """The response that a capture names.

        MissingCaptureError when its file is not there, CaptureError when the record is damaged, holds another
        payload than was indexed, or repeats one that is not in the folder.
        """
        if capture.warc is None or capture.offset is None:
            raise MissingCaptureError(f"the capture of {capture.url} is not kept in a file")
        found = self._record(capture.warc, capture.offset)
        if found is None or found[0].type not in ("response", "revisit"):
            raise CaptureError(f"{capture.warc} has no readable response at {capture.offset}")
        original = self._original(found[0]) if found[0].type == "revisit" else found
        if original is None:
            raise CaptureError(
                f"{capture.warc}: the payload repeated at {capture.offset} is not in {self._folder}"
            )
        response = build(warc_file(self._folder / capture.warc), *found, original)
        if response is None or response.digest != capture.digest:
            raise CaptureError(f"{capture.warc} holds another payload at {capture.offset} than was indexed")
        return response

    def close(self) -> None:
        """Closes the files; a shelf may be closed twice."""
        while self._files:
            self._files.popitem()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _original(self, revisit: RecordHead) -> _Record | None:
        """By the place that our own writer notes; else by one search of the folder for all such records."""
        name, offset = hint(revisit)
        try:
            found = self._record(name, offset) if name else None
        except CaptureError:
            found = None
        if found is not None and repeats(revisit, found[0]):
            return found
        if self._originals is None:
            self._originals = Originals(warc_files(self._folder), lambda head: head.length)
        return self._originals.find(revisit)

    def _record(self, name: str, offset: int) -> _Record | None:
        """The whole record at a place; None when there is none, or none of a length that can be a response."""
        file = self._file(name)
        try:
            file.seek(offset)
            stream = _stream(file, offset)
        except OSError as error:
            raise CaptureError(f"cannot read {name}: {error.strerror}") from error
        if stream is None:
            return None
        start = stream.place()
        head, block = next(
            read_records(stream, lambda head: min(head.length, MAX_BLOCK), unheeded), (None, b"")
        )
        if head is None or head.place != start or head.length > MAX_BLOCK:
            return None
        return replace(head, place=Place(offset)), block

    def _file(self, name: str) -> BinaryIO:
        file = self._files.pop(name, None)
        if file is None:
            try:
                path = locate(self._folder, name)
            except CaptureError as error:
                raise MissingCaptureError(str(error)) from None
            file = opened(path)
        self._files[name] = file  # the last in use stand last
        while len(self._files) > _OPEN_FILES:
            self._files.pop(next(iter(self._files))).close()
        return file


def _stream(file: BinaryIO, offset: int) -> PlainStream | None:
    """The bytes from here on: of a gzip member, unpacked and proved by its checksum, or of a plain file."""
    packed = file.read(_CHUNK)
    if not packed.startswith(_GZIP):
        return PlainStream(file, Place(offset))
    try:
        return PlainStream(BytesIO(_unpacked(packed, file)), FILE_START)
    except (zlib.error, EOFError):
        return None


def _unpacked(packed: bytes, file: BinaryIO) -> bytes:
    """One member, whole; of one that holds more than a response can, as much as that. EOFError when it is cut."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
    parts: list[bytes] = []
    left = _LONGEST
    while not unpacker.eof and left > 0:
        if not packed:
            raise EOFError
        parts.append(unpacker.decompress(packed, left))
        left -= len(parts[-1])
        packed = unpacker.unconsumed_tail or file.read(_CHUNK)
    return b"".join(parts)
