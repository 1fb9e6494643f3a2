"""The memory of a run: one SQLite file, opened by one process at a time.

WAL with `synchronous=FULL`: a commit has reached the disk when it returns, so an intent that was journalled survives
`kill -9` and a power cut. Nothing here grows with the run but the file.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import orjson

from importer.errors import RunError
from importer.journal.entries import RowEntry, SheetEntry, Waiting, cut_off, outcome_line, row_result, status_named
from importer.journal.figures import Figures
from importer.journal.ledger import Ledger, journal_lost
from importer.journal.lock import RunLock
from importer.journal.opening import FILE, VERSION, checked, connect, reading, unopened
from importer.journal.prepared import PreparedReader, PreparedWriter
from importer.journal.sql import queries, schema
from importer.problems import Problem
from importer.records import Notice, Origin, Outcome, RowId, RowResult, Status

ROWS_A_FETCH = 2_000


class Journal:
    """Everything that is known of a run. Safe to use from several threads."""

    def __init__(self, folder: Path, database: sqlite3.Connection, lock: RunLock | None) -> None:
        self.folder = folder
        self._db = database
        self._lock = lock
        self._turn = threading.RLock()  # one statement at a time on the connection

    # ── opening and closing ────────────────────────────────────────────────────────────

    @classmethod
    def create(cls, folder: Path, facts: Mapping[str, Any]) -> Self:
        """Start the journal of a new run in an existing, empty folder. Raises RunError."""
        lock = RunLock(folder)
        try:
            (folder / FILE).touch(mode=0o600)
            journal = cls(folder, connect(folder / FILE), lock)
            with journal._writing() as database:
                database.executescript(schema())
                database.execute(f"PRAGMA user_version = {VERSION}")
            journal.note(**facts)
        except BaseException as error:
            lock.release()
            if isinstance(error, OSError | sqlite3.Error):
                raise unopened(folder, error) from error
            raise
        return journal

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False, checking: bool = True) -> Self:
        """Open the journal of an earlier run. Raises RunError: missing, damaged, too new, held by another process.

        `checking`: look at every page of the file first, some seconds for a million rows; a list of runs does not.
        """
        if not (folder / FILE).is_file():
            raise RunError(
                f"{folder}: there is no run here ({FILE} is missing).",
                advice="Each run has a folder of its own below `runs/`, or below the folder that --runs named.",
            )
        lock = None if read_only else RunLock(folder)
        try:
            return cls(folder, checked(folder, read_only=read_only, checking=checking), lock)
        except BaseException:  # whatever it is, the lock is not kept; raised again
            if lock:
                lock.release()
            raise

    def close(self) -> None:
        """Fold the write-ahead log into the file, close it and free the run."""
        with self._turn:
            self._db.close()
        if self._lock:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ── writing ────────────────────────────────────────────────────────────────────────

    def note(self, **facts: Any) -> None:
        """Remember facts of the run (JSON values) under their names."""
        with self._writing() as database:
            database.executemany(
                queries()["note"], [(name, orjson.dumps(fact).decode()) for name, fact in facts.items()]
            )

    def add_sheet(self, entry: SheetEntry) -> None:
        """Remember a sheet before its rows."""
        with self._writing() as database:
            database.execute(queries()["add_sheet"], (*entry[:-1], orjson.dumps(entry.header).decode()))

    def add_chunk(
        self, sheet: int, rows: Iterable[RowEntry], problems: Iterable[Problem], outcomes: Iterable[Outcome]
    ) -> None:
        """Remember the rows of a chunk, what is wrong with them, and the outcomes of those that will not be sent."""
        with self._writing() as database:
            database.executemany(queries()["add_entry"], [(sheet, *entry) for entry in rows])
            database.executemany(queries()["add_problem"], [(sheet, *problem) for problem in problems])
            database.executemany(queries()["conclude"], map(outcome_line, outcomes))

    def add_late(self, problems: Iterable[tuple[int, Problem]], outcomes: Iterable[Outcome]) -> None:
        """Remember what only the whole run shows: (sheet, problem) pairs and outcomes."""
        with self._writing() as database:
            database.executemany(queries()["add_problem"], [(sheet, *problem) for sheet, problem in problems])
            database.executemany(queries()["conclude"], map(outcome_line, outcomes))

    def add_past(self, sheet: int, origins: Mapping[int, Origin], doubtful: Iterable[int]) -> None:
        """Remember where rows came up first, and which of them an earlier run may have applied, by row number."""
        named = queries("family")
        at = self.facts["started_at"]
        with self._writing() as database:
            database.execute(named["past_table"])
            database.executemany(named["add_past"], [(sheet, row, one.run, *one.id) for row, one in origins.items()])
            database.executemany(named["doubt"], [(sheet, row, at) for row in doubtful])

    def conclude(self, outcomes: Iterable[Outcome]) -> None:
        """Remember how rows ended; the first outcome of a row stands."""
        self.add_late((), outcomes)

    def set_lanes(self, lanes: Iterable[tuple[RowId, int]]) -> None:
        """Remember which rows must go one after the other."""
        with self._writing() as database:
            database.executemany(queries()["set_lane"], ((*row, lane) for row, lane in lanes))

    def hand_on_adding(self) -> None:
        """What superseded rows add is merged into the rows that stand in for them: those add, too."""
        with self._writing() as database:
            database.execute(queries()["hand_on_adding"])

    def settle_doubt(self) -> list[RowId]:
        """Conclude as unknown the rows that add and left without an answer; returns them."""
        rows = [cut_off(*line) for line in self._select("in_doubt")]
        self.conclude(rows)
        return [one.id for one in rows]

    def in_doubt(self) -> list[RowId]:
        """The rows that add, have no outcome and may have been applied."""
        return [RowId(sheet, row) for sheet, row, *_ in self._select("in_doubt")]

    def settled_doubt(self, rows: Iterable[RowId]) -> None:
        """These rows were not applied after all."""
        with self._writing() as database:
            database.execute(queries()["close_intents"], (orjson.dumps([tuple(row) for row in rows]).decode(),))

    def ledger(self) -> Ledger:
        """The asynchronous side that delivery writes to."""
        return Ledger(self.folder / FILE, connect)

    def keeper(self) -> PreparedWriter:
        """Where the first pass keeps what it prepared."""
        return PreparedWriter(self.folder)

    # ── reading ────────────────────────────────────────────────────────────────────────

    @property
    def facts(self) -> dict[str, Any]:
        """Every fact noted so far."""
        return {name: orjson.loads(value) for name, value in self._select("facts")}

    def sheets(self) -> list[SheetEntry]:
        """The run's sheets in order."""
        lines = self._select("sheets")
        return [SheetEntry._make((*line[:5], tuple(orjson.loads(line[5])))) for line in lines]

    def waiting(self, sheet: int, first_row: int, last_row: int) -> dict[int, Waiting]:
        """The rows in this range that have no outcome, by row number, in order."""
        ((found,),) = self._select("waiting", (sheet, first_row, last_row))  # as JSON, for the ledger's reason
        lines = sorted(orjson.loads(found))
        return {row: Waiting(lane, bool(adds), attempts, bool(is_open)) for row, lane, adds, attempts, is_open in lines}

    def first_of_lanes(self, lanes: Iterable[int]) -> dict[int, RowId]:
        """The first row of each of these lanes that has no outcome."""
        lines = self._select("first_of_lanes", (orjson.dumps(sorted(lanes)).decode(),))
        return {
            lane: RowId(sheet, row) for lane, sheet, row in lines
        }  # the last sheet comes first: the first one stays

    @property
    def prepared(self) -> PreparedReader:
        """What the first pass prepared."""
        return PreparedReader(self.folder)

    def overtaken(self, sheet: int, first_row: int, last_row: int) -> dict[int, RowId]:
        """The superseded rows in this range whose successor still waits, by row number, with that successor."""
        lines = self._select("overtaken", (sheet, first_row, last_row))
        return {row: RowId(*successor) for row, *successor in lines}

    def remarkable(self) -> Iterator[tuple[Outcome, bool]]:
        """Outcomes with warnings or side effects, and whether their rows add something; streaming."""
        for sheet, row, status, warnings, effects, adds in self._stream("remarkable"):
            outcome = Outcome(
                RowId(sheet, row),
                status_named(status),
                warnings=tuple(Notice(*one) for one in orjson.loads(warnings or "[]")),
                side_effects=tuple(orjson.loads(effects or "[]")),
            )
            yield outcome, bool(adds)

    def rows_read(self) -> int:
        """How many rows the first pass read, counted apart from their outcomes."""
        return int(next(iter(self._select("rows_read")))[0])

    def left(self) -> int:
        """How many rows have no outcome yet, those in doubt among them."""
        return int(next(iter(self._select("left")))[0])

    def strays(self) -> int:
        """How many outcomes belong to no row that was read: none, or the journal is wrong."""
        return int(next(iter(self._select("strays")))[0])

    def superseded_badly(self, waiting: Status = Status.NOT_SENT) -> int:
        """How many superseded rows have a successor that did not end well; one without outcome is `waiting`."""
        return int(next(iter(self._select("superseded_badly", {"waiting": waiting.value})))[0])

    def counts(self, waiting: Status = Status.NOT_SENT) -> dict[Status, int]:
        """Rows by state; one without outcome counts as `waiting`, or as unknown if it left without an answer."""
        return {status_named(name): count for name, count in self._select("counts", {"waiting": waiting.value})}

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """(sheet number, problem) of every problem in file order, streaming."""
        return ((sheet, Problem(*problem)) for sheet, *problem in self._stream("problems"))

    def problems_of(self, row: RowId) -> list[Problem]:
        """The problems of one row."""
        return [Problem(*line) for line in self._select("problems_of_row", tuple(row))]

    def problem_counts(self) -> dict[str, int]:
        """Problems by slug, most first."""
        return dict(self._select("problem_counts"))

    def code_counts(self) -> dict[str, int]:
        """Codes of replies, most first."""
        return dict(self._select("code_counts"))

    def results(
        self, statuses: Container[Status] | None = None, *, waiting: Status = Status.NOT_SENT
    ) -> Iterator[RowResult]:
        """Every row (of these states) in file order, streaming in constant memory."""
        for line in self._stream("results"):
            result = row_result(line, waiting)
            if statuses is None or result.outcome.status in statuses:
                yield result

    def unwell(self, *, waiting: Status = Status.NOT_SENT) -> Iterator[RowResult]:
        """Every row that did not end well, in file order, streaming; a superseded row's successor decides for it."""
        return (row_result(line, waiting) for line in self._stream("results_unwell", {"waiting": waiting.value}))

    @property
    def figures(self) -> Figures:
        """What is known of the run as a whole."""
        return Figures(self._select)

    # ── the connection ─────────────────────────────────────────────────────────────────

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Raises JournalLost where it cannot be made durable."""
        with self._turn:
            try:
                with self._db:
                    yield self._db
            except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
                raise  # a fault of ours, not of the disk
            except sqlite3.Error as error:
                raise journal_lost(self.folder / FILE, error) from error

    def _select(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        with self._turn, reading(self.folder):
            return self._db.execute(queries()[query], values).fetchall()

    def _stream(self, query: str, values: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """Lines of a long answer, from a connection of its own so that it holds up nobody."""
        database = connect(self.folder / FILE, read_only=self._lock is None)
        try:
            with reading(self.folder):
                cursor = database.execute(queries()[query], values or {})
            while True:
                with reading(self.folder):
                    lines = cursor.fetchmany(ROWS_A_FETCH)
                if not lines:
                    return
                yield from lines
        finally:
            database.close()
