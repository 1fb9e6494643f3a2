"""The `importer` command: gathers the commands, and turns whatever stops one into a sentence and an exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from importer import __version__
from importer.cli import (
    catalog,
    doctor,
    emulator,
    fields,
    mapping,
    plan,
    preview,
    probe,
    report,
    resume,
    retry,
    run,
    runs,
    suggest,
    support_bundle,
)
from importer.cli.streams import unheard
from importer.cli.telling import tell, tell_internal, tell_usage
from importer.errors import ExitCode, ImporterError

if TYPE_CHECKING:
    from collections.abc import Sequence

HELP = """Bring customer sheets into Capillary: every row ends in exactly one truthful outcome.

A first try, with nothing to set up:

\b
    importer run customers.xlsx -m mapping.yaml --to emulator
"""

app = typer.Typer(
    name="importer",
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: it answers at once, and reads the same in a pipe
    pretty_exceptions_enable=False,  # its tracebacks print local variables, and those hold customers' data
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
COMMANDS = (
    plan, run, resume, retry, report, runs, preview, probe, suggest, mapping, fields, catalog, emulator, doctor, support_bundle,
)  # fmt: skip
for command in COMMANDS:
    command.register(app)


@app.callback(invoke_without_command=True)
def door(
    version: bool = typer.Option(False, "--version", help="Print the version and leave.", is_eager=True),
) -> None:
    """Answer --version before anything else is looked at."""
    if version:
        typer.echo(f"importer {__version__}")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code (contract: 0 1 2 3 70 130 143)."""
    with unheard():
        carry_out(arguments)


def carry_out(arguments: Sequence[str] | None) -> None:
    """Whatever stops the command becomes a sentence and an exit code."""
    try:
        sys.exit(app(arguments, prog_name="importer", standalone_mode=False) or ExitCode.WELL)
    except ImporterError as error:
        tell(error)
        sys.exit(error.exit_code)
    except typer.TyperException as error:
        tell_usage(error)
        sys.exit(ExitCode.WRONG_USE)
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("Interrupted.", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last door: whatever comes here is our fault, and exit 70 says so
        tell_internal(error)
        sys.exit(ExitCode.INTERNAL)
