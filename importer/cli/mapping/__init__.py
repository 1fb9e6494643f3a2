"""`importer mapping …`: checks a mapping, runs its own tests, prints its JSON Schema; one file per command."""

from __future__ import annotations

import typer

from importer.cli.mapping import check, schema, test

HELP = """Check a mapping, run its own tests, print its JSON Schema.

\b
Example:
    importer mapping check mapping.yaml customers.xlsx
    importer mapping test mapping.yaml
"""


def register(app: typer.Typer) -> None:
    """Make this a group of commands of the app."""
    group = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
    for command in (check, test, schema):
        command.register(group)
    app.add_typer(group, name="mapping")
