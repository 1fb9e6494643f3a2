"""Rejects as their users get them: the real command as a process, and a Capillary that has its own view of things."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from importer.emulator import Emulator, EmulatorConfig, Fault

MAPPING = """\
version: 1
name: small
lookup:
  source: INSTORE
  identifiers:
    - externalId: Code
profile:
  firstName: Name
"""
CREDITS = """\
loyaltyProgramEnrollments:
  - programId: 973
    loyaltyPoints: {column: Points, convert: [integer]}
"""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def send(importer, tmp_path: Path):
    """Runs a sheet against a Capillary; answers with what was printed and the run's folder."""

    def run(capillary: Emulator, sheet: str, *options: str, mapping: str = MAPPING):
        (tmp_path / "mapping.yaml").write_text(mapping, "utf-8")
        known = set(tmp_path.glob("runs/*"))
        ran = importer(
            "run", sheet, "-m", "mapping.yaml", "--to", capillary.url, "--yes", "--no-progress", *options,
            IMPORTER_TILL=capillary.config.till, IMPORTER_PASSWORD=capillary.config.password,
        )  # fmt: skip
        folders = set(tmp_path.glob("runs/*")) - known
        return ran, folders.pop() if folders else None

    return run


def test_23_results_and_rejects_tell_of_each_row_what_capillary_did_with_it(send, tmp_path):
    """Neither swapped nor shifted: the rows that come back are those that were refused, with their own cells."""
    lines = [f"{'X' if number % 3 else 'C'}{number:05},Name {number}" for number in range(60)]
    (tmp_path / "customers.csv").write_text("\n".join(["Code,Name", *lines, ""]), "utf-8")
    with Emulator(EmulatorConfig(missing=("X*",))) as capillary:
        ran, folder = send(capillary, "customers.csv", "--accept", "max_rejected=100%")
        applied = {one.value for one in capillary.record.updates() if one.applied}
    assert ran.returncode == 1, ran.stderr
    results, rejects = rows(folder / "results.csv"), rows(folder / "rejects.csv")
    assert {row["identifier_value"] for row in results if row["status"] == "updated"} == applied
    refused = {row["row"]: row["identifier_value"] for row in results if row["status"] == "rejected"}
    assert {row["importer_row"]: row["Code"] for row in rejects} == refused
    assert len(refused) == 40
    assert all(row["Name"] == f"Name {int(row['Code'][1:])}" for row in rejects)
    assert all(lines[int(row["importer_row"]) - 2].startswith(row["Code"]) for row in rejects)


@pytest.mark.parametrize("name", ["customers.csv", "customers.xlsx"])
def test_24_repaired_rejects_go_straight_back(send, importer, tmp_path, name):
    """With the same mapping; the new run knows the old one, and nobody is sent twice."""
    table = [["Code", "Name"], ["C00001", "=Anna"], ["X00002", "-5"], ["C00003", "+33 1"], ["", "'x"]]
    if name.endswith("csv"):
        (tmp_path / name).write_text("".join(";".join(row) + "\r\n" for row in table), "utf-8", newline="")
    else:
        book = openpyxl.Workbook()
        for at, row in enumerate(table, start=1):
            for column, text in enumerate(row, start=1):
                book.active.cell(at, column).value = text
                book.active.cell(at, column).data_type = "s"
        book.save(tmp_path / name)
    with Emulator(EmulatorConfig(missing=("X*",))) as capillary:
        ran, folder = send(capillary, name, "--accept", "max_invalid=50%")
        assert ran.returncode == 1, ran.stderr
        rejects = folder / f"rejects{Path(name).suffix}"
        assert f"repair the rows in {rejects.relative_to(tmp_path)}" in ran.stdout
        if name.endswith("csv"):
            content = rejects.read_bytes().decode()
            assert content.count("\r\n") == 3
            rejects.write_bytes(content.replace("X00002", "C00002").replace(";''x", "C00005;''x", 1).encode())
        else:
            book = openpyxl.load_workbook(rejects)
            for cell, code in (("A2", "C00002"), ("A3", "C00005")):
                book.worksheets[1][cell].value = code
            book.save(rejects)
        again, second = send(capillary, str(rejects.relative_to(tmp_path)))
        assert again.returncode == 0, again.stderr
        sent = [(one.value, json.loads(one.body)["profiles"][0]["firstName"]) for one in capillary.record.updates()]
    assert sorted(sent) == [
        ("C00001", "=Anna"), ("C00002", "-5"), ("C00003", "+33 1"), ("C00005", "'x"), ("X00002", "-5")
    ]  # fmt: skip
    assert {row["status"] for row in rows(second / "results.csv")} == {"updated"}
    assert not list(second.glob("rejects*"))
    assert folder.name in importer("runs", "--json").stdout


