"""Finds the payload that a revisit record repeats. Keeps places in memory, never payloads."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from crawler.captures.files import CaptureError, NotWarcError, WarcFile, locate, warc_file
from crawler.captures.gzipped import open_stream
from crawler.captures.parse import RecordHead, bare, number, parse_time, read_records, unheeded
from crawler.captures.streams import DamagedError, Place
from crawler.items import Capture

#: Records longer than this are not given.
MAX_BLOCK = 16 * 1024 * 1024
#: The same for a record that is asked for by its place: a kept file may be longer than any page.
MAX_KEPT = 64 * 1024 * 1024

_Key = tuple[str, str, int]
_Where = tuple[WarcFile, Place]
_LONGEST_CHAIN = 4
_NOT_MODIFIED = "server-not-modified"


class Originals:
    """The responses that the revisits of some files refer to.

    Made by two passes over record heads at the first revisit; memory grows with the number of revisits only.
    A file that our own writer names is looked for in the folder `beside` them too, where there is one.
    """

    def __init__(
        self,
        files: Sequence[WarcFile],
        wanted: Callable[[RecordHead], int | None],
        *,
        beside: Path | None = None,
    ) -> None:
        self._files = files
        self._beside = beside
        self._wanted = wanted
        self._places: dict[_Key, _Where] | None = None
        self._by_url: dict[str, list[tuple[float, _Where]]] = {}

    def find(self, revisit: RecordHead) -> tuple[RecordHead, bytes] | None:
        """Head and block of the response repeated; None when it is not among the files."""
        for where in self._candidates(revisit):
            found = record_at(*where)
            if found is not None and repeats(revisit, found[0]):
                return found
        return None

    def _candidates(self, revisit: RecordHead) -> Iterator[_Where]:
        name, offset = hint(revisit)
        yield from (
            (file, Place(offset)) for file in (*self._files, *self._sibling(name)) if file.name == name
        )
        if self._places is None:
            self._places = self._scan()
        for key in _keys(revisit):
            if key in self._places:
                yield self._places[key]
        time = revisit.time
        before = [s for s in self._by_url.get(revisit.url, []) if time and s[0] <= time.timestamp()]
        if not_modified(revisit) and before:
            yield max(before, key=lambda s: s[0])[1]

    def _sibling(self, name: str) -> list[WarcFile]:
        """A file of the folder beside, by the bare name it has there."""
        try:
            return [] if self._beside is None else [warc_file(locate(self._beside, name))]
        except CaptureError:
            return []

    def _scan(self) -> dict[_Key, _Where]:
        needed: set[_Key] = set()
        urls: set[str] = set()
        places: dict[_Key, _Where] = {}

        def need(file: WarcFile, head: RecordHead) -> None:
            if head.type == "revisit" and self._wanted(head) is not None:
                needed.update(_keys(head))
                urls.update([head.url] if not_modified(head) else [])

        def note(file: WarcFile, head: RecordHead) -> None:
            if head.type != "response":
                return
            for key in needed.intersection(_own_keys(head)):
                places.setdefault(key, (file, head.place))
            if head.url in urls and head.time is not None:
                self._by_url.setdefault(head.url, []).append((head.time.timestamp(), (file, head.place)))

        self._visit(need)
        self._visit(note)
        return places

    def _visit(self, work: Callable[[WarcFile, RecordHead], None]) -> None:
        """Shows every record head of every file; what cannot be read the reader of the same files tells."""
        for warc in self._files:
            try:
                with warc.open() as file:
                    stream = open_stream(warc.label, file)
                    for _ in read_records(stream, partial(work, warc), unheeded):
                        pass
            except NotWarcError:
                continue


def not_modified(revisit: RecordHead) -> bool:
    """Whether the server said 304, so that status and headers are the original's too."""
    return _NOT_MODIFIED in revisit.fields.get("warc-profile", "")


def record_at(warc: WarcFile, place: Place) -> tuple[RecordHead, bytes] | None:
    """The whole record at a place; None when there is none, or none of a length that can be a response."""
    with warc.open() as file:
        try:
            stream = open_stream(warc.label, file, place)
        except (DamagedError, NotWarcError):
            return None
        found = next(read_records(stream, lambda head: min(head.length, MAX_KEPT), unheeded), None)
    return found if found and found[0].place == place and found[0].length <= MAX_KEPT else None


def kept_response(folder: Path, capture: Capture) -> Capture | None:
    """The `response` record with a capture's payload: its own, or the one that its revisit record names.

    None when it is not in the folder. Needed where an older capture was read in after a newer one: the oldest
    capture of a payload is then a revisit.
    """
    for _ in range(_LONGEST_CHAIN):
        if capture.warc is None or capture.offset is None:
            return None
        try:
            found = record_at(warc_file(locate(folder, capture.warc)), Place(capture.offset))
        except CaptureError:
            return None
        if found is None or found[0].type == "response":
            return capture if found else None
        url, time = _refers_to(found[0])
        name, offset = hint(found[0])
        if time is None:
            return None
        capture = replace(capture, url=url, fetched_at=time, warc=name, offset=offset)
    return None


def hint(revisit: RecordHead) -> tuple[str, int]:
    """File name and offset of the original, as our own writer notes them; an empty name where they are not."""
    offset = number(revisit.fields.get("warc-refers-to-file-offset", ""))
    return (revisit.fields.get("warc-refers-to-filename", ""), offset) if offset is not None else ("", 0)


def repeats(revisit: RecordHead, found: RecordHead) -> bool:
    """Whether a record found can be what the revisit repeats: a response whose payload digest is no other."""
    if found.type != "response" or not_modified(revisit):
        return found.type == "response"
    ours, theirs = ((head.digest or "").partition(":") for head in (revisit, found))
    return ours[0] != theirs[0] or ours == theirs


def _keys(revisit: RecordHead) -> list[_Key]:
    """By what a revisit names its original, most telling first."""
    url, time = _refers_to(revisit)
    return _present(revisit.fields.get("warc-refers-to", ""), url, time, revisit.digest)


def _refers_to(revisit: RecordHead) -> tuple[str, datetime | None]:
    url = bare(revisit.fields.get("warc-refers-to-target-uri", ""))
    return url, parse_time(revisit.fields.get("warc-refers-to-date", ""))


def _own_keys(response: RecordHead) -> list[_Key]:
    record_id = response.fields.get("warc-record-id", "")
    return _present(record_id, response.url, response.time, response.digest)


def _present(record_id: str, url: str, time: datetime | None, digest: str | None) -> list[_Key]:
    """Seconds only, for WARC 1.0 has no fractions."""
    keys: list[_Key] = [("id", record_id, 0)] if record_id else []
    if url and time:
        keys.append(("at", url, int(time.timestamp())))
    return [*keys, ("payload", digest, 0)] if digest else keys
