"""Every option is documented and has its twin in the environment, save those that consent to something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from importer.cli.app import app

CONSENTING = {"--yes", "--accept", "--unknown", "--older-too", "--unfinished-too"}
ABOUT_ITSELF = {"--help", "--version", "--install-completion", "--show-completion"}


def commands(group: Any = None, path: str = "importer") -> Iterator[tuple[str, Any]]:
    """Each command with the words that call it, those of groups too."""
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")


def options() -> list[Any]:
    return [
        pytest.param(one, id=f"{path} {one.opts[0]}")
        for path, command in commands()
        for one in command.params
        if one.opts[0].startswith("-") and one.opts[0] not in ABOUT_ITSELF
    ]


@pytest.mark.parametrize("option", options())
def test_an_option_has_a_sentence_and_a_twin_unless_it_consents(option):
    assert option.help, "what it does"
    names = {option.envvar} if isinstance(option.envvar, str) else set(option.envvar or ())
    if CONSENTING & set(option.opts):
        assert not names, "what consents to something is said each time"
    else:
        assert names
        assert all(name.startswith("IMPORTER_") for name in names)


@pytest.mark.parametrize(("path", "command"), [pytest.param(*one, id=one[0]) for one in commands()])
def test_every_command_says_what_it_is_for_and_shows_an_example(path, command):
    text = command.help or ""
    assert len(text.splitlines()[0]) > 20
    if not hasattr(command, "commands"):
        assert f"    {path}" in text, "a worked example"
