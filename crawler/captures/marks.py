"""What a saved page itself tells of its address and its time. Pure; nothing is guessed.

Browsers and other tools write a comment near the top; else the page's own canonical address counts.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from crawler.captures.sidecar import Told

#: Pages name their address before the body; tools write style sheets there, but their own marks near the top.
_HEAD = 2 * 1024 * 1024
_TOP = 64 * 1024
_BODY = re.compile(rb"<body[\s>]", re.IGNORECASE)
#: Edge, Chrome, Internet Explorer and Firefox; the number is the length of the address.
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{4,5}\)([^\s<>]{1,5000})\s*-->", re.IGNORECASE)
_SINGLE_FILE = re.compile(r"<!--\s*Page saved with SingleFile\b(.{1,8000}?)-->", re.DOTALL)
_SINGLE_FILE_URL = re.compile(r"^\s*url:\s*(\S+)", re.MULTILINE)
_SINGLE_FILE_DATE = re.compile(r"^\s*saved date:\s*(.+)", re.MULTILINE)
_HTTRACK = re.compile(
    r"<!--\s*Mirrored from ([^\s<>]{1,5000}) by HTTrack[^>]{0,200}?, (\w{3}, [^>]{10,40}?)\s*-->"
)
#: `Wed Mar 25 2020 10:00:00 GMT+0700 (Indochina Time)`, as JavaScript writes it.
_SCRIPT_DATE = re.compile(r"\w{3} (\w{3} \d\d \d{4} \d\d:\d\d:\d\d GMT[+-]\d{4})\b.*")
_ADDRESS = re.compile(r"https?://[^\s/\ufffd][^\s\ufffd]*", re.IGNORECASE)


def told_by_page(page: bytes) -> Told | None:
    """The address of a saved page, and its time where the page tells it; None when it has no address."""
    end = _BODY.search(page, 0, _HEAD)
    head = _text(page[: end.start() if end else _HEAD])
    for url, time in (*_marks(head[:_TOP]), (_own_address(head), None)):
        if url and is_address(url):
            return Told(url, time)
    return None


def is_address(url: str) -> bool:
    """Whether it is an absolute web address, read without loss."""
    return _ADDRESS.fullmatch(url) is not None


def _text(head: bytes) -> str:
    """UTF-16 by its mark, else UTF-8; of other charsets the ASCII part is enough."""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return head.decode("utf-16" if wide else "utf-8", "replace")


def _marks(head: str) -> Iterator[tuple[str, datetime | None]]:
    """What tools wrote; the browsers' mark carries no time."""
    for found in _SAVED_FROM.finditer(head):
        # The mark itself may hold no `--`, so browsers escape it.
        yield found[1].replace("%2D%2D", "--"), None
    for found in _SINGLE_FILE.finditer(head):
        url, date = _SINGLE_FILE_URL.search(found[1]), _SINGLE_FILE_DATE.search(found[1])
        if url:
            yield url[1], date and parse_date(date[1])
    for found in _HTTRACK.finditer(head):
        url_part = found[1] if "://" in found[1] else f"http://{found[1]}"
        yield url_part, parse_date(found[2])


def parse_date(text: str) -> datetime | None:
    """A time with its zone as tools write it (ISO 8601, RFC 5322, JavaScript) as UTC; None for any other."""
    text = text.strip()
    scripted = _SCRIPT_DATE.fullmatch(text)
    try:
        if scripted:
            time = datetime.strptime(scripted[1], "%b %d %Y %H:%M:%S GMT%z")
        elif text[:4].isdigit():
            time = datetime.fromisoformat(text)
        else:
            time = parsedate_to_datetime(
                text.removesuffix("-0000") + "+0000" if text.endswith("-0000") else text
            )
        return time.astimezone(UTC) if time.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _own_address(head: str) -> str | None:
    """The canonical address that the page names, else that for sharing; None where it names several."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(b"<html>" + head.encode("utf-8", "replace"), parser)
    canonical = {
        link.get("href", "").strip()
        for link in root.iter("link")
        if "canonical" in link.get("rel", "").lower().split()
    }
    shared = {
        meta.get("content", "").strip()
        for meta in root.iter("meta")
        if "og:url" in (meta.get("property", "").lower(), meta.get("name", "").lower())
    }
    return next((found.pop() for found in (canonical, shared) if len(found) == 1), None)
