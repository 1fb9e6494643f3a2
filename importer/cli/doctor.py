"""`importer doctor`: whether everything that a run needs is in order, and what to do where it is not."""

from __future__ import annotations

from pathlib import Path

import typer

from importer.cli.options import Json, Runs, To

HELP = """Look at settings, folders and room; with --to, also at credentials, reachability, hours and clock.

Sends no customer's data and changes nothing at the target system. Exit 0: a run can begin; 2: something here is wrong;
3: the target system denies access or does not answer.

\b
Example:
    importer doctor
    importer doctor --to production
"""
MARKS = {"well": "ok  ", "doubtful": "look", "wrong": "BAD "}


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("doctor", help=HELP)(doctor)


def doctor(to: To = None, runs: Runs = Path("runs"), json: Json = False) -> None:
    """A line for each check as it ends, and what to do below it."""
    from importer import run as corridor
    from importer.cli.talk import find_target

    checks = []
    for check in corridor.checkup(to, runs, find_target):
        checks.append(check)
        if not json:
            typer.echo(f"{MARKS[check.verdict]}  {check.name:<13}  {check.said}")
            if check.advice:
                typer.echo(f"{'':<21}{check.advice}")
    code = corridor.exit_code_of(checks)
    if json:
        import orjson

        facts = [{"name": one.name, "verdict": one.verdict, "said": one.said, "advice": one.advice} for one in checks]
        typer.echo(orjson.dumps({"checks": facts, "exit_code": int(code)}, option=orjson.OPT_INDENT_2).decode())
    elif to is None:
        typer.echo("Next: importer doctor --to TARGET asks the target system, too.", err=True)
    raise typer.Exit(code)
