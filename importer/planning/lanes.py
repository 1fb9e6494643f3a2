"""Lanes: rows that share an identifier, directly or through other rows, and so must go one after the other.

Exact over the whole run. Memory: 8 bytes a row, and for each of its identifiers 12 bytes and its type and value, cut at
48 bytes and compressed: some 50 bytes for a row with a customer code and an e-mail address. While the lanes are worked
out, some 60 bytes a row more. Two different identifiers with the same 64-bit hash would only put two lanes together,
which costs time, never order.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from importer.planning.plan import LargeLane, SharedIdentifier
from importer.planning.row_ids import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from importer.endpoint import Lookup, Prepared
    from importer.records import RowId

KEPT_BYTES = 48
SEPARATOR = b"\n"
PART = 100_000  # identifiers looked at together

Number = TypeVar("Number", np.int64, np.int32)
Integers = npt.NDArray[np.int64]
Ordinals = npt.NDArray[np.int32]


class LaneFinder:
    """Collects the identifiers of the rows to be sent, in file order, then tells the lanes."""

    def __init__(self) -> None:
        self._rows: list[Integers] = []  # packed row ids, a chunk each
        self._hashes: list[Integers] = []  # one an identifier; a row's first one is what it is looked up by
        self._owners: list[Ordinals] = []  # the row of each identifier, counted over the run
        self._texts: list[bytes] = []  # "type=value" of a chunk's identifiers, compressed: few are ever read again
        self._count = 0
        self._found: Lanes | None = None

    def take(self, sheet: int, prepared: Sequence[Prepared]) -> None:
        """Remember what these rows share with others."""
        if not prepared:
            return
        self._found = None
        hashes: list[int] = []
        owners: list[int] = []
        texts: list[bytes] = []
        for owner, one in enumerate(prepared, start=self._count):
            for kind, value in _keys(one):
                hashes.append(_hash(one.lookup, kind, value))
                owners.append(owner)
                texts.append(_text(kind, value))
        self._rows.append(pack(sheet, prepared))
        self._hashes.append(np.array(hashes, np.int64))
        self._owners.append(np.array(owners, np.int32))
        self._texts.append(zlib.compress(SEPARATOR.join(texts), 1))
        self._count += len(prepared)

    def lanes(self) -> Iterator[tuple[RowId, int]]:
        """(row, lane number) of every row that shares a lane, in file order; lanes are numbered so too."""
        numbers = self._lanes().numbers
        start = 0
        for rows in self._rows:
            of_chunk = numbers[start : start + len(rows)]
            shared = np.flatnonzero(of_chunk >= 0)
            yield from zip(map(unpack, rows[shared].tolist()), of_chunk[shared].tolist(), strict=True)
            start += len(rows)

    def largest(self, most: int) -> list[LargeLane]:
        """The lanes with the most rows, each with the identifier that most of its rows hold."""
        found = self._lanes()
        sizes = np.bincount(found.numbers[found.numbers >= 0]) if found.count else np.zeros(0, np.int64)
        order = np.argsort(-sizes, kind="stable")[:most].tolist()
        return [LargeLane(int(sizes[lane]), *self._name(found.commonest_key(lane))) for lane in order]

    def shared(self, most: int) -> list[SharedIdentifier]:
        """Identifiers that rows about different customers hold, most customers first.

        A customer is known by what its row is looked up by. A row that is looked up by the shared identifier
        itself is not counted: it may be any of the others.
        """
        return [SharedIdentifier(*self._name(at), customers) for at, customers in self._lanes().customers(most)]

    def _lanes(self) -> Lanes:
        """The lanes of all rows taken so far."""
        if self._found is None:
            self._found = Lanes(_joined(self._hashes, np.int64), _joined(self._owners, np.int32), self._count)
        return self._found

    def _name(self, at: int) -> tuple[str, str]:
        """Type and value of the identifier with this number in order of arrival."""
        chunk, position = _locate([len(hashes) for hashes in self._hashes], at)
        text = zlib.decompress(self._texts[chunk]).split(SEPARATOR)[position]
        kind, _, value = text.decode(errors="replace").partition("=")
        return kind, value


@dataclass(frozen=True)
class Lanes:
    """Rows joined by equal hashes: `hashes` and their `owners` (rows, ascending) among so many `rows`."""

    hashes: Integers
    owners: Ordinals
    rows: int

    @cached_property
    def _order(self) -> npt.NDArray[np.intp]:
        """Identifiers sorted by hash; equal ones in file order."""
        return np.argsort(self.hashes, kind="stable")

    @cached_property
    def roots(self) -> Ordinals:
        """For each row the first row of its lane."""
        ordered, owners = self.hashes[self._order], self.owners[self._order]
        same = ordered[1:] == ordered[:-1]
        return first_of_component(owners[:-1][same], owners[1:][same], self.rows)

    @cached_property
    def numbers(self) -> Ordinals:
        """For each row its lane's number; -1 for a row that shares with none."""
        roots = self.roots
        sizes = np.bincount(roots, minlength=self.rows)
        shared = np.flatnonzero(sizes > 1)  # first rows, ascending
        number_of = np.full(self.rows, -1, np.int32)
        number_of[shared] = np.arange(len(shared), dtype=np.int32)
        return number_of[roots]

    @property
    def count(self) -> int:
        """How many lanes of two rows and more there are."""
        return int(self.numbers.max(initial=-1)) + 1

    def commonest_key(self, lane: int) -> int:
        """The number of an identifier that more rows of the lane hold than any other."""
        inside = np.flatnonzero(self.numbers[self.owners] == lane)
        _, first, counts = np.unique(self.hashes[inside], return_index=True, return_counts=True)
        return int(inside[first[np.argmax(counts)]])

    def customers(self, most: int) -> Iterator[tuple[int, int]]:
        """(identifier's number, customers) of identifiers that two customers or more hold, most first."""
        ranked = sorted((-count, key, at) for part in self._shared() for key, at, count in self._top(part, most))
        yield from ((at, -count) for count, _, at in ranked[:most])

    def _shared(self) -> Iterator[npt.NDArray[np.intp]]:
        """Identifiers that several rows hold, sorted by hash, equal ones in file order; in parts, none cut in two."""
        ordered = self.hashes[self._order]
        same = ordered[1:] == ordered[:-1]
        shared = self._order[np.append(same, False) | np.insert(same, 0, False)] if len(same) else self._order[:0]
        keys = self.hashes[shared]
        start = 0
        while start < len(shared):
            end = int(np.searchsorted(keys, keys[min(start + PART, len(keys)) - 1], side="right"))
            yield shared[start:end]
            start = end

    def _top(self, part: npt.NDArray[np.intp], most: int) -> Iterator[tuple[int, int, int]]:
        """(hash, identifier's number, customers) of those of the part that most customers hold."""
        who = self.hashes[np.searchsorted(self.owners, self.owners[part])]  # a row's first identifier is its customer
        order = np.lexsort((who, self.hashes[part]))
        part, who = part[order], who[order]
        keys = self.hashes[part]
        new = np.concatenate(([True], (keys[1:] != keys[:-1]) | (who[1:] != who[:-1]))) & (keys != who)
        distinct, first, counts = np.unique(keys[new], return_index=True, return_counts=True)
        ranked = np.lexsort((distinct, -counts))[:most]
        for at in ranked[counts[ranked] > 1].tolist():
            yield int(distinct[at]), int(part[np.flatnonzero(new)[first[at]]]), int(counts[at])


