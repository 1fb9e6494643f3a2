"""Looks at everything that a run needs, before one begins: settings, folders, the way to the target system, the clock."""

from __future__ import annotations

import enum
import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from importer import __version__
from importer.apis.capillary.address import SOURCES
from importer.errors import ExitCode, ImporterError, SettingsError
from importer.journal import state_folder
from importer.records import Reply
from importer.run.asking import ask
from importer.settings import FILE, TargetSystem, target_names

ROOM_BYTES = 500_000_000  # less free space than that is worth a word: a million rows take some 300 MB
CLOCK_OFF_S = 60.0  # a reply's Date is whole seconds, and answers take their time
PRIVATE = 0o077  # rights of others


class Verdict(enum.StrEnum):
    """How a check ended."""

    WELL = "well"
    DOUBTFUL = "doubtful"  # a run would work; somebody should look
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. Holds no secret."""

    name: str
    verdict: Verdict
    said: str
    advice: str = ""
    exit_code: ExitCode = ExitCode.WELL


def checkup(to: str | None, runs: Path, find: Callable[[str], TargetSystem]) -> Iterator[Check]:
    """Every check in order; of the target system only where one is named. `find`: by its name. Raises nothing of ours."""
    yield Check("program", Verdict.WELL, f"importer {__version__}, Python {platform.python_version()}")
    yield guarded("settings", settings)
    yield guarded("folders", lambda: folders(runs))
    yield room(runs)
    if to is None:
        return
    try:
        target = find(to)
    except SettingsError as error:
        yield wrong("target system", error)
        return
    yield Check("target system", Verdict.WELL, told(target))
    yield from hours(target)
    try:
        (reply,) = ask(target, [SOURCES])
    except ImporterError as error:
        yield wrong("connection", error)
        return
    yield Check("connection", Verdict.WELL, f"it answers, and accepts the credentials ({reply.latency_ms:.0f} ms)")
    yield clock(reply, datetime.now(UTC))


def guarded(name: str, check: Callable[[], Check]) -> Check:
    """A check; what it raises is its result."""
    try:
        return check()
    except ImporterError as error:
        return wrong(name, error)


def wrong(name: str, error: ImporterError) -> Check:
    """What stopped a check, as its result."""
    return Check(name, Verdict.WRONG, str(error), error.advice, error.exit_code)


def settings() -> Check:
    """importer.toml can be read, and names target systems. Raises SettingsError."""
    names = target_names()
    if names:
        return Check("settings", Verdict.WELL, f"{FILE} names {', '.join(names)}")
    return Check(
        "settings", Verdict.DOUBTFUL, f"{FILE} names no target system here",
        'Write a table [to.NAME] with host and credentials, or give a URL to --to; "emulator" needs neither.',
    )  # fmt: skip


def folders(runs: Path) -> Check:
    """Runs and what outlives them can be written, and nobody else can read them. Raises SettingsError."""
    state = state_folder(runs)
    there = runs if runs.exists() else runs.absolute().parent
    for folder in (there, state):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise SettingsError(
                f"{folder}: nothing can be written there.", advice="Name another place with --runs DIR."
            )
    open_ = [str(one) for one in (runs, state) if one.exists() and stat.S_IMODE(one.stat().st_mode) & PRIVATE]
    if open_ and os.name == "posix":
        return Check(
            "folders", Verdict.DOUBTFUL, f"others may look into {' and '.join(open_)}", f"chmod 700 {' '.join(open_)}"
        )
    return Check("folders", Verdict.WELL, f"{runs} and {state.name} can be written")


def room(runs: Path) -> Check:
    """There is room for journal and reports."""
    free = shutil.disk_usage(runs if runs.exists() else runs.absolute().parent).free
    said = f"{free / 1e9:,.1f} GB free"
    if free < ROOM_BYTES:
        return Check("room", Verdict.DOUBTFUL, said, "A run of a million rows needs about 300 MB: make room.")
    return Check("room", Verdict.WELL, said)


def told(target: TargetSystem) -> str:
    """Where and how, without anything secret."""
    rate = f"{target.rate:g} a second" if target.rate else "self-tuning rate"
    if target.embedded:
        return f"{target.name}: for the length of a command"
    name = "" if target.name == target.host else f"{target.name}: "
    return f"{name}{target.host}, {target.auth} credentials, {rate}"


def hours(target: TargetSystem) -> Iterator[Check]:
    """Whether requests may leave now, where the target system keeps hours."""
    if target.schedule is None:
        return
    left = target.schedule.wait_s(datetime.now(UTC))
    said = f"requests leave {target.schedule}; " + (f"closed for {left / 3600:.1f} hours more" if left else "open now")
    yield Check("hours", Verdict.WELL, said)


def clock(reply: Reply, now: datetime) -> Check:
    """This machine and the service agree on the time: expiring tokens and `Retry-After` dates rely on it."""
    try:
        there = parsedate_to_datetime(reply.headers.get("date", ""))
    except ValueError:
        return Check("clock", Verdict.WELL, "the service does not tell its time")
    off = (now - there).total_seconds()
    if abs(off) < CLOCK_OFF_S:
        return Check("clock", Verdict.WELL, "agrees with the service's")
    side = "ahead of" if off > 0 else "behind"
    return Check(
        "clock", Verdict.DOUBTFUL, f"{abs(off):,.0f} s {side} the service's", "Set this machine's clock (NTP)."
    )


def exit_code_of(checks: list[Check]) -> ExitCode:
    """The first thing that is wrong decides: 2 here, 3 over there."""
    return next((check.exit_code for check in checks if check.verdict is Verdict.WRONG), ExitCode.WELL)
