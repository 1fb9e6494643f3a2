"""Which rows come back, and what happens where their sheet is gone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from importer import run as corridor
from importer.errors import WrongUse
from importer.records import Status
from importer.rejects import ADDED
from importer.report import read_statuses
from importer.run.order import Order

SHEET = b"Name,Mobile\nTom,12\nEve,9876543210\nJim,x\n"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def folder(planned) -> Path:
    """The folder of a plan whose rejects are rows 2 and 4 of customers.csv."""
    return planned(SHEET).parent


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "customers.csv"


def test_written_again_they_are_the_same_to_the_byte(folder):
    before = (folder / "rejects.csv").read_bytes()
    (folder / "rejects.csv").unlink()
    assert not corridor.report(folder).notes
    assert (folder / "rejects.csv").read_bytes() == before


@pytest.mark.parametrize("what", ["gone", "changed", "no sheet any more"])
def test_where_the_sheet_is_lost_the_rejects_hold_what_the_journal_knows_and_say_so(folder, sheet, what):
    sheet.unlink()
    if what != "gone":
        sheet.write_bytes(SHEET.replace(b"12", b"13") if what == "changed" else b"\0")
    (folder / "rejects.csv").unlink()
    summary = corridor.report(folder)
    (note,) = summary.notes
    assert note.startswith("rejects.csv holds identifiers and reasons but no cells of the sheet: the sheet is gone")
    first, second = rows(folder / "rejects.csv")
    assert list(first) == ["identifier_name", "identifier_value", "values_at_fault", *ADDED]
    assert (first["values_at_fault"], first["importer_row"], second["importer_row"]) == ("Mobile: 12", "2", "4")
    assert "no valid phone number" in first["importer_reason"]
    assert "Correct the number" in first["importer_advice"]


def test_rejects_with_cells_are_not_replaced_by_poorer_ones(folder, sheet):
    """As happens to a sheet that came by standard input, when its reports are written again."""
    before = (folder / "rejects.csv").read_bytes()
    sheet.unlink()
    summary = corridor.report(folder)
    assert summary.notes == (
        "rejects.csv stays as it was written before: the sheet is gone, or no longer what was imported",
    )
    assert (folder / "rejects.csv").read_bytes() == before
    assert str(folder / "rejects.csv") in summary.files


def test_other_rows_are_written_though_their_cells_are_lost(folder, sheet):
    """The old file would tell of rows that were not asked for."""
    sheet.unlink()
    summary = corridor.report(folder, (Status.PLANNED,))
    assert "no cells of the sheet" in summary.notes[0]
    assert [row["importer_row"] for row in rows(folder / "rejects.csv")] == ["3"]


def test_states_that_were_chosen_come_back_and_no_others(folder):
    corridor.report(folder, (Status.PLANNED, Status.INVALID))
    assert [row["importer_status"] for row in rows(folder / "rejects.csv")] == ["invalid", "planned", "invalid"]
    summary = corridor.report(folder, (Status.REJECTED,))
    assert not [name for name in summary.files if "rejects" in name]
    assert not list(folder.glob("rejects*")), "a file of earlier rows would be sent by mistake"


def test_a_run_remembers_what_was_chosen(tmp_path, planned):
    mapping = planned(SHEET).parents[2] / "mapping.yaml"
    order = Order("plan", (str(tmp_path / "customers.csv"),), mapping, tmp_path / "runs", reject_only=(Status.PLANNED,))
    _, summary = corridor.plan(order)
    for again in (summary, corridor.report(Path(summary.folder))):
        (path,) = [name for name in again.files if "rejects" in name]
        assert [row["Name"] for row in rows(Path(path))] == ["Eve"]


def test_each_sheet_has_a_file_of_its_own_by_its_place(tmp_path, planned):
    """Rows of the second sheet name it; a sheet without rejects has none."""
    mapping = planned(SHEET).parents[2] / "mapping.yaml"
    for name, content in (("good.csv", b"Name,Mobile\nEve,9876543210\n"), ("bad.csv", SHEET)):
        (tmp_path / name).write_bytes(content)
    paths = tuple(str(tmp_path / name) for name in ("good.csv", "bad.csv", "customers.csv"))
    _, summary = corridor.plan(Order("plan", paths, mapping, tmp_path / "runs"))
    folder = Path(summary.folder)
    assert sorted(path.name for path in folder.glob("rejects*")) == ["rejects-2.csv", "rejects-3.csv"]
    assert [row["importer_row"] for row in rows(folder / "rejects-2.csv")] == ["2 of sheet 2", "4 of sheet 2"]


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_rejects_of_files_without_a_form_are_plain_csv(tmp_path, planned, kind):
    path = tmp_path / f"customers.{kind}"
    if kind == "jsonl":
        path.write_text('{"Name": "=1", "Mobile": 12}\n{"Mobile": "9876543210", "Name": "Eve"}\n')
    else:
        pyarrow = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        parquet.write_table(pyarrow.table({"Name": ["=1", "Eve"], "Mobile": ["12", "9876543210"]}), path)
    rejects = planned(path)
    assert rejects.name == "rejects.csv"
    assert rejects.read_text("utf-8").startswith("Name,Mobile,importer_run,")
    assert [(row["Name"], row["Mobile"], row["importer_row"]) for row in rows(rejects)] == [("'=1", "12", "1")]


def test_states_are_read_as_people_type_them():
    assert read_statuses(None) == ()
    assert read_statuses("Invalid, rejected,invalid") == (Status.INVALID, Status.REJECTED)
    with pytest.raises(WrongUse, match=r"'rejectd' is no state; was 'rejected' meant\?") as caught:
        read_statuses("rejectd")
    assert "not_sent" in caught.value.advice
