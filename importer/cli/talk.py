"""How a command speaks with the user: the plan before sending, the question, the progress."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from importer.cli.progress import Progress
from importer.errors import Stopped, WrongUse
from importer.report import plan_words

if TYPE_CHECKING:
    from importer.delivery import Observer
    from importer.mapping import Mapping
    from importer.planning import Plan
    from importer.run import Canary
    from importer.settings import TargetSystem


@dataclass(slots=True)
class Talk:
    """Speaks on standard error; asks on a terminal only."""

    target: TargetSystem
    yes: bool = False
    progress: bool = True
    bar: Progress | None = None

    def planned(self, plan: Plan, mapping: Mapping) -> None:
        """Show the plan in a few lines and ask. Raises Stopped where the answer is no."""
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
        """A progress bar, or plain lines."""
        self.bar = Progress(rows, shown=self.progress)
        return self.bar

    def canary(self, canary: Canary) -> bool | None:
        """Tell how the rows that went ahead came back, and ask about the others."""
        if self.bar is not None:
            self.bar.clear()
        states = ", ".join(f"{count:,} {status}" for status, count in sorted(canary.statuses.items()))
        typer.echo(f"{canary.sent:,} rows went ahead: {states}. {canary.left:,} wait.", err=True)
        if self.yes or self.target.embedded or not may_ask():
            return None
        try:
            return typer.confirm(f"Send them to {self.target.name}?", err=True)
        except typer.Abort:  # Ctrl-C is a no: the reports are written all the same
            return False

    def close(self) -> None:
        """Leave the terminal in order."""
        if self.bar is not None:
            self.bar.close()


def may_ask() -> bool:
    """Whether there is a person at both ends."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def find_target(name: str) -> TargetSystem:
    """The target system of this name, or the embedded emulator. Raises SettingsError."""
    from importer.settings import TargetSystem, target_system

    if name == "emulator":
        return TargetSystem(name="emulator", host="http://127.0.0.1", embedded=True)
    return target_system(name)
