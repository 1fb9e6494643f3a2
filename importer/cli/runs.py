"""`importer runs`: the history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from importer.cli import prune
from importer.cli.options import Json, Runs

if TYPE_CHECKING:
    from importer.run import PastRun

HELP = """List the runs, the newest first: when, how long, with what outcome, over which file, and what it goes back to.

\b
Example:
    importer runs
    importer runs --json
"""
Last = Annotated[
    int,
    typer.Option("--last", "-n", metavar="N", min=1, help="At most so many.", envvar="IMPORTER_LAST"),
]


def register(app: typer.Typer) -> None:
    """Make this a command of the app, and a group of others that follow it."""
    group = typer.Typer(rich_markup_mode=None)
    group.callback(invoke_without_command=True, help=HELP)(listing)
    prune.register(group)
    app.add_typer(group, name="runs")


def listing(context: typer.Context, runs: Runs = Path("runs"), last: Last = 20, json: Json = False) -> None:
    """Print two lines a run, or one JSON list."""
    if context.invoked_subcommand:
        return
    from importer import run as corridor

    found = corridor.history(runs)
    if json:
        import orjson

        facts = [one.facts() for one in found[:last]]
        typer.echo(orjson.dumps(facts, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode())
        return
    if not found:
        typer.echo(f"There are no runs in {runs}.", err=True)
        typer.echo("  A first one: importer run SHEET -m MAPPING --to emulator", err=True)
        return
    for one in found[:last]:
        typer.echo("\n".join(lines(one)))
    if len(found) > last:
        typer.echo(f"… and {len(found) - last:,} older runs; --last {len(found)} shows them all.", err=True)


def lines(one: PastRun) -> list[str]:
    """A run in two lines or three."""
    told = [f"{one.run}  {outcome(one)}"]
    if one.command:
        took = f", took {lasting(one.seconds)}" if one.seconds is not None else ""
        target = f" to {one.target}" if one.target else ""
        told.append(f"    {one.command} of {', '.join(one.sheets) or 'no sheet'} with {one.mapping}{target}{took}")
    if one.retry_of:
        told.append(f"    retry of {' of '.join(reversed(one.chain))}")
    elif one.repairs:
        told.append(f"    repairs {', which goes back to '.join(reversed(one.chain))}")
    return told


def outcome(one: PastRun) -> str:
    """How it ended, in words."""
    from importer.report import how_rows_ended, rows_of

    if one.state == "unreadable":
        return f"cannot be read: {one.why}"
    if one.state == "running":
        return f"is at work: {one.why}"
    counts = one.counts or {}
    waiting = counts.get("not_sent", 0)
    if one.command == "plan":
        return f"plan: {counts.get('planned', 0):,} of {rows_of(one.rows_read)} to send, {one.bad:,} would not pass"
    if one.state == "cut off":
        return f"cut off: {waiting:,} of {rows_of(one.rows_read)} wait" + ("; can be resumed" if one.resumable else "")
    code = f" (exit {one.exit_code})"
    if waiting:
        return f"stopped early: {waiting:,} of {rows_of(one.rows_read)} wait{code}" + (
            "; can be resumed" if one.resumable else ""
        )
    ended = how_rows_ended(one.rows_read, one.bad, counts.get("skipped", 0) if one.command == "retry" else 0)
    return f"{ended[0].lower()}{ended[1:]}{code}"


def lasting(seconds: float) -> str:
    """A duration that fits its size."""
    from importer.report.html.words import lasting as words

    return words(seconds)
