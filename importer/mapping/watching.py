"""What only the sheet's cells show about a mapping: targets that stay empty, values that never differ, idle converters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from importer.endpoint import Effect
from importer.errors import Finding
from importer.mapping.converters import Converter, Unreadable, converted
from importer.mapping.fill import Cells, Filler, Source
from importer.mapping.findings import finding
from importer.mapping.fitted import Fitted
from importer.mapping.mapping import Mapping
from importer.mapping.slots import Filled
from importer.records import Chunk

ROWS_THAT_TELL = 2  # one row is the same everywhere


@dataclass(slots=True)
class _Steps:
    """The converters of one source, and which of them have changed something so far."""

    path: tuple[str | int, ...]
    source: Source
    idle: dict[int, Converter]


@dataclass(slots=True)
class _Values:
    """What one target was filled with so far."""

    filled: int = 0
    first: Any = None
    differ: bool = False

    def take(self, values: Sequence[Any]) -> None:
        """The next values; None where the target is left out."""
        for value in values:
            if value is None:
                continue
            if not self.filled:
                self.first = value
            elif not self.differ and value != self.first:
                self.differ = True
            self.filled += 1


@dataclass(slots=True)
class Watch:
    """Looks on while the mapping is applied to a whole sheet, chunk by chunk; keeps a few facts a target."""

    mapping: Mapping
    fitted: Fitted
    _rows: int = 0
    _values: dict[str, _Values] = field(default_factory=dict)
    _steps: list[_Steps] = field(default_factory=list)

    def __post_init__(self) -> None:
        for one, filler in zip(self.mapping.filled, self.fitted.fillers, strict=True):
            if not one.slot.constant:
                self._values[one.slot.address] = _Values()
            self._steps += _watched(one, filler)

    def take(self, chunk: Chunk) -> None:
        """The next rows of the sheet; those that the mapping leaves out tell nothing."""
        mapped = self.fitted.apply(chunk)
        live = ~chunk.cells.index.isin(list(mapped.skipped))
        self._rows += int(live.sum())
        for address, values in self._values.items():
            values.take(mapped.values[address][live].tolist())  # noqa: PD011 - our record's frame
        cells = Cells(self.fitted.with_specials(chunk.cells)[live], self.fitted.blanks)
        for steps in self._steps:
            if steps.idle:
                _run(steps, steps.source.texts(cells, np.flatnonzero(steps.source.filled(cells))))

    def findings(self) -> Iterator[Finding]:
        """Warnings, at their places in the mapping."""
        if not self._rows:
            yield Finding("the sheet has no row that the mapping would send", warning=True)
            return
        for one in self.mapping.filled:
            yield from self._about(one, self._values.get(one.slot.address))
        for steps in self._steps:
            for number, step in steps.idle.items():
                message = f"`{step.name}` changes nothing in this sheet; take it out, or keep it for other sheets"
                yield finding(self.mapping.document, (*steps.path, "convert", number), message, warning=True)

    def _about(self, one: Filled, values: _Values | None) -> Iterator[Finding]:
        address, columns = one.slot.address, ", ".join(_columns(one))
        if values is None:
            return
        if not values.filled:
            message = f"nothing fills {address}: {columns} is blank or unreadable in all of {self._rows:,} rows"
            yield finding(self.mapping.document, one.path, message, warning=True)
        elif (
            not values.differ
            and values.filled == self._rows >= ROWS_THAT_TELL
            and one.slot.target.effect is Effect.SETS
            and not all(name.startswith("$") and not name.startswith("$$") for name in _columns(one))
        ):
            message = (
                f"{address} is the same in all of {self._rows:,} rows: is {columns} the right column? "
                "If so, a `constant` says it plainly"
            )  # the value itself may be a customer's
            yield finding(self.mapping.document, one.path, message, warning=True)


def _columns(one: Filled) -> list[str]:
    """The columns that fill it, as the mapping spells them."""
    forms = one.form.alternatives_or_self()
    return list(
        dict.fromkeys(name for form in forms for name in ([form.column] if form.column else form.columns or []))
    )


def _watched(one: Filled, filler: Filler) -> Iterator[_Steps]:
    """The steps of each alternative that are there to change something."""
    many = len(filler.sources) > 1
    for number, source in enumerate(filler.sources):
        idle = {place: step for place, step in enumerate(source.pipeline.steps) if not step.judges}
        if idle:
            yield _Steps((*one.path, number) if many else one.path, source, idle)


def _run(steps: _Steps, cells: pd.Series[Any]) -> None:
    """Strike out the steps that change one of these cells."""
    values: list[Any] = pd.unique(cells).tolist()
    for place, step in enumerate(steps.source.pipeline.steps):
        results = converted(step, values)
        if place in steps.idle and any(
            result != value for result, value in zip(results, values, strict=True) if not isinstance(result, Unreadable)
        ):
            del steps.idle[place]
        values = [result for result in results if not isinstance(result, Unreadable) and result not in ("", None)]
