"""`results.csv`."""

from __future__ import annotations

import csv
import os
import re
import stat
from pathlib import Path

import pytest

from importer.errors import ReportLost
from importer.records import Notice, RowId, Status
from importer.rejects import ADDED
from importer.report import write_results
from importer.report.files import replacing
from importer.report.results import advice

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "files.md"
HEADER = (
    "sheet,row,line,status,identifier_name,identifier_value,http_status,code,message,advice,warnings,side_effects,"
    "customer_id,attempts,latency_ms,request_id,sent_at"
)


@pytest.fixture
def written(tmp_path, codes):
    """Writes results and reads them back as dictionaries."""

    def write(*results):
        path = tmp_path / "results.csv"
        assert write_results(path, iter(results), codes) == len(results)
        text = path.read_bytes().decode("utf-8")
        assert text.splitlines()[0] == HEADER
        return list(csv.DictReader(text.splitlines(keepends=True)))

    return write


def test_every_row_has_a_line_with_all_that_is_known(written, ended):
    [line] = written(
        ended(
            Status.PARTIAL,
            row=7,
            code="8057",
            message="Invalid email",
            warnings=(Notice("8057", "Invalid email"), Notice("", "odd")),
            side_effects=({"type": "points", "awardedPoints": 25},),
            http_status=200,
            customer_id="162116213",
            attempts=2,
            latency_ms=81.5,
            request_id="r-1",
            sent_at="2026-03-01T12:00:00.000+00:00",
        )
    )
    assert line == {
        "sheet": "customers.csv",
        "row": "7",
        "line": "7",
        "status": "partial",
        "identifier_name": "mobile",
        "identifier_value": "919876543210",
        "http_status": "200",
        "code": "8057",
        "message": "Invalid email",
        "advice": "8057: invalid e-mail in a channel: correct it",
        "warnings": "8057: Invalid email; odd",
        "side_effects": '[{"type":"points","awardedPoints":25}]',
        "customer_id": "162116213",
        "attempts": "2",
        "latency_ms": "81.5",
        "request_id": "r-1",
        "sent_at": "2026-03-01T12:00:00.000+00:00",
    }


def test_every_column_is_described_on_its_page():
    text = PAGE.read_text("utf-8")
    assert re.findall(
        r"^\| `(\w+)` \|", text.split("## results.csv")[1].split("\n## ")[0], re.MULTILINE
    ) == HEADER.split(",")
    assert re.findall(r"^\| `(\w+)` \|", text.split("## rejects")[1], re.MULTILINE) == list(ADDED)


def test_lines_stand_in_the_order_in_which_rows_come(written, ended):
    assert [line["row"] for line in written(*(ended(row=row) for row in range(2, 50)))] == [
        str(row) for row in range(2, 50)
    ]


def test_a_row_that_another_one_stood_in_for_names_it(written, ended):
    first, second = written(*(ended(Status.SUPERSEDED, successor=RowId(sheet, 9)) for sheet in (0, 1)))
    assert first["message"] == "row 9 stood in for it"
    assert second["message"] == "row 9 of sheet 2 stood in for it"


def test_cells_that_a_spreadsheet_would_run_are_guarded_wherever_they_come_from(written, ended):
    [line] = written(
        ended(
            Status.REJECTED,
            value="=1+1",
            sheet="@sheet.csv",
            code="-1",
            message="+cmd",
            request_id="'x",
            customer_id="=2",
        )
    )
    shown = {name: line[name] for name in ("sheet", "identifier_value", "code", "message", "request_id", "customer_id")}
    assert shown == {
        "sheet": "'@sheet.csv", "identifier_value": "'=1+1", "code": "'-1", "message": "'+cmd", "request_id": "''x",
        "customer_id": "'=2",
    }  # fmt: skip


ADVICE = [
    # (state, code, codes of warnings, advice)
    (Status.UPDATED, "", (), ""),
    (Status.REJECTED, "8015", (), "8015: no such customer: check the number"),
    (Status.REJECTED, "4711", (), ""),  # a code that nobody documents
    (Status.INVALID, "phone-invalid", (), "Correct the number; give the country code where it is not of the mapping's region."),
    (Status.PARTIAL, "8057", ("8059", "8057"),
     "8057: invalid e-mail in a channel: correct it; 8059: index not updated: nothing to do"),
    (Status.UPDATED_WITH_WARNINGS, "8059", ("8059",), "8059: index not updated: nothing to do"),
    (Status.FAILED, "503", (), "`importer retry` sends it again"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "code", "warnings", "expected"), ADVICE)
def test_advice_comes_from_the_kind_of_problem_the_state_or_the_code(ended, codes, status, code, warnings, expected):
    outcome = ended(status, code=code, warnings=tuple(Notice(one, "") for one in warnings)).outcome
    assert advice(outcome, codes) == expected


def test_half_a_character_does_not_stop_the_file(written, ended):
    [line] = written(ended(value="x\ud83d"))
    assert line["identifier_value"] == "x\\ud83d"


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")
def test_the_file_is_private_even_where_a_dead_process_left_an_open_one(tmp_path):
    path = tmp_path / "results.csv"
    (tmp_path / "results.csv.part").touch(0o644)
    with replacing(path) as file:
        file.write("x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_breaks_off_leaves_the_old_file_as_it_was(tmp_path, ended, codes):
    def results():
        yield ended()
        raise KeyboardInterrupt

    path = tmp_path / "results.csv"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        write_results(path, results(), codes)
    assert [one.name for one in tmp_path.iterdir()] == ["results.csv"]
    assert path.read_text() == "old"


def test_a_place_that_cannot_be_written_is_named_in_a_sentence(tmp_path, codes):
    with pytest.raises(ReportLost, match=r"results\.csv cannot be written") as caught:
        write_results(tmp_path / "missing" / "results.csv", [], codes)
    assert caught.value.exit_code == 3
    assert "importer report" in caught.value.advice


def test_trouble_with_the_sheet_is_not_taken_for_trouble_with_the_report(tmp_path, codes):
    def results():
        yield from (tmp_path / "gone.csv").open()

    with pytest.raises(FileNotFoundError, match=r"gone\.csv"):
        write_results(tmp_path / "results.csv", results(), codes)
