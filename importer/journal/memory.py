"""What a target system has accepted, over all runs: the last content of each customer, and every credit.

Safe with several processes at once: WAL, one writer at a time, each step one transaction. What a run is about to send
is forgotten first and remembered again only when it closes, from its own journal; so a crash costs an unneeded request,
never a change that is taken for sent. For a million customers it is a file of some 50 MB; memory does not grow with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from importer.journal.credits import Credits
from importer.journal.sql import queries
from importer.records import RowId

KEYS_AT_ONCE = 500
ROWS_AT_ONCE = 5_000


class Content(NamedTuple):
    """A row's digests. `credit`: of what identifies its credit; None where it adds nothing, or nothing identifies it."""

    row: int
    customer: bytes
    content: bytes
    credit: bytes | None = None
    seq: int | None = None  # of what was accepted last, where that is the same


class Compared(NamedTuple):
    """A waiting row beside what was accepted before. `seq` as in `Content`."""

    row: RowId
    lane: int | None
    seq: int | None


class Memory(Credits):
    """The memory of one target system, as one run uses it."""

    def anything(self) -> bool:
        """Whether anything of this target system is remembered."""
        return bool(self._select("any_accepted", (self._system,)))

    def known(self, customers: Sequence[bytes]) -> dict[bytes, tuple[bytes, int]]:
        """(content, seq) accepted last for each of these customers, of what this mapping's targets hold."""
        found: dict[bytes, tuple[bytes, int]] = {}
        for start in range(0, len(customers), KEYS_AT_ONCE):
            keys = customers[start : start + KEYS_AT_ONCE]
            asked = queries("memory")["known"].replace(":keys", ", ".join("?" * len(keys)))
            with self._working():
                lines = self._db.execute(asked, (self._system, self._scope, *keys)).fetchall()
            found |= {customer: (content, seq) for customer, content, seq in lines}
        return found

    def add(self, sheet: int, contents: Iterable[Content]) -> None:
        """Keep digests of rows of this run, in its journal."""
        with self._working(), self._contents:
            self._contents.executemany(queries("memory")["add_content"], [(sheet, *one) for one in contents])

    def merge(self) -> None:
        """Under `merge` a row is sent with what superseded rows hold: their contents are a part of its own."""
        self._combine("merged_contents", one=True)

    def chain(self) -> None:
        """Several waiting rows of one customer count together: what it holds comes from all of them, in their order."""
        self._combine("chained_contents", one=False)

    def _combine(self, query: str, *, one: bool) -> None:
        """Put one digest in the place of several: in each of their rows, or in the `one` that they lead to."""
        with self._working():
            changed: list[tuple[bytes, bytes, int, int]] = []
            lines = self._db.execute(queries("memory")[query])
            for _, group in groupby(lines, key=itemgetter(0, 1, 2) if one else itemgetter(0)):
                rows = list(group)
                combined = digest(*(content for *_, content in rows))
                changed += [(combined, customer, sheet, row) for customer, sheet, row, _ in (rows[:1] if one else rows)]
                if len(changed) >= ROWS_AT_ONCE:
                    self._set(changed)
                    changed = []
            self._set(changed)

    def _set(self, changed: Sequence[tuple[bytes, bytes, int, int]]) -> None:
        """(content, customer, sheet, row): the content of these rows, and whether it was accepted last."""
        known = self.known(list({customer for _, customer, *_ in changed}))
        with self._contents:
            self._contents.executemany(
                queries("memory")["set_content"],
                [
                    (content, known[customer][1] if known.get(customer, (b"",))[0] == content else None, sheet, row)
                    for content, customer, sheet, row in changed
                ],
            )

    def compared(self) -> Iterator[Compared]:
        """Every waiting row in file order, streaming."""
        with self._working():
            for sheet, row, lane, seq in self._db.execute(queries("memory")["to_compare"]):
                yield Compared(RowId(sheet, row), lane, seq)

    def lanes(self) -> int:
        """How many lanes the run has."""
        return int(self._select("lanes")[0][0])

    def beyond(self, limit: int) -> list[RowId]:
        """The waiting rows after the first so many."""
        return [RowId(*line) for line in self._select("beyond", {"limit": limit})]

    def forget(self) -> None:
        """Before anything is sent: forget what is known of the customers of waiting rows."""
        with self._working(), self._transaction():
            self._run_query("forget_waiting")

    def remember(self, *, contents: bool) -> None:
        """What became of this run's rows: what was accepted without loss is remembered, what is in doubt forgotten.

        `contents`: not credits alone.
        """
        with self._working():
            with self._transaction():
                if contents:
                    self._run_query("remember_accepted")
                    self._run_query("advance")
                self._run_query("forget_doubtful")
                self._settle("journal", self._run)
            with self._contents:
                self._contents.execute(queries("memory")["mark_told"])


def digest(*parts: bytes) -> bytes:
    """128 bits of these parts."""
    made = hashlib.blake2b(digest_size=16)
    for part in parts:
        made.update(len(part).to_bytes(8, "big"))
        made.update(part)
    return made.digest()
