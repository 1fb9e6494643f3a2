"""`importer support-bundle`: what somebody who helps needs, without anybody's data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HELP = """Pack what is needed to look into a run: made-up rows of the same shape, states, versions, settings without secrets.

No cell of three or more characters in it is one of the sheet's, save the header's names. Look it over all the same before
you hand it on. The mapping is not inside, since it may name values of yours.

\b
Example:
    importer support-bundle runs/20260101-020304-customers
    importer support-bundle runs/20260101-020304-customers -o bundle.zip --log-file run.jsonl
"""
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Where to; by default RUN-support.zip here. An existing file stays.",
        envvar="IMPORTER_SUPPORT_OUTPUT", show_default=False,
    ),
]  # fmt: skip
Log = Annotated[
    Path | None,
    typer.Option(
        "--log-file",
        metavar="FILE",
        help="The run's log, to be put in.",
        envvar="IMPORTER_LOG_FILE",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("support-bundle", help=HELP)(support_bundle)


def support_bundle(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The run's folder.", show_default=False)],
    output: Output = None,
    log_file: Log = None,
) -> None:
    """Write the file, and say what is in it."""
    from importer import run as corridor

    made = corridor.support_bundle(run, output, log_file)
    if made.sheet_gone:
        typer.echo("The sheet is gone or has changed since: there are no rows in the bundle.", err=True)
    if made.left_out:
        typer.echo(f"{made.left_out:,} rows were left out, for which no stand-in was found.", err=True)
    typer.echo(f"Wrote {made.path}: {made.rows:,} made-up rows. Look it over before you hand it on.")
