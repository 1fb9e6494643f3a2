"""The pace of a run: as told or self-tuning, remembered for the next run, shared with others on this machine."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson

from importer.delivery import FixedPace, FreePace, Pace, PaceMemory, SharedSlots, TunedPace
from importer.journal import state_folder
from importer.settings import TargetSystem

MEMORIES = "pace"  # below `.importer/`: a file for each target system


@contextmanager
def pace_for(target: TargetSystem, rate: float | None, runs: Path, say: Callable[[str], None]) -> Iterator[Pace]:
    """As told (`rate`, requests/s), else as the target system's settings say, else self-tuning from where it ended.

    None for the embedded emulator. `runs`: the folder of all runs; the memory lies beside it.
    """
    told = rate or (target.rate and target.rate * target.rate_share)
    if target.embedded:
        yield FixedPace(told) if told else FreePace()
        return
    with shared_slots(target, say) as slots:
        if told:
            yield FixedPace(told, slots)
            return
        memory = state_folder(runs) / MEMORIES / f"{digest(target)}.json"
        pace = TunedPace(remembered(memory), share=target.rate_share, slots=slots)
        try:
            yield pace
        finally:
            if pace.memory:
                remember(memory, target, pace.memory)


def digest(target: TargetSystem) -> str:
    """What names a target system in a file's name: limits are counted for a host and whoever signs, not for a name."""
    who = target.till or target.client_key.reveal()
    return hashlib.sha256(f"{target.host} {who}".encode()).hexdigest()[:32]


# ── remembered ─────────────────────────────────────────────────────────────────────────


def remembered(path: Path) -> PaceMemory | None:
    """What the last run found; None where there is nothing that can be read."""
    try:
        ceiling = float(orjson.loads(path.read_bytes())["ceiling"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return PaceMemory(ceiling) if 0 < ceiling < float("inf") else None


def remember(path: Path, target: TargetSystem, memory: PaceMemory) -> None:
    """Keep it for the next run. A disk that refuses costs a few seconds of that one, and nothing of this."""
    facts = {
        "host": target.host,
        "ceiling": round(memory.ceiling, 3),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(orjson.dumps(facts))
        new.replace(path)


# ── shared ─────────────────────────────────────────────────────────────────────────────


@contextmanager
def shared_slots(target: TargetSystem, say: Callable[[str], None]) -> Iterator[SharedSlots | None]:
    """The line of all runs of this user on this machine to this target system; None where it cannot be made."""
    try:
        slots = SharedSlots(lines_folder() / digest(target), say)
    except OSError as error:
        say(f"Other runs to {target.name} do not share this one's pace ({error.filename}: {error.strerror}).")
        yield None
        return
    try:
        yield slots
    finally:
        slots.close()


def lines_folder() -> Path:
    """A private folder for as long as the machine runs; runs from any working folder meet there. Raises OSError."""
    who = os.getuid() if sys.platform != "win32" else os.environ.get("USERNAME", "")
    folder = Path(tempfile.gettempdir()) / f"importer-{who}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if sys.platform != "win32":
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise PermissionError(1, "it belongs to somebody else", str(folder))
    return folder
