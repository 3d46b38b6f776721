"""One record of a Common Crawl file, asked for by its place (RFC 9110, 14): what an answer holds. Pure."""

import re
from dataclasses import replace
from io import BytesIO

from crawler.captures import CapturedResponse
from crawler.captures.files import CaptureError, WarcFile
from crawler.captures.originals import record_at
from crawler.captures.reader import build
from crawler.captures.streams import Place
from crawler.captures.surt import surt
from crawler.sources.answers import Absent, Answer, Given, Trouble, Verdict, overload
from crawler.sources.commoncrawl import BACK_OFF

#: How a page is counted that cannot be had because the service sends files and no parts of them.
WHOLE_FILE = "archive-whole-file"
#: A longer record is no page (Common Crawl cuts payloads at 1 MiB, later 5).
MAX_RECORD = 8 * 1024 * 1024
_FILE = re.compile(r"(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/=-]{0,500}")
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(?:\d{1,15}|\*)", re.IGNORECASE)


def record_url(base: str, file: str | None, offset: int | None, length: int | None) -> str | None:
    """The address of the file that holds a record; None where the index names no usable place."""
    if not file or not _FILE.fullmatch(file) or offset is None or not length or length > MAX_RECORD:
        return None
    return base + file


def range_header(offset: int, length: int) -> str:
    """The bytes of one record, first and last included."""
    return f"bytes={offset}-{offset + length - 1}"


def read_record(answer: Answer, *, url: str, offset: int, length: int) -> Verdict:
    """What an answer to a range request is: 206 with the one gzip member of the record of `url`, or trouble."""
    trouble = _trouble(answer, offset, length)
    if trouble is not None:
        return trouble
    warc = WarcFile("", "record", lambda: BytesIO(answer.body), in_folder=False)
    try:
        found = record_at(warc, Place(0))
    except CaptureError:
        found = None
    if found is None:
        return Trouble("bytes that are no whole record")
    head, block = found
    if head.type != "response":
        return Absent("archive-no-response")
    if surt(head.url) != surt(url):
        return Trouble("a record of another address")
    response = build(warc, head, block, found)
    return Given(_uncoded(response)) if response else Absent("archive-unreadable")


def _uncoded(response: CapturedResponse) -> CapturedResponse:
    """Without the name of a coding that Common Crawl has undone already, as it does with all of them."""
    if response.payload.startswith(b"\x1f\x8b"):
        return response
    kept = tuple(header for header in response.headers if header[0].lower() != "content-encoding")
    return replace(response, headers=kept)


def _trouble(answer: Answer, offset: int, length: int) -> Verdict | None:
    if answer.status == 206:
        return _wrong_range(answer, offset, length)
    if answer.status == 404:
        return Absent("not-archived")
    if answer.status == 416:
        return Absent("archive-no-such-range")
    if answer.status == 200:
        return Trouble("the whole file instead of one record", again=False, reason=WHOLE_FILE)
    return overload(answer, BACK_OFF) or Trouble(answer.told)


def _wrong_range(answer: Answer, offset: int, length: int) -> Trouble | None:
    """The bytes must be those asked for, all of them."""
    told = _RANGE.fullmatch(answer.header("content-range").strip())
    if told and (int(told[1]), int(told[2])) != (offset, offset + length - 1):
        return Trouble("another range than asked for")
    return None if len(answer.body) == length else Trouble("half a record")
