"""Which paragraphs were kept, changed, removed and added. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, Literal

from crawler.compare.words import MOST_PAIRS, Piece, common, words

#: Two paragraphs with at least this share of words in common are two versions of one.
_ALIKE: Final = 0.5
#: More pairs of paragraphs than this are matched by their place alone.
_MOST_WEIGHED: Final = 2500


@dataclass(frozen=True, slots=True)
class Hunk:
    """`count` paragraphs that were kept, or one that was changed (into what `pieces` show), removed or added."""

    op: Literal["kept", "changed", "removed", "added"]
    count: int = 1
    pieces: tuple[Piece, ...] = ()

    @property
    def old(self) -> str:
        """The paragraph before; empty for an added one."""
        return "".join(piece.text for piece in self.pieces if piece.op != "added")

    @property
    def new(self) -> str:
        """The paragraph after; empty for a removed one."""
        return "".join(piece.text for piece in self.pieces if piece.op != "removed")


def hunks(old: Sequence[str], new: Sequence[str]) -> tuple[Hunk, ...]:
    """From the first paragraph to the last."""
    return tuple(_hunks(old, new))


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[Hunk]:
    head = common(old, new)
    tail = common(old[head:][::-1], new[head:][::-1])
    if head:
        yield Hunk("kept", head)
    yield from _middle(old[head : len(old) - tail], new[head : len(new) - tail])
    if tail:
        yield Hunk("kept", tail)


def _middle(old: Sequence[str], new: Sequence[str]) -> Iterator[Hunk]:
    if len(old) * len(new) > MOST_PAIRS:
        yield from _block(old, new)
        return
    for op, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if op == "equal":
            yield Hunk("kept", j - i)
        else:
            yield from _block(old[i:j], new[k:m])


def _block(old: Sequence[str], new: Sequence[str]) -> Iterator[Hunk]:
    """A block that differs: versions of one paragraph side by side, the others in order."""
    i = k = 0
    for a, b in [*_pairs(old, new), (len(old), len(new))]:
        yield from (Hunk("removed", pieces=(Piece("removed", text),)) for text in old[i:a])
        yield from (Hunk("added", pieces=(Piece("added", text),)) for text in new[k:b])
        if a < len(old):
            yield Hunk("changed", pieces=words(old[a], new[b]))
        i, k = a + 1, b + 1


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of alike paragraphs, in order in both, with the most words in common altogether."""
    if len(old) * len(new) > _MOST_WEIGHED:
        shorter = min(len(old), len(new))
        return [(place, place) for place in range(shorter) if _alike(old[place], new[place])]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for a in reversed(range(len(old))):
        for b in reversed(range(len(new))):
            taken = best[a + 1][b + 1] + _alike(old[a], new[b])
            best[a][b] = max(taken, best[a + 1][b], best[a][b + 1])
    return _trace(best, old, new)


def _trace(best: list[list[float]], old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    pairs, a, b = [], 0, 0
    while a < len(old) and b < len(new):
        alike = _alike(old[a], new[b])
        if alike and best[a][b] == best[a + 1][b + 1] + alike:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs


def _alike(old: str, new: str) -> float:
    """Share of words in common, 0 when too few."""
    a, b = _counted(old), _counted(new)
    share = 2 * (a & b).total() / ((a.total() + b.total()) or 1)
    return share if share >= _ALIKE else 0.0


@lru_cache(maxsize=512)
def _counted(text: str) -> Counter[str]:
    return Counter(text.casefold().split())
