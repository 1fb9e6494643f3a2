"""How many different values a column has and whether some repeat, over a whole file, in bounded memory.

Each value is hashed (64 bits); only values whose hash ends in so many zero bits are kept, with the number of times they
came up. One bit more is asked for whenever too many are kept, so what is kept is a fair sample of the *different*
values, and of each kept value every occurrence is counted. Up to `CAPACITY` different values nothing is left out.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

CAPACITY = 65_536  # hashes kept at most
EXAMPLES = 512  # values kept as text: those with the smallest hashes, so a fair sample of the different ones
Hashes = npt.NDArray[np.uint64]


class DistinctSample:
    """A sample of the different values of one column."""

    def __init__(self) -> None:
        self._level = 0
        self._hashes: Hashes = np.empty(0, np.uint64)
        self._counts: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._waiting: list[tuple[Hashes, npt.NDArray[np.int64]]] = []
        self._waiting_size = 0
        self._examples: dict[int, str] = {}
        self._largest = 2**64

    def add(self, values: list[str], counts: npt.NDArray[np.int64]) -> None:
        """Different values of one chunk, and how often each came up in it."""
        if not values:
            return
        hashes = pd.util.hash_array(np.array(values, dtype=object), categorize=False)
        self._remember(values, hashes)
        kept = self._at_level(hashes)
        self._waiting.append((hashes[kept], counts[kept]))
        self._waiting_size += int(kept.sum())
        if self._waiting_size > CAPACITY:
            self._merge()

    @property
    def exact(self) -> bool:
        """Whether every value was kept."""
        self._merge()
        return self._level == 0

    @property
    def distinct(self) -> int:
        """How many different values there are; an estimate (about 0.5 %) where not exact."""
        self._merge()
        return len(self._hashes) << self._level

    @property
    def repeated(self) -> int:
        """How many of the different values came up more than once; an estimate where not exact."""
        self._merge()
        return int((self._counts > 1).sum()) << self._level

    @property
    def examples(self) -> list[str]:
        """Up to 512 different values, fairly drawn from the whole file, always the same ones."""
        return [self._examples[key] for key in sorted(self._examples)]

    def _at_level(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        mask = np.uint64((1 << self._level) - 1)
        return np.asarray((hashes & mask) == 0)

    def _merge(self) -> None:
        if not self._waiting:
            return
        hashes = np.concatenate([self._hashes, *(hashes for hashes, _ in self._waiting)])
        counts = np.concatenate([self._counts, *(counts for _, counts in self._waiting)])
        self._waiting, self._waiting_size = [], 0
        self._hashes, place = np.unique(hashes, return_inverse=True)
        self._counts = np.bincount(place, weights=counts, minlength=len(self._hashes)).astype(np.int64)
        while len(self._hashes) > CAPACITY:
            self._level += 1
            kept = self._at_level(self._hashes)
            self._hashes, self._counts = self._hashes[kept], self._counts[kept]

    def _remember(self, values: list[str], hashes: Hashes) -> None:
        """Keep the values with the smallest hashes; the high bits are used here, the low ones above."""
        for place in np.flatnonzero(hashes < np.uint64(min(self._largest, 2**64 - 1)))[: 4 * EXAMPLES]:
            self._examples[int(hashes[place])] = values[place]
        if len(self._examples) > EXAMPLES:
            kept = sorted(self._examples)[:EXAMPLES]
            self._examples = {key: self._examples[key] for key in kept}
            self._largest = kept[-1]
