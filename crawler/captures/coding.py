"""Undoes transfer and content codings within firm limits. Pure."""

import re
import sys
import zlib
from collections.abc import Callable
from typing import Protocol

import brotli

from crawler.captures.files import CaptureError
from crawler.captures.parse import HeaderList, header

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: No page is longer than this when unpacked (the same limit as for live downloads).
MAX_UNPACKED = 8 * 1024 * 1024
_MAX_LAYERS = 4
_MAX_MEMBERS = 64
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml")


class CodingError(CaptureError):
    """A payload cannot be unpacked; `reason` is `too-large`, `broken` or `unknown-coding`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"payload cannot be unpacked: {detail}")
        self.reason = reason


def undo_chunks(payload: bytes) -> tuple[bytes, bool] | None:
    """A chunked payload put together, and whether it was complete; None when it is not chunked at all."""
    parts: list[bytes] = []
    at = 0
    while matched := _CHUNK_SIZE.match(payload, at):
        start, size = matched.end(), int(matched[1], 16)
        if size == 0:
            return b"".join(parts), True
        at = start + size
        ended = _LINE_END.match(payload, at)
        if ended is None and at < len(payload):
            break
        parts.append(payload[start:at])
        at = ended.end() if ended else at
    return (b"".join(parts), False) if parts else None


def decode_payload(payload: bytes, headers: HeaderList, *, limit: int = MAX_UNPACKED) -> bytes:
    """The payload without its content coding (gzip, deflate, br, zstd; also in layers).

    A coding that the headers name but the bytes do not have was undone by somebody before; gzip that the
    headers do not name is undone for text. CodingError when the result exceeds `limit` bytes, or when the
    payload is cut or damaged.
    """
    named = header(headers, "content-encoding").lower()
    codings = [c.strip() for c in named.split(",") if c.strip() not in ("", "identity")]
    if len(codings) > _MAX_LAYERS:
        raise CodingError("unknown-coding", f"{len(codings)} layers of content coding")
    for coding in reversed(codings):
        if coding not in _DECODERS:
            raise CodingError("unknown-coding", f"content coding {coding[:40]!r}")
        payload = _DECODERS[coding](payload, limit)
    if not codings and payload.startswith(b"\x1f\x8b\x08") and _is_text(headers):
        payload = _gunzip(payload, limit)
    if len(payload) > limit:
        raise CodingError("too-large", f"more than {limit} bytes")
    return payload


def _is_text(headers: HeaderList) -> bool:
    return (header(headers, "content-type") or "text/").lower().startswith(_TEXT_TYPES)


def _gunzip(payload: bytes, limit: int) -> bytes:
    if not payload.startswith(b"\x1f\x8b"):
        return payload
    out = b""
    for _ in range(_MAX_MEMBERS):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
        out += _unpack(unpacker, payload, limit - len(out))
        payload = unpacker.unused_data
        if not payload.startswith(b"\x1f\x8b"):
            return out  # what follows a gzip body is padding
    raise CodingError("broken", "too many gzip members")


def is_whole_gzip(payload: bytes, *, limit: int = MAX_UNPACKED) -> bool:
    """Whether it is gzip up to its own checksum and length, and unpacks to at most `limit` bytes."""
    try:
        return payload.startswith(b"\x1f\x8b") and bool(_gunzip(payload, limit))
    except CodingError:
        return False


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _unpack(unpacker: _Unpacker, payload: bytes, limit: int) -> bytes:
    try:
        out = _within(limit, unpacker.decompress(payload, limit + 1))
    except (zlib.error, zstd.ZstdError) as error:
        raise CodingError("broken", str(error)) from error
    if not unpacker.eof:
        raise CodingError("broken", "compressed body cut off")
    return out


def _within(limit: int, out: bytes) -> bytes:
    if len(out) > limit:
        raise CodingError("too-large", "a compressed body unpacks beyond the limit")
    return out


def _deflate(payload: bytes, limit: int) -> bytes:
    """zlib as RFC 9110 says, raw deflate as some servers do; plain mark-up where neither is there."""
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return _unpack(zlib.decompressobj(wbits), payload, limit)
        except CodingError as error:
            if error.reason == "too-large":
                raise
    return _plain(payload, "deflate")


def _brotli(payload: bytes, limit: int) -> bytes:
    unpacker = brotli.Decompressor()
    try:
        out = _within(limit, unpacker.process(payload, output_buffer_limit=limit + 1))
    except brotli.error:
        return _plain(payload, "br")
    return out if unpacker.is_finished() else _plain(payload, "br")


#: RFC 8878, 3.1.1.1.2: a window above 8 MiB may be refused; a bomb would ask for 128 MiB.
_ZSTD_WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}


def _unzstd(payload: bytes, limit: int) -> bytes:
    if not payload.startswith(b"\x28\xb5\x2f\xfd"):
        return payload
    return _unpack(zstd.ZstdDecompressor(options=_ZSTD_WINDOW), payload, limit)


def _plain(payload: bytes, coding: str) -> bytes:
    """Mark-up that says it is packed but is not."""
    if payload.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or not payload:
        return payload
    raise CodingError("broken", f"no {coding} data")


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _unzstd,
}
