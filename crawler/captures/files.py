"""Names of capture files, where they lie, and what goes wrong with them. Knows no record."""

import re
from pathlib import Path
from typing import BinaryIO

#: A file still being written, or left behind by a killed run, carries this after its final name. Captures
#: name the final name from the start, so closing (renaming) a file changes no reference to it.
OPEN_SUFFIX = ".open"

_NAME = re.compile(r"(?P<site>.+)-(?P<run>\d{6,})-(?P<number>\d{5,})\.warc\.gz")
_ARCHIVES = (".warc", ".warc.gz")


class CaptureError(Exception):
    """Captures cannot be read or kept; the message names the file and the reason."""


class CaptureDiskError(CaptureError):
    """The disk or the captures folder refuses: full, read-only, no permission."""


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


def warc_files(path: Path) -> tuple[Path, ...]:
    """The file itself, or all WARC files of a folder sorted by name; CaptureError when there is none."""
    if path.is_dir():
        found = sorted(
            (p for p in path.iterdir() if final_name(p).lower().endswith(_ARCHIVES)), key=final_name
        )
        if not found:
            raise CaptureError(f"no WARC file (.warc, .warc.gz) in {path}")
        return tuple(found)
    if path.is_file():
        return (path,)
    raise CaptureError(f"{path} does not exist" if not path.exists() else f"{path} is no regular file")
