"""From an unknown sheet to a run: `suggest`, the questions answered, `plan`, `run`; and an existing mapping that follows."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))  # tests/foreign_sheets
from foreign_sheets.sheets import FIRST_TEN

GERMAN = FIRST_TEN[0]


@pytest.fixture
def foreign(tmp_path: Path) -> str:
    """A German till's customers, as such files come: semicolons, cp1252 spelled out nowhere, a blank row."""
    header, rows = GERMAN.rows()
    lines = [";".join(header), *(";".join(row) for row in rows), ";" * (len(header) - 1), ""]
    (tmp_path / "kunden.csv").write_text("\r\n".join(lines), "utf-8", newline="")
    return "kunden.csv"


def answered(text: str) -> str:
    """The draft with its questions answered and taken out."""
    text = re.sub(r"\nquestions:\n(  - .*\n)+", "\n", text)
    return text.replace("STATE_THE_SOURCE", "INSTORE").replace("999999999", "973")


def test_a_draft_plans_at_once_and_runs_once_its_questions_are_answered(importer, foreign: str, tmp_path: Path):
    drafted = importer("suggest", foreign, "-o", "mapping.yaml")
    assert drafted.returncode == 0, drafted.stderr
    assert "Read 201 rows." in drafted.stderr or "Read 200 rows." in drafted.stderr
    assert "Wrote mapping.yaml. Then: importer preview kunden.csv -m mapping.yaml" in drafted.stderr
    assert drafted.stdout == ""

    planned = importer("plan", foreign, "-m", "mapping.yaml")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert "Open questions in mapping.yaml" in planned.stderr

    refused = importer("run", foreign, "-m", "mapping.yaml", "--to", "emulator", "--yes")
    assert refused.returncode == 2
    text = (tmp_path / "mapping.yaml").read_text("utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith('  - "'):
            assert f"line {number}: {line[5:-1]}" in refused.stderr.replace("\\", ""), "every question, with its line"
    assert "take the question out" in refused.stderr

    (tmp_path / "mapping.yaml").write_text(answered(text), "utf-8")
    ran = importer("run", foreign, "-m", "mapping.yaml", "--to", "emulator", "--yes", "--no-progress")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_draft_is_printed_where_no_file_is_named_and_is_the_same_every_time(importer, foreign: str):
    first, second = (importer("suggest", foreign, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first.stdout == second.stdout
    assert first.stdout.startswith("# yaml-language-server: ")
    assert "\nlookup:\n" in first.stdout


def test_a_file_that_exists_is_never_replaced(importer, foreign: str, tmp_path: Path):
    (tmp_path / "mine.yaml").write_text("precious", "utf-8")
    result = importer("suggest", foreign, "-o", "mine.yaml")
    assert result.returncode == 2
    assert "mine.yaml exists already" in result.stderr
    assert (tmp_path / "mine.yaml").read_text("utf-8") == "precious"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("kunden.csv", "-o", "nowhere/mapping.yaml"), "nowhere"),
        (("kunden.csv", "--like", "missing.yaml"), "missing.yaml"),
        (("kunden.csv", "--header", "999"), "999"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(importer, foreign: str, arguments, says: str):
    result = importer("suggest", *arguments)
    assert result.returncode == 2, result.stdout + result.stderr
    assert says in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.long
def test_a_workbook_with_several_worksheets_is_drafted_from_the_one_that_is_named(importer, tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.title = "Customers"
    book.active.append(["Customer Code", "Mobile No"])
    other = book.create_sheet("Stores")
    other.append(["Store", "City"])
    for number in range(5):
        book.active.append([f"C{number:04}", f"+91 90000 0000{number}"])
        other.append([f"S{number}", "Pune"])
    book.save(tmp_path / "book.xlsx")
    asked = importer("suggest", "book.xlsx")
    assert asked.returncode == 2
    assert "Customers" in asked.stderr
    made = importer("suggest", "book.xlsx", "--worksheet", "Customers", "-o", "m.yaml")
    assert made.returncode == 0, made.stderr
    assert importer("plan", "book.xlsx", "-m", "m.yaml").returncode == 0


@pytest.mark.long
def test_an_existing_mapping_follows_a_sheet_whose_columns_moved(importer, foreign: str, tmp_path: Path):
    """Renamed, missing and new columns are told; the new mapping plans, and asks what is not sure."""
    importer("suggest", foreign, "-o", "draft.yaml")
    (tmp_path / "old.yaml").write_text(answered((tmp_path / "draft.yaml").read_text("utf-8")), "utf-8")
    text = (tmp_path / foreign).read_text("utf-8")
    header, *lines = text.split("\r\n")
    moved = (
        header.replace("Handy-Nr.", "Mobilnummer").replace("Vorname", "VORNAME").replace("Stammfiliale", "Bemerkung2")
    )
    random.Random(3).shuffle(lines)
    (tmp_path / "neu.csv").write_text("\n".join([moved, *(line for line in lines if line)]), "utf-8")

    result = importer("suggest", "neu.csv", "--like", "old.yaml", "-o", "new.yaml")
    assert result.returncode == 0, result.stderr
    assert "Renamed: Handy-Nr. is now Mobilnummer" in result.stderr
    assert "Renamed: Vorname is now VORNAME (spelled alike)." in result.stderr
    assert "Missing: Stammfiliale, taken out of profile.fields.favourite_store." in result.stderr
    assert "New: Bemerkung2" in result.stderr
    planned = importer("plan", "neu.csv", "-m", "new.yaml")
    assert planned.returncode == 0, planned.stdout
    assert "Handy-Nr.: is it Mobilnummer in this sheet?" in planned.stderr


def test_a_mapping_of_another_kind_of_sheet_is_refused(importer, mapping: Path, tmp_path: Path):
    (tmp_path / "stock.csv").write_text("article,amount\nA1,5\nA2,6\n")
    result = importer("suggest", "stock.csv", "--like", "mapping.yaml")
    assert result.returncode == 2
    assert "it has: article, amount" in result.stderr
    assert "Leave --like away" in result.stderr
