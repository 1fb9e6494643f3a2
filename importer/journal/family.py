"""A run's family: every run that retried its rows or imported its rejects again, and what became of each row over all.

Only one run of a family is at work at a time, and only the youngest can be resumed; so no row is ever with two runs.
What became of the rows lies in a temporary database: some 60 bytes a row of the first run, on disk, not in memory.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import orjson

from importer.errors import RunError
from importer.journal.entries import status_named
from importer.journal.journal import Journal
from importer.journal.lock import RunLock
from importer.journal.opening import FILE, reading
from importer.journal.sql import queries
from importer.records import Earlier, Origin, RowId

ROW_BITS = 40  # as the statements pack a row's id
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Member:
    """One run of the family. `source`: the number of the run whose sheets it reads: its own, but for a retry."""

    name: str
    folder: Path
    source: int
    awarding: bool


def find_run(name: str, places: Iterable[Path]) -> Path:
    """The folder of the run with this id in one of these places. Raises RunError."""
    looked = list(dict.fromkeys(places))
    if _NAME.fullmatch(name):
        for place in looked:
            if (place / name / FILE).is_file():
                return place / name
    raise RunError(
        f"the run {name!r} is not there; its journal says what became of these rows.",
        advice=f"Looked in {' and '.join(map(str, looked))}. Name the folder that holds it with --runs DIR; without that"
        " journal nobody can tell which rows were sent since.",
    )


def parent_of(facts: Mapping[str, Any]) -> str:
    """The id of the run that this one goes back to; "" for the first of a family."""
    return str(facts.get("retry_of") or facts.get("repairs") or "")


class Family:
    """The runs of a family, oldest first. `root` is the journal of the first."""

    def __init__(self, root: Journal, members: Sequence[Member]) -> None:
        self.root = root
        self.members = members
        self._numbers = {member.name: number for number, member in enumerate(members)}
        self._db = sqlite3.connect("", uri=True, isolation_level=None)  # a temporary file of SQLite's
        self._db.executescript(queries("family")["kin_tables"])
        self._db.execute("BEGIN")
        for number, member in enumerate(members):
            self._read(number, member)
        self._db.execute(queries("family")["find_last_of_lane"])
        self._names_known = False

    @classmethod
    def of(cls, folder: Path, *, joining: bool) -> Self:
        """The family of the run in `folder`. `joining`: for a new run of it, so none may be at work. Raises RunError."""
        with Journal.open(folder, read_only=True) as journal:
            name = journal.facts.get("root", "")
        root = Journal.open(find_run(name, [folder.parent]) if name else folder, read_only=not joining)
        try:
            return cls(root, list(_members(root, joining=joining)))
        except BaseException:  # whatever it is, the lock is not kept; raised again
            root.close()
            raise

    def close(self) -> None:
        """Forget it, and free the first run."""
        self._db.close()
        self.root.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def awarding(self) -> bool:
        """Whether some run of it saw setting requests award."""
        return any(member.awarding for member in self.members)

    def join(self, name: str) -> None:
        """A new run belongs to it from now on."""
        self.root.note(family=[*self.root.facts.get("family", []), name])

    def number(self, name: str) -> int:
        """Which member has this id. Raises RunError."""
        if name not in self._numbers:
            raise RunError(
                f"the run {name} has nothing to do with {self.members[0].name}.",
                advice="Import the rejects of different runs one file at a time.",
            )
        return self._numbers[name]

    def earlier(self, run: str, rows: Iterable[RowId]) -> dict[RowId, Earlier]:
        """What became of these rows of a member, by its own numbers; those that it never had are missing."""
        asked = {
            "source": self.members[self.number(run)].source,
            "rows": orjson.dumps([tuple(row) for row in rows]).decode(),
        }
        found = {}
        for sheet, row, first, first_sheet, first_row, status, by, adds, lane, next_status, next_adds in self._select(
            "earlier", asked
        ):
            origin = Origin(self.members[first].name, RowId(first_sheet, first_row))
            name = self.members[by].name
            own = Earlier(origin, status_named(status), name, bool(adds), lane)
            if next_status:
                own = replace(own, successor=Earlier(origin, status_named(next_status), name, bool(next_adds)))
            found[RowId(sheet, row)] = own
        return found

    def overtaken(self, rows: Sequence[tuple[Earlier, str, str]], *, by_name: bool) -> dict[int, Origin]:
        """The last row of the same customer that was accepted and comes after, by place in `rows`.

        `rows`: what became of each, name and value of its identifier now. After: in the run where both came up first.
        The same customer: of one lane there; `by_name`: or of one identifier.
        """
        asked = [
            (self._numbers[one.origin.run], one.lane, name, value, _packed(one.origin.id)) for one, name, value in rows
        ]
        found: dict[int, int] = {}
        for query in ("later_in_lane", *(("later_of_name",) if by_name else ())):
            if query == "later_of_name" and not self._names_known:
                self._db.execute(queries("family")["find_last_of_name"])
                self._names_known = True
            for place, last in self._select(query, {"asked": orjson.dumps(asked).decode()}):
                found[place] = max(last, found.get(place, 0))
        return {
            place: Origin(rows[place][0].origin.run, RowId(last >> ROW_BITS, last & ((1 << ROW_BITS) - 1)))
            for place, last in found.items()
        }

    def said_by(self, row: Origin) -> str:
        """The id of the run that told last what became of this row."""
        ((by,),) = self._select("who_said", (self._numbers[row.run], *row.id))
        return self.members[int(by)].name

    # ── reading ────────────────────────────────────────────────────────────────────────

    def _read(self, number: int, member: Member) -> None:
        """What became of rows in one member; the youngest that took a row up has the last word."""
        with self._attached(member.folder):
            if member.source == number and self._select("has_past")[0][0]:
                for (name,) in self._select("past_runs"):
                    names = {"source": number, "run": self._numbers[name], "name": name}
                    self._db.execute(queries("family")["read_past"], names)
            facts = {"source": member.source, "by": number, "awarding": member.awarding}
            self._db.execute(queries("family")["read_kin"], facts)

    @contextmanager
    def _attached(self, folder: Path) -> Iterator[None]:
        self._db.execute("COMMIT")
        with reading(folder):
            self._db.execute("ATTACH ? AS journal", (f"{(folder / FILE).resolve().as_uri()}?mode=ro",))
            self._db.execute("BEGIN")
            yield
            self._db.execute("COMMIT")
        self._db.execute("DETACH journal")
        self._db.execute("BEGIN")

    def _select(self, query: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[Any]:
        return self._db.execute(queries("family")[query], values).fetchall()


def _members(root: Journal, *, joining: bool) -> Iterator[Member]:
    """The first run and those that its journal lists, without those that died before their plan was complete."""
    sources: dict[str, int] = {}
    number = 0
    for name in (root.facts["run"], *root.facts.get("family", [])):
        folder = root.folder if not number else find_run(name, [root.folder.parent])
        if number and joining:
            RunLock(folder).release()  # raises where it is at work
        with Journal.open(folder, read_only=True) as journal:
            facts = journal.facts
        if number and not facts.get("planned"):
            continue
        source = sources[facts["retry_of"]] if facts.get("retry_of") else number
        sources[name] = source
        yield Member(name, folder, source, bool(facts.get("awarding")))
        number += 1


def successor_of(folder: Path, facts: Mapping[str, Any]) -> str:
    """The id of the youngest run of the family, where it is another than this one; "" where this one is it."""
    name = facts.get("root") or facts["run"]
    home = folder.parent / name
    if name == facts["run"]:
        listed = facts.get("family", [])
    elif (home / FILE).is_file():
        with Journal.open(home, read_only=True) as root:
            listed = root.facts.get("family", [])
    else:
        return ""  # its first run was taken away: nobody can have joined it since
    for younger in reversed(listed):
        if younger == facts["run"]:
            return ""
        if not (folder.parent / younger / FILE).is_file():
            return str(younger)
        with Journal.open(folder.parent / younger, read_only=True) as journal:
            if journal.facts.get("planned"):
                return str(younger)
    return ""


def _packed(row: RowId) -> int:
    return (row.sheet << ROW_BITS) | row.row
