"""Group commit: what delivery writes from its event loop, made durable by one thread.

While one group is being committed the next one gathers, so the delay of an intent is at most two commits, a few
milliseconds on ordinary disks. Outcomes go with the next intents, or after `OUTCOME_DELAY_S`.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import orjson

from importer.errors import JournalLost
from importer.journal.entries import outcome_line
from importer.journal.sql import queries
from importer.records import Outcome, Request, RowId

OUTCOME_DELAY_S = 0.05


class Group:
    """What one commit makes durable, and who waits for it."""

    __slots__ = ("awarding", "durable", "intents", "outcomes", "withdrawn")

    def __init__(self) -> None:
        self.intents: dict[RowId, tuple[int, int, str]] = {}  # attempts, whether open, at
        self.outcomes: list[Outcome] = []
        self.withdrawn: list[RowId] = []
        self.awarding = False
        self.durable = asyncio.Event()  # or lost: whoever waited looks


class Ledger:
    """The journal as delivery sees it. Used from one event loop; `async with` starts and ends its thread."""

    def __init__(self, path: Path, connect: Callable[[Path], sqlite3.Connection]) -> None:
        self._path = path
        self._connect = connect
        self._urgent = threading.Event()  # somebody waits for a commit; outcomes alone are looked for now and then
        self._closing = False
        self._lost: BaseException | None = None  # the first failure; nothing is written after it
        self._swapping = threading.Lock()
        self._thread = threading.Thread(target=self._write, name="ledger", daemon=True)

    async def __aenter__(self) -> Self:
        """Raises JournalLost where the journal cannot be opened."""
        self._loop = asyncio.get_running_loop()
        try:
            self._database = await asyncio.to_thread(self._connect, self._path)
        except sqlite3.Error as error:
            raise journal_lost(self._path, error) from error
        self._group = Group()
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Make durable what is left, then end the thread. Raises JournalLost."""
        try:
            await self.flush()
        finally:
            self._closing = True
            self._urgent.set()
            await asyncio.to_thread(self._thread.join)

    async def intend(self, requests: Sequence[Request]) -> None:
        """Durable when this returns: these are about to leave once more. Raises JournalLost."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        if self._lost:
            raise self._lost
        intents = {one.id: (one.attempts + 1, 1, at) for one in requests}
        with self._swapping:
            group = self._group
            group.intents.update(intents)
        self._urgent.set()
        await group.durable.wait()
        if self._lost:
            raise self._lost

    def withdraw(self, row: RowId) -> None:
        """The last attempt of this row is known not to have been applied."""
        with self._swapping:
            if intent := self._group.intents.get(row):
                attempts, _, at = intent
                self._group.intents[row] = (attempts, 0, at)  # withdrawn before it was committed
            else:
                self._group.withdrawn.append(row)
        self._urgent.set()

    def conclude(self, outcome: Outcome) -> None:
        """How a row ended; durable with the next group, before any later intent. Raises JournalLost."""
        if self._lost:
            raise self._lost
        with self._swapping:
            self._group.outcomes.append(outcome)

    def awarding(self) -> None:
        """From now on, even requests that only set something have been seen to award points or coupons."""
        with self._swapping:
            self._group.awarding = True
        self._urgent.set()

    async def flush(self) -> None:
        """Durable when this returns: everything said so far. Raises JournalLost."""
        with self._swapping:
            group = self._group
        self._urgent.set()
        await group.durable.wait()
        if self._lost:
            raise self._lost

    # ── the thread ─────────────────────────────────────────────────────────────────────

    def _write(self) -> None:
        try:
            while not self._closing:
                urgent = self._urgent.wait(OUTCOME_DELAY_S)
                self._urgent.clear()
                with self._swapping:
                    if not (urgent or self._group.outcomes):
                        continue
                    group, self._group = self._group, Group()
                if self._lost is None:
                    self._lost = self._commit(group)
                self._loop.call_soon_threadsafe(group.durable.set)
        finally:
            self._database.close()

    def _commit(self, group: Group) -> BaseException | None:
        """Make a group durable; what went wrong, if anything did."""
        database = self._database
        try:
            with database:
                # One statement for each kind, its rows as JSON: SQLite lets go of Python's lock once a statement, and
                # taking it back beside a busy event loop costs more than the insert itself.
                if group.outcomes:
                    database.execute(queries()["conclude_many"], (as_json(map(outcome_line, group.outcomes)),))
                if group.withdrawn:
                    database.execute(queries()["close_intents"], (as_json(map(tuple, group.withdrawn)),))
                if group.intents:
                    lines = ((*row, *rest) for row, rest in group.intents.items())
                    database.execute(queries()["intend_many"], (as_json(lines),))
                if group.awarding:
                    database.execute(queries()["note"], ("awarding", "true"))
        except sqlite3.Error as error:
            return journal_lost(self._path, error)
        except Exception as error:  # noqa: BLE001 - raised where somebody waits; a thread that died would leave them waiting
            return error
        return None


def as_json(lines: Iterable[tuple[Any, ...]]) -> str:
    """Lines of a table as one JSON array."""
    return orjson.dumps(list(lines)).decode()


def journal_lost(path: Path, error: sqlite3.Error) -> JournalLost:
    """The sentence for a journal that takes no more."""
    return JournalLost(
        f"{path}: the journal cannot be written ({error}); nothing more was sent.",
        advice=f"Make room or mend the rights of that folder, then: importer resume {path.parent}",
    )
