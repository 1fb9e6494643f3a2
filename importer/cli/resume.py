"""`importer resume`: go on with an interrupted run."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from importer.cli.options import (
    Accept,
    Concurrency,
    Json,
    LogFile,
    NoProgress,
    Quiet,
    Rate,
    RejectOnly,
    Timeout,
    Verbose,
)
from importer.cli.run import leave

HELP = """Go on with an interrupted run. Rows that have an outcome keep it; refuses when sheet or mapping changed since.

\b
Example:
    importer resume runs/20260101-020304-customers
"""


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("resume", help=HELP)(resume)


def resume(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The run's folder.", show_default=False)],
    rate: Rate = None,
    concurrency: Concurrency = None,
    timeout: Timeout = None,
    accept: Accept = None,
    reject_only: RejectOnly = None,
    no_progress: NoProgress = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_file: LogFile = None,
    json: Json = False,
) -> None:
    """Send what waits."""
    from importer import run as corridor
    from importer.cli.talk import Manner, Talk, find_target
    from importer.report import read_statuses
    from importer.settings import TargetSystem, parse_rate

    chosen = read_statuses(reject_only)
    manner = Manner.of(quiet=quiet, verbose=verbose, no_progress=no_progress, log_file=log_file)
    talk = Talk(TargetSystem(name="", host="http://127.0.0.1"), yes=True, manner=manner)
    sending = corridor.Sending(parse_rate(rate) if rate else None, concurrency, timeout)
    with manner.logged("resume"), closing(talk):
        summary = corridor.resume(run, find_target, talk, sending, tuple(accept or ()), chosen)
    leave(summary, manner, json=json)
