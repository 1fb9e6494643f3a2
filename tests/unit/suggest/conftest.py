"""Columns studied in memory, and the foreign sheets on the path."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from importer.records import Chunk
from importer.suggest import Choice, Draft, draft, study

sys.path.insert(0, str(Path(__file__).parents[2]))  # tests/foreign_sheets


def chunks(columns: Mapping[str, Sequence[str]], size: int = 10_000) -> list[Chunk]:
    """The columns as a sheet hands them on: rows from number 2, so many a chunk."""
    cells = pd.DataFrame({name: list(values) for name, values in columns.items()}, dtype="str")
    cells.index = pd.RangeIndex(2, len(cells) + 2, name="row")
    lines = pd.Series(cells.index, cells.index)
    return [Chunk(0, cells[at : at + size], lines[at : at + size]) for at in range(0, len(cells), size)]


@pytest.fixture
def studied() -> Callable[..., dict[str, Choice]]:
    """What each column holds: `studied({"Mobile": [...]})["Mobile"].role`."""

    def made(columns: Mapping[str, Sequence[str]], size: int = 10_000) -> dict[str, Choice]:
        return {choice.column: choice for choice in study(tuple(columns), chunks(columns, size))}

    return made


@pytest.fixture
def drafted() -> Callable[..., Draft]:
    """The draft of a mapping for columns."""

    def made(columns: Mapping[str, Sequence[str]], **options) -> Draft:
        return draft(study(tuple(columns), chunks(columns)), name="drafted", **options)

    return made


@pytest.fixture(scope="session")
def drafted_once(tmp_path_factory):
    """The text of a draft, for properties; `.folder`: where to put it."""

    def made(columns: Mapping[str, Sequence[str]]) -> str:
        return draft(study(tuple(columns), chunks(columns)), name="drafted").text

    made.folder = tmp_path_factory.mktemp("drafts")
    return made
