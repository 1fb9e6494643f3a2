"""How a command speaks with the user: the plan before sending, the question, the progress, the log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import typer

from importer import __version__
from importer.cli.log import Log
from importer.cli.progress import Progress, Reading
from importer.errors import ImporterError, Stopped, WrongUse
from importer.report import masked_text, plan_words

if TYPE_CHECKING:
    from pathlib import Path

    from importer.delivery import Observer
    from importer.mapping import Mapping
    from importer.planning import Plan
    from importer.records import Outcome
    from importer.run import Canary
    from importer.settings import TargetSystem


@dataclass(frozen=True, slots=True)
class Manner:
    """How much is said. `quiet`: only what went wrong. `verbose`: each row that did not end well, as it falls."""

    quiet: bool = False
    verbose: bool = False
    progress: bool = True
    log: Log = field(default_factory=lambda: Log(None))

    @classmethod
    def of(cls, *, quiet: bool, verbose: bool, no_progress: bool, log_file: Path | None) -> Self:
        """What the options ask for. Raises WrongUse, SettingsError."""
        if quiet and verbose:
            raise WrongUse("--quiet and --verbose contradict each other.", advice="Say one of them, or none.")
        return cls(quiet, verbose, not (no_progress or quiet), Log(log_file))

    @contextmanager
    def logged(self, command: str) -> Iterator[None]:
        """Log that a command begins, and why it ended early where it did."""
        self.log.event("started", command=command, importer=__version__)
        try:
            yield
        except ImporterError as error:
            self.log.event("stopped", message=str(error), advice=error.advice, exit_code=int(error.exit_code))
            raise


@dataclass(slots=True)
class Talk:
    """Speaks on standard error; asks on a terminal only."""

    target: TargetSystem
    yes: bool = False
    manner: Manner = field(default_factory=Manner)
    read: Reading | None = None
    bar: Progress | None = None

    def reading(self, rows: int) -> None:
        """The first pass has come so far."""
        if self.read is None:
            self.read = Reading(shown=self.manner.progress)
        self.read.rows(rows)

    def planned(self, plan: Plan, mapping: Mapping) -> None:
        """Show the plan in a few lines and ask. Raises Stopped where the answer is no."""
        self.done_reading()
        counts = {status.value: count for status, count in plan.counts.items() if count}
        self.manner.log.event("planned", rows=plan.read, requests=plan.requests, counts=counts)
        if not self.manner.quiet:
            for warning in mapping.warnings:
                typer.echo(f"{mapping.path}:{warning.line}: warning: {warning.message}", err=True)
            typer.echo(plan_words(plan, full=False), err=True)
        if self.yes or self.target.embedded or not plan.requests:
            return
        if not may_ask():
            raise WrongUse("nobody can be asked: this is no terminal.", advice="Say --yes to send without being asked.")
        if not typer.confirm(f"Send {plan.requests:,} requests to {self.target.name}?", err=True):
            raise Stopped("you did not want to send.")

    def watching(self, rows: int) -> Observer:
        """A progress bar, or plain lines; and the log."""
        self.bar = Progress(rows, shown=self.manner.progress)
        return Watcher(self.bar, self.manner)

    def canary(self, canary: Canary) -> bool | None:
        """Tell how the rows that went ahead came back, and ask about the others."""
        if self.bar is not None:
            self.bar.clear()
        states = ", ".join(f"{count:,} {status}" for status, count in sorted(canary.statuses.items()))
        words = f"{canary.sent:,} rows went ahead: {states}. {canary.left:,} wait."
        self.manner.log.event("canary", words=words)
        if not self.manner.quiet:
            typer.echo(words, err=True)
        if self.yes or self.target.embedded or not may_ask():
            return None
        try:
            return typer.confirm(f"Send them to {self.target.name}?", err=True)
        except typer.Abort:  # Ctrl-C is a no: the reports are written all the same
            return False

    def done_reading(self) -> None:
        """The first pass is over."""
        if self.read is not None:
            self.read.close()
            self.read = None

    def close(self) -> None:
        """Leave the terminal in order."""
        self.done_reading()
        if self.bar is not None:
            self.bar.close()


class Watcher:
    """Implements delivery's Observer: for the user, and for the log."""

    def __init__(self, bar: Progress, manner: Manner) -> None:
        self._bar = bar
        self._manner = manner

    def outcome(self, outcome: Outcome) -> None:
        """A row has ended."""
        self._bar.outcome(outcome)
        if self._manner.verbose:
            self._manner.log.row(outcome)
            if outcome.status.well is False:
                self._bar.say(f"row {outcome.id.row}: {outcome.status} {outcome.code} {masked_text(outcome.message)}")

    def say(self, words: str) -> None:
        """Why nothing ends for a while."""
        self._manner.log.event("told", words=words)
        if not self._manner.quiet:
            self._bar.say(words)


def may_ask() -> bool:
    """Whether there is a person at both ends."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def find_target(name: str) -> TargetSystem:
    """The target system of this name, or the embedded emulator. Raises SettingsError."""
    from importer.settings import TargetSystem, target_system

    if name == "emulator":
        return TargetSystem(name="emulator", host="http://127.0.0.1", embedded=True)
    return target_system(name)
