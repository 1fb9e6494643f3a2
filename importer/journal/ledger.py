"""Group commit: what delivery says in its event loop, made durable by one thread.

While one group is being committed the next one gathers, so the delay of an intent is at most two commits, a few
milliseconds on ordinary disks. Outcomes go with the next intents, or after `OUTCOME_DELAY_S`. All state but the
connection belongs to the loop: the thread gets a whole group, and gives it back.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
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

    def lines(self) -> tuple[str, str, str, bool]:
        """As the statement that writes a group takes it. Raises TypeError where JSON has no word for a value."""
        return (
            as_json(map(outcome_line, self.outcomes)),
            as_json(map(tuple, self.withdrawn)),
            as_json((*row, *rest) for row, rest in self.intents.items()),
            self.awarding,
        )


class Ledger:
    """The journal as delivery sees it. Used from one event loop; `async with` starts and ends its thread."""

    def __init__(self, path: Path, connect: Callable[[Path], sqlite3.Connection]) -> None:
        self._path = path
        self._connect = connect
        self._groups: SimpleQueue[Group | None] = SimpleQueue()  # for the thread; None: nothing more comes
        self._committing = False
        self._asked = False  # somebody waits for the present group
        self._later: asyncio.TimerHandle | None = None  # nobody waits, but outcomes must not lie for long
        self._lost: BaseException | None = None  # the first failure; nothing is written after it
        self._thread = threading.Thread(target=self._write, name="ledger", daemon=True)

    async def __aenter__(self) -> Self:
        """Raises JournalLost where the journal cannot be opened."""
        self._loop = asyncio.get_running_loop()
        self._group = Group()
        try:
            self._database = await asyncio.to_thread(self._opened)
        except sqlite3.Error as error:
            raise journal_lost(self._path, error) from error
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Make durable what is left, then end the thread. Raises JournalLost."""
        try:
            await self.flush()
        finally:
            self._groups.put(None)
            await asyncio.to_thread(self._thread.join)

    async def intend(self, requests: Sequence[Request]) -> None:
        """Durable when this returns: these are about to leave once more. Raises JournalLost."""
        if self._lost:
            raise self._lost
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._group.intents.update({one.id: (one.attempts + 1, 1, at) for one in requests})
        await self.flush()

    def withdraw(self, row: RowId) -> None:
        """The last attempt of this row is known not to have been applied."""
        if intent := self._group.intents.get(row):
            attempts, _, at = intent
            self._group.intents[row] = (attempts, 0, at)  # withdrawn before it was committed
        else:
            self._group.withdrawn.append(row)
        self._commit_soon()

    def conclude(self, outcome: Outcome) -> None:
        """How a row ended; durable with the next group, before any later intent. Raises JournalLost."""
        if self._lost:
            raise self._lost
        self._group.outcomes.append(outcome)
        self._commit_later()

    def awarding(self) -> None:
        """From now on, even requests that only set something have been seen to award points or coupons."""
        self._group.awarding = True
        self._commit_soon()

    async def flush(self) -> None:
        """Durable when this returns: everything said so far. Raises JournalLost."""
        group = self._group
        self._commit_soon()
        await group.durable.wait()
        if self._lost:
            raise self._lost

    # ── when to commit ─────────────────────────────────────────────────────────────────

    def _commit_soon(self) -> None:
        """Now, or as soon as the group before it is durable."""
        self._asked = True
        self._hand_over()

    def _commit_later(self) -> None:
        """Within `OUTCOME_DELAY_S`."""
        if self._later is None:
            self._later = self._loop.call_later(OUTCOME_DELAY_S, self._commit_soon)

    def _hand_over(self) -> None:
        """Give the present group to the thread, where that has none and somebody asked."""
        if self._committing or not self._asked:
            return
        self._asked = False
        if self._later:
            self._later.cancel()
            self._later = None
        group, self._group = self._group, Group()
        if self._lost:
            group.durable.set()
        else:
            self._committing = True
            self._groups.put(group)

    def _committed(self, group: Group, failure: BaseException | None) -> None:
        self._committing = False
        self._lost = failure
        group.durable.set()
        self._hand_over()

    # ── the thread ─────────────────────────────────────────────────────────────────────

    def _opened(self) -> sqlite3.Connection:
        database = self._connect(self._path)
        database.isolation_level = None
        database.executescript(queries()["group_view"])
        return database

    def _write(self) -> None:
        try:
            while (group := self._groups.get()) is not None:
                self._loop.call_soon_threadsafe(self._committed, group, self._commit(group))
        finally:
            self._database.close()

    def _commit(self, group: Group) -> BaseException | None:
        """Make a group durable; what went wrong, if anything did."""
        try:
            # One statement, a transaction of its own: SQLite lets go of Python's lock once a statement, and taking it
            # back beside a busy event loop costs more than the writing.
            self._database.execute(queries()["write_group"], group.lines())
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
