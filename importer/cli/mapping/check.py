"""`importer mapping check`: every finding at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from importer.cli.mapping.options import MappingArgument
from importer.cli.options import Format, Json, MaxBytes

if TYPE_CHECKING:
    from importer.run import Checked

HELP = """Find everything that is wrong or doubtful in a mapping: file:line:column, what it is, what could have been meant.

With a sheet, its header and all of its cells are looked at too: columns that nothing reads, targets that nothing fills,
values that never differ, converters that change nothing. Exit 0: nothing is wrong (there may be warnings); 2: something
must be mended.

\b
Example:
    importer mapping check mapping.yaml
    importer mapping check mapping.yaml customers.xlsx
"""

Sheet = Annotated[
    str | None, typer.Argument(metavar="SHEET", help="A sheet to hold the mapping against.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Make this a command of the group."""
    app.command("check", help=HELP)(check)


def check(
    mapping: MappingArgument,
    sheet: Sheet = None,
    format: Format = None,  # noqa: A002 - the option's name
    max_bytes: MaxBytes = None,
    json: Json = False,
) -> None:
    """Print the findings, then how many there are."""
    from importer import run as corridor
    from importer.errors import ExitCode
    from importer.mapping import render_findings

    checked = corridor.check(corridor.CheckOrder(mapping, sheet, format, max_bytes))
    if json:
        typer.echo(_as_json(checked))
    elif checked.findings:
        typer.echo(render_findings(str(mapping), checked.findings, checked.text))
    typer.echo(_summary(checked, sheet), err=True)
    raise typer.Exit(ExitCode.WRONG_USE if checked.errors else ExitCode.WELL)


def _summary(checked: Checked, sheet: str | None) -> str:
    errors, warnings = checked.errors, len(checked.findings) - checked.errors
    if errors:
        return f"{_count(errors, 'error')} and {_count(warnings, 'warning')}; `plan` and `run` refuse this mapping."
    tests = f"{_count(checked.tests, 'test')} of its own"
    then = (
        f"Then: importer mapping test {checked.path}"
        if checked.tests
        else f"Then: importer plan {sheet or 'SHEET'} -m {checked.path}"
    )
    return f"Nothing is wrong: {_count(checked.targets, 'target')}, {tests}, {_count(warnings, 'warning')}. {then}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _as_json(checked: Checked) -> str:
    import orjson

    facts = [
        {"file": str(checked.path), "line": one.line, "column": one.column, "path": one.path,
         "level": "warning" if one.warning else "error", "message": one.message}
        for one in checked.findings
    ]  # fmt: skip
    return orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode()
