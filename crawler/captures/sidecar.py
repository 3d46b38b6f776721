"""The list `addresses.tsv` beside saved pages (and files): which address each has, and when it was saved.

One line for each file: its name (relative to the list, `/` between folders), a tab, the address, and where known
another tab and the time (`2020-03-25T10:00:00+07:00`). Empty lines, lines with `#` and a first line of headings
are passed over.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from crawler.captures.files import CaptureError

SIDECAR = "addresses.tsv"

_LONGEST = 64 * 1024 * 1024
#: Blanks do for tabs: no address has any.
_URL = re.compile(r"(?<=\s)https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a saved page."""

    url: str
    #: UTC; None where nothing tells it.
    time: datetime | None = None


def read_sidecar(path: Path) -> dict[Path, Told]:
    """What the list says, by `listed` path of the file. CaptureError names the line that cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST + 1)
        lines = data.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise CaptureError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError:
        raise CaptureError(f"{path} is no UTF-8 text") from None
    if len(data) > _LONGEST:
        raise CaptureError(f"{path} is longer than {_LONGEST} bytes")
    told: dict[Path, Told] = {}
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#") or (number == 1 and "://" not in line):
            continue
        name, value = _entry(line, f"{path} line {number}")
        if told.setdefault(listed(path.parent / name), value) is not value:
            raise CaptureError(f"{path} line {number}: {name} stands twice; give each file one line")
    return told


def listed(path: Path) -> Path:
    """A path by which to look up a file: some systems keep a name's accents apart from its letters (NFD)."""
    return Path(unicodedata.normalize("NFC", str(path)))


def _entry(line: str, place: str) -> tuple[str, Told]:
    found = _URL.search(line)
    name = PurePosixPath(line[: found.start()].strip()) if found else PurePosixPath()
    if found is None or not name.parts:
        raise CaptureError(f"{place}: write the file name, a tab and the address (http://...)")
    if name.is_absolute() or ".." in name.parts:
        raise CaptureError(f"{place}: {name} lies outside the folder")
    return str(name), Told(found[0], _time(line[found.end() :].strip(), place))


def _time(text: str, place: str) -> datetime | None:
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise CaptureError(f"{place}: {text!r} is no time with a zone; write 2020-03-25T10:00:00+07:00")
