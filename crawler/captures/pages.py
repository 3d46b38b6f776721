"""The list of pages that a reader of a WACZ is offered: `json-pages-1.0`. Pure."""

import hashlib
import html
import json
import re

from w3lib.encoding import http_content_type_encoding

from crawler.captures.cdxj import IndexEntry
from crawler.captures.coding import CodingError, decode_payload
from crawler.captures.parse import header
from crawler.captures.records import warc_date
from crawler.extract.encoding import decode

PAGES_HEAD = b'{"format": "json-pages-1.0", "id": "pages", "title": "All pages"}\n'

_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_TITLE = re.compile(rb"<title\b[^>]{0,200}>([^<]{1,2000})</title", re.IGNORECASE)
_HEAD = 64 * 1024
_BLANKS = re.compile(r"\s+")


def page_line(entry: IndexEntry) -> bytes | None:
    """The line of a page, or None: for what is no HTML, no success, or a payload that is listed already."""
    if entry.head.type != "response" or entry.http.status != 200 or entry.media_type not in _PAGE_TYPES:
        return None
    time = warc_date(entry.time)
    page = {"id": _id(entry.head.url, time), "url": entry.head.url, "ts": time}
    title = _title(entry)
    return json.dumps(page | ({"title": title} if title else {}), ensure_ascii=False).encode() + b"\n"


def _id(url: str, time: str) -> str:
    """The same for the same capture in every package."""
    return hashlib.sha256(f"{time} {url}".encode()).hexdigest()[:22]


def _title(entry: IndexEntry) -> str | None:
    """What the page's own `<title>` says, where it can be read cheaply."""
    try:
        start = decode_payload(entry.payload, entry.http.headers)[:_HEAD]
    except CodingError:
        return None
    found = _TITLE.search(start)
    if found is None:
        return None
    charset = http_content_type_encoding(header(entry.http.headers, "content-type"))
    page = decode(start[: found.end(1)], charset)
    title = page.text.rpartition(">")[2] if page else ""
    return _BLANKS.sub(" ", html.unescape(title)).strip() or None
