"""`importer probe`: whether the customers exist that a sheet is about."""

from __future__ import annotations

from typing import Annotated

import typer

from importer.cli.options import Concurrency, Format, Json, MappingFile, MaxBytes, NoProgress, Rate, Sheet, Timeout, To
from importer.errors import WrongUse

HELP = """Look some of a sheet's customers up, spread over the sheet: how many exist? Changes nothing.

An import never registers anyone, so a wrong identifier shows here, before a million rows end as 8015. Exit code 0: all
exist; 1: some do not.

\b
Example:
    importer probe customers.xlsx -m mapping.yaml --to production
    importer probe customers.xlsx -m mapping.yaml --to production -n 500 --json
"""


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("probe", help=HELP)(probe)


def probe(
    sheet: Sheet,
    mapping: MappingFile,
    to: To = None,
    rows: Annotated[
        int,
        typer.Option("--rows", "-n", metavar="N", min=1, max=100_000, help="How many.", envvar="IMPORTER_PROBE_ROWS"),
    ] = 50,
    rate: Rate = None,
    concurrency: Concurrency = None,
    timeout: Timeout = None,
    format: Format = None,  # noqa: A002 - the option's name
    max_bytes: MaxBytes = None,
    no_progress: NoProgress = False,
    json: Json = False,
) -> None:
    """Ask, and print what was found."""
    from importer import run as corridor
    from importer.apis import capillary
    from importer.cli.progress import Progress
    from importer.cli.talk import find_target
    from importer.report import masked_text, probe_text, probe_words
    from importer.settings import parse_rate

    if not to:
        raise WrongUse(
            "no target system was named.", advice="Say whom to ask: --to NAME (a table of importer.toml) or a URL."
        )
    target = find_target(to)
    order = corridor.Order(
        command="probe", sheets=(sheet,), mapping=mapping, target=target, format=format, max_bytes=max_bytes,
        sending=corridor.Sending(parse_rate(rate) if rate else None, concurrency, timeout),
    )  # fmt: skip
    progress = Progress(rows, shown=not no_progress)
    try:
        found = corridor.probe(order, target, rows, progress)
    finally:
        progress.close()
    if found.stopped:
        advice = found.stopped.advice.replace("importer resume RUN", "probe again")
        typer.echo(f"importer: {masked_text(str(found.stopped))}\n  {advice}".rstrip(), err=True)
    typer.echo(probe_text(found) if json else probe_words(found, capillary.endpoint().codes), nl=not json)
    raise typer.Exit(found.exit_code)
