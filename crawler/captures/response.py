"""One captured response, wherever it came from. A value."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.captures.coding import MAX_UNPACKED, decode_payload
from crawler.captures.parse import HeaderList


@dataclass(frozen=True, slots=True)
class CapturedResponse:
    """One response as it was captured."""

    url: str
    status: int
    reason: str | None
    #: As recorded, but without a Transfer-Encoding that has been undone.
    headers: HeaderList
    #: As recorded: transfer coding undone, content coding still in force (see `decoded_body`).
    payload: bytes
    #: UTC.
    fetched_at: datetime
    #: Name of the file, and offset of the record in it (None where a record cannot be read by itself).
    warc: str
    offset: int | None
    #: `sha256:` and hex of `payload`.
    digest: str
    record_type: Literal["response", "revisit"]
    #: Why the payload is known to be incomplete (`length`, `time`, `disconnect`, `chunked`, ...); else None.
    truncated: str | None = None
    #: Whether the folder it was read from holds it by `warc` and `offset`, so that `read_at` finds it again.
    addressable: bool = False


def decoded_body(response: CapturedResponse, *, limit: int = MAX_UNPACKED) -> bytes:
    """The payload without its content coding; CodingError beyond `limit` bytes, cut or damaged."""
    return decode_payload(response.payload, response.headers, limit=limit)
