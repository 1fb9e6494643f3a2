"""What `rows.same_customer` does with several sound rows about one customer: last-wins, reject and merge.

(`in-order` needs nothing of this: its rows share a lane.) A customer is a source, an account and the
identifier that a row is looked up by, letter for letter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from importer.planning.row_ids import pack, unpack
from importer.problems import Problem, name_others

if TYPE_CHECKING:
    from importer.endpoint import Lookup, Prepared, Slot
    from importer.records import RowId


class Superseded(NamedTuple):
    """A row that another one stands in for."""

    row: RowId
    successor: RowId


class CustomerFinder:
    """Collects whom each row is about, then tells the customers with several rows.

    24 bytes a row. Customers are compared by 128-bit digests: among a million, the odds that any two of
    different customers agree are below 1 to 10 to the 26th.
    """

    def __init__(self) -> None:
        self._digests: list[bytes] = []
        self._rows: list[npt.NDArray[np.int64]] = []

    def take(self, sheet: int, prepared: Sequence[Prepared]) -> None:
        """Remember these rows, in file order."""
        self._digests.append(b"".join(_digest(one.lookup) for one in prepared))
        self._rows.append(pack(sheet, prepared))

    def groups(self, unsound: Container[RowId] = frozenset()) -> Iterator[tuple[RowId, ...]]:
        """The rows of each customer that has several, in file order; customers in order of first rows.

        `unsound`: rows that turned out to be invalid after they were taken; they stand in for nobody.
        """
        if not self._rows:
            return
        rows = np.concatenate(self._rows)
        digests = np.frombuffer(b"".join(self._digests), np.uint64).reshape(-1, 2)
        order = np.lexsort((rows, digests[:, 1], digests[:, 0]))
        ordered = digests[order]
        borders = np.flatnonzero((ordered[1:] != ordered[:-1]).any(axis=1)) + 1
        starts, ends = np.concatenate(([0], borders)), np.concatenate((borders, [len(order)]))
        several = np.flatnonzero(ends - starts > 1)
        for at in several[np.argsort(rows[order[starts[several]]])].tolist():
            members = map(unpack, rows[order[starts[at] : ends[at]]].tolist())
            sound = tuple(member for member in members if member not in unsound)
            if len(sound) > 1:
                yield sound

    def superseded(self, unsound: Container[RowId] = frozenset()) -> Iterator[Superseded]:
        """Under `last-wins` and `merge`: every row but a customer's last, with that last row."""
        for group in self.groups(unsound):
            yield from (Superseded(row, group[-1]) for row in group[:-1])

    def duplicates(self, unsound: Container[RowId] = frozenset()) -> Iterator[tuple[int, Problem]]:
        """Under `reject`: (sheet number, problem) for every row of a customer that has several."""
        for group in self.groups(unsound):
            for own in group:
                yield own.sheet, Problem(own.row, "duplicate-customer", detail=name_others(group, own))


class Merger:
    """Under `merge`: holds what superseded rows would have sent until the row that stands in for them comes.

    Memory grows with the rows that wait for a later one of their customer, not with the sheet.
    """

    def __init__(self, slots: Iterable[Slot]) -> None:
        self._identities = list_identities(slots)
        self._held: dict[RowId, list[bytes]] = {}

    def hold(self, successor: RowId, body: bytes) -> None:
        """Keep what a superseded row would have sent."""
        self._held.setdefault(successor, []).append(body)

    def merged(self, row: RowId, body: bytes) -> bytes:
        """The row's body with everything merged into it that was held for it; as it is, where nothing was."""
        earlier = self._held.pop(row, None)
        if earlier is None:
            return body
        return orjson.dumps(merge_bodies([orjson.loads(one) for one in (*earlier, body)], self._identities))


def merge_bodies(bodies: Sequence[Mapping[str, Any]], identities: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """One customer's bodies, in file order, as one: later values that are not blank win.

    `identities`: by a list's name the fields that tell its elements apart (see `list_identities`). Elements
    that agree in them become one, whose later values win; all others stay, those of the same type beside each
    other. Elements of other lists are told apart by their position.
    """
    merged: dict[str, Any] = {}
    for body in bodies:
        merged = _merged(merged, body, identities)
    return merged


def list_identities(slots: Iterable[Slot]) -> dict[str, tuple[str, ...]]:
    """By a list's name in the body, the fields that each of its elements needs: what tells them apart."""
    found: dict[str, dict[str, None]] = {}
    keyed = {slot.path[-3] for slot in slots if slot.target.key}
    for slot in slots:
        if slot.target.required and slot.path[-3:-2] and slot.path[-3] in keyed:
            found.setdefault(str(slot.path[-3]), {})[str(slot.path[-1])] = None
    return {name: tuple(sorted(parts)) for name, parts in found.items()}  # "type" before "value"


def _merged(old: Mapping[str, Any], new: Mapping[str, Any], identities: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Two objects as one."""
    merged = dict(old)
    for name, value in new.items():
        before = merged.get(name)
        if isinstance(value, Mapping):
            merged[name] = _merged(before if isinstance(before, Mapping) else {}, value, identities)
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            merged[name] = _joined(before if isinstance(before, list) else [], value, identities.get(name), identities)
        elif value not in ("", [], None) or before is None:
            merged[name] = value
    return merged


def _joined(
    old: Sequence[Any],
    new: Sequence[Any],
    fields: Sequence[str] | None,
    identities: Mapping[str, Sequence[str]],
) -> list[Any]:
    """Two lists of objects as one."""
    found: dict[Any, Any] = {}
    for elements in (old, new):
        for position, element in enumerate(elements):
            key = position if fields is None else tuple(element.get(field) for field in fields)
            found[key] = _merged(found.get(key, {}), element, identities)
    kinds = {kind: number for number, kind in enumerate(dict.fromkeys(one.get("type") for one in found.values()))}
    return sorted(found.values(), key=lambda one: kinds[one.get("type")])


def _digest(lookup: Lookup) -> bytes:
    """128 bits of whom a row is about."""
    parts = (lookup.source, lookup.account_id, lookup.identifier_name, lookup.identifier_value)
    return hashlib.blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=16).digest()
