"""The page in a web archive of one file (`.mhtml`, RFC 2557): its HTML alone. Pure."""

import email
from dataclasses import dataclass
from email.message import Message

from crawler.captures.marks import is_address, parse_date
from crawler.captures.sidecar import Told


@dataclass(frozen=True, slots=True)
class MhtmlPage:
    """The first HTML part, its transfer coding undone."""

    page: bytes
    content_type: str
    told: Told | None


def read_mhtml(data: bytes) -> MhtmlPage | None:
    """The page; None when there is none in readable form."""
    try:
        message = email.message_from_bytes(data)
        part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    except RecursionError:  # parts within parts without end
        return None
    page = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(page, bytes) or not page:
        return None
    charset = part.get_content_charset("")
    content_type = f"text/html; charset={charset}" if charset.isascii() and charset else "text/html"
    return MhtmlPage(page, content_type, _told(message, part))


def _told(message: "Message[str, str]", part: "Message[str, str]") -> Told | None:
    """Chrome names the address of the page in the head; RFC 2557 has it at the part."""
    for url in (message.get("Snapshot-Content-Location"), part.get("Content-Location")):
        if url is not None and is_address(str(url).strip()):
            return Told(str(url).strip(), parse_date(str(message.get("Date", ""))))
    return None
