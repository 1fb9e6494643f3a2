"""`importer preview`: the first requests, exactly as they would be sent."""

from __future__ import annotations

from typing import Annotated

import typer

from importer.cli.options import Format, MappingFile, Sheet

HELP = """Print address and JSON body of the first rows, exactly as they would be sent, as JSON lines.

Where a mapping asks what only all rows show (`unique`, `same_customer`), the whole sheet is read first.

\b
Example:
    importer preview customers.xlsx -m mapping.yaml -n 3
"""


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("preview", help=HELP)(preview)


def preview(
    sheet: Sheet,
    mapping: MappingFile,
    rows: Annotated[
        int,
        typer.Option("--rows", "-n", metavar="N", min=1, help="How many.", envvar="IMPORTER_PREVIEW_ROWS"),
    ] = 3,
    format: Format = None,  # noqa: A002 - the option's name
) -> None:
    """Print them."""
    import orjson

    from importer import run as corridor

    order = corridor.Order(command="preview", sheets=(sheet,), mapping=mapping, format=format)
    for address, body in corridor.preview(order, rows):
        typer.echo(f'{{"PUT":{orjson.dumps(address).decode()},"body":{body.decode()}}}')
