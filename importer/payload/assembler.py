"""Flat rows become requests' contents: whom each is about, its body as JSON, what it shares with others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from importer.endpoint import Effect, Lookup, Prepared, Slot
from importer.payload.tree import Row, compile_body

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from importer.records import Mapped

SOURCE = "lookup.source"
ACCOUNT = "lookup.accountId"
CANDIDATES = "lookup.identifiers["
NAME = "lookup.identifierName"
VALUE = "lookup.identifierValue"


@dataclass(frozen=True, slots=True)
class _Key:
    """Where a row holds something that other rows may share."""

    value: int  # position in the row
    type: str = ""  # stated by the mapping …
    type_from: int | None = None  # … or found at this position


class Assembler:
    """Prepares rows, some 5 microseconds each. The body's keys come in the order of the slots."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._columns = [slot.address for slot in slots]
        places = {address: position for position, address in enumerate(self._columns)}
        self._body = compile_body(slots)
        self._keys = _keys(slots, places)
        self._adding = [
            (position, _key_of_element(slot, slots, places))
            for position, slot in enumerate(slots)
            if slot.target.effect is Effect.ADDS
        ]
        self._clearing = [position for position, slot in enumerate(slots) if slot.clears]
        self._account = places.get(ACCOUNT)
        self._source = places[SOURCE]

    def assemble(self, mapped: Mapped, rows: Sequence[int]) -> list[Prepared]:
        """The rows with these numbers, in this order; only sound rows may be asked for."""
        values = mapped.values  # noqa: PD011 - our record's frame, not a pandas attribute
        if list(rows) != values.index.tolist():
            values = values.loc[list(rows)]
        columns = [_plain(values, name) for name in [*self._columns, NAME, VALUE]]
        return [self._prepare(number, row) for number, row in zip(rows, zip(*columns, strict=True), strict=True)]

    def _prepare(self, number: int, row: Row) -> Prepared:
        """One row. A body of constants alone still sets something and is sent; an empty one is not."""
        account = row[self._account] if self._account is not None else None
        lookup = Lookup(row[self._source], row[-2], str(row[-1]), "" if account is None else account)
        body = self._body(row)
        return Prepared(
            number,
            lookup,
            None if body is None else orjson.dumps(body),
            any(row[at] is not None and (key is None or row[key] is not None) for at, key in self._adding),
            self._shared(row),
            sum(row[at] == "" for at in self._clearing),
        )

    def _shared(self, row: Row) -> tuple[tuple[str, str], ...]:
        """(type, value) of every candidate of the lookup and every identifier to add, each once."""
        found: dict[tuple[str, str], None] = {}
        for key in self._keys:
            value = row[key.value]
            if value is None:
                continue
            kind = key.type if key.type_from is None else row[key.type_from]
            for entry in value if type(value) is list else (value,):
                found[kind, str(entry)] = None
        return tuple(found)


def _plain(values: pd.DataFrame, name: str) -> list[Any]:
    """A column as a list of plain Python values."""
    column: list[Any] = values[name].tolist()
    return column


def _keys(slots: Sequence[Slot], places: dict[str, int]) -> list[_Key]:
    """The lookup's candidates first, then the identifiers to add."""
    candidates = [
        _Key(position, slot.address.rpartition("].")[2])
        for position, slot in enumerate(slots)
        if slot.address.startswith(CANDIDATES)
    ]
    added = [
        _Key(position, slot.element, None if slot.element else places.get(_sibling(slot, "type")))
        for position, slot in enumerate(slots)
        if slot.target.key and slot.path[-3:-2] == ("identifiers",)
    ]
    return candidates + added


def _key_of_element(slot: Slot, slots: Sequence[Slot], places: dict[str, int]) -> int | None:
    """Position of the key without which the slot's element is left out; None where there is no such key."""
    element = _sibling(slot, "")
    return next((places[one.address] for one in slots if one.target.key and _sibling(one, "") == element), None)


def _sibling(slot: Slot, name: str) -> str:
    """The address of another slot of the same list element."""
    return f"{slot.address.rpartition('].')[0]}].{name}"
