"""Keeps the entries of one feed while its files are made, in little memory however many there are."""

import pickle
import zlib
from collections.abc import Collection, Iterator

from feeds.values import Entry

#: So many stand as they are; a usual feed is never packed.
_AS_THEY_ARE = 500


class Spool(Collection[Entry]):
    """Entries in the order they were added; can be walked any number of times."""

    def __init__(self) -> None:
        self._first: list[Entry] = []
        self._packed: list[bytes] = []

    def add(self, entry: Entry) -> None:
        """Puts an entry at the end; beyond the first hundreds packed to about a fifth of its size."""
        if len(self._first) < _AS_THEY_ARE:
            self._first.append(entry)
        else:
            self._packed.append(zlib.compress(pickle.dumps(entry), 1))

    def __len__(self) -> int:
        return len(self._first) + len(self._packed)

    def __iter__(self) -> Iterator[Entry]:
        yield from self._first
        for packed in self._packed:
            entry: Entry = pickle.loads(zlib.decompress(packed))  # noqa: S301  # our own bytes, never left memory
            yield entry

    def __contains__(self, entry: object) -> bool:
        return any(entry == other for other in self)
