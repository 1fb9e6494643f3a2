"""The plan: what a first pass over the sheets found, before anything irreversible."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from importer.problems import Cause
from importer.records import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from importer.endpoint import Slot


@dataclass(frozen=True, slots=True)
class TargetTally:
    """What one target will receive over all rows to be sent, in rows."""

    address: str
    set: int
    clear: int
    left: int


@dataclass(frozen=True, slots=True)
class SharedIdentifier:
    """An identifier that different customers' rows would share. `value` is whole: mask it before showing."""

    type: str
    value: str
    customers: int


@dataclass(frozen=True, slots=True)
class LargeLane:
    """Rows that must go one after the other. `key` is whole: mask it before showing."""

    rows: int
    type: str
    key: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do. `counts` sums to `read`; times in s."""

    read: int
    counts: Mapping[Status, int]
    causes: Sequence[Cause] = ()  # most rows first
    targets: Sequence[TargetTally] = ()
    lanes: Sequence[LargeLane] = ()
    shared: Sequence[SharedIdentifier] = ()
    notes: Sequence[str] = ()
    rate_per_s: float | None = None
    adds: bool = False
    clears: int = 0  # rows that ask to clear something

    @property
    def requests(self) -> int:
        """How many requests would be sent: one a row."""
        return self.counts.get(Status.PLANNED, 0)

    @property
    def seconds(self) -> float | None:
        """How long that takes at the known rate; None while no rate is known."""
        return self.requests / self.rate_per_s if self.rate_per_s else None

    def facts(self) -> dict[str, Any]:
        """What later reports tell of it, as plain data; the journal keeps it."""
        return {
            "targets": [asdict(one) for one in self.targets],
            "shared": [asdict(one) for one in self.shared],
            "notes": list(self.notes),
        }


@dataclass(slots=True)
class Tally:
    """Adds up, chunk by chunk, what each target will receive. Grows with the targets, not with the rows."""

    rows: int = 0
    _set: Counter[str] = field(default_factory=Counter)
    _clear: Counter[str] = field(default_factory=Counter)

    def take(self, values: pd.DataFrame, slots: Sequence[Slot]) -> None:
        """Count the rows that will be sent. `values`: as in `Mapped`, those rows only."""
        self.rows += len(values)
        filled = values.notna().sum()
        for slot in slots:
            cleared = int((values[slot.address] == "").sum()) if slot.clears else 0
            self._clear[slot.address] += cleared
            self._set[slot.address] += int(filled[slot.address]) - cleared

    def targets(self) -> list[TargetTally]:
        """One line a target, in the mapping's order."""
        return [
            TargetTally(address, set_, self._clear[address], self.rows - set_ - self._clear[address])
            for address, set_ in self._set.items()
        ]
