"""What a web archive answered, and what that means for whoever asked. Values; pure."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from crawler.captures import CapturedResponse
from crawler.captures.parse import HeaderList, header

#: Answers by which an archive as a whole asks to be left alone (ARCHIVES, part B).
OVERLOAD = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it came: nothing decoded, nothing followed."""

    status: int
    #: Names in whatever case; every byte as Latin-1.
    headers: HeaderList
    body: bytes

    def header(self, name: str) -> str:
        """The first value of a header that is not empty, `name` in lower case; empty when there is none."""
        return header(self.headers, name)

    @property
    def told(self) -> str:
        """Its status, and where it leads, for people."""
        location = self.header("location")
        return f"HTTP status {self.status}" + (f", moved to {location[:200]}" if location else "")

    @property
    def is_html(self) -> bool:
        """Whether this is a page for people: by its first bytes, for a type is easily wrong; an empty one by that."""
        start = self.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
        return start.startswith(b"<") if start else "html" in self.header("content-type").lower()


@dataclass(frozen=True, slots=True)
class Given:
    """The capture that was asked for, or the one that the archive has in its place."""

    capture: CapturedResponse


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The archive has no record at this time but names another capture."""

    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Absent:
    """The archive will not give this capture, now or later; `reason` counts it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """No answer to what was asked; asking again later may help."""

    cause: str
    #: Whether the archive as a whole is to be left alone for a while, rather than this one address.
    whole: bool = False
    #: Seconds that the archive asks to wait.
    wait: float | None = None
    #: Whether asking the same again in this run can help.
    again: bool = True
    #: How a page is counted that cannot be had because of it.
    reason: str = "archive-failed"


Verdict = Given | Elsewhere | Absent | Trouble


def overload(answer: Answer, extra: frozenset[int] = frozenset()) -> Trouble | None:
    """The archive's own overload or outage; None for any other status. `extra` are further statuses of that kind."""
    if answer.status in OVERLOAD or answer.status in extra:
        return Trouble(answer.told, whole=True, wait=retry_after(answer))
    return None


def retry_after(answer: Answer) -> float | None:
    """Seconds of `Retry-After` (RFC 9110, 10.2.3): a number, or a date counted from the answer's own `Date`."""
    value = answer.header("retry-after").strip()
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    until, sent = _date(value), _date(answer.header("date"))
    return max(0.0, (until - sent).total_seconds()) if until and sent else None


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
