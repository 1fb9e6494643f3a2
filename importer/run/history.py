"""The runs below a folder: when, over which files, with what outcome, and which goes back to which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from importer.errors import RunError
from importer.journal import Journal, holder
from importer.records import Status
from importer.run.ending import Ending, tally

JOURNAL = "journal.db"
RUNNING, ENDED, CUT_OFF, UNREADABLE = "running", "ended", "cut off", "unreadable"


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run. `why`: who works on it, why it stopped or cannot be read."""

    run: str
    folder: Path
    state: str  # running, ended, cut off (its process died) or unreadable
    command: str = ""
    started_at: str = ""
    ended_at: str = ""  # "" while it runs
    seconds: float | None = None
    exit_code: int | None = None
    rows_read: int = 0
    counts: Mapping[str, int] | None = None  # by state, those that have rows
    bad: int = 0  # rows that did not end well
    target: str = ""
    mapping: str = ""  # its path
    sheets: tuple[str, ...] = ()
    retry_of: str = ""
    repairs: str = ""
    chain: tuple[str, ...] = ()  # the runs it goes back to, oldest first
    root: str = ""  # the first of its family: its own id where it goes back to none
    resumable: bool = False
    why: str = ""

    @property
    def parent(self) -> str:
        """The run whose rows it retried, or whose rejects it imported; "" for the first of a family."""
        return self.retry_of or self.repairs

    def facts(self) -> dict[str, Any]:
        """Plain data, for a machine."""
        return {name: getattr(self, name) for name in self.__slots__ if name not in {"folder", "root"}} | {
            "folder": str(self.folder),
            "counts": dict(self.counts or {}),
        }


def history(runs: Path) -> list[PastRun]:
    """Every run below the folder, the newest first; what cannot be read is told so, and hides no other."""
    found = [past(folder) for folder in sorted(folders(runs), key=lambda folder: folder.name, reverse=True)]
    parents = {one.run: one.parent for one in found}
    return [with_chain(one, parents) for one in sorted(found, key=lambda one: one.started_at, reverse=True)]


def folders(runs: Path) -> Iterator[Path]:
    """The folders that hold a journal."""
    if runs.is_dir():
        yield from (folder for folder in runs.iterdir() if not folder.is_symlink() and (folder / JOURNAL).is_file())


def folder_of(run: Path, runs: Path) -> Path:
    """The run's folder, by its path or by its id below the folder of all runs."""
    return runs / run if not run.exists() and (runs / run / JOURNAL).is_file() else run


def past(folder: Path) -> PastRun:
    """What the journal in this folder tells at a glance."""
    try:
        with Journal.open(folder, read_only=True, checking=False) as journal:
            return told(folder, journal)
    except RunError as error:
        return PastRun(folder.name, folder, UNREADABLE, why=str(error), root=folder.name)


def told(folder: Path, journal: Journal) -> PastRun:
    """A run by its journal."""
    facts = journal.facts
    ending = Ending.remembered(facts)
    owner = holder(folder) if ending.cut_off else ""
    waiting = Status.PLANNED if facts["command"] == "plan" else Status.NOT_SENT
    rows = ending.tally or tally(journal, waiting)
    return PastRun(
        run=folder.name,
        folder=folder,
        state=RUNNING if owner else CUT_OFF if ending.cut_off else ENDED,
        command=facts["command"],
        started_at=facts["started_at"],
        ended_at="" if ending.cut_off else ending.ended_at,
        seconds=None if ending.cut_off else between(facts["started_at"], ending.ended_at),
        exit_code=None if ending.cut_off else ending.exit_code,
        rows_read=sum(rows["counts"].values()),
        counts={status: count for status, count in rows["counts"].items() if count},
        bad=rows["unwell"],
        target=facts.get("target", ""),
        mapping=facts["mapping"]["path"],
        sheets=tuple(sheet.path for sheet in journal.sheets()),
        retry_of=facts.get("retry_of", ""),
        repairs=facts.get("repairs", ""),
        root=facts.get("root") or folder.name,
        resumable=bool(facts["command"] != "plan" and facts.get("planned") and not owner and rows["left"]),
        why=owner or ending.stopped,
    )


def with_chain(one: PastRun, parents: Mapping[str, str]) -> PastRun:
    """The same with the runs that it goes back to."""
    chain: list[str] = []
    name = one.parent
    while name and name not in chain:
        chain.insert(0, name)
        name = parents.get(name, "")
    return replace(one, chain=tuple(chain))


def between(started: str, ended: str) -> float:
    """Seconds from one time to another."""
    return round((datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds(), 3)
