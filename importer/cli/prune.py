"""`importer runs prune`: old runs go, and with them the customers' data in their folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from importer.cli.options import Runs
from importer.errors import WrongUse

if TYPE_CHECKING:
    from importer.run import Pruning

HELP = """Remove the folders of runs that ended long ago; says which, and asks first.

What stays: runs at work; runs of which rows wait, unless --unfinished-too; the newest run of each mapping and target
system; retries and repairs of rows of which another run stays; and files in a run's folder that the importer did not
write. Without a terminal it needs --yes; without that it only says what it would remove, and exits 2.

\b
Example:
    importer runs prune --older-than 90d
"""
STEP = 1_000  # from bytes to kB to MB
OlderThan = Annotated[
    str,
    typer.Option(
        "--older-than",
        metavar="AGE",
        help="How long ago they must have ended: 90d, 12w or 36h.",
        envvar="IMPORTER_OLDER_THAN",
        show_default=False,
    ),
]
UnfinishedToo = Annotated[bool, typer.Option("--unfinished-too", help="Also runs that could still be resumed.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before removing.")]


def register(group: typer.Typer) -> None:
    """Make this a command of the group."""
    group.command("prune", help=HELP)(prune)


def prune(
    older_than: OlderThan, runs: Runs = Path("runs"), unfinished_too: UnfinishedToo = False, yes: Yes = False
) -> None:
    """Say what goes and what stays, ask, remove."""
    from importer import run as corridor
    from importer.cli.talk import may_ask

    age = corridor.read_age(older_than)
    if age is None:
        raise WrongUse(f"--older-than {older_than} is no age.", advice="Say 90d (days), 12w (weeks) or 36h (hours).")
    found = corridor.old_runs(runs, age, unfinished_too=unfinished_too)
    typer.echo("\n".join(words(found, older_than)))
    if not found.go:
        return
    if not yes:
        if not may_ask():
            raise WrongUse(
                "nothing was removed: nobody can be asked.", advice="Say --yes to remove them without being asked."
            )
        if not typer.confirm(f"Remove {count(len(found.go))} for good?", err=True):
            typer.echo("Nothing was removed.", err=True)
            return
    for one in found.go:
        corridor.remove(one)
    typer.echo(f"Removed {count(len(found.go))}, {size(sum(one.size for one in found.go))}.")


def words(found: Pruning, age: str) -> list[str]:
    """What goes, what stays and why."""
    told = [
        f"{count(len(found.go)).capitalize()} older than {age} can go:"
        if found.go
        else f"No run older than {age} can go."
    ]
    for one in found.go:
        told.append(f"  {one.run.folder}  {size(one.size)}, {', '.join(one.run.sheets) or 'no sheet'}")
        if one.left:
            told.append(f"    stays, not written by the importer: {', '.join(one.left)}")
    if found.stay:
        told += [f"{count(len(found.stay)).capitalize()} of that age {'stays' if len(found.stay) == 1 else 'stay'}:"]
        told += [f"  {one.folder}  {reason}" for one, reason in found.stay]
    return told


def count(runs: int) -> str:
    """A number of runs."""
    return "no run" if not runs else f"{runs:,} {'run' if runs == 1 else 'runs'}"


def size(number: int) -> str:
    """Bytes for people."""
    for unit in ("bytes", "kB", "MB"):
        if number < STEP or unit == "MB":
            break
        number = round(number / STEP)
    return f"{number:,} {unit}"
