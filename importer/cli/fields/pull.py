"""`importer fields pull`: the organisation's own fields as a mapping declares them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from importer.cli.options import To

if TYPE_CHECKING:
    from importer.run import Rewritten

HELP = """Write the `declare:` section from the organisation's extended and custom fields, as the target system lists them.

Into a mapping, only what differs is written: new fields are added, a type that cannot be right is changed, a field that
the organisation does not have goes. From then on a wrong name or type is an error of the mapping. Sends no customer's
data. Capillary keeps these lists for a day: a field that was created today may be missing.

Exit 0: written; 2: written, and the mapping has errors now, or it could not be written; 3: the target system denies
access or does not answer.

\b
Example:
    importer fields pull --to production
    importer fields pull --to production --into mapping.yaml
"""

Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write it there, rather than print it; an existing file stays.",
        envvar="IMPORTER_FIELDS_OUTPUT", show_default=False,
    ),
]  # fmt: skip
Into = Annotated[
    Path | None,
    typer.Option(
        "--into", metavar="MAPPING", help="Write it into this mapping.", envvar="IMPORTER_FIELDS_INTO", show_default=False
    ),
]  # fmt: skip


def register(app: typer.Typer) -> None:
    """Make this a command of the group."""
    app.command("pull", help=HELP)(pull)


def pull(to: To = None, output: Output = None, into: Into = None) -> None:
    """Print the section, or write it."""
    from importer import run as corridor
    from importer.cli.talk import find_target
    from importer.errors import ExitCode, WrongUse

    if output and into:
        raise typer.BadParameter("give either --output or --into")
    if not to:
        raise WrongUse(
            "no target system was named.",
            advice="Say whose fields: --to NAME (a table of importer.toml), --to https://…, or --to emulator for a first try.",
        )
    if output and output.exists():
        raise WrongUse(
            f"{output} exists already.", advice="Name another file; --into MAPPING writes into a mapping that is there."
        )
    pulled = corridor.pull_fields(find_target(to))
    for sentence in pulled.left_out:
        typer.echo(f"Left out: {sentence}.", err=True)
    if into is None:
        if output is None:
            typer.echo(pulled.text, nl=False)
            return
        try:
            output.write_text(pulled.text, "utf-8", newline="\n")
        except OSError as error:
            raise WrongUse(f"{output} cannot be written ({error.strerror}).", advice="Name another place.") from None
        typer.echo(f"Wrote {output}: {len(pulled.declarations)} fields.", err=True)
        return
    written = corridor.declare_fields(pulled, into)
    tell(into, written)
    raise typer.Exit(ExitCode.WRONG_USE if written.errors else ExitCode.WELL)


def tell(into: Path, written: Rewritten) -> None:
    """What was changed, and what is wrong with the mapping now."""
    from importer.mapping import render_findings

    for change in written.changes:
        typer.echo(change)
    if not written.changes:
        typer.echo(f"Nothing to change: {into} declares what the organisation has.", err=True)
    if written.errors:
        typer.echo(render_findings(str(into), written.errors, written.text), err=True)
        typer.echo("Mend the mapping before it is used; the fields are declared.", err=True)
