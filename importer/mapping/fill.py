"""Filling a slot from a chunk's columns: alternatives, blanks, converters, constants."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from importer.endpoint import Slot
from importer.mapping.conditions import Mask
from importer.mapping.converters import Pipeline
from importer.problems import Problem


class Cells:
    """A chunk's cells with what several slots ask of them, worked out once."""

    def __init__(self, frame: pd.DataFrame, blanks: Collection[str]) -> None:
        self.frame = frame
        self.index = frame.index
        self._blanks = frozenset(blanks) | {""}
        self._filled: dict[str, np.ndarray[Any, Any]] = {}
        self._texts: dict[str, np.ndarray[Any, Any]] = {}

    def texts(self, column: str) -> np.ndarray[Any, Any]:
        """The cells as they are, as an object array."""
        if column not in self._texts:
            self._texts[column] = self.frame[column].to_numpy(dtype=object)
        return self._texts[column]

    def filled(self, column: str) -> np.ndarray[Any, Any]:
        """Which cells are not blank; white space alone is blank."""
        if column not in self._filled:
            texts, blanks = self.texts(column), self._blanks
            self._filled[column] = np.fromiter(
                (text.strip() not in blanks for text in texts), dtype=bool, count=len(texts)
            )
        return self._filled[column]


@dataclass(frozen=True, slots=True)
class Source:
    """One alternative: where a value comes from. Columns and constant exclude each other."""

    columns: tuple[str, ...] = ()
    join: str = " "
    constant: Any = None
    pipeline: Pipeline = field(default_factory=lambda: Pipeline(()))
    when: Mask | None = None
    reject_blank: bool = False
    clear_blank: bool = False

    def filled(self, cells: Cells) -> np.ndarray[Any, Any]:
        """Where it has something to say."""
        if not self.columns:
            return np.ones(len(cells.index), dtype=bool)
        found = cells.filled(self.columns[0])
        for column in self.columns[1:]:
            found = found | cells.filled(column)
        return found

    def texts(self, cells: Cells, places: np.ndarray[Any, Any]) -> pd.Series[Any]:
        """The cells at these places, joined where there are several columns, blank parts dropped."""
        first, *more = self.columns
        if not more:
            texts = cells.texts(first)[places]
        else:
            columns = [(cells.texts(one), cells.filled(one)) for one in self.columns]
            texts = np.empty(len(places), dtype=object)
            texts[:] = [self.join.join(column[at] for column, there in columns if there[at]) for at in places]
        return pd.Series(texts, index=cells.index[places], dtype=object)


@dataclass(frozen=True, slots=True)
class Filler:
    """A slot and its alternatives in order."""

    slot: Slot
    sources: tuple[Source, ...]

    def fill(self, cells: Cells) -> tuple[np.ndarray[Any, Any], list[Problem]]:
        """(values, problems): object array along the chunk's rows, None where the target is left out."""
        values = np.full(len(cells.index), None, dtype=object)
        open_rows = np.ones(len(cells.index), dtype=bool)  # no alternative has spoken yet
        problems: list[Problem] = []
        for source in self.sources:
            at = open_rows if source.when is None else open_rows & source.when(cells.frame).to_numpy()
            filled = np.flatnonzero(at & source.filled(cells))
            if source.columns and len(filled):
                converted = source.pipeline(source.texts(cells, filled))
                values[filled] = converted.values.to_numpy()  # noqa: PD011 - Converted's own field
                column = ", ".join(source.columns)
                problems += [one._replace(column=column, target=self.slot.address) for one in converted.problems]
            elif len(filled):
                values[filled] = source.constant
            open_rows = open_rows.copy()
            open_rows[filled] = False
            blank = np.flatnonzero(at & open_rows)
            if source.clear_blank:
                values[blank] = ""
                open_rows[blank] = False
            elif source.reject_blank:
                rows = cells.index.to_numpy()
                problems += [
                    Problem(
                        int(rows[place]),
                        "blank-rejected",
                        ", ".join(source.columns),
                        target=self.slot.address,
                    )
                    for place in blank
                ]
                open_rows[blank] = False
        return values, problems


def columns_of(sources: Sequence[Source]) -> tuple[str, ...]:
    """Every column that the sources read, each once."""
    return tuple(dict.fromkeys(column for source in sources for column in source.columns))
