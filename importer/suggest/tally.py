"""What every cell of a column says, gathered chunk by chunk in bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from importer.records import Chunk
from importer.suggest.days import DayOrder
from importer.suggest.sampling import DistinctSample
from importer.suggest.shapes import Look, look_of, shapes
from importer.suggest.vocabulary import vocabulary

_SPREAD = re.compile(r"\s\s|[^\S ]")
FREQUENT = 64  # different values of a column up to which each is counted
LONGEST_FREQUENT = 60  # characters


@dataclass(slots=True)
class Tally:
    """One column, all rows."""

    name: str
    rows: int = 0
    filled: int = 0
    looks: Counter[Look] = field(default_factory=Counter)  # rows by single look
    lengths: Counter[int] = field(default_factory=Counter)  # rows by number of digits, of those that hold digits only
    letters: int = 0  # characters of all filled cells
    longest: int = 0
    padded: int = 0  # cells with white space at an end
    spread: bool = False  # whether a cell has more than one white space in a row
    capitals: bool = False  # whether a cell has a capital letter
    blanks: Counter[str] = field(default_factory=Counter)  # NULL, N/A … that count as blank
    frequent: Counter[str] | None = field(default_factory=Counter)  # None: too many different values
    sample: DistinctSample = field(default_factory=DistinctSample)
    days: DayOrder = field(default_factory=DayOrder)

    def add(self, cells: Sequence[str], rows: Sequence[int]) -> None:
        """The cells of one chunk, with their row numbers."""
        texts = [cell.strip() for cell in cells]
        self.rows += len(texts)
        self.padded += sum(map(str.__ne__, texts, cells))
        counts = Counter(texts)
        del counts[""]
        for marker in vocabulary().blanks & counts.keys():
            self.blanks[marker] += counts.pop(marker)
        if not counts:
            return
        values, times = list(counts), list(counts.values())
        self.filled += sum(times)
        self.sample.add(values, np.array(times, dtype=np.int64))
        self._remember(counts)
        self._look(values, times, texts, rows)

    def share(self, look: Look) -> float:
        """Share of the filled cells that look so."""
        return self.looks[look] / self.filled if self.filled else 0.0

    @property
    def mean_length(self) -> float:
        """Characters of a filled cell."""
        return self.letters / self.filled if self.filled else 0.0

    @property
    def unique(self) -> bool:
        """Whether no value came up twice."""
        return self.filled > 0 and not self.sample.repeated

    @property
    def fill(self) -> float:
        """Share of cells that are not blank."""
        return self.filled / self.rows if self.rows else 0.0

    def _remember(self, counts: Counter[str]) -> None:
        if self.frequent is None:
            return
        if len(counts) > FREQUENT or any(len(value) > LONGEST_FREQUENT for value in counts):
            self.frequent = None
            return
        self.frequent.update(counts)
        if len(self.frequent) > FREQUENT:
            self.frequent = None

    def _look(self, values: list[str], times: list[int], texts: list[str], rows: Sequence[int]) -> None:
        first_rows: dict[str, int] = {}
        by_look: Counter[Look] = Counter()
        for value, count, shape in zip(values, times, shapes(values), strict=True):
            look = look_of(shape)
            size = len(value)
            self.letters += size * count
            self.longest = max(self.longest, size)
            self.spread = self.spread or _SPREAD.search(value) is not None
            self.capitals = self.capitals or not value.islower()
            if Look.DIGITS in look:
                self.lengths[min(size, 40)] += count
                if value[0] == "0":
                    look |= Look.ZERO_FIRST
                    if value[:2] == "00" and size > 9:  # noqa: PLR2004 - 00, country code and number
                        look |= Look.ABROAD
            if Look.DATE in look:
                first_rows = first_rows or dict(zip(reversed(texts), reversed(rows), strict=True))
                if not self.days.add(value, count, first_rows[value]):
                    look &= ~Look.DATE
            if Look.OPAQUE in look and size < 20:  # noqa: PLR2004 - tokens are longer
                look &= ~Look.OPAQUE
            by_look[look] += count
        for look, count in by_look.items():
            for single in look:
                self.looks[single] += count


def tally(header: Sequence[str], chunks: Iterable[Chunk]) -> tuple[Tally, ...]:
    """Every column of the sheet, in header order; reads every row once."""
    columns = tuple(Tally(name) for name in header)
    for chunk in chunks:
        rows = chunk.cells.index.tolist()
        for column in columns:
            column.add(chunk.cells[column.name].tolist(), rows)
    return columns
