"""Counts what could not be read of captured files, and names each case once in the log. Reads nothing."""

import logging
from collections import Counter

from crawler.captures.streams import Place

log = logging.getLogger(__name__)


class Problems(Counter[str]):
    """Number of cases by reason; `note` counts one and names it."""

    def __init__(self, told: set[str] | None = None) -> None:
        """`told` holds the cases that were named before, by another reader of the same files."""
        super().__init__()
        self.told: set[str] = set() if told is None else told

    def note(self, reason: str, where: str, cure: str = "") -> None:
        """One more case; `where` names the file, and the record where there are records."""
        self[reason] += 1
        line = f"{where}: {reason}{f' ({cure})' if cure else ''}"
        if line not in self.told:
            self.told.add(line)
            log.info("%s", line)


def at(label: str, place: Place) -> str:
    """A record for people: its file, and its offset there (behind `+`: inside a member that holds many)."""
    return f"{label} at offset {place.offset}{f'+{place.inner}' if place.inner else ''}"
