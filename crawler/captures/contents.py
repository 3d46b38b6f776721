"""What a path given as a source holds: WARC files, packages of them, saved pages. Reads names and lists only."""

import os
from collections.abc import Iterator
from pathlib import Path

from crawler.captures.files import CaptureError, NotWarcError, WarcFile, is_warc_name, opened, warc_file
from crawler.captures.gzipped import open_stream
from crawler.captures.packages import PACKAGE_STARTS, OversizedError, package_files
from crawler.captures.problems import Problems
from crawler.captures.saved import SavedPage, is_page_name
from crawler.captures.sidecar import SIDECAR, Told, listed, read_sidecar

Item = WarcFile | SavedPage

#: Folders in which every browser keeps the parts of a page; others write the word in the user's language.
_PART_FOLDERS = ("_files", ".files")


def contents(path: Path, problems: Problems) -> tuple[Item, ...]:
    """What one file is, or every file of a folder and of the folders in it, sorted by name.

    What a folder holds in vain is counted in `problems`. CaptureError when nothing is there, or when the one
    file cannot be read.
    """
    if path.is_dir():
        found = tuple(_folder_items(path, problems))
        if not found and not problems:
            raise CaptureError(f"no WARC file (.warc, .warc.gz), WACZ file or saved page (.html) in {path}")
        return found
    if not path.is_file():
        raise CaptureError(f"{path} does not exist" if not path.exists() else f"{path} is no regular file")
    if is_page_name(path.name):
        return (SavedPage(path, _sidecar(path.parent).get(listed(path))),)
    with opened(path) as file:
        if file.read(4) in PACKAGE_STARTS:
            return package_files(path)
        open_stream(path, file)
    return (warc_file(path),)


def _folder_items(folder: Path, problems: Problems) -> Iterator[Item]:
    """Everything in its place; what a list names and is not met on the way comes last."""
    told: dict[Path, Told] = {}
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_aside(name, names))
        told |= _sidecar(Path(place))
        for path in sorted(Path(place, name) for name in names if not name.startswith(".")):
            yield from _file_items(path, told.pop(listed(path), None), folder, problems)
    for path, said in sorted(told.items()):
        if _is_inside(path, folder):
            yield SavedPage(path, said)
        else:
            problems.note("missing", str(path), f"{SIDECAR} names it")


def _file_items(path: Path, told: Told | None, folder: Path, problems: Problems) -> tuple[Item, ...]:
    if (
        path.exists() and not path.is_file()
    ):  # one that is gone was finished meanwhile, and has its final name
        return ()
    if is_warc_name(path.name):
        return (warc_file(path, in_folder=path.parent == folder),)
    if path.name.lower().endswith(".wacz"):
        try:
            return package_files(path)
        except NotWarcError as error:
            problems.note("oversized" if isinstance(error, OversizedError) else "not-warc", str(path))
            return ()
    is_page = told is not None or is_page_name(path.name)
    return (SavedPage(path, told),) if is_page and _is_inside(path, folder) else ()


def _sidecar(folder: Path) -> dict[Path, Told]:
    path = folder / SIDECAR
    return read_sidecar(path) if path.is_file() and _is_inside(path, folder) else {}


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether it is a regular file of the folder and no link that leads out of it."""
    return path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(folder.resolve()))


def _is_aside(folder: str, names: list[str]) -> bool:
    """Whether a folder is hidden, or holds the parts of a page saved beside it (`x.html`, `x_files`)."""
    if folder.startswith(".") or folder.lower().endswith(_PART_FOLDERS):
        return True
    pages = {Path(name).stem for name in names if is_page_name(name)}
    return any(
        folder[:at] in pages and sign in "_-. " and not any(c.isdigit() for c in folder[at:])
        for at, sign in enumerate(folder)
    )
