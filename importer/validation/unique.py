"""Which values of a column stand in more than one row, over the whole run.

Exact, and bounded: 20 bytes a row and the value itself, of which at most 64 bytes are kept (a longer one is
kept as its beginning with a 256-bit digest). Hashes only find candidates; what they find is compared as text.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from importer.problems import Problem, name_others

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

JOINT = "\x1f"  # between the values of several columns that are unique together
KEPT_BYTES = 64
DIGEST_BYTES = 32


class Unique:
    """Collects one column's values chunk by chunk, then tells the rows that share one."""

    def __init__(self, column: str) -> None:
        self._column = column
        self._hashes: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
        self._rows: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
        self._sheets: list[int] = []  # one a chunk
        self._starts: list[int] = []  # number of each chunk's first value
        self._count = 0
        self._ends: list[np.ndarray[tuple[int], np.dtype[np.uint32]]] = []  # where each value ends in its chunk's text
        self._texts: list[bytes] = []

    def take(self, sheet: int, rows: Sequence[int], values: Sequence[str]) -> None:
        """Remember the values (not blank) of these rows."""
        if not rows:
            return
        kept = [_kept(value) for value in values]
        self._hashes.append(np.fromiter(map(hash, kept), np.int64, len(kept)))
        self._rows.append(np.asarray(rows, np.int64))
        self._sheets.append(sheet)
        self._starts.append(self._count)
        self._count += len(kept)
        self._ends.append(np.cumsum([len(one) for one in kept], dtype=np.uint32))
        self._texts.append(b"".join(kept))

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """(sheet number, problem) for every row whose value stands in another row too, in file order."""
        found: list[tuple[int, Problem]] = []
        for members in self._groups():
            value = _shown(self._text(members[0]))
            places = [self._place(member) for member in members]
            found += [
                (sheet, Problem(row, "not-unique", self._column, value, detail=name_others(places, (sheet, row))))
                for sheet, row in places
            ]
        yield from sorted(found, key=lambda pair: (pair[0], pair[1].row))

    def _groups(self) -> Iterator[list[int]]:
        """Numbers (in order of arrival) of values that are equal, two or more at a time."""
        if not self._hashes:
            return
        hashes = np.concatenate(self._hashes)
        order = np.argsort(hashes, kind="stable")
        ordered = hashes[order]
        same = ordered[1:] == ordered[:-1]
        candidates = order[np.concatenate(([False], same)) | np.concatenate((same, [False]))]
        for _, run in groupby(candidates.tolist(), key=lambda number: int(hashes[number])):
            by_text: dict[bytes, list[int]] = {}
            for number in run:
                by_text.setdefault(self._text(number), []).append(number)
            yield from (members for members in by_text.values() if len(members) > 1)

    def _find(self, number: int) -> tuple[int, int]:
        """Chunk and position within it of the value with this number."""
        chunk = bisect_right(self._starts, number) - 1
        return chunk, number - self._starts[chunk]

    def _place(self, number: int) -> tuple[int, int]:
        """Sheet and row number of a value."""
        chunk, position = self._find(number)
        return self._sheets[chunk], int(self._rows[chunk][position])

    def _text(self, number: int) -> bytes:
        """What was kept of a value."""
        chunk, position = self._find(number)
        ends = self._ends[chunk]
        return self._texts[chunk][int(ends[position - 1]) if position else 0 : int(ends[position])]


def _kept(value: str) -> bytes:
    """The value as it is kept: whole, or its beginning and a digest of all of it."""
    whole = value.encode(errors="surrogatepass")
    if len(whole) <= KEPT_BYTES:
        return whole
    return whole[: KEPT_BYTES + 1 - DIGEST_BYTES] + hashlib.blake2b(whole, digest_size=DIGEST_BYTES).digest()


def _shown(kept: bytes) -> str:
    """The value for people."""
    if len(kept) <= KEPT_BYTES:
        return kept.decode(errors="replace").replace(JOINT, " + ")
    return kept[:-DIGEST_BYTES].decode(errors="ignore").replace(JOINT, " + ") + "…"
