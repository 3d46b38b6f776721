"""Reads a folder's manifests and tells which of them can be believed. Looks at no other file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.export.contents import STAGE, is_interrupted
from crawler.export.manifest import (
    DELIVERIES,
    WHOLE,
    Delivery,
    Document,
    ManifestError,
    Segment,
    Whole,
    delivery_file,
    hexdigest,
    read_delivery,
    read_whole,
    render_whole,
)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong with one file of the folder."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file} {self.what}"


@dataclass(frozen=True, slots=True)
class Survey:
    """What the manifests say, as far as they can be believed."""

    site: str | None
    files: tuple[Document | Segment, ...]
    #: Files of the manifests themselves that belong to the folder, there or not.
    manifests: frozenset[str]
    #: Number and SHA-256 of manifest.json; None while there is none.
    manifest: tuple[int, str] | None
    #: SHA-256 of every manifest.json that the folder ever had.
    history: frozenset[str]
    problems: tuple[Problem, ...]

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The files that hold lines, in order."""
        return tuple(file for file in self.files if isinstance(file, Segment))


@dataclass(frozen=True, slots=True)
class _Part:
    """The manifest of one export as it lies there."""

    file: str
    digest: str | None
    delivery: Delivery | None
    #: Why it cannot be read.
    fault: str | None


def survey(folder: Path) -> Survey:
    """Judges each manifest by the one that vouches for it: the next one, and manifest.json for the newest.

    A folder that a kill left is sound. Raises OSError only when a folder cannot be listed.
    """
    data = _bytes(folder / WHOLE)
    whole, fault = _read_whole(data)
    parts = _parts(folder, whole)
    deliveries = tuple(part.delivery for part in parts if part.delivery)
    sound = len(deliveries) == len(parts) and not [*_broken_links(parts, None)]
    if sound and _is_current(folder, data, deliveries):
        return _survey(deliveries, parts, data, ())
    if fault is None and whole and sound and whole.newest_delivery(deliveries[:-1]) is None:
        fault = f"is not what the files in {DELIVERIES}/ add up to"
    believed = whole if fault is None else None
    problems = [Problem(WHOLE, fault)] if fault else []
    problems += [Problem(part.file, part.fault) for part in parts if part.fault]
    problems += _broken_links(parts, believed)
    return _survey((believed.all,) if believed else deliveries, parts, data, problems)


def _survey(
    trusted: Sequence[Delivery], parts: Sequence[_Part], data: bytes | None, problems: Sequence[Problem]
) -> Survey:
    files: list[Document | Segment] = [document for delivery in trusted for document in delivery.documents]
    files += [segment for delivery in trusted for segment in delivery.segments]
    digest = None if data is None else hexdigest(data)
    past = {part.delivery.previous for part in parts if part.delivery}
    return Survey(
        site=trusted[-1].site if trusted else None,
        files=tuple(files),
        manifests=frozenset({WHOLE, *(part.file for part in parts)}),
        manifest=(trusted[-1].number, digest) if trusted and digest else None,
        history=frozenset(known for known in {*past, digest} if known),
        problems=tuple(problems),
    )


def _is_current(folder: Path, data: bytes | None, deliveries: Sequence[Delivery]) -> bool:
    """Whether manifest.json is what the deliveries add up to, but for the last one of a killed export."""
    if not deliveries:
        return data is None and (folder / STAGE).is_dir()
    before = render_whole(deliveries[:-1]) if deliveries[1:] else None
    return data == render_whole(deliveries) or (data == before and is_interrupted(folder))


def _broken_links(parts: Sequence[_Part], whole: Whole | None) -> Iterator[Problem]:
    """Manifests of exports, newest first, that are not what the next one, or manifest.json, says."""
    expected, by = (whole.newest, WHOLE) if whole else (None, "")
    for number, part in reversed([*enumerate(parts, 1)]):
        right = expected is None or part.digest == expected
        if part.digest and not right:
            yield Problem(part.file, f"is not the file that {by} was written after")
        delivery = part.delivery
        if delivery and (delivery.number != number or (number == 1) != (delivery.previous_delivery is None)):
            yield Problem(part.file, f"says it is number {delivery.number}")
        expected, by = delivery.previous_delivery if delivery and right else None, part.file


def _parts(folder: Path, whole: Whole | None) -> tuple[_Part, ...]:
    """Every manifest of an export that there is or should be."""
    there = {path.name for path in (folder / DELIVERIES).glob("[0-9]*.json")}
    said = min(whole.all.number, len(whole.all.segments)) if whole else 0  # each export added one at least
    newest = max(len(there), said)
    return tuple(_part(folder, delivery_file(number)) for number in range(1, newest + 1))


def _part(folder: Path, file: str) -> _Part:
    data = _bytes(folder / file)
    if data is None:
        return _Part(file, None, None, "is missing or cannot be read")
    try:
        return _Part(file, hexdigest(data), read_delivery(data), None)
    except ManifestError as error:
        return _Part(file, hexdigest(data), None, f"was changed: it {error}")


def _read_whole(data: bytes | None) -> tuple[Whole | None, str | None]:
    if data is None:
        return None, "is missing or cannot be read"
    try:
        return read_whole(data), None
    except ManifestError as error:
        return None, f"was changed: it {error}"


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() and not path.is_symlink() else None
    except OSError:
        return None
