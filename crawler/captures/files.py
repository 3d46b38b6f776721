"""Names of capture files, where they lie, and what goes wrong with them. Knows no record."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

#: A file still being written, or left behind by a killed run, carries this after its final name. Captures
#: name the final name from the start, so closing (renaming) a file changes no reference to it.
OPEN_SUFFIX = ".open"

_NAME = re.compile(r"(?P<site>.+)-(?P<run>\d{6,})-(?P<number>\d{5,})\.warc\.gz")
_ARCHIVES = (".warc", ".warc.gz")


class CaptureError(Exception):
    """Captures cannot be read or kept; the message names the file and the reason."""


class NotWarcError(CaptureError):
    """A file holds no WARC record, or is a package that cannot be what it says."""


class CaptureDiskError(CaptureError):
    """The disk or the captures folder refuses: full, read-only, no permission."""


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A file of WARC records, by itself or inside another file."""

    #: The name by which captures refer to it, whether it is still open or not.
    name: str
    #: For messages: where it lies.
    label: str
    #: Gives it for reading from its start; CaptureError when it cannot be read.
    open: Callable[[], BinaryIO]
    #: Whether it lies in the folder itself, where `locate` finds it by its name.
    in_folder: bool = True


def file_name(site: str, run: int, number: int) -> str:
    """The final name of a run's `number`-th file: `{site}-{run:06d}-{number:05d}.warc.gz`."""
    return f"{site}-{run:06d}-{number:05d}.warc.gz"


def site_of(name: str) -> str | None:
    """The site whose run wrote a file of this (final) name; None for other tools' files."""
    matched = _NAME.fullmatch(name)
    return matched["site"] if matched else None


def final_name(path: Path) -> str:
    """The name by which captures refer to the file, whether it is still open or not."""
    return path.name.removesuffix(OPEN_SUFFIX)


def locate(folder: Path, name: str) -> Path:
    """Where the file that a capture names lies now; CaptureError when it is in the folder under neither name.

    A name is only ever a plain file name: anything with a path in it is refused.
    """
    if not name or Path(name).name != name:
        raise CaptureError(f"{name!r} is no name of a capture file")
    for path in (folder / name, folder / (name + OPEN_SUFFIX)):
        if path.is_file():
            return path
    raise CaptureError(f"capture file {name} is not in {folder}")


def opened(path: Path) -> BinaryIO:
    """The file for reading, also when it was finished (renamed) since it was listed; CaptureError otherwise."""
    try:
        if path.name.endswith(OPEN_SUFFIX) and not path.exists():
            path = path.with_name(final_name(path))
        return path.open("rb")
    except OSError as error:
        raise CaptureError(f"cannot read {path}: {error.strerror}") from error


def warc_file(path: Path, *, in_folder: bool = True) -> WarcFile:
    """A file of the disk; it need not be there until it is opened."""
    return WarcFile(final_name(path), str(path), partial(opened, path), in_folder)


def is_warc_name(name: str) -> bool:
    """Whether a file is called as WARC files are."""
    return name.removesuffix(OPEN_SUFFIX).lower().endswith(_ARCHIVES)


def warc_files(folder: Path) -> tuple[WarcFile, ...]:
    """The WARC files in a folder itself, sorted by name."""
    return tuple(
        warc_file(path) for path in sorted(folder.iterdir(), key=final_name) if is_warc_name(path.name)
    )
