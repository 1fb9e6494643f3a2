"""`importer suggest`: drafts a mapping from a sheet's headers and all of its cells."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from importer.cli.options import Format, MaxBytes, Sheet

HELP = """Draft a mapping from a sheet's headers and all of its cells.

Each target carries its confidence and evidence as a comment, each doubt is a question in the file. `plan` and `preview`
work with the draft at once; `run` refuses it until its questions are answered and taken out.

\b
Example:
    importer suggest customers.xlsx -o mapping.yaml
    importer preview customers.xlsx -m mapping.yaml
    importer suggest next_month.xlsx --like mapping.yaml -o next.yaml
"""

Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write it there, rather than print it; an existing file stays.",
        envvar="IMPORTER_SUGGEST_OUTPUT", show_default=False,
    ),
]  # fmt: skip
Like = Annotated[
    Path | None,
    typer.Option(
        "--like", metavar="MAPPING", help="Start from this mapping of another sheet, and say what moved.",
        envvar="IMPORTER_SUGGEST_LIKE", show_default=False,
    ),
]  # fmt: skip
Worksheet = Annotated[
    str | None,
    typer.Option(
        "--worksheet",
        metavar="NAME",
        help="The worksheet to read.",
        envvar="IMPORTER_SUGGEST_WORKSHEET",
        show_default=False,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="The file's encoding, e.g. cp1252.",
        envvar="IMPORTER_SUGGEST_ENCODING",
        show_default=False,
    ),
]
HeaderRow = Annotated[
    int | None,
    typer.Option(
        "--header",
        metavar="ROW",
        min=1,
        help="Row number of the header.",
        envvar="IMPORTER_SUGGEST_HEADER",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("suggest", help=HELP)(suggest)


def suggest(
    sheet: Sheet,
    output: Output = None,
    like: Like = None,
    worksheet: Worksheet = None,
    encoding: Encoding = None,
    header: HeaderRow = None,
    format: Format = None,  # noqa: A002 - the option's name
    max_bytes: MaxBytes = None,
) -> None:
    """Write it."""
    from importer import run as corridor
    from importer.errors import WrongUse

    if output and output.exists():
        raise WrongUse(
            f"{output} exists already.", advice="Name another file, or take it away: a draft never replaces a mapping."
        )
    if output and not output.parent.is_dir():
        raise WrongUse(f"{output.parent}: there is no such folder.", advice="Make it, or name another file.")
    order = corridor.SuggestOrder(sheet, like, worksheet, encoding, header, format, max_bytes)
    suggested = corridor.suggest(order)
    if output:
        write(output, suggested.text)
    else:
        typer.echo(suggested.text, nl=False)
    for line in suggested.told:
        typer.echo(line, err=True)
    if output:
        typer.echo(f"Wrote {output}. Then: importer preview {sheet} -m {output}", err=True)


def write(output: Path, text: str) -> None:
    """A new file; what has come to be there meanwhile stays. Raises WrongUse."""
    from importer.errors import WrongUse

    try:
        with output.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise WrongUse(f"{output} cannot be written: {error.strerror}.", advice="Name another file.") from error
