"""Choices that depend on a seed and a name alone, so that no choice disturbs another."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dice:
    """One skin: every question gets the same answer each time it is asked."""

    seed: str

    def pick(self, name: str, *options: T) -> T:
        """One of the options; repeat an option to give it more weight."""
        return random.Random(f"{self.seed}/{name}").choice(options)

    def chance(self, name: str, share: float) -> bool:
        """True in that share of the skins."""
        return random.Random(f"{self.seed}/{name}").random() < share

    def number(self, name: str, low: int, high: int) -> int:
        """A number of the closed interval."""
        return random.Random(f"{self.seed}/{name}").randint(low, high)

    def shuffled(self, name: str, items: Sequence[T]) -> list[T]:
        """The items in an order of this skin's own."""
        mixed = list(items)
        random.Random(f"{self.seed}/{name}").shuffle(mixed)
        return mixed
