"""A few things drawn from many, whose number nobody knows beforehand: one from each stretch of the same length.

Drawn, not counted off: every eighth row of a sheet may be of one kind. The same things in the same order are always
drawn again.
"""

from __future__ import annotations

import random
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Spread(Generic[Key, Thing]):
    """Keeps one of each stretch of what it is offered; stretches are put together in pairs as more come.

    Memory: twice the number asked for.
    """

    def __init__(self, number: int) -> None:
        """`number`: how many are wanted, at least 1."""
        self._number = number
        self._chance = random.Random(number)  # noqa: S311 - a sample, no secret
        self._length = 1  # of a stretch
        self._in_stretch = 0  # offered in the present one
        self._kept: list[tuple[Key, Thing]] = []

    def offer(self, key: Key, thing: Thing) -> None:
        """Here is the next one."""
        if self._in_stretch == self._length:
            self._in_stretch = 0
            if len(self._kept) == 2 * self._number:
                pairs = zip(self._kept[::2], self._kept[1::2], strict=True)
                self._kept = [self._chance.choice(pair) for pair in pairs]
                self._length *= 2
        if self._in_stretch == 0:
            self._kept.append((key, thing))
        elif self._chance.randrange(self._in_stretch + 1) == 0:
            self._kept[-1] = (key, thing)
        self._in_stretch += 1

    def chosen(self) -> list[tuple[Key, Thing]]:
        """As many as are wanted, or all that there were, in the order in which they came; of one key the first."""
        firsts: dict[Key, Thing] = {}
        for key, thing in self._kept:
            firsts.setdefault(key, thing)
        kept = list(firsts.items())
        if len(kept) <= self._number:
            return kept
        return [kept[(2 * place + 1) * len(kept) // (2 * self._number)] for place in range(self._number)]
