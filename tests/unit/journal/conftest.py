from __future__ import annotations

import pytest

from importer.journal import Journal, RowEntry, SheetEntry
from importer.records import RowId


@pytest.fixture
def folder(tmp_path):
    """An empty run folder where run folders lie."""
    place = tmp_path / "runs" / "first"
    place.mkdir(parents=True)
    return place


@pytest.fixture
def journal(folder):
    """A journal of one sheet with the rows 2 to 11, of which 2 to 6 add."""
    with Journal.create(folder, {"run": "first"}) as made:
        made.add_sheet(SheetEntry(0, "a.csv", "a.csv", "00", "", ("Mobile", "Name")))
        made.add_chunk(
            0, [RowEntry(row, row, "mobile", f"9198765432{row:02}", row < 7) for row in range(2, 12)], (), ()
        )
        yield made


@pytest.fixture
def row():
    """A row of the first sheet."""
    return lambda number: RowId(0, number)
