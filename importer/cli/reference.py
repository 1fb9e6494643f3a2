"""The reference page docs/reference/commands.md: what `--help` prints, for every command."""

from __future__ import annotations

from collections.abc import Iterator

import typer


def commands_page() -> str:
    """Each command's help, as printed; those of a group follow it."""
    from importer.cli.app import app

    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    parts = [
        "# Commands\n\nWhat `importer COMMAND --help` prints. Results go to standard output, talk and progress to standard",
        "error. Exit codes: 0 every row ended well, 1 some did not, 2 wrong use (nothing was sent), 3 stopped early (can be",
        "resumed), 70 internal error, 130 and 143 interrupted after a clean close (can be resumed).\n",
        *_helps(group, "importer"),
    ]
    return "\n".join(parts)


def _helps(group: typer.core.TyperGroup, before: str) -> Iterator[str]:
    for name, command in group.commands.items():
        words = f"{before} {name}"
        context = typer.Context(command, info_name=words, terminal_width=110, max_content_width=110)
        yield f"## `{words}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
        if isinstance(command, typer.core.TyperGroup):
            yield from _helps(command, words)
