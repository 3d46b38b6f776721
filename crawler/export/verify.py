"""Reads a whole folder of sealed segments and says everything that is not as it was sealed. Changes nothing."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.export.contents import STAGE
from crawler.export.kinds import KINDS
from crawler.export.manifest import DELIVERIES, SEGMENT_NAME, WHOLE, Document, Segment, hexdigest
from crawler.export.shape import fault
from crawler.export.stage import intended
from crawler.export.survey import Problem, Survey, survey
from crawler.export.unpack import Unpacker

#: Bad lines that are told one by one, of one segment.
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in a folder."""

    site: str | None
    #: Kind -> number of its last line.
    last: dict[str, int]
    segments: int
    #: Number and SHA-256 of manifest.json; None while there is none.
    manifest: tuple[int, str] | None
    problems: tuple[Problem, ...]
    #: An export was killed: what it left is no problem, and the next one cleans up.
    interrupted: bool


def is_export(folder: Path) -> bool:
    """Whether the folder holds anything of an export, whole or not. Raises OSError."""
    names = {entry.name for entry in folder.iterdir()}
    return bool(names & {WHOLE, DELIVERIES, STAGE}) or any(map(SEGMENT_NAME.fullmatch, names))


def state(folder: Path) -> str | None:
    """SHA-256 of the folder's manifest as it is now: another one means that an export has been here."""
    return _digest(folder / WHOLE)


def verify(folder: Path, *, known: str | None = None) -> Verified:
    """Reads every byte. `known` is the SHA-256 of a manifest.json of this folder, noted down earlier.

    Raises OSError when the folder cannot be listed; a file that cannot be read is a problem.
    """
    found = survey(folder)
    problems = [*found.problems]
    if known is not None and known not in found.history:
        problems.append(Problem(WHOLE, f"does not go on from the manifest with SHA-256 {known}"))
    problems += _order_problems(found.segments)
    for file in found.files:
        problems += _file_problems(folder, file, found.site or "")
    problems += _foreign(folder, found)
    return Verified(
        site=found.site,
        last={
            kind: max((s.last for s in found.segments if s.kind.name == kind), default=0) for kind in KINDS
        },
        segments=len(found.segments),
        manifest=found.manifest,
        problems=tuple(dict.fromkeys(problems)),
        interrupted=(folder / STAGE).is_dir(),
    )


def _order_problems(segments: tuple[Segment, ...]) -> Iterator[Problem]:
    """Gaps and overlaps between segments, by their own numbers."""
    ends = dict.fromkeys(KINDS, 0)
    for segment in segments:
        expected = ends[segment.kind.name] + 1
        if segment.first != expected:
            yield Problem(segment.file, f"starts at {segment.first} where {expected} is next")
        ends[segment.kind.name] = segment.last


def _file_problems(folder: Path, file: Document | Segment, site: str) -> Iterator[Problem]:
    path = folder / file.file
    try:
        if path.is_symlink() or not path.is_file():
            yield Problem(file.file, "is missing" if not path.is_symlink() else "is a symbolic link")
        elif isinstance(file, Segment):
            yield from _segment_problems(path, file, site)
        elif hexdigest(path.read_bytes()) != file.sha256:
            yield Problem(file.file, "was changed: its SHA-256 is not the manifest's")
    except OSError as error:
        yield Problem(file.file, f"cannot be read ({error.strerror})")


def _segment_problems(path: Path, segment: Segment, site: str) -> Iterator[Problem]:
    unpacker = Unpacker(path)
    lines, faults = _read_lines(unpacker, segment, site)
    if (unpacker.sha256, unpacker.bytes) != (segment.sha256, segment.bytes):
        length = f", {unpacker.bytes} bytes instead of {segment.bytes}" * (unpacker.bytes != segment.bytes)
        reason = unpacker.fault or (f"{faults[0]}" if faults else "its lines can be read")
        what = "was changed since it was sealed: its SHA-256 is not the manifest's"
        yield Problem(segment.file, f"{what}{length}; {reason}")
    elif unpacker.fault:
        yield Problem(segment.file, f"is damaged: {unpacker.fault}")
    else:
        if lines != segment.count:
            yield Problem(segment.file, f"has {lines} lines instead of {segment.count}")
        if (unpacker.content_sha256, unpacker.content_bytes) != (
            segment.content_sha256,
            segment.content_bytes,
        ):
            yield Problem(segment.file, "holds other lines than its manifest says")
        yield from (Problem(segment.file, told) for told in faults)


def _read_lines(unpacker: Unpacker, segment: Segment, site: str) -> tuple[int, list[str]]:
    """How many lines there are, and what is wrong with the first few bad ones."""
    lines = 0
    faults: list[str] = []
    for line in unpacker.lines():
        if len(faults) < _TOLD and (wrong := fault(line, segment.kind, site, segment.first + lines)):
            faults.append(f"line {lines + 1} {wrong}")
        lines += 1
    return lines, faults


def _foreign(folder: Path, found: Survey) -> Iterator[Problem]:
    """Files that no manifest names, but for what a killed export left and says so."""
    expected = found.manifests | {file.file for file in found.files}
    delivery = intended(folder)
    appearing = {file.file: file.sha256 for file in delivery.files} if delivery else {}
    for path in _walk(folder):
        file = path.relative_to(folder).as_posix()
        if file in expected or (file in appearing and _digest(path) == appearing[file]):
            continue
        yield Problem(file, "is in no manifest")


def _walk(folder: Path) -> Iterator[Path]:
    """Everything but folders, and but for the stage; links are not followed."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = Path(entry.path)
        if not entry.is_dir(follow_symlinks=False):
            yield path
        elif entry.name != STAGE:
            yield from _walk(path)


def _digest(path: Path) -> str | None:
    try:
        return hexdigest(path.read_bytes()) if path.is_file() and not path.is_symlink() else None
    except OSError:
        return None
