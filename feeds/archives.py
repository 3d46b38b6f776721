"""The archive of a feed: one document a month (RFC 5005, section 4) as Atom, and the same entries as JSON Feed.

A month's documents hold its entries newest first; a month above `LONGEST` is split. The newest part has the plain
name, so what leads to a month never depends on its length; the others count from the newest on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from feeds.build import atom_archive, atom_tombstone
from feeds.jsonfeed import json_around
from feeds.paths import archive_stem
from feeds.publish import SiteFolder
from feeds.text import VIETNAM
from feeds.values import Feed, Removal

#: Bytes of entries in one Atom document.
LONGEST = 5_000_000
_NAME = re.compile(r"([0-9]{4}-[0-9]{2})(?:-([0-9]{1,4}))?\.(?:xml|json)")


@dataclass(frozen=True, slots=True)
class Rendered:
    """An entry as it stands in every archive that holds it."""

    atom: bytes
    json: bytes
    updated: datetime


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Stems of the documents on both sides of a month: the newest part of the older one, the last of the newer."""

    older: str | None
    newer: str | None


@dataclass(slots=True)
class MonthArchive:
    """Writes one feed's documents of one month while its entries come, newest first; keeps one part in memory."""

    folder: SiteFolder
    head: Feed
    month: str
    beside: Neighbours
    parts: int = 0
    _atom: list[bytes] = field(default_factory=list)
    _json: list[bytes] = field(default_factory=list)
    _size: int = 0
    _updated: datetime | None = None

    def add(self, entry: Rendered) -> None:
        """Puts an entry behind the others."""
        self._put(entry.atom, entry.updated)
        self._json.append(entry.json)

    def bury(self, removal: Removal) -> None:
        """Puts the mark of a removed article behind the others."""
        self._put(atom_tombstone(removal), removal.when)

    def close(self) -> None:
        """Writes what is left; a month without an entry gets an empty document."""
        self._write(self.beside.older)

    def _put(self, piece: bytes, when: datetime) -> None:
        if self._atom and self._size + len(piece) > LONGEST:
            self._write(archive_stem(self.month, self.parts + 2))
        self._atom.append(piece)
        self._size += len(piece)
        self._updated = max(self._updated, when) if self._updated else when

    def _write(self, older: str | None) -> None:
        self.parts += 1
        feed = self._feed(older)
        self.folder.write(f"{self.head.plan.id}/{feed.atom_name}", atom_archive(feed, self._atom))
        self.folder.write(f"{self.head.plan.id}/{feed.json_name}", json_around(feed, self._json))
        self._atom, self._json, self._size, self._updated = [], [], 0, None

    def _feed(self, older: str | None) -> Feed:
        newer = self.beside.newer if self.parts == 1 else archive_stem(self.month, self.parts - 1)
        stem = archive_stem(self.month, self.parts)
        links = (("prev-archive", older), ("next-archive", newer))
        year, month = map(int, self.month.split("-"))
        return replace(
            self.head,
            atom_name=f"archive/{stem}.xml",
            json_name=f"archive/{stem}.json",
            links=(
                ("current", self.head.base_url + "atom.xml"),
                *((relation, archive_url(self.head, to)) for relation, to in links if to),
            ),
            next_url=older and archive_url(self.head, older, "json"),
            is_archive=True,
            hub=None,
            updated=self._updated or datetime(year, month, 1, tzinfo=VIETNAM),
        )


def archive_url(feed: Feed, stem: str, ending: str = "xml") -> str:
    """The address of an archive document."""
    return f"{feed.base_url}archive/{stem}.{ending}"


def archived_parts(names: Iterable[str]) -> dict[str, int]:
    """Month -> number of its parts, read off the names of a feed's archive documents."""
    found: dict[str, int] = {}
    for name in names:
        if match := _NAME.fullmatch(name):
            found[match[1]] = max(found.get(match[1], 0), int(match[2] or 1))
    return found
