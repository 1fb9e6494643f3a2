"""Takes old runs away, which hold customers' data: which of them may go, and why others stay.

A run stays while somebody may still need its journal: while it is at work, while rows of it wait, while it is the newest
of its mapping and target system (its rejects may come back), and while another of its family stays: retries and runs of
repaired rejects look into the journals of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from importer.errors import RunError
from importer.journal import Journal
from importer.run.history import JOURNAL, RUNNING, UNREADABLE, PastRun, history

# What the importer writes into a run's folder. Whatever else lies there is somebody's own, and stays.
OURS = (
    "results.csv",
    "rejects.csv",
    "rejects.xlsx",
    "rejects-[0-9]*.csv",
    "rejects-[0-9]*.xlsx",
    "summary.json",
    "report.html",
    "prepared.bin",
    "*.part",
)
LAST = (f"{JOURNAL}-shm", f"{JOURNAL}-wal", JOURNAL)  # a run that is half removed is still seen


@dataclass(frozen=True, slots=True)
class Goes:
    """A run that may be removed, with the files that go. `left`: what is not ours and stays."""

    run: PastRun
    files: tuple[Path, ...]
    size: int  # bytes
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pruning:
    """What would be removed, oldest first, and the old runs that stay, each with the reason."""

    go: tuple[Goes, ...]
    stay: tuple[tuple[PastRun, str], ...]


def old_runs(runs: Path, older_than: timedelta, *, unfinished_too: bool, now: datetime | None = None) -> Pruning:
    """Which runs below the folder ended (or, never closed, began) longer ago than that, and which of them may go."""
    found = history(runs)
    before = (now or datetime.now(UTC)) - older_than
    reasons = {one.run: reason for one, reason in needed(found, unfinished_too=unfinished_too)}
    young = {one.run for one in found if not is_older(one, before)}
    kept = {one.root: one.run for one in reversed(found) if one.run in young or one.run in reasons}
    go, stay = [], []
    for one in reversed(found):
        if one.run in young:
            continue
        if reason := reasons.get(one.run) or (
            f"it belongs to the same rows as {kept[one.root]}" if one.root in kept else ""
        ):
            stay.append((one, reason))
        else:
            go.append(contents(one))
    return Pruning(tuple(go), tuple(stay))


def needed(found: Sequence[PastRun], *, unfinished_too: bool) -> Iterator[tuple[PastRun, str]]:
    """The runs that stay for what they are themselves."""
    newest: dict[tuple[str, str], PastRun] = {}
    for one in reversed(found):
        if one.state != UNREADABLE and one.command != "plan":
            newest[one.mapping, one.target] = one
    for one in found:
        if one.state == RUNNING:
            yield one, f"it is at work: {one.why}"
        elif one.state == UNREADABLE:
            yield one, f"it cannot be read: {one.why}"
        elif one.resumable and not unfinished_too:
            yield one, "rows of it wait: resume it, or say --unfinished-too"
        elif newest.get((one.mapping, one.target)) is one:
            yield one, "it is the newest of its mapping: its rejects may come back"


def is_older(one: PastRun, before: datetime) -> bool:
    """Whether the run ended, or began where it never ended, before then; what has no date is judged by its file's."""
    told = one.ended_at or one.started_at
    if told:
        return datetime.fromisoformat(told) < before
    return datetime.fromtimestamp((one.folder / JOURNAL).stat().st_mtime, UTC) < before


def contents(one: PastRun) -> Goes:
    """The files of a run that are ours, the journal last."""
    files = [path for pattern in OURS for path in sorted(one.folder.glob(pattern)) if not path.is_dir()]
    files += [path for name in LAST if (path := one.folder / name).exists()]
    others = {path.name for path in one.folder.iterdir()} - {path.name for path in files}
    return Goes(one, tuple(files), sum(path.lstat().st_size for path in files), tuple(sorted(others)))


def remove(goes: Goes) -> None:
    """Remove the run; its folder too, where nothing else lies in it. Raises RunError."""
    folder = goes.run.folder
    Journal.open(folder, checking=False).close()  # nobody works on it; what it was cut off in is folded into one file
    try:
        for path in goes.files:
            path.unlink(missing_ok=True)
        if not goes.left:
            folder.rmdir()
    except OSError as error:
        raise RunError(
            f"{error.filename or folder}: cannot be removed ({error.strerror}).",
            advice="Close it in other programs, or mend the rights of that folder; then prune again.",
        ) from error


UNITS: Mapping[str, timedelta] = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def read_age(text: str) -> timedelta | None:
    """`90d`, `12w` or `36h` as a duration; None where it is none of these."""
    number, unit = text[:-1], text[-1:]
    if unit in UNITS and number.isascii() and number.isdigit() and len(number) <= 6:  # noqa: PLR2004 - a date can hold it
        return int(number) * UNITS[unit]
    return None
