"""Opening the journal's file: its durability, its version, and what is said where it cannot be trusted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importer.errors import RunError

FILE = "journal.db"
VERSION = 1  # of the schema; a later one is refused, not guessed at
TABLES = frozenset({"fact", "sheet", "entry", "lane", "problem", "intent", "outcome"})


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection with the journal's durability; usable from any thread, one at a time."""
    if read_only:
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=30.0)
    database = sqlite3.connect(path, check_same_thread=False, timeout=30.0)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    return database


def checked(folder: Path, *, read_only: bool, checking: bool = True) -> sqlite3.Connection:
    """A connection to a journal that is whole and of a version that we know. Raises RunError."""
    try:
        database = connect(folder / FILE, read_only=read_only)
        (version,) = database.execute("PRAGMA user_version").fetchone()
        (health,) = database.execute("PRAGMA quick_check(1)").fetchone() if checking else ("ok",)
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    except sqlite3.OperationalError as error:
        raise unopened(folder, error) from error
    except sqlite3.DatabaseError as error:
        raise damaged(folder, str(error)) from error
    if version > VERSION:
        database.close()
        raise RunError(
            f"{folder}: the journal has version {version}, this importer reads version {VERSION}.",
            advice="Use the importer that wrote it.",
        )
    if health != "ok" or version != VERSION or not names >= TABLES:
        database.close()
        raise damaged(folder, health if health != "ok" else "its tables are not all there")
    return database


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Whatever cannot be read is told as damage. Raises RunError."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a fault of ours, not of the file
    except sqlite3.Error as error:
        raise damaged(folder, str(error)) from error


def unopened(folder: Path, error: Exception) -> RunError:
    """The sentence for a journal that could not be opened or made."""
    return RunError(
        f"{folder / FILE}: the journal cannot be opened ({error}).",
        advice="Look at the rights of that folder, and whether the disk is full; nothing was sent.",
    )


def damaged(folder: Path, why: str) -> RunError:
    """The sentence for a journal that cannot be trusted."""
    return RunError(
        f"{folder / FILE}: the journal is damaged ({why}).",
        advice="Restore it from a backup. Without it, nobody can say which rows were sent: do not start over blindly.",
    )
