"""Every response kept in WARC files before anyone interprets it, and read back. No scrapy, no store."""

from crawler.captures.coding import CodingError, decode_payload
from crawler.captures.files import CaptureDiskError, CaptureError
from crawler.captures.reader import CaptureReader, read_at, read_captures
from crawler.captures.repair import repair
from crawler.captures.response import CapturedResponse, decoded_body
from crawler.captures.writer import CaptureWriter

__all__ = [
    "CaptureDiskError",
    "CaptureError",
    "CaptureReader",
    "CaptureWriter",
    "CapturedResponse",
    "CodingError",
    "decode_payload",
    "decoded_body",
    "read_at",
    "read_captures",
    "repair",
]
