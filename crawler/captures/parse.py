"""Record heads, dates and HTTP heads of WARC files: bytes to values, nothing guessed. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.captures.streams import DamagedError, Place, Stream

#: Names and values as Latin-1 text: every byte survives.
HeaderList = tuple[tuple[str, str], ...]
#: Is told the reason and the place of each record that is damaged.
Damaged = Callable[[str, Place], None]

_HEAD = 256 * 1024
#: Rubbish between records that is shorter can be no record (a length off by two, a stray line).
_SHORTEST = 64
_DATE = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?(?:[Zz]|([+-])([01]\d):?([0-5]\d))?"
)
_NUMBER = re.compile(r"[0-9]{1,18}")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?:[ \t]+(.*))?")


@dataclass(frozen=True, slots=True)
class RecordHead:
    """Named fields of one record, names in lower case."""

    place: Place
    fields: Mapping[str, str]
    length: int

    @property
    def type(self) -> str:
        return self.fields.get("warc-type", "").lower()

    @property
    def url(self) -> str:
        """The address as recorded; Wget writes it in `<…>`."""
        return bare(self.fields.get("warc-target-uri", ""))

    @property
    def time(self) -> datetime | None:
        return parse_time(self.fields.get("warc-date", ""))

    @property
    def digest(self) -> str | None:
        """The payload digest as recorded; algorithm and value are compared as they are."""
        return self.fields.get("warc-payload-digest")


@dataclass(frozen=True, slots=True)
class HttpHead:
    status: int
    reason: str | None
    headers: HeaderList


def bare(uri: str) -> str:
    """An address without the `<…>` that some tools write around it."""
    return uri[1:-1] if uri.startswith("<") and uri.endswith(">") else uri


def number(text: str) -> int | None:
    """A length or offset; None for anything but digits, or more of them than any file has bytes."""
    return int(text) if _NUMBER.fullmatch(text) else None


def parse_time(text: str) -> datetime | None:
    """A WARC date (1.0: seconds, 1.1: fractions) as aware UTC; None when it is none, or without minutes."""
    matched = _DATE.fullmatch(text.strip())
    if matched is None:
        return None
    day, clock, fraction, sign, hours, minutes = matched.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        time = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC)
        time += timedelta(microseconds=int((fraction or "0").ljust(6, "0")[:6]))
        return time - offset if sign != "-" else time + offset
    except (ValueError, OverflowError):
        return None


def parse_http(block: bytes) -> tuple[HttpHead, bytes] | None:
    """Splits a response block into its head and the payload; None when it has no readable status line."""
    ends = [at + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := block.find(mark)) >= 0]
    end = min(ends, default=len(block))
    line, *rest = block[:end].splitlines() or [b""]
    matched = _STATUS.fullmatch(line.strip())
    if matched is None or end > _HEAD:
        return None
    reason = matched[2].decode("utf-8", "replace") if matched[2] else None
    return HttpHead(int(matched[1]), reason, header_list(rest)), block[end:]


def header_list(lines: list[bytes]) -> HeaderList:
    """Header lines as (name, value), folded lines joined; what is no header is left out."""
    found: list[tuple[str, str]] = []
    for line in (raw.decode("latin-1") for raw in lines):
        if line[:1] in (" ", "\t") and found:
            name, value = found[-1]
            found[-1] = (name, f"{value} {line.strip()}".strip())
        elif ":" in line:
            name, value = line.split(":", 1)
            found.append((name.strip(), value.strip()))
    return tuple(found)


def header(headers: HeaderList, name: str) -> str:
    """The first non-empty value of a header, `name` in lower case; empty when there is none."""
    return next((value for key, value in headers if key.lower() == name and value), "")


def unheeded(_reason: str, _place: Place) -> None:
    """For those who read a file whose damage another reader tells."""


def read_records(
    stream: Stream, wanted: Callable[[RecordHead], int | None], damaged: Damaged
) -> Iterator[tuple[RecordHead, bytes]]:
    """The wanted records of a file with their blocks, in file order.

    `wanted` says how many bytes of a record's block to give, None to pass it over. Damage costs the record it
    hits: `damaged` is told of `unreadable` records, and `torn` for a last one.
    """
    more, _ = _advance(stream, damaged)
    while more:
        place = stream.place()
        try:
            head = _read_head(stream, place)
            size = wanted(head)
            block = _read_block(stream, head, size or 0)
        except DamagedError:
            more = _recover(stream, place, damaged)
            continue
        more, failed = _advance(stream, damaged)
        if failed == place:
            continue  # its member failed the checksum; where a member holds many records, only the last is hit
        if stream.rubbish >= _SHORTEST:
            damaged("unreadable", place)
            if stream.abrupt:  # the record's own length is wrong, not the start of what follows it
                more = stream.reconsider(place, more)
                continue
        if size is not None:
            yield head, block


def _advance(stream: Stream, damaged: Damaged) -> tuple[bool, Place | None]:
    """Whether there is a next record, and the start of a member that proved damaged on the way to it."""
    try:
        return stream.next_record(), None
    except DamagedError:
        member = Place(stream.place().offset)
        return _recover(stream, member, damaged), member


def _recover(stream: Stream, after: Place, damaged: Damaged) -> bool:
    found = stream.resume(after)
    damaged("unreadable" if found else "torn", after)
    return found


def _read_head(stream: Stream, place: Place) -> RecordHead:
    lines = [stream.readline()]
    size = len(lines[0])
    while lines[-1].strip():
        lines.append(stream.readline())
        size += len(lines[-1])
        if size > _HEAD:
            raise DamagedError("endless record head")
    if not lines[-1]:
        raise DamagedError("record head cut off")
    fields = {name.lower(): _utf8(value) for name, value in header_list(lines[1:])}
    length = number(fields.get("content-length", ""))
    if length is None:
        raise DamagedError("record without a length")
    return RecordHead(place, fields, length)


def _utf8(value: str) -> str:
    """WARC fields are UTF-8, other than HTTP's."""
    return value if value.isascii() else value.encode("latin-1").decode("utf-8", "replace")


def _read_block(stream: Stream, head: RecordHead, size: int) -> bytes:
    block = stream.read(min(size, head.length))
    if len(block) + stream.skip(head.length - len(block)) < head.length:
        raise DamagedError("record shorter than it says")
    return block
