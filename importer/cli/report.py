"""`importer report`: the reports of any run, written again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from importer.cli.options import Json, RejectOnly, Runs

HELP = """Write the reports of a run again: results, rejects, summary and report.html.

From the journal and, for the rejects, from the sheet; where that is gone or has changed, the rejects hold what the
journal knows. Also after a crash, while the rows that wait are told as not_sent. Sends nothing. A file that was repaired
in the run's folder is written over: send it first, or keep a copy. RUN is the run's folder, or its id below --runs.

\b
Example:
    importer report runs/20260101-020304-customers
"""


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("report", help=HELP)(report)


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The run's folder, or its id.", show_default=False)],
    runs: Runs = Path("runs"),
    reject_only: RejectOnly = None,
    json: Json = False,
) -> None:
    """Exit 0 where everything was written, whatever it tells."""
    from importer import run as corridor
    from importer.report import closing_words, read_statuses, summary_text

    summary = corridor.report(corridor.folder_of(run, runs), read_statuses(reject_only))
    typer.echo(summary_text(summary) if json else closing_words(summary), nl=not json)
