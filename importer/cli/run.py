"""`importer run`: plan, then deliver."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from importer.cli.options import (
    Accept,
    Canary,
    Concurrency,
    Format,
    Full,
    Json,
    Limit,
    LogFile,
    MappingFile,
    MaxBytes,
    NoProgress,
    OlderToo,
    OnlyRows,
    Quiet,
    Rate,
    RejectOnly,
    Runs,
    Sheets,
    Timeout,
    To,
    Unknown,
    Verbose,
    Yes,
)
from importer.errors import WrongUse

if TYPE_CHECKING:
    from importer.cli.talk import Manner
    from importer.report import Summary

HELP = """Plan, then send: one request a row, each journalled before it leaves. Shows the plan and asks first.

\b
Example:
    importer run customers.xlsx -m mapping.yaml --to emulator
    importer run customers.xlsx -m mapping.yaml --to production --rate 100/min --canary 20
"""


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("run", help=HELP)(run)


def run(
    sheets: Sheets,
    mapping: MappingFile,
    to: To = None,
    limit: Limit = None,
    only_rows: OnlyRows = None,
    rate: Rate = None,
    concurrency: Concurrency = None,
    timeout: Timeout = None,
    canary: Canary = None,
    runs: Runs = Path("runs"),
    full: Full = False,
    reject_only: RejectOnly = None,
    accept: Accept = None,
    unknown: Unknown = False,
    older_too: OlderToo = False,
    yes: Yes = False,
    format: Format = None,  # noqa: A002 - the option's name
    max_bytes: MaxBytes = None,
    no_progress: NoProgress = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_file: LogFile = None,
    json: Json = False,
) -> None:
    """Send; the exit code sums up how rows ended."""
    from importer import run as corridor
    from importer.cli.talk import Manner, Talk, find_target
    from importer.planning import Choice, Selection
    from importer.report import read_statuses
    from importer.settings import parse_rate

    if not to:
        raise WrongUse(
            "no target system was named.",
            advice="Say where to send: --to NAME (a table of importer.toml), --to https://…, or --to emulator for a first try.",
        )
    target = find_target(to)
    order = corridor.Order(
        command="run", sheets=tuple(sheets), mapping=mapping, runs=runs, target=target,
        selection=Selection.read(only_rows, limit), accept=tuple(accept or ()), format=format, max_bytes=max_bytes,
        canary=canary, reject_only=read_statuses(reject_only), choice=Choice(unknown=unknown, older_too=older_too, full=full),
        sending=corridor.Sending(parse_rate(rate) if rate else None, concurrency, timeout, resend_unknown=unknown),
    )  # fmt: skip
    manner = Manner.of(quiet=quiet, verbose=verbose, no_progress=no_progress, log_file=log_file)
    talk = Talk(target, yes=yes, manner=manner)
    with manner.logged("run"), closing(talk):
        summary = corridor.run(order, target, talk)
    leave(summary, manner, json=json)


def leave(summary: Summary, manner: Manner, *, json: bool) -> None:
    """Print how it ended and leave with the exit code."""
    from importer.report import closing_words, masked_text, summary_text

    counts = {status.value: count for status, count in summary.counts.items() if count}
    manner.log.event(
        "ended", run=summary.run, rows=summary.rows_read, counts=counts, requests=summary.requests,
        stopped=summary.stopped, exit_code=summary.exit_code,
    )  # fmt: skip
    if summary.stopped:
        typer.echo(f"importer: {masked_text(summary.stopped)}\n  {summary.advice}".rstrip(), err=True)
    if json:
        typer.echo(summary_text(summary), nl=False)
    elif not manner.quiet:
        typer.echo("\n" + closing_words(summary))
    elif summary.exit_code:
        typer.echo(closing_words(summary))
    raise typer.Exit(summary.exit_code)
