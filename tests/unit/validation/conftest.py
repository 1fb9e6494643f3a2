"""Mapped rows, made by hand, and what the judge says of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from importer.apis.capillary.catalog import catalog
from importer.endpoint import Slot
from importer.records import Chunk, Mapped
from importer.validation import Judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importer.problems import Problem

FIRST_ROW = 2


def frame(columns: dict[str, Sequence[object]], dtype: str) -> pd.DataFrame:
    """Columns of one length, indexed by row number from 2 on."""
    rows = len(next(iter(columns.values()), ()))
    index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + rows, name="row").astype("int64")
    return pd.DataFrame(
        {name: pd.Series(list(cells), index=index, dtype=dtype) for name, cells in columns.items()}, index
    )


@pytest.fixture
def chunk():
    """Makes a chunk of cells."""

    def make(columns: dict[str, Sequence[str]], *, sheet: int = 0, problems: tuple[Problem, ...] = ()) -> Chunk:
        cells = frame(columns, "str")
        return Chunk(sheet, cells, pd.Series(cells.index, index=cells.index), problems)

    return make


@pytest.fixture
def slot():
    """Makes the slot at an address: its target is the catalog's, with some facts in their place."""

    def make(address: str, *, columns=(), element="", clears=False, **facts) -> Slot:
        general = re.sub(r"\[\d+\]", "[]", address)
        if general.startswith("lookup.identifiers"):
            general = "lookup.identifiers.*"
        target = catalog().get(general) or catalog()[general.rpartition(".")[0] + ".*"]
        dotted = re.sub(r"^profile\.", "profiles[0].", address)
        parts = [int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", dotted)]
        path = () if address.startswith("lookup.") else tuple(parts)
        return Slot(address, replace(target, **facts), path, columns, clears=clears, element=element)

    return make


@pytest.fixture
def judge_cells(chunk):
    """Judges cells by checks and rules alone."""

    def run(columns, checks=(), rules=(), *, user_schema=None, skipped=(), problems=()):
        made = chunk(columns, problems=tuple(problems))
        values = pd.DataFrame(index=made.cells.index)
        mapped = Mapped(made, values, dict.fromkeys(skipped, "left out"), tuple(problems))
        judge = Judge((), checks, rules, user_schema)
        return [*judge.judge(mapped), *(problem for _, problem in judge.close())]

    return run


@pytest.fixture
def judge_values(chunk):
    """Judges values by their slots alone. `columns`: cells of the sheet, where they matter."""

    def run(slots: Sequence[Slot], values: Sequence[Sequence[object]], columns=None, problems=()):
        table = frame({one.address: column for one, column in zip(slots, values, strict=True)}, "object")
        made = chunk(columns or {"any": [""] * len(table)})
        return Judge(slots, (), ()).judge(Mapped(made, table, {}, tuple(problems)))

    return run
