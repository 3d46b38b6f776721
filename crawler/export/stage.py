"""The place inside a folder where an export works until its files may appear, and whose turn it is."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from crawler.export.contents import INTENT, LOCK, STAGE, Contents, is_behind
from crawler.export.errors import BusyError, DamagedError
from crawler.export.manifest import (
    WHOLE,
    Delivery,
    ManifestError,
    read_delivery,
    render_delivery,
    render_whole,
)
from crawler.files import sync_folder


@contextmanager
def stage(folder: Path) -> Iterator[Path]:
    """The folder's only stage, empty but for its lock; removed when the block ends well or on an error.

    A kill leaves it; the next export cleans up. Raises BusyError while another export has it, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / STAGE
    descriptor = _locked(place)
    try:
        yield place
    finally:
        if not _nearly_done(place):
            _take_back(folder)
            (place / LOCK).unlink()
            with suppress(OSError):  # the next export is in it already
                place.rmdir()
        os.close(descriptor)


def is_writing(folder: Path) -> bool:
    """Whether an export writes to the folder at this moment."""
    try:
        descriptor = os.open(folder / STAGE / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def intended(folder: Path) -> Delivery | None:
    """What an export was about to let appear; None when it had not come so far."""
    path = folder / STAGE / INTENT
    try:
        return read_delivery(path.read_bytes()) if path.is_file() else None
    except ManifestError:
        return None


def clean_up(folder: Path, contents: Contents) -> None:
    """Takes back what a killed export left half done, and completes the manifest of one that was nearly done."""
    _take_back(folder)
    if is_behind(folder, contents):
        _stage_whole(folder, contents.deliveries)
        _put_whole(folder)


def publish(folder: Path, deliveries: Sequence[Delivery]) -> None:
    """Lets the staged files of the newest delivery appear: files, then its manifest, then the whole's.

    The intent is durable before the first file appears, so that whatever a kill leaves is told from damage.
    Raises DamagedError when another file is in the way, OSError.
    """
    delivery, place = deliveries[-1], folder / STAGE
    for target in (folder / file.file for file in delivery.files):
        if target.exists() or target.is_symlink():
            raise DamagedError(f"{target} is in no manifest and in the way; remove it")
    write_durable(place / INTENT, render_delivery(delivery))
    _stage_whole(folder, deliveries)
    sync_folder(place)
    for file in delivery.files:
        _appear(place / Path(file.file).name, folder / file.file)
    _appear(place / INTENT, folder / delivery.file)
    _put_whole(folder)


def write_durable(path: Path, data: bytes) -> None:
    """Writes a file and makes its content durable. Raises OSError."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _stage_whole(folder: Path, deliveries: Sequence[Delivery]) -> None:
    write_durable(folder / STAGE / WHOLE, render_whole(deliveries))


def _put_whole(folder: Path) -> None:
    (folder / STAGE / WHOLE).replace(folder / WHOLE)
    sync_folder(folder)


def _nearly_done(place: Path) -> bool:
    """Whether the delivery is there and only the folder's manifest is not: the next export puts it."""
    return (place / WHOLE).exists() and not (place / INTENT).exists()


def _take_back(folder: Path) -> None:
    """Removes what had appeared of an unfinished delivery, and everything in the stage."""
    place = folder / STAGE
    delivery = intended(folder)
    if delivery is not None and not (folder / delivery.file).exists():
        for file in delivery.files:
            (folder / file.file).unlink(missing_ok=True)
        for name in (delivery.file, *(document.file for document in delivery.documents)):
            _remove_empty((folder / name).parent, folder)
        sync_folder(folder)
    _empty(place)


def _remove_empty(place: Path, folder: Path) -> None:
    """Removes folders that nothing is in, up to the export's own."""
    while place != folder:
        with suppress(OSError):  # not there, or not empty
            place.rmdir()
        place = place.parent


def _appear(staged: Path, target: Path) -> None:
    """Moves a file to its place."""
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True)
        sync_folder(target.parent.parent)
    staged.rename(target)
    sync_folder(target.parent)


def _locked(place: Path) -> int:
    """Takes the lock inside the stage, which the one before may be removing at this moment."""
    while True:
        with suppress(FileExistsError):  # pathlib's exist_ok fails when it is removed at this moment
            place.mkdir()
        try:
            descriptor = os.open(place / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(descriptor, place / LOCK):
                return descriptor
        except BlockingIOError as error:
            os.close(descriptor)
            raise BusyError(f"another export writes to {place.parent}; wait for it to end") from error
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _empty(place: Path) -> None:
    for entry in place.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != LOCK:
            entry.unlink()
