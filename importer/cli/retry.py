"""`importer retry`: a new run over the rows of an ended one that may go again."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from importer.cli.options import (
    Accept,
    Concurrency,
    Json,
    LogFile,
    NoProgress,
    OlderToo,
    Quiet,
    Rate,
    RejectOnly,
    Timeout,
    Unknown,
    Verbose,
    Yes,
)
from importer.cli.run import leave

if TYPE_CHECKING:
    from importer.cli.talk import Talk
    from importer.settings import TargetSystem

HELP = """Begin a new run over the rows of an ended one: those that failed, that were not sent, and those that only set
something and may have been applied. All others end as skipped, and say why.

\b
Example:
    importer retry runs/20260101-020304-customers
    importer retry runs/20260101-020304-customers --rejected
"""


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("retry", help=HELP)(retry)


def retry(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The run's folder.", show_default=False)],
    rejected: Annotated[
        bool,
        typer.Option(
            "--rejected",
            help="Also rows that Capillary refused: after the mapping, or Capillary's side, was mended.",
            envvar="IMPORTER_REJECTED",
        ),
    ] = False,
    rate: Rate = None,
    concurrency: Concurrency = None,
    timeout: Timeout = None,
    accept: Accept = None,
    reject_only: RejectOnly = None,
    unknown: Unknown = False,
    verify_unknown: Annotated[
        bool,
        typer.Option(
            "--verify-unknown",
            help="Look up the customers of rows that add and were perhaps applied; send those of which Capillary holds "
            "nothing that they set. The others stay unknown.",
            envvar="IMPORTER_VERIFY_UNKNOWN",
        ),
    ] = False,
    older_too: OlderToo = False,
    yes: Yes = False,
    no_progress: NoProgress = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_file: LogFile = None,
    json: Json = False,
) -> None:
    """Send them; the exit code sums up how rows ended."""
    from importer import run as corridor
    from importer.cli.talk import Manner, Talk, find_target
    from importer.planning import Choice
    from importer.report import read_statuses
    from importer.settings import parse_rate

    manner = Manner.of(quiet=quiet, verbose=verbose, no_progress=no_progress, log_file=log_file)
    stack = ExitStack()

    def talk(target: TargetSystem) -> Talk:
        return stack.enter_context(closing(Talk(target, yes=yes, manner=manner)))

    told = corridor.Retrying(
        Choice(rejected=rejected, unknown=unknown, older_too=older_too, verify=verify_unknown),
        corridor.Sending(parse_rate(rate) if rate else None, concurrency, timeout, resend_unknown=unknown),
        tuple(accept or ()),
        read_statuses(reject_only),
    )
    with manner.logged("retry"), stack:
        summary = corridor.retry(run, find_target, talk, told)
    leave(summary, manner, json=json)
