"""`importer mapping schema`: the JSON Schema of a mapping file."""

from __future__ import annotations

import typer

HELP = """Print the JSON Schema (2020-12) of a mapping file, with which editors complete and check while you write.

An editor finds it by a comment at the top of the mapping: `# yaml-language-server: $schema=mapping.schema.json`.

\b
Example:
    importer mapping schema > mapping.schema.json
"""


def register(app: typer.Typer) -> None:
    """Make this a command of the group."""
    app.command("schema", help=HELP)(schema)


def schema() -> None:
    """Print the file that is shipped in the package."""
    from importlib import resources

    typer.echo(resources.files("importer.mapping").joinpath("mapping.schema.json").read_text("utf-8"), nl=False)
