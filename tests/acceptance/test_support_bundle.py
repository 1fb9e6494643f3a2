"""`importer support-bundle`: the fault can be seen in it, the customers cannot. Complaint 30."""

from __future__ import annotations

import csv
import io
import json
import stat
import zipfile
from pathlib import Path

import openpyxl
import pytest

pytestmark = pytest.mark.long  # many commands, one after the other

MAPPING = """version: 1
name: small
lookup:
  source: INSTORE
  identifiers:
    - mobile: {column: Handy, convert: [{phone: IN}]}
profile:
  firstName: {column: Vorname, convert: [trim]}
  lastName: Name
"""
HEADER = ["Handy", "Vorname", "Name"]
ROWS = [
    ["09000000001", " Zaphod ", "Beeblebrox"],
    ["0900", "Trillian", 'Mc"Millan'],  # no phone number
    ["09000000404", "Ford", "Préfect; Jr."],  # nobody's
    ["09000000003", "Slartibartfast\nof Magrathea", "Überraschung"],
]


def contents(folder: Path) -> dict[str, bytes]:
    (path,) = folder.glob("*-support.zip")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


@pytest.fixture
def bundle(importer, tmp_path):
    """Runs a sheet and packs its bundle."""

    def make(name: str) -> dict[str, bytes]:
        (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
        ran = importer("run", name, "-m", "mapping.yaml", "--to", "emulator", "--accept", "max_invalid=90%")
        assert ran.returncode == 1, ran.stderr
        (run,) = (tmp_path / "runs").iterdir()
        made = importer("support-bundle", str(run.relative_to(tmp_path)))
        assert made.returncode == 0, made.stderr
        return contents(tmp_path)

    return make


def originals() -> set[str]:
    return {cell for row in ROWS for cell in row if len(cell) >= 3} | {cell.strip() for row in ROWS for cell in row}


def test_30_a_bundle_of_delimited_text_keeps_its_dialect_and_no_cell(bundle, tmp_path):
    """Encoding, separators, quotes and line ends are the original's; no cell of three or more characters is."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([HEADER, *ROWS])
    (tmp_path / "kunden.csv").write_bytes("\ufeff".encode() + text.getvalue().encode())
    found = bundle("kunden.csv")
    sheet = found["sheet.csv"].decode("utf-8")
    assert sheet.startswith("\ufeffHandy;Vorname;Name\r\n")
    assert sheet.count('"') == text.getvalue().count('"')
    assert sheet.count("\r\n") == text.getvalue().count("\r\n")
    made = list(csv.reader(io.StringIO(sheet.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert [[len(cell) for cell in row] for row in made] == [[len(cell) for cell in row] for row in [HEADER, *ROWS]]
    everything = b"\n".join(found.values()).decode("utf-8", "replace")
    assert not {cell for cell in originals() if cell in everything}
    told = list(csv.DictReader(io.StringIO(found["rows.csv"].decode())))
    assert [(one["row"], one["original_row"], one["status"]) for one in told] == [
        ("2", "2", "updated"), ("3", "3", "invalid"), ("4", "4", "rejected"), ("5", "5", "updated"),
    ]  # fmt: skip
    assert told[1]["problems"] == "phone-invalid"
    run = json.loads(found["run.json"])
    assert run["counts"] == {"updated": 2, "invalid": 1, "rejected": 1}


def test_a_bundle_of_a_workbook_keeps_kinds_of_cells_and_no_cell(bundle, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for row in ROWS:
        book.active.append(row)
    book.active["A5"] = 9000000003
    book.active["A5"].number_format = "00000000000"
    book.save(tmp_path / "kunden.xlsx")
    found = bundle("kunden.xlsx")
    (tmp_path / "made.xlsx").write_bytes(found["sheet.xlsx"])
    made = openpyxl.load_workbook(tmp_path / "made.xlsx").active
    rows = [list(row) for row in made.iter_rows(values_only=True)]
    assert rows[0] == HEADER
    assert isinstance(made["A5"].value, int)
    assert made["A5"].number_format == "00000000000"
    cells = {str(cell) for row in rows[1:] for cell in row}
    assert not cells & (originals() | {"9000000003"})
    assert [len(row[1]) for row in rows[1:]] == [len(row[1]) for row in ROWS]


def test_where_the_sheet_is_gone_the_bundle_says_so(importer, bundle, tmp_path):
    (tmp_path / "kunden.csv").write_text("\n".join(",".join(row[:2]) for row in [HEADER, *ROWS[:3]]), "utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING.replace("  lastName: Name\n", ""), "utf-8")
    words = ("run", "kunden.csv", "-m", "mapping.yaml", "--to", "emulator", "--accept", "max_invalid=90%")
    assert importer(*words).returncode == 1
    (tmp_path / "kunden.csv").unlink()
    (run,) = (tmp_path / "runs").iterdir()
    made = importer("support-bundle", str(run.relative_to(tmp_path)))
    assert made.returncode == 0
    assert "The sheet is gone" in made.stderr
    assert set(contents(tmp_path)) == {"README.txt", "sheet.csv", "rows.csv", "run.json"}


def test_a_bundle_never_takes_the_place_of_a_file(importer, sheet, mapping, tmp_path):
    importer("run", sheet.name, "-m", mapping.name, "--to", "emulator")
    (run,) = (tmp_path / "runs").iterdir()
    (tmp_path / "mine.zip").write_bytes(b"mine")
    made = importer("support-bundle", str(run.relative_to(tmp_path)), "-o", "mine.zip")
    assert made.returncode == 2
    assert (tmp_path / "mine.zip").read_bytes() == b"mine"