def first_of_component(left: Ordinals, right: Ordinals, rows: int) -> Ordinals:
    """For each row the smallest row that edges (left[i], right[i]) connect it with: union-find on arrays.

    Every round hangs the larger of two roots below the smaller one and then flattens all paths, so that roots
    only ever become smaller; it ends when no edge connects two roots.
    """
    root = np.arange(rows, dtype=np.int32)
    while len(left):
        low, high = np.minimum(root[left], root[right]), np.maximum(root[left], root[right])
        apart = low != high
        left, right, low, high = left[apart], right[apart], low[apart], high[apart]
        np.minimum.at(root, high, low)
        while not np.array_equal(root, flatter := root[root]):
            root = flatter
    return root


def _keys(one: Prepared) -> Iterator[tuple[str, str]]:
    """What the row is looked up by, then everything else that it shares."""
    first = (one.lookup.identifier_name, one.lookup.identifier_value)
    yield first
    yield from (key for key in one.keys if key != first)


def _hash(lookup: Lookup, kind: str, value: str) -> int:
    """64 bits of an identifier within its source and account; letter case does not tell customers apart."""
    return hash((lookup.source, lookup.account_id, kind, value.casefold()))


def _text(kind: str, value: str) -> bytes:
    """The identifier as it is kept for the plan."""
    whole = f"{kind}={value}".encode(errors="replace").replace(SEPARATOR, b" ")
    return (
        whole if len(whole) <= KEPT_BYTES else whole[: KEPT_BYTES - 3].decode(errors="ignore").encode() + "…".encode()
    )


def _joined(arrays: list[npt.NDArray[Number]], dtype: type[Number]) -> npt.NDArray[Number]:
    """All chunks as one array."""
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype)


def _locate(sizes: Sequence[int], at: int) -> tuple[int, int]:
    """Chunk and position within it of the element with this number."""
    for chunk, size in enumerate(sizes):
        if at < size:
            return chunk, at
        at -= size
    raise IndexError(at)
