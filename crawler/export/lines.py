"""Lines into one file: whole or not at all, packed where its name says so."""

from collections.abc import Iterable, Mapping
from gzip import GzipFile
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from crawler.export.records import write_lines
from crawler.export.segments import LEVEL
from crawler.files import replacing


def write_file(records: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Writes records to a file, `*.gz` as gzip without time or name; returns how many.

    A regular file appears by atomic rename; a device or pipe is written to as it is. Raises OSError.
    """
    with replacing(path) as stream:
        if path.suffix != ".gz":
            return write_lines(records, stream)
        with (
            GzipFile("", "wb", LEVEL, stream.buffer, mtime=0) as packed,
            TextIOWrapper(packed, encoding="ascii", newline="\n") as lines,
        ):
            return write_lines(records, lines)
