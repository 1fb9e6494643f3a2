"""`importer plan`: everything but sending."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import typer

from importer.cli.options import (
    Format,
    Full,
    Json,
    Limit,
    LogFile,
    MappingFile,
    MaxBytes,
    NoProgress,
    OnlyRows,
    Quiet,
    Rate,
    RejectOnly,
    Runs,
    Sheets,
    To,
)

HELP = """Read, convert and check the whole of every sheet, and tell what a run would do. Sends nothing.

\b
Example:
    importer plan customers.xlsx -m mapping.yaml
    importer plan day1.csv day2.csv -m mapping.yaml --rate 100/min
"""


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("plan", help=HELP)(plan)


def plan(
    sheets: Sheets,
    mapping: MappingFile,
    to: To = None,
    runs: Runs = Path("runs"),
    limit: Limit = None,
    only_rows: OnlyRows = None,
    rate: Rate = None,
    full: Full = False,
    reject_only: RejectOnly = None,
    format: Format = None,  # noqa: A002 - the option's name
    max_bytes: MaxBytes = None,
    no_progress: NoProgress = False,
    quiet: Quiet = False,
    log_file: LogFile = None,
    json: Json = False,
) -> None:
    """Print the plan; exit 0 where every row would end well."""
    from importer import run as corridor
    from importer.cli.progress import Reading
    from importer.cli.talk import Manner, find_target
    from importer.planning import Choice, Selection
    from importer.report import plan_words, read_statuses, summary_text
    from importer.settings import parse_rate

    target = find_target(to) if to else None
    told = parse_rate(rate) if rate else target.rate if target else None
    order = corridor.Order(
        command="plan", sheets=tuple(sheets), mapping=mapping, runs=runs, target=target,
        selection=Selection.read(only_rows, limit), sending=corridor.Sending(rate=told), format=format, max_bytes=max_bytes,
        choice=Choice(full=full), reject_only=read_statuses(reject_only),
    )  # fmt: skip
    manner = Manner.of(quiet=quiet, verbose=False, no_progress=no_progress, log_file=log_file)
    reading = Reading(shown=manner.progress)
    with manner.logged("plan"), closing(reading):
        found, summary = corridor.plan(order, reading.rows)
    counts = {status.value: count for status, count in summary.counts.items() if count}
    manner.log.event("planned", run=summary.run, rows=found.read, requests=found.requests, counts=counts)
    if json:
        typer.echo(summary_text(summary), nl=False)
    elif summary.exit_code or not quiet:
        typer.echo(plan_words(found))
        typer.echo("\n" + "\n".join(f"  {name}" for name in summary.files))
    for line in corridor.questions(mapping):
        typer.echo(line, err=True)
    raise typer.Exit(summary.exit_code)
