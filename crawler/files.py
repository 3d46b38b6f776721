"""Files that appear whole or not at all. Knows no format."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A text stream that becomes `path` when the block ends well; on an error the old file stays. Raises OSError.

    What is no place for a file (`is_stream`) is written to as it is; behind a link, its target is replaced.
    """
    if is_stream(path):
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
        sync_folder(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def is_stream(path: Path) -> bool:
    """Whether no file may take the path's place: a device, a pipe, or the system's name of an open file.

    `/dev/stdout` can lead to a regular file and is still none: a rename there would harm the machine.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        return True
    ways = (path.absolute(), path.parent.resolve() / path.name, path.resolve())
    return any(map(_is_system, ways))


def _is_system(path: Path) -> bool:
    """In a folder that the system makes up; /dev/shm is a place for files."""
    return not path.is_relative_to("/dev/shm") and any(map(path.is_relative_to, ("/dev", "/proc", "/sys")))  # noqa: S108


def sync_folder(folder: Path) -> None:
    """Makes renames in a folder durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_text(path: Path, text: str) -> None:
    """Writes a whole text file atomically. Raises OSError."""
    with replacing(path) as stream:
        stream.write(text)
