"""`importer fields …`: the organisation's own fields; one file per command."""

from __future__ import annotations

import typer

from importer.cli.fields import pull

HELP = """Get the organisation's own fields, so that wrong names and types are found before anything is sent.

\b
Example:
    importer fields pull --to production --into mapping.yaml
"""


def register(app: typer.Typer) -> None:
    """Make this a group of commands of the app."""
    group = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
    for command in (pull,):
        command.register(group)
    app.add_typer(group, name="fields")
