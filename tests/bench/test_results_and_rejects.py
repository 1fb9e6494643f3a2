"""Figures: results and rejects of a million rows, in file order and in bounded memory.

Run as a script it writes the files of one run and prints what that took: a process of its own, so that its peak of
memory is that of writing alone.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xlsxwriter

from importer.apis import capillary
from importer.journal import Journal, RowEntry, SheetEntry
from importer.problems import Problem
from importer.records import Outcome, RowId, Status
from importer.report import write_results
from importer.run.rejects import write_all_rejects
from importer.sheets import open_sheet

CHUNK = 20_000
HEADER = ["Code", "Name", "Mobile", *(f"Column {number}" for number in range(4, 16))]
SENT = {"attempts": 1, "latency_ms": 41.5, "sent_at": "2026-03-01T12:00:00.000+00:00", "http_status": 200}


def cells(row: int) -> list[str]:
    """The cells of a row: 15 of them."""
    return [f"C{row:08}", f'Anna "{row}"' if row % 10 else "=Anna", f"98{row:08}", *[f"value {row % 1000}"] * 12]


def write_sheet(path: Path, rows: int) -> None:
    """A sheet of `rows` rows below its header."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(HEADER)
            csv.writer(file).writerows(map(cells, range(2, rows + 2)))
        return
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Customers")
        sheet.write_row(0, 0, HEADER)
        for row in range(2, rows + 2):
            sheet.write_row(row - 1, 0, cells(row))


def write_journal(folder: Path, sheet: Path, rows: int) -> None:
    """A run in which every tenth row did not end well."""
    folder.mkdir(parents=True)
    with (
        Journal.create(folder, {"run": "million", "command": "run", "mapping": {"path": "m.yaml"}}) as journal,
        open_sheet(str(sheet)) as opened,
    ):
        journal.add_sheet(
            SheetEntry(0, opened.label, str(sheet), opened.digest, opened.worksheet, tuple(opened.header))
        )
        for start in range(2, rows + 2, CHUNK):
            numbers = range(start, min(start + CHUNK, rows + 2))
            bad = [row for row in numbers if row % 10 == 0]
            problems = [Problem(row, "phone-invalid", "Mobile", f"98{row:08}") for row in bad[::2]]
            ends = {row: Outcome(RowId(0, row), Status.INVALID, "phone-invalid", "no phone") for row in bad[::2]}
            ends |= {row: Outcome(RowId(0, row), Status.REJECTED, "8015", "not found", **SENT) for row in bad[1::2]}
            outcomes = [ends.get(row) or Outcome(RowId(0, row), Status.UPDATED, **SENT) for row in numbers]
            journal.add_chunk(
                0, (RowEntry(row, row, "mobile", f"9198{row:08}", False) for row in numbers), problems, outcomes
            )


def write_files(folder: Path) -> dict[str, float]:
    """Seconds (wall and CPU) of each file, and the process's peak of memory in MB."""
    figures: dict[str, float] = {}
    with Journal.open(folder, read_only=True) as journal:
        (entry,) = journal.sheets()
        began, cpu = time.perf_counter(), time.process_time()
        write_results(folder / "results.csv", journal.results(), capillary.endpoint().codes)
        figures |= {"results_s": time.perf_counter() - began, "results_cpu_s": time.process_time() - cpu}
    figures["results_peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with Journal.open(folder) as journal, open_sheet(entry.path) as sheet:
        began, cpu = time.perf_counter(), time.process_time()
        write_all_rejects({0: sheet}, journal, Status.NOT_SENT)
        figures |= {"rejects_s": time.perf_counter() - began, "rejects_cpu_s": time.process_time() - cpu}
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def measured(folder: Path, name: str, rows: int) -> dict[str, float]:
    """The figures of a run over a sheet of this name and size; also that every row stands where it should."""
    folder.mkdir()
    write_sheet(folder / name, rows)
    run = folder / "runs" / "million"
    write_journal(run, folder / name, rows)
    said = subprocess.run([sys.executable, __file__, str(run)], capture_output=True, text=True, check=True).stdout
    figures = json.loads(said)
    told = ", ".join(f"{what} {value:,.1f}" for what, value in figures.items())
    print(f"\n{name}, {rows:,} rows, every tenth rejected: {told}")
    with (run / "results.csv").open(encoding="utf-8", newline="") as file:
        assert all(int(line["row"]) == row for row, line in enumerate(csv.DictReader(file), start=2))
    return figures


@pytest.mark.bench
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("name", "rows"), [("customers.csv", 1_000_000), ("customers.xlsx", 100_000)])
def test_files_of_many_rows_are_written_in_bounded_memory(tmp_path, name, rows):
    """Ten times the rows take ten times as long, and no more memory; comments of a workbook are 10,000 at most."""
    few = measured(tmp_path / "few", name, rows // 10)
    many = measured(tmp_path / "many", name, rows)
    assert many["results_peak_mb"] - few["results_peak_mb"] < 10
    assert many["peak_mb"] - few["peak_mb"] < 40


if __name__ == "__main__":
    print(json.dumps(write_files(Path(sys.argv[1]))))
