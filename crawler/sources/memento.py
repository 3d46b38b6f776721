"""The Wayback Machine's captures (`/web/{timestamp}id_/{address}`): what an answer to one of them is. Pure."""

import hashlib
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urljoin, urlsplit

from crawler.captures import CapturedResponse
from crawler.captures.coding import MAX_UNPACKED, CodingError, decode_payload
from crawler.captures.parse import HeaderList, header
from crawler.sources.answers import Absent, Answer, Elsewhere, Given, Trouble, Verdict, overload
from crawler.sources.entries import digits, timestamp

_ARCHIVED = re.compile(
    r"/web/([0-9]{1,14})(?:[a-z]{2}_)?/(https?(?::|%3a)(?:/|%2f).*)", re.IGNORECASE | re.DOTALL
)
_ORIGINAL = re.compile(r"<([^<>]+)>\s*;[^,<]*\brel=\"?(?:[a-z]+ )*original\b", re.IGNORECASE)
_ORIGIN = "x-archive-orig-"
_PUBLIC = "web.archive.org"
_EXCLUDED = (b"has been excluded from the Wayback Machine", b"AdministrativeAccessControl")
_GZIP = b"\x1f\x8b"
#: Of the origin's headers these tell of a transfer that is over.
_TRANSFER = frozenset({"transfer-encoding", "connection", "keep-alive", "content-encoding", "content-length"})
#: Where the origin's own are missing, these are the origin's all the same.
_SHARED = frozenset({"content-type", "location", "last-modified", "etag", "content-language"})


def memento_url(base: str, url: str, at: datetime) -> str:
    """The address of a capture's bytes as captured; `base` ends in a slash."""
    return f"{base}web/{digits(at)}id_/{url}"


def archived_address(location: str, asked: str) -> tuple[str, datetime] | None:
    """The address and time that a Location inside the archive means; None for any other, and on another host.

    `asked` is the address whose answer carries it; a mirror may name the archive that it mirrors. A timestamp
    with fewer digits begins its period.
    """
    target = urlsplit(urljoin(asked, location.strip()))
    if not location.strip() or target.netloc.lower() not in (urlsplit(asked).netloc.lower(), _PUBLIC):
        return None
    path = target.path + (f"?{target.query}" if target.query else "")
    matched = _ARCHIVED.search(path)
    if matched is None:
        return None
    at = timestamp(matched[1] + "00000101000000"[len(matched[1]) :])
    url = matched[2] if "://" in matched[2] else _slashes(matched[2])
    return (url, at) if at else None


def _slashes(url: str) -> str:
    """`http:/x` and `http%3A//x` as `http://x`."""
    plain = unquote(url) if "%3a" in url[:9].lower() else url
    return re.sub(r"^(https?):/+", r"\1://", plain, flags=re.IGNORECASE)


def read_memento(answer: Answer, *, asked: str, url: str, limit: int = MAX_UNPACKED) -> Verdict:
    """What an answer to `asked`, the memento address of `url`, is; `limit` in bytes, unpacked.

    `Memento-Datetime` alone tells a capture, whatever its status, from the archive's own answer (RFC 7089, 2.1.1).
    """
    if not answer.header("memento-datetime"):
        return _own_answer(answer, asked)
    at = _moment(answer.header("memento-datetime"))
    if at is None:
        return Trouble("a capture without a time")
    headers = _origin_headers(answer, asked)
    try:
        body, headers = _coded(answer, headers)
        cut = _is_cut(answer, body, headers, limit)
    except CodingError:
        return Trouble("a capture that cannot be unpacked", reason="capture-undecodable")
    original = _ORIGINAL.search(answer.header("link"))
    return Given(
        CapturedResponse(
            url=original[1].strip() if original else url,
            status=answer.status,
            reason=None,
            headers=headers,
            payload=body,
            fetched_at=at,
            warc="",
            offset=None,
            digest=f"sha256:{hashlib.sha256(body).hexdigest()}",
            record_type="response",
            truncated="length" if cut else None,
        )
    )


def _own_answer(answer: Answer, asked: str) -> Verdict:
    """What the archive itself says: another capture, none, or nothing for now."""
    if any(mark in answer.body for mark in _EXCLUDED):
        return Absent("archive-excluded")
    if answer.status in (301, 302, 303, 307, 308):
        found = archived_address(answer.header("location"), asked)
        return Elsewhere(*found) if found else Absent("archive-redirect")
    if answer.status == 404:
        return Absent("not-archived")
    trouble = overload(answer, frozenset({403}))
    if trouble:
        return trouble
    if answer.status == 200:
        return Trouble("a page of its own instead of a capture", whole=True)
    return Trouble(answer.told)


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _origin_headers(answer: Answer, asked: str) -> HeaderList:
    """The origin's headers under their own names, without those of a transfer that is over."""
    marked = [
        (name[len(_ORIGIN) :], value)
        for name, value in answer.headers
        if name.lower().startswith(_ORIGIN) and name[len(_ORIGIN) :].lower() not in _TRANSFER
    ]
    known = {name.lower() for name, _ in marked}
    shared = [
        (name, value)
        for name, value in answer.headers
        if name.lower() in _SHARED and name.lower() not in known and value
    ]
    return tuple((name, _outside(name, value, asked)) for name, value in (*marked, *shared))


def _outside(name: str, value: str, asked: str) -> str:
    """A Location as the origin sent it: the archive points it to itself."""
    found = archived_address(value, asked) if name.lower() == "location" else None
    return found[0] if found else value


def _coded(answer: Answer, headers: HeaderList) -> tuple[bytes, HeaderList]:
    """The payload and its headers, with the content coding named that is really in force.

    Pages are asked for without coding: what comes packed all the same the origin has packed, whether or not a
    header says so. What comes plain under a header that says gzip the archive has unpacked.
    """
    named = header(answer.headers, "content-encoding") or header(answer.headers, f"{_ORIGIN}content-encoding")
    if answer.body.startswith(_GZIP) and _is_packed(answer):
        named = "gzip"
    elif "gzip" in named.lower():
        named = ""
    if not named or named.lower() == "identity":
        return answer.body, headers
    return answer.body, (*headers, ("Content-Encoding", named))


def _is_packed(answer: Answer) -> bool:
    """Gzip bytes are a coding of a page, but the content itself of a file that is offered as such."""
    media_type = answer.header("content-type").lower()
    return "zip" not in media_type and "octet-stream" not in media_type


def _is_cut(answer: Answer, body: bytes, headers: HeaderList, limit: int) -> bool:
    """Whether less came than the origin announced (bytes as transferred); CodingError for a cut packed body."""
    announced = header(answer.headers, f"{_ORIGIN}content-length")
    unpacked = decode_payload(body, headers, limit=limit)
    if not announced.isdecimal() or not body:
        return False
    return max(len(body), len(unpacked)) < int(announced[:15])
