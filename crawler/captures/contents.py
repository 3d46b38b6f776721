"""What a path given as a source holds: WARC files, packages of them. Reads names and lists only."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crawler.captures.files import CaptureError, NotWarcError, WarcFile, is_warc_name, opened, warc_file
from crawler.captures.gzipped import open_stream
from crawler.captures.packages import PACKAGE_STARTS, OversizedError, package_files


def contents(path: Path, problems: Counter[str]) -> tuple[WarcFile, ...]:
    """What one file holds, or every file of a folder and the folders in it, sorted by name.

    What a folder holds in vain is counted in `problems`. CaptureError when nothing is there, or when the one
    file cannot be read.
    """
    if path.is_dir():
        found = tuple(item for file in _files(path) for item in _items(file, path, problems))
        if not found and not problems:
            raise CaptureError(f"no WARC file (.warc, .warc.gz) or WACZ file in {path}")
        return found
    if not path.is_file():
        raise CaptureError(f"{path} does not exist" if not path.exists() else f"{path} is no regular file")
    with opened(path) as file:
        if file.read(4) in PACKAGE_STARTS:
            return package_files(path)
        open_stream(path, file)
    return (warc_file(path),)


def _files(folder: Path) -> Iterator[Path]:
    """Every regular file below a folder, by relative name; no folder behind a link is entered."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (path for name in sorted(names) if (path := Path(place, name)).is_file())


def _items(path: Path, folder: Path, problems: Counter[str]) -> tuple[WarcFile, ...]:
    if is_warc_name(path.name):
        return (warc_file(path, in_folder=path.parent == folder),)
    if not path.name.lower().endswith(".wacz"):
        return ()
    try:
        return package_files(path)
    except OversizedError:
        problems["oversized"] += 1
    except NotWarcError:
        problems["not-warc"] += 1
    return ()
