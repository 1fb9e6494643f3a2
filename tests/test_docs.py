"""Documentation and program prove each other: every example runs, every generated page is up to date."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("mappings/*.md"),
        *ROOT.glob("sample_data/*.md"),
    ]
)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]+\]\(([^)#:]+)(?:#[^)]*)?\)")
ELLIPSIS = "…"
YOUNGEST = "runs/…"  # in a command: the youngest run's folder


def examples() -> list[Any]:
    """(page, block) of each console example; the tutorial's are tried each time, the others with the long tests."""
    return [
        pytest.param(
            str(page.relative_to(ROOT)), block, id=f"{page.stem}-{block.splitlines()[0][:60]}",
            marks=() if page.parent.name == "tutorial" else pytest.mark.long,
        )
        for page in PAGES
        for block in CONSOLE.findall(page.read_text("utf-8"))
    ]  # fmt: skip


def steps(block: str) -> list[tuple[str, int, list[str]]]:
    """(command, exit code, shown lines) of a console block; `# exit N` after a command states its code."""
    found: list[tuple[str, int, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            command, _, code = line[2:].partition("  # exit ")
            found.append((command, int(code or 0), []))
        elif line.strip():
            found[-1][2].append(line)
    return found


@pytest.mark.parametrize(("page", "block"), examples())
def test_every_console_example_runs_and_prints_what_it_shows(page: str, block: str, tmp_path: Path):
    """In a folder that holds the samples; `…` stands for anything; lines that are not shown may come between.

    In a command, `runs/…` stands for the folder of the youngest run.
    """
    for folder in ("sample_data", "mappings"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
    for command, code, shown in steps(block):
        youngest = max((run.name for run in tmp_path.glob("runs/*")), default="")
        words = shlex.split(command.replace(YOUNGEST, f"runs/{youngest}"))
        assert words[0] == "importer", f"{page}: only importer's own commands are executed: {command}"
        result = subprocess.run(
            [sys.executable, "-m", "importer", *words[1:]],
            cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        printed = result.stdout + result.stderr
        assert result.returncode == code, f"{page}: {command}\n{printed}"
        remaining = iter(printed.splitlines())
        for line in shown:
            pattern = re.compile(".*".join(re.escape(part.strip()) for part in line.split(ELLIPSIS)))
            assert any(pattern.search(one) for one in remaining), f"{page}: {command}\nnot printed: {line}\n{printed}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path):
    missing = [link for link in LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()]
    assert not missing


def test_the_generated_pages_are_up_to_date():
    result = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_every_kind_of_problem_has_a_complete_entry():
    """Slug, title, message and advice; the message can be filled, the advice is a sentence."""
    from importer.problems import Problem, kinds

    for slug, kind in kinds().items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert kind.title[0].isupper(), slug
        assert kind.advice.endswith("."), slug
        assert Problem(1, slug, "Column", "value", "target", "detail").message


TOLD = re.compile(r"(?:`|[Tt]hen:? )importer ((?:mapping|fields) [a-z]+|[a-z][a-z-]+)")


def listed_commands(*group: str) -> set[str]:
    """The commands with a file of their own that the help of a group lists."""
    exist = {source.stem.replace("_", "-") for source in (ROOT / "importer" / "cli").joinpath(*group).iterdir()}
    command = [sys.executable, "-m", "importer", *group, "--help"]
    listed = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    return {name for name in exist if re.search(rf"^\W*{name}\s", listed, re.MULTILINE)}


def test_every_command_that_a_message_tells_people_to_type_exists():
    """Whoever is told what to do next can do it."""
    told = {
        (str(source.relative_to(ROOT)), command)
        for kind in ("py", "toml")
        for source in (ROOT / "importer").rglob(f"*.{kind}")
        for command in TOLD.findall(source.read_text("utf-8"))
    }
    groups = ("mapping", "fields")
    commands = listed_commands() | {f"{group} {name}" for group in groups for name in listed_commands(group)}
    assert {"run", "resume", "preview"} <= commands
    assert {command for _, command in told} >= {"run", "resume"}
    assert [one for one in sorted(told) if one[1] not in commands] == []
