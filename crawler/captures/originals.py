"""Finds the payload that a revisit record repeats. Keeps places in memory, never payloads."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from crawler.captures.files import CaptureError, final_name
from crawler.captures.parse import RecordHead, bare, parse_time, read_records
from crawler.captures.streams import DamagedError, Place, open_stream

_Key = tuple[str, str, int]
_Where = tuple[Path, Place]
_NOT_MODIFIED = "server-not-modified"


class Originals:
    """The responses that the revisits of some files refer to.

    Made by two passes over record heads at the first revisit; memory grows with the number of revisits only.
    """

    def __init__(self, files: tuple[Path, ...], wanted: Callable[[RecordHead], bool]) -> None:
        self._files = files
        self._wanted = wanted
        self._places: dict[_Key, _Where] | None = None
        self._by_url: dict[str, list[tuple[float, _Where]]] = {}

    def find(self, revisit: RecordHead) -> tuple[RecordHead, bytes] | None:
        """Head and block of the response repeated; None when it is not among the files."""
        for where in self._candidates(revisit):
            found = record_at(*where)
            if found is not None and found[0].type == "response" and _fits(revisit, found[0]):
                return found
        return None

    def _candidates(self, revisit: RecordHead) -> Iterator[_Where]:
        hinted = self._hint(revisit)
        if hinted is not None:
            yield hinted
        if self._places is None:
            self._places = self._scan()
        for key in _keys(revisit):
            if key in self._places:
                yield self._places[key]
        time = revisit.time
        before = [s for s in self._by_url.get(revisit.url, []) if time and s[0] <= time.timestamp()]
        if not_modified(revisit) and before:
            yield max(before, key=lambda s: s[0])[1]

    def _hint(self, revisit: RecordHead) -> _Where | None:
        """The place that our own writer notes beside the standard's fields."""
        name = revisit.fields.get("warc-refers-to-filename", "")
        offset = revisit.fields.get("warc-refers-to-file-offset", "")
        paths = [p for p in self._files if final_name(p) == name]
        return (paths[0], Place(int(offset))) if paths and offset.isdecimal() else None

    def _scan(self) -> dict[_Key, _Where]:
        needed: set[_Key] = set()
        urls: set[str] = set()
        for _, head in self._heads("revisit"):
            needed.update(_keys(head))
            if not_modified(head):
                urls.add(head.url)
        places: dict[_Key, _Where] = {}
        for path, head in self._heads("response"):
            for key in needed.intersection(_own_keys(head)):
                places.setdefault(key, (path, head.place))
            if head.url in urls and head.time is not None:
                self._by_url.setdefault(head.url, []).append((head.time.timestamp(), (path, head.place)))
        return places

    def _heads(self, kind: str) -> Iterator[tuple[Path, RecordHead]]:
        found: list[RecordHead] = []

        def note(head: RecordHead) -> bool:
            if head.type == kind and (kind == "response" or self._wanted(head)):
                found.append(head)
            return False

        for path in self._files:
            with path.open("rb") as file:
                try:
                    stream = open_stream(path, file)
                except CaptureError:
                    continue  # told by the reader that goes through the same files
                for _ in read_records(stream, note, Counter()):
                    pass
            yield from ((path, head) for head in found)
            found.clear()


def not_modified(revisit: RecordHead) -> bool:
    """Whether the server said 304, so that status and headers are the original's too."""
    return _NOT_MODIFIED in revisit.fields.get("warc-profile", "")


def record_at(path: Path, place: Place) -> tuple[RecordHead, bytes] | None:
    """The whole record at a place; None when there is none."""
    with path.open("rb") as file:
        try:
            stream = open_stream(path, file, place)
            return next(read_records(stream, lambda _: True, Counter()), None)
        except DamagedError:
            return None


def _keys(revisit: RecordHead) -> list[_Key]:
    """By what a revisit names its original, most telling first. Seconds, for WARC 1.0 has no fractions."""
    url = bare(revisit.fields.get("warc-refers-to-target-uri", ""))
    time = parse_time(revisit.fields.get("warc-refers-to-date", ""))
    keys = [("at", url, int(time.timestamp()))] if url and time else []
    return [*keys, ("payload", revisit.digest, 0)] if revisit.digest else keys


def _own_keys(response: RecordHead) -> list[_Key]:
    keys = [("at", response.url, int(response.time.timestamp()))] if response.time else []
    return [*keys, ("payload", response.digest, 0)] if response.digest else keys


def _fits(revisit: RecordHead, response: RecordHead) -> bool:
    """False when both name a digest of one algorithm and they differ."""
    ours, theirs = (h.digest.partition(":") if h.digest else None for h in (revisit, response))
    return not_modified(revisit) or ours is None or theirs is None or ours[0] != theirs[0] or ours == theirs
