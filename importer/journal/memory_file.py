"""The file that outlives runs, `accepted.db`, as one run of one target system sees it, with the run's journal beside it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from importer.errors import JournalLost, RunError
from importer.journal.journal import Journal
from importer.journal.opening import FILE as JOURNAL
from importer.journal.opening import connect
from importer.journal.sql import queries

FILE = "accepted.db"
VERSION = 1
WAIT_S = 60.0  # for another process that is writing
SEPARATOR = "\n"


class MemoryFile:
    """Opens it, and says what is wrong with it. `targets`: what the run's mapping fills; `writing`: not for a plan."""

    def __init__(
        self, folder: Path, system: bytes, targets: Collection[str], journal: Journal, *, writing: bool
    ) -> None:
        self._home = folder.parent
        self._path = folder / FILE
        self._writing = writing
        self._run = os.path.relpath(journal.folder.resolve(), self._home.resolve()).replace(os.sep, "/")
        with self._working():
            self._db = self._opened(writing=writing)
            self._contents = connect(journal.folder / JOURNAL)
            self._contents.execute(queries("memory")["content_table"])
            self._db.execute("ATTACH ? AS journal", (f"{(journal.folder / JOURNAL).resolve().as_uri()}?mode=ro",))
            with self._transaction():
                self._db.execute(queries("memory")["add_system"], (system,))
                ((self._system,),) = self._select("system", (system,))
                self._db.execute(queries("memory")["add_scope"], (SEPARATOR.join(sorted(set(targets))),))
                own = set(targets)
                scopes = {number: set(listed.split(SEPARATOR)) for number, listed in self._select("scopes")}
                (self._scope,) = (number for number, listed in scopes.items() if listed == own)
        self._names = {"system": self._system, "scope": self._scope, "run": self._run}

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether anything was ever remembered there."""
        return (folder / FILE).exists()

    def _opened(self, *, writing: bool) -> sqlite3.Connection:
        """The file, made where it is missing; a plan makes none."""
        missing = not self._path.exists()
        if missing and writing:
            self._path.touch(mode=0o600)
        database = sqlite3.connect(
            ":memory:" if missing and not writing else self._path.resolve().as_uri(),
            uri=True, isolation_level=None, timeout=WAIT_S, check_same_thread=False,
        )  # fmt: skip
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("BEGIN IMMEDIATE")  # of two processes that come first one makes the tables
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if not version:
            for statement in queries("memory")["memory_tables"].split(";\n"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {VERSION}")
        database.execute("COMMIT")
        if version > VERSION:
            raise RunError(f"{self._path} was written by a later importer.", advice="Use that one.")
        return database

    def close(self) -> None:
        """Close the file; what was not made durable is as if it had never been."""
        self._db.close()
        self._contents.close()

    # ── for those who know what is in it ───────────────────────────────────────────────

    def _run_query(self, name: str, values: Mapping[str, Any] | None = None) -> None:
        scopes = {number: set(listed.split(SEPARATOR)) for number, listed in self._select("scopes")}
        own = scopes[self._scope]
        sharing = [number for number, listed in scopes.items() if listed & own]
        self._db.execute(queries("memory")[name], {**(values or self._names), "scopes": orjson.dumps(sharing).decode()})

    def _select(self, query: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[Any]:
        return self._db.execute(queries("memory")[query], values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:  # whatever it is, nothing half done stays; raised again
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Raises JournalLost where it cannot be written, RunError where it is damaged."""
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a fault of ours, not of the disk
        except (sqlite3.OperationalError, OSError) as error:
            raise JournalLost(
                f"{self._path}: what was accepted cannot be remembered ({error}); nothing more was sent.",
                advice="Make room, mend the rights of that folder, or let the other process end; then: importer resume RUN",
            ) from error
        except sqlite3.DatabaseError as error:
            raise RunError(
                f"{self._path} is damaged ({error}).",
                advice="Restore it from a backup. Taken away, every row counts as changed, and no credit as accepted.",
            ) from error
