"""Packs the captures of a site into one WACZ file (1.1.1, specs.webrecorder.net). No clock: the time is given."""

import fcntl
import glob
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

from crawler.captures import cdxj
from crawler.captures.datapackage import DataPackage
from crawler.captures.files import OPEN_SUFFIX, CaptureDiskError, CaptureError, final_name, opened, site_of
from crawler.captures.pages import PAGES_HEAD, page_line
from crawler.captures.records import warc_date
from crawler.captures.sorting import LineSorter
from crawler.captures.writer import sync_folder

_VERSION = "1.1.1"
_INDEX = "index.cdx.gz"
_CHUNK = 256 * 1024
_PART = ".part"


@dataclass(frozen=True, slots=True)
class WaczSummary:
    """What was packed."""

    #: Names of the capture files, in the order of the package.
    files: tuple[str, ...]
    #: Responses and revisits, each capture (address, time, digest) once.
    records: int
    #: Web pages among them (HTML, status 200).
    pages: int
    bytes: int
    #: Names of capture files that are still being written; they are not in the package.
    left_out: tuple[str, ...]
    #: Records that could not be indexed (`torn`, `unreadable`); their bytes are in the package all the same.
    problems: Counter[str]


def write_wacz(
    folder: Path, site: str, to: Path, *, title: str, software: str, created: datetime
) -> WaczSummary:
    """Packs the finished capture files of `site` in `folder` into the file `to`, which appears whole or not at all.

    `created` is an aware datetime; equal input gives equal bytes, and memory does not grow with the captures.
    CaptureError when there is nothing to pack or `to` is a folder, CaptureDiskError when the disk refuses.
    """
    files, left_out = _capture_files(folder, site)
    if to.is_dir():
        raise CaptureError(f"{to} is a folder; name a file for the WACZ")
    stamp = warc_date(created.replace(microsecond=0))
    told = {"title": title, "software": software, "created": stamp, "wacz_version": _VERSION}
    counts: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    try:
        with _replacing(to) as file, DataPackage(file, created) as package:
            _fill(package, files, to.parent, counts, problems)
            package.finish(told)
            size = file.tell()
    except OSError as error:
        raise CaptureDiskError(f"cannot write {to}: {error.strerror or error}") from error
    names = tuple(path.name for path in files)
    return WaczSummary(names, counts["records"], counts["pages"], size, left_out, problems)


def _capture_files(folder: Path, site: str) -> tuple[list[Path], tuple[str, ...]]:
    """The finished files of a site by name, and the names of those still being written."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    own = [path for path in found if site_of(final_name(path)) == site and path.is_file()]
    finished = [path for path in own if not path.name.endswith(OPEN_SUFFIX)]
    if not finished:
        waiting = f" but {final_name(own[0])}, which is still being written" if own else ""
        raise CaptureError(f"no capture file of {site} in {folder}{waiting}; crawl it first")
    return finished, tuple(final_name(path) for path in own if path not in finished)


def _fill(
    package: DataPackage,
    files: list[Path],
    scratch: Path,
    counts: Counter[str],
    problems: Counter[str],
) -> None:
    """Adds captures, index and page list; `scratch` takes nameless temporary files."""
    with LineSorter(scratch) as lines, LineSorter(scratch) as pages:
        for path in files:
            _copy_warc(package, path)
            for entry in cdxj.read_index(path, problems):
                lines.add(cdxj.line(entry, path))
                page = page_line(entry)
                if page is not None:
                    pages.add(_page_key(entry) + page)
        with package.member(f"indexes/{_INDEX}") as packed:
            blocks = cdxj.write_blocks(_counted("records", cdxj.once(lines), counts), packed, _INDEX)
        with package.member("indexes/index.idx", packed=True) as listed:
            listed.write(blocks)
        _add_pages(package, _counted("pages", pages, counts), scratch)


def _page_key(entry: cdxj.IndexEntry) -> bytes:
    """Sorts pages by time; of one capture that stands twice it makes equal lines, of which a sorter gives one."""
    return f"{warc_date(entry.time)} {entry.head.digest or ''}\t".encode()


def _add_pages(package: DataPackage, pages: Iterable[bytes], scratch: Path) -> None:
    with tempfile.TemporaryFile(dir=scratch) as listed:
        listed.write(PAGES_HEAD)
        listed.writelines(line.partition(b"\t")[2] for line in pages)
        with package.member("pages/pages.jsonl", listed.tell(), packed=True) as told:
            listed.seek(0)
            copyfileobj(listed, told, _CHUNK)


def _counted(name: str, lines: Iterable[bytes], counts: Counter[str]) -> Iterator[bytes]:
    for line in lines:
        counts[name] += 1
        yield line


def _copy_warc(package: DataPackage, path: Path) -> None:
    with opened(path) as warc, package.member(f"archive/{path.name}", path.stat().st_size) as member:
        copyfileobj(warc, member, _CHUNK)


def _sweep(path: Path) -> None:
    """Removes what killed runs left of the same file; a lock shows that a run is still at work."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{_PART}"):
        with suppress(BlockingIOError, FileNotFoundError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink(missing_ok=True)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that becomes `path` when the block ends well; on an error the old one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_PART)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
        sync_folder(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
