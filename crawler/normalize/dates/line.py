"""A text in its folded form, with the way back to how it was written."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from crawler.items import DateSpan
from crawler.normalize.dates.words import OTHER_SPELLINGS
from crawler.normalize.dates.written import marks_of
from crawler.normalize.text import fold, fold_origins

#: Characters of a text that are looked at: a header, a title, a lead. Longer texts are cut, never scanned.
TEXT_LENGTH = 2000

_ACCENTED = re.compile("[à-ỹ\u0300-\u0323]")


class Hit(NamedTuple):
    """A date and where its expression stands in the folded text."""

    span: DateSpan
    start: int
    end: int


@dataclass
class Line:
    """One text to be read; `folded` may have expressions blanked out, its length never changes."""

    source: str
    folded: str = field(init=False)
    #: What follows its digits, see `written`; empty where no day can stand.
    marks: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.source = self.source[:TEXT_LENGTH]
        self.folded = fold(self.source)
        self.marks = marks_of(self.folded)

    @cached_property
    def _origins(self) -> list[int]:
        return fold_origins(self.source)[1]

    @cached_property
    def _lower(self) -> str:
        return unicodedata.normalize("NFC", self.source).lower()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where folded characters [start, end) stand in the source, accents of the last one included."""
        last = self._origins[end - 1] + 1
        while last < len(self.source) and unicodedata.combining(self.source[last]):
            last += 1
        return self._origins[start], last

    def is_other_word(self, start: int, end: int) -> bool:
        """Whether the folded word stands for a different Vietnamese word (`thắng 12/2016`, `quá 1/2`)."""
        others = OTHER_SPELLINGS.get(self.folded[start:end])
        if others is None or not any(other in self._lower for other in others):
            return False
        if not _ACCENTED.search(self._lower):
            return False
        first, last = self.original(start, end)
        return unicodedata.normalize("NFC", self.source[first:last]).lower() in others

    def blank_out(self, start: int, end: int) -> None:
        """Make an expression unreadable to the rules that follow."""
        self.folded = self.folded[:start] + "¤" * (end - start) + self.folded[end:]
