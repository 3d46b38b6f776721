"""One line of a web archive's index as a value. Pure; what cannot be read is no entry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

_TIMESTAMP = re.compile(r"[0-9]{14}")
_NUMBER = re.compile(r"[0-9]{1,15}")
_ADDRESS = re.compile(r"https?://[^/?#\s@]+(?:[/?#]\S*)?", re.IGNORECASE)
#: How the two archives' fields are called, ours first.
_NAMES = {
    "url": ("original", "url"),
    "status": ("statuscode", "status"),
    "media_type": ("mimetype", "mime"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A capture as an index names it; None stands for what the index does not know."""

    url: str
    at: datetime
    media_type: str | None
    status: int | None
    #: The archive's digest of the payload, without the name of the method.
    digest: str | None
    length: int | None
    file: str | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class IndexPage:
    """One answer of an index."""

    entries: tuple[Entry, ...]
    #: Lines that are no captures: broken dates, addresses of mail, missing fields.
    rubbish: int = 0
    #: Where the next answer begins, as the archive printed it; None at the end.
    resume: str | None = None


class BrokenIndexError(Exception):
    """An answer that is no index, or a part of one; never to be taken for "no captures"."""


def entry(fields: Mapping[str, object]) -> Entry | None:
    """An entry from named fields, as any of the archives names them; None for rubbish.

    `-` stands for unknown. A timestamp has 14 digits, UTC, and must be a moment that there is.
    """
    url, at = _text(fields, "url"), timestamp(str(fields.get("timestamp") or ""))
    if url is None or at is None or not _ADDRESS.fullmatch(url):
        return None
    media_type, digest = _text(fields, "media_type"), _text(fields, "digest")
    return Entry(
        url=url,
        at=at,
        media_type=media_type.lower() if media_type else None,
        status=_number(fields, "status"),
        digest=digest.rpartition(":")[2] if digest else None,
        length=_number(fields, "length"),
        file=_text(fields, "filename"),
        offset=_number(fields, "offset"),
    )


def timestamp(digits: str) -> datetime | None:
    """`20200325061200` as aware UTC; None for another number of digits, or a month 00."""
    if not _TIMESTAMP.fullmatch(digits):
        return None
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def digits(at: datetime) -> str:
    """The 14 digits by which archives write a moment."""
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def _text(fields: Mapping[str, object], name: str) -> str | None:
    for key in _NAMES.get(name, (name,)):
        value = fields.get(key)
        if isinstance(value, str | int) and str(value).strip() not in ("", "-"):
            return str(value).strip()
    return None


def _number(fields: Mapping[str, object], name: str) -> int | None:
    text = _text(fields, name) or ""
    return int(text) if _NUMBER.fullmatch(text) else None
