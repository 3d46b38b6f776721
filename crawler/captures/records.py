"""One WARC 1.1 record as the bytes of one gzip member. Pure but for random record ids; no file here."""

import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.items import Capture

Headers = Sequence[tuple[bytes, bytes]]

# CPU of one 25 kB page, measured side by side: level 9 (warcio's own) 0.72 ms, level 1 0.16 ms, level 1 with a
# small window and table 0.12 ms for 13 % more bytes. A payload that came packed (7 kB) costs 0.10 ms to squeeze
# again and nothing to store, and grows by its headers alone.
# (level, method, window, memory)
_SQUEEZE = (1, zlib.DEFLATED, 16 + 13, 7)
_STORE = (0, zlib.DEFLATED, 16 + 9, 1)

_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]+")
_NOT_IN_URI = re.compile(r"[\x00-\x20\x7f<>]|[^\x00-\x7f]")
_VERSION_1 = re.compile(r"(?:HTTP/)?(1\.[01])", re.IGNORECASE)
_MOVED_ASIDE = b"X-Bantin-"


class _Head(StatusAndHeaders):  # type: ignore[misc]  # warcio ships no types
    """HTTP headers kept byte for byte, where warcio would percent-encode what is not ASCII."""

    def __init__(self, raw: bytes) -> None:
        super().__init__("kept", [])  # a head without content would count as none
        self._raw = raw

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self._raw


def warc_date(time: datetime) -> str:
    """An aware datetime as a WARC 1.1 date: UTC, with microseconds only where there are any."""
    if time.tzinfo is None:
        raise ValueError(f"a naive time is no capture time: {time!r}")
    return time.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def uri(url: str) -> str:
    """An address fit for a WARC header: blanks, controls, `<>` and what is not ASCII percent-encoded."""
    return _NOT_IN_URI.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode("utf-8", "replace")), url)


def http_head(
    status: int, reason: str | None, http_version: str | None, headers: Headers, length: int
) -> bytes:
    """Status line and header block as reported, made true for a payload of `length` received bytes.

    A `Transfer-Encoding` is already undone when a payload arrives here, and a `Content-Length` that is not
    the payload's own describes something else (a body unpacked or cut on its way): both are kept under
    `X-Bantin-…`, so that no reader undoes them again. An answer without payload (304) keeps its length.
    """
    matched = _VERSION_1.fullmatch(http_version or "")
    phrase = _clean((reason or "").encode("utf-8", "replace"))
    lines = [b"HTTP/%b %d %b" % ((matched[1] if matched else "1.1").encode(), status, phrase)]
    length_seen = False
    for name, value in headers:
        kept = _clean(name).replace(b":", b"").strip()
        if kept.lower() == b"transfer-encoding":
            kept = _MOVED_ASIDE + kept
        elif kept.lower() == b"content-length":
            if length_seen or (length and value.strip() != b"%d" % length):
                kept = _MOVED_ASIDE + kept
            else:
                length_seen = True
        if kept:
            lines.append(kept + b": " + _clean(value))
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _clean(value: bytes) -> bytes:
    """Without line breaks and other controls, which would forge header lines."""
    return _CONTROL.sub(b" ", value).strip()


def warcinfo(name: str, software: str, started: datetime, part_of: str) -> bytes:
    """The record that opens each file."""
    fields = {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": part_of,
    }
    writer = WARCWriter(BytesIO(), gzip=False, warc_version="1.1")
    record = writer.create_warcinfo_record(name, fields)
    record.rec_headers.replace_header("WARC-Date", warc_date(started))
    return _member(writer, record)


def response(url: str, head: bytes, body: bytes, fields: Mapping[str, str], *, packed: bool) -> bytes:
    """A `response` record: header block and payload, which is `packed` when a content coding is in force."""
    writer = WARCWriter(BytesIO(), gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        uri(url),
        "response",
        payload=BytesIO(body),
        length=len(body),
        warc_headers_dict=fields,
        http_headers=_Head(head),
    )
    return _member(writer, record, _STORE if packed else _SQUEEZE)


def revisit(url: str, head: bytes, fields: Mapping[str, str], original: Capture) -> bytes:
    """A `revisit` record (identical-payload-digest): header block, and where the same payload stands.

    Besides the standard's address and time it names file and offset of the original, so that a payload is
    found without a scan. `fields` carries the payload digest.
    """
    writer = WARCWriter(BytesIO(), gzip=False, warc_version="1.1")
    place = {
        "WARC-Refers-To-Filename": str(original.warc),
        "WARC-Refers-To-File-Offset": str(original.offset),
    }
    record = writer.create_revisit_record(
        uri(url),
        fields["WARC-Payload-Digest"],
        uri(original.url),
        warc_date(original.fetched_at),
        http_headers=_Head(head),
        warc_headers_dict={k: v for k, v in fields.items() if k != "WARC-Payload-Digest"} | place,
    )
    return _member(writer, record)


def _member(writer: WARCWriter, record: object, how: tuple[int, int, int, int] = _SQUEEZE) -> bytes:
    writer.write_record(record)
    packer = zlib.compressobj(*how)
    return packer.compress(writer.out.getbuffer()) + packer.flush()
