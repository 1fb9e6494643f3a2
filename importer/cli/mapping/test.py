"""`importer mapping test`: runs the mapping's own test rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from importer.cli.mapping.options import MappingArgument
from importer.cli.options import Json

if TYPE_CHECKING:
    from importer.run import Rehearsed

HELP = """Run the mapping's own tests: cells of made-up rows, and the lookup, body or problems that must come of them.

`plan` and `run` run them first, and refuse a mapping whose tests fail. --record writes what became of each failing test
into the file as what it expects; read the change before you keep it. Exit 0: every test holds (or was recorded); 2: one
fails.

\b
Example:
    importer mapping test mapping.yaml
    importer mapping test mapping.yaml --record
"""

Record = Annotated[
    bool,
    typer.Option(
        "--record",
        help="Make what was found what failing tests expect; nothing else in the file changes.",
        envvar="IMPORTER_MAPPING_RECORD",
    ),
]


def register(app: typer.Typer) -> None:
    """Make this a command of the group."""
    app.command("test", help=HELP)(rehearse)


def rehearse(mapping: MappingArgument, record: Record = False, json: Json = False) -> None:
    """Print each failing test with its difference, then how many there are."""
    from importer import run as corridor
    from importer.errors import ExitCode
    from importer.mapping import render_findings

    written = corridor.record_tests(mapping) if record else []
    loaded, tests = corridor.test_mapping(mapping)
    failed = [one for one in tests if not one.passed]
    if json:
        typer.echo(_as_json(tests))
    elif failed:
        typer.echo(render_findings(str(mapping), corridor.failures(loaded, failed), loaded.text))
    if written:
        which = ("test " if len(written) == 1 else "tests ") + ", ".join(map(str, written))
        typer.echo(f"Recorded {which} in {mapping}; read what it expects now before you keep it.", err=True)
    if not tests:
        typer.echo(f"{mapping} has no tests. Write `tests: [{{given: {{COLUMN: CELL}}}}]`, then --record.", err=True)
    else:
        typer.echo(f"{len(tests) - len(failed)} of {len(tests)} tests hold.", err=True)
    raise typer.Exit(ExitCode.WRONG_USE if failed else ExitCode.WELL)


def _as_json(tests: list[Rehearsed]) -> str:
    import orjson

    facts = [
        {
            "test": one.number,
            "passed": one.passed,
            "summary": one.different.summary,
            "difference": one.different.lines,
            "found": {"status": one.found.status, "lookup": one.found.lookup, "body": one.found.body,
                      "problems": one.found.slugs},
        }
        for one in tests
    ]  # fmt: skip
    return orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode()
