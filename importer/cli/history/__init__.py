"""`importer runs …`: lists the runs below a folder, and takes old ones away; one file per command."""

from __future__ import annotations

import typer

from importer.cli.history import listing, prune


def register(app: typer.Typer) -> None:
    """Make this a group of commands of the app; without a command it lists."""
    group = typer.Typer(rich_markup_mode=None)
    listing.register(group)
    prune.register(group)
    app.add_typer(group, name="runs")
