"""Marks the words that differ between two texts. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final, Literal

#: Dates and numbers with their separators are one word.
_TOKEN: Final = re.compile(r"\s+|\d+(?:[./:,-]\d+)*|\w+|[^\w\s]")
#: Beyond so many pairs nothing is compared one by one: the texts then differ as a whole.
MOST_PAIRS: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that both versions have, that the old one had, or that the new one has."""

    op: Literal["same", "removed", "added"]
    text: str


def words(old: str, new: str) -> tuple[Piece, ...]:
    """Pieces in reading order; those that are not `added` make the old text, those not `removed` the new one."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    head = common(a, b)
    tail = common(a[head:][::-1], b[head:][::-1])
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    pieces = [Piece("same", "".join(a[:head]))]
    pieces += _middle(middle_a, middle_b)
    pieces.append(Piece("same", "".join(a[len(a) - tail :])))
    return tuple(piece for piece in pieces if piece.text)


def common(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the common beginning of two sequences."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def _middle(a: Sequence[str], b: Sequence[str]) -> list[Piece]:
    if not a or not b or len(a) * len(b) > MOST_PAIRS:
        return [Piece("removed", "".join(a)), Piece("added", "".join(b))]
    found: list[Piece] = []
    for op, i, j, k, m in SequenceMatcher(None, a, b).get_opcodes():
        if op == "equal":
            found.append(Piece("same", "".join(a[i:j])))
        else:
            found += [Piece("removed", "".join(a[i:j])), Piece("added", "".join(b[k:m]))]
    return _joined([piece for piece in found if piece.text])


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """A blank alone between two changes is part of them: `[-ba-] {+bốn+} [-năm-] {+sáu+}` reads badly."""
    done: list[Piece] = []
    removed = added = ""
    for index, piece in enumerate(pieces):
        inside = 0 < index < len(pieces) - 1 and piece.text.isspace()
        if piece.op == "same" and not (inside and (removed and added)):
            done += [Piece("removed", removed), Piece("added", added), piece]
            removed = added = ""
        else:
            removed += piece.text if piece.op != "added" else ""
            added += piece.text if piece.op != "removed" else ""
    return [piece for piece in [*done, Piece("removed", removed), Piece("added", added)] if piece.text]