def test_a_credit_that_was_perhaps_given_comes_back_with_what_is_needed_to_decide(send, tmp_path):
    """And its repaired file does not give it twice."""
    (tmp_path / "customers.csv").write_text("Code,Name,Points\nC00001,Anna,10\nC00002,Ravi,20\n", "utf-8")
    lost = Fault(kind="drop", after_write=True, values=("C00002",), times=1)
    with Emulator(EmulatorConfig(faults=(lost,))) as capillary:
        ran, folder = send(capillary, "customers.csv", mapping=MAPPING + CREDITS)
        assert ran.returncode == 1, ran.stderr
        (row,) = rows(folder / "rejects.csv")
        again, second = send(capillary, str(folder / "rejects.csv"), mapping=MAPPING + CREDITS)
        credited = capillary.statistics().points
    assert (row["importer_row"], row["importer_status"], row["Code"]) == ("3", "unknown", "C00002")
    assert "Sent about externalId C00002 at 20" in row["importer_reason"]
    assert row["importer_reason"].endswith("adds.")
    assert "look the customer up" in row["importer_advice"]
    assert (again.returncode, credited) == (1, 30)
    assert [line["status"] for line in rows(second / "results.csv")] == ["unknown"]


def test_states_are_chosen_at_the_door_and_by_environment(send, importer, tmp_path):
    (tmp_path / "customers.csv").write_text("Code,Name\nC00001,Anna\nX00002,Ravi\n,Eve\n", "utf-8")
    with Emulator(EmulatorConfig(missing=("X*",))) as capillary:
        ran, folder = send(capillary, "customers.csv", "--accept", "max_invalid=50%", "--reject-only", "rejected")
    assert ran.returncode == 1, ran.stderr
    assert [row["importer_row"] for row in rows(folder / "rejects.csv")] == ["3"]
    assert importer("report", folder.name, IMPORTER_REJECT_ONLY="invalid").returncode == 0
    assert [row["importer_row"] for row in rows(folder / "rejects.csv")] == ["4"]
    wrong = importer("report", folder.name, "--reject-only", "faild")
    assert wrong.returncode == 2
    assert "'faild' is no state; was 'failed' meant?" in wrong.stderr


def test_a_sheet_that_is_replaced_while_it_is_sent_costs_no_more_than_its_cells(tmp_path):
    """The next export comes over the one that is being sent: the run ends, every row has a result."""
    sheet = tmp_path / "customers.csv"
    sheet.write_text("Code,Name\n" + "".join(f"X{number:05},Anna\n" for number in range(20)), "utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
    with Emulator(EmulatorConfig(missing=("X*",))) as capillary:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
        environment |= {"IMPORTER_TILL": capillary.config.till, "IMPORTER_PASSWORD": capillary.config.password}
        child = subprocess.Popen(
            [sys.executable, "-m", "importer", "run", "customers.csv", "-m", "mapping.yaml", "--to", capillary.url,
             "--yes", "--no-progress", "--rate", "20/s", "--concurrency", "1"],
            cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not capillary.record.statistics().requests:
            assert child.poll() is None, child.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.005)
        sheet.write_text("Code,Name\nC99999,Somebody else\n", "utf-8")
        printed, complained = child.communicate(timeout=60)
    assert child.returncode == 1, complained
    assert "rejects.csv holds identifiers and reasons but no cells of the sheet: customers.csv is no longer" in printed
    (folder,) = tmp_path.glob("runs/*")
    assert len(rows(folder / "results.csv")) == 20
    assert [row["identifier_value"] for row in rows(folder / "rejects.csv")] == [
        f"X{number:05}" for number in range(20)
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")
@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_every_file_and_folder_is_private_whatever_the_umask(tmp_path, umask):
    """Files 0600, folders 0700: of a run, of a plan, and of what outlives them."""
    (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
    (tmp_path / "customers.csv").write_text("Code,Name\nC00001,Anna\n,Ravi\n", "utf-8")
    book = openpyxl.Workbook()
    book.active.append(["Code", "Name"])
    book.active.append([None, "Ravi"])
    book.save(tmp_path / "customers.xlsx")
    given = set(tmp_path.iterdir())
    command = ["run", "customers.csv", "customers.xlsx", "-m", "mapping.yaml", "--to", "emulator"]
    ran = subprocess.run(
        [sys.executable, "-m", "importer", *command, "--yes", "--accept", "max_invalid=100%"],
        cwd=tmp_path, capture_output=True, text=True, check=False, umask=umask,
    )  # fmt: skip
    assert ran.returncode == 1, ran.stderr
    made = [path for top in set(tmp_path.iterdir()) - given for path in (top, *top.rglob("*"))]
    assert {"results.csv", "rejects.csv", "rejects-2.xlsx", "journal.db", "report.html", "summary.json"} <= {
        path.name for path in made
    }
    loose = {
        str(path.relative_to(tmp_path)): oct(stat.S_IMODE(path.stat().st_mode))
        for path in made
        if stat.S_IMODE(path.stat().st_mode) != (0o700 if path.is_dir() else 0o600)
    }
    assert not loose
