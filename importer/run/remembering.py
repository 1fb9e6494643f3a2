"""What a run knows of what its target system has accepted before, and what it adds to that.

At planning: rows whose content or credit was accepted are left out, and what will be sent is forgotten. At the end: what
was accepted is remembered, from the journal. So nothing of this costs time while requests leave.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import ExitStack

from importer.apis import capillary
from importer.endpoint import Lookup, Prepared
from importer.journal import Content, Journal, Memory, digest, state_folder
from importer.mapping import Fitted
from importer.planning import Choice, credited, skipped_beyond, unchanged
from importer.problems import Problem
from importer.records import Chunk, Origin
from importer.run.order import Desk
from importer.settings import TargetSystem

UNTOLD = (
    "The mapping asks what was accepted before, and without --to nobody knows by whom: every row counts as changed."
)
ROWS_AT_ONCE = 1_000
NO_ROWS: frozenset[int] = frozenset()


class Remembering:
    """The memory of the run's target system; does nothing where neither the mapping nor an earlier run needs it."""

    def __init__(
        self, desk: Desk, journal: Journal, target: TargetSystem | None, choice: Choice, stack: ExitStack, *,
        sending: bool, resting: Collection[str] = (),
    ) -> None:  # fmt: skip
        mapping = desk.mapping
        self._journal = journal
        self._choice = choice
        self._sending = sending
        self._resting = resting
        self._skips = mapping.unchanged == "skip"
        self._merges = mapping.same_customer == "merge"
        self._credit_id = mapping.credit_id
        self._fits = {sheet.number: fitted for sheet, fitted in desk.sheets}
        self._addresser = capillary.endpoint().addresser
        self._memory: Memory | None = None
        wanted = self._skips or bool(self._credit_id)
        self.notes = (UNTOLD,) if wanted and target is None else ()
        runs = journal.folder.parent
        if target is not None and (wanted or Memory.exists(state_folder(runs))):
            memory = Memory(state_folder(runs), system_key(target), filled(desk.fitted), journal, writing=sending)
            stack.callback(memory.close)
            if wanted or memory.anything():
                self._memory = memory

    def without_credit(self, chunk: Chunk, prepared: Sequence[Prepared]) -> list[Problem]:
        """Rows that add, although nothing identifies their credit."""
        if not self._credit_id:
            return []
        known = self._fits[chunk.sheet].credit_ids(chunk)
        column, asked = self._credit_id[0], " and ".join(self._credit_id)
        return [
            Problem(one.row, "credit-id-blank", column, detail=asked)
            for one in prepared
            if one.adds and not known[one.row]
        ]

    def take(self, chunk: Chunk, prepared: Sequence[Prepared]) -> frozenset[int]:
        """Look up rows that would be sent; those whose own content was the last one accepted, by row number."""
        if self._memory is None or not prepared:
            return NO_ROWS
        ids = self._fits[chunk.sheet].credit_ids(chunk) if self._credit_id else {}
        found = []
        for one in prepared:
            assert one.body is not None, "rows that set nothing are not sent"
            credit = digest(ids[one.row].encode(errors="surrogatepass")) if one.adds and ids.get(one.row) else None
            content = digest(self._addresser(one.lookup).encode(), one.body)
            found.append(Content(one.row, customer_digest(one.lookup), content, credit))
        if self._skips and not self._choice.full:
            known = self._memory.known([one.customer for one in found])
            adding = {one.row for one in prepared if one.adds}  # of these the credit decides
            found = [
                one._replace(seq=known[one.customer][1])
                if one.row not in adding and known.get(one.customer, (b"",))[0] == one.content
                else one
                for one in found
            ]
        self._memory.add(chunk.sheet, found)
        return frozenset(one.row for one in found if one.seq is not None)

    def settle(self, limit: int | None = None) -> None:
        """Conclude the rows that need not be sent, now that lanes are known. `limit`: so many are sent at most."""
        memory = self._memory
        if memory is None:
            return
        if self._merges:
            memory.merge()
        if self._credit_id:
            self._settle_credits(memory)
        if self._skips:
            memory.chain()
        if self._skips and not self._choice.full:
            self._journal.conclude(unchanged(memory.compared(), memory.lanes()))
            if limit is not None:
                self._journal.conclude(map(skipped_beyond, memory.beyond(limit)))
        if self._sending:
            memory.forget()

    def _settle_credits(self, memory: Memory) -> None:
        memory.claim(self._resting, unknown=self._choice.unknown)
        ends = []
        for one in memory.credits():
            end = credited(one.row, one.state, Origin(one.run, one.by), same=one.same, skip=self._skips)
            if end:
                ends.append(end)
            elif self._sending:
                self._journal.add_past(one.row.sheet, {}, [one.row.row])
            if len(ends) >= ROWS_AT_ONCE:
                self._journal.conclude(ends)
                ends = []
        self._journal.conclude(ends)

    def resume(self) -> None:
        """The run goes on: claim again what another run may have taken, and forget what is about to be sent."""
        if self._memory is None:
            return
        if self._credit_id:
            self._settle_credits(self._memory)
        self._memory.forget()

    def remember(self) -> None:
        """The run has ended, or stops for now."""
        if self._memory is not None:
            self._memory.remember(contents=self._skips)


def system_key(target: TargetSystem) -> bytes:
    """Which target system this is: host and till or client. Another organisation below the same host is another one."""
    if target.embedded:
        return b"emulator"
    return digest(target.host.encode(), target.auth.encode(), target.till.encode(), target.client_key.reveal().encode())


def filled(fitted: Fitted) -> set[str]:
    """What the mapping fills, element by element of the body: runs that share nothing there keep out of each other's way."""
    return {".".join(part for part in slot.path if isinstance(part, str)) for slot in fitted.slots if slot.path}


def customer_digest(lookup: Lookup) -> bytes:
    """Whom a row is about."""
    parts = (lookup.source, lookup.account_id, lookup.identifier_name, lookup.identifier_value)
    return digest(*(part.encode(errors="surrogatepass") for part in parts))
