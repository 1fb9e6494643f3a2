"""Broken mappings: what `importer mapping check` says of each stands in a golden file beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from importer.cli import main

FOLDER = Path(__file__).parent / "mappings"
BROKEN = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_mapping_is_told_by_place_fault_and_remedy(
    path: Path, golden: Callable, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """With a sheet of the same name, where there is one."""
    monkeypatch.chdir(FOLDER)
    sheet = path.with_suffix(".csv")
    with pytest.raises(SystemExit) as left:
        main(["mapping", "check", path.name, *([sheet.name] if sheet.exists() else [])])
    assert left.value.code == 2
    said = capsys.readouterr()
    golden(path.with_suffix(".txt"), said.out + said.err)


def test_there_are_twenty():
    assert len(BROKEN) == 20
