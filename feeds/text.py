"""Small text and time helpers of everything that is published. Pure."""

import re
from datetime import date, datetime, time, timedelta, timezone
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

from crawler.sanitize import legal

#: What people in Viet Nam read on their clocks; the zone has had no change of offset since 1975.
VIETNAM = timezone(timedelta(hours=7))

_BLANKS = re.compile(r"\s+")
# `100%` in a file name is no escape (RFC 3986, section 2.1) and makes an address invalid.
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def one_line(text: str) -> str:
    """The text with every run of blanks as one space, without characters that would cost a whole feed."""
    return _BLANKS.sub(" ", legal(text)).strip()


def web_address(url: str | None) -> str | None:
    """The absolute http or https address in ASCII (RFC 3986); None for every other address."""
    if not url:
        return None
    try:
        safe = _BARE_PERCENT.sub("%25", safe_url_string(legal(url).strip()))
        parts = urlsplit(safe)
        host = parts.hostname
    except ValueError:
        return None
    return safe if parts.scheme in {"http", "https"} and host else None


def local(moment: date | datetime) -> datetime:
    """The moment in +07:00; a date is its midnight (CONTRACT: the portal tells days only).

    ValueError for a time without zone: what it means would depend on the machine.
    """
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError(f"a time without zone: {moment}")
        return moment.astimezone(VIETNAM).replace(microsecond=0)
    return datetime.combine(moment, time(), VIETNAM)


def grouped(count: int) -> str:
    """`12.345`: dots between thousands, as Vietnamese writes them."""
    return f"{count:,}".replace(",", ".")
