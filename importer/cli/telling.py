"""How an end before its time is told, always in the same form: what, where and why; below it, what to do."""

from __future__ import annotations

import re
import traceback

import typer

from importer.errors import ImporterError, MappingError

PROPOSED = re.compile(r"\s*(?:Did you mean (?P<commands>.+)\?|\(Possible options: (?P<options>.+)\))$")


def tell(error: ImporterError) -> None:
    """What stopped the command."""
    if isinstance(error, MappingError):
        from importer.mapping import render

        typer.echo(render(error), err=True)
        say_what_to_do(error.advice)
    else:
        say(str(error), error.advice)


def tell_usage(error: typer.TyperException) -> None:
    """Words of the command line that fit no command: the nearest right ones, and where all of them stand."""
    message = error.format_message()
    if message.startswith("Usage:"):  # nothing was asked for: the help itself is the answer
        typer.echo(message, err=True)
        return
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "importer"
    found = PROPOSED.search(message)
    nearest = (found["commands"] or found["options"]).replace("'", "") if found else ""
    help_ = f"`{command} --help` shows what it takes."
    words = PROPOSED.sub("", message)
    say(words[0].lower() + words[1:], f"Did you mean {' or '.join(nearest.split(', '))}? {help_}" if nearest else help_)


def tell_internal(error: Exception) -> None:
    """An unexpected end: the places it came through, without its message, which may quote a customer's data."""
    typer.echo("".join(traceback.format_tb(error.__traceback__)), err=True, nl=False)
    say(
        f"internal error ({type(error).__name__}). This is a fault of the importer, not of your sheet.",
        "What was sent is in the run's journal; `importer resume` goes on from there. Please report the lines above.",
    )


def say(words: str, advice: str = "") -> None:
    """What happened, and what to do."""
    typer.echo(f"importer: {words}", err=True)
    say_what_to_do(advice)


def say_what_to_do(advice: str) -> None:
    """A line below, indented."""
    if advice:
        typer.echo(f"  {advice}", err=True)
