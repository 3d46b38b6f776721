"""Counts verdicts by skin and field, and shows them as text."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.eval.articles import Verdict

#: Floors of issue 3: share of all fields, and share of any field of any one skin.
FLOOR, FLOOR_FIELD = 0.995, 0.95
_LONGEST = 500


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


class Table:
    """Verdicts so far."""

    def __init__(self) -> None:
        self._total: Counter[tuple[str, str]] = Counter()
        self._right: Counter[tuple[str, str]] = Counter()
        self._wrong: list[Verdict] = []

    def add(self, verdicts: Iterable[Verdict]) -> None:
        """Counts the verdicts."""
        for verdict in verdicts:
            key = (verdict.seed, verdict.field)
            self._total[key] += 1
            self._right[key] += verdict.right
            if not verdict.right:
                self._wrong.append(verdict)

    def share(self, field: str | None = None, seed: str | None = None) -> float:
        """Share right of a field, of a skin, of both, of all; 1 where nothing was judged."""
        keys = [k for k in self._total if field in {None, k[1]} and seed in {None, k[0]}]
        total = sum(self._total[k] for k in keys)
        return sum(self._right[k] for k in keys) / total if total else 1.0

    def misses(self) -> list[tuple[str, str, float]]:
        """Skin, field and share of each field of a skin below the floor."""
        shares = ((seed, field, self.share(field, seed)) for seed, field in self._total)
        return sorted((miss for miss in shares if miss[2] < FLOOR_FIELD), key=lambda miss: miss[2])

    def holds(self) -> bool:
        """Whether both floors are kept."""
        return self.share() >= FLOOR and not self.misses()

    def by_skin(self, fields: Iterable[str]) -> str:
        """A row for each skin, a column for each field, in percent; `·` is all right, blank not judged."""
        names = list(fields)
        lines = [" skin  " + " ".join(f"{name.removeprefix('crawl: ')[:6]:>6}" for name in names)]
        for seed in dict.fromkeys(key[0] for key in self._total):
            cells = [self._cell(seed, name) for name in names]
            lines.append(f"{seed:>5}  " + " ".join(f"{cell:>6}" for cell in cells))
        return "\n".join(lines)

    def _cell(self, seed: str, field: str) -> str:
        if (seed, field) not in self._total:
            return ""
        share = self.share(field, seed)
        return "·" if share == 1 else f"{share * 100:.0f}"

    def by_field(self, fields: Iterable[str]) -> str:
        """A row for each field: its share, how many were judged, its worst skin."""
        lines = []
        for name in fields:
            keys = [key for key in self._total if key[1] == name]
            if keys:
                worst = min(keys, key=lambda key: self.share(name, key[0]))
                low = self.share(name, worst[0])
                note = f"worst skin {worst[0]}: {low:.0%}" if low < 1 else ""
                lines.append(
                    f"{name:20} {self.share(name):8.2%} of {sum(self._total[k] for k in keys):6}  {note}"
                )
        return "\n".join([*lines, f"{'all':20} {self.share():8.2%} of {sum(self._total.values()):6}"])

    def failures(self, per_field: int) -> Iterator[str]:
        """Some failures of each field, one of each skin first."""
        shown: Counter[str] = Counter()
        seen: set[tuple[str, str]] = set()
        for verdict in self._wrong:
            key = (verdict.seed, verdict.field)
            if shown[verdict.field] < per_field and key not in seen:
                seen.add(key)
                shown[verdict.field] += 1
                yield f"- {verdict.field}, skin {verdict.seed}, {verdict.article}\n"\
                      f"    truth {_shown(verdict.truth)}\n    found {_shown(verdict.found)}"  # fmt: skip
