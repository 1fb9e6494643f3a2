"""How fast workbooks become frames, and how much memory that takes."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from importer.sheets import open_sheet

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = 15
LEAST_ROWS_A_SECOND = 15_000
MOST_BYTES_A_ROW = 150
PEAK = """
import re, sys
from pathlib import Path
from importer.sheets import open_sheet
with open_sheet(sys.argv[1]) as sheet:
    rows = sum(len(chunk.cells) for chunk in sheet.chunks())
print(rows, 1024 * int(re.search("VmHWM:[^0-9]*([0-9]+)", Path("/proc/self/status").read_text())[1]))
"""  # of this program alone: what the resource module tells begins with the peak of the one that started it


def written(path: Path, rows: int, *, inline: bool) -> str:
    """A worksheet of 11 columns of text, a long number, a date, a padded number and a fraction."""
    with xlsxwriter.Workbook(path, {"constant_memory": inline}) as book:
        sheet = book.add_worksheet("Customers")
        day, places = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "00000"})
        sheet.write_row(0, 0, [f"Column {column}" for column in range(COLUMNS)])
        for row in range(1, rows + 1):
            for column in range(11):
                sheet.write_string(row, column, f"text {column} {row if column < 3 else row % 1000}")
            sheet.write_number(row, 11, 919876000000 + row)
            sheet.write_number(row, 12, 40_000 + row % 5_000, day)
            sheet.write_number(row, 13, row % 99_999, places)
            sheet.write_number(row, 14, row / 7)
    return str(path)


@pytest.mark.bench
@pytest.mark.parametrize("inline", [True, False], ids=["inline", "shared"])
def test_workbooks_are_read_at_15_000_rows_a_second(tmp_path: Path, inline):
    rows = 30_000
    path = written(tmp_path / "s.xlsx", rows, inline=inline)
    with open_sheet(path) as sheet:
        passes_s = []
        for _ in range(5):  # the best of them: a machine has other things to do as well
            started = time.process_time()
            assert sum(len(chunk.cells) for chunk in sheet.chunks()) == rows
            passes_s.append(time.process_time() - started)
    speed = rows / min(passes_s)
    print(f"\n{speed:,.0f} rows/s")  # noqa: T201 - figures
    assert speed >= LEAST_ROWS_A_SECOND


@pytest.mark.bench
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
@pytest.mark.parametrize("inline", [True, False], ids=["inline", "shared"])
def test_peak_memory_hardly_grows_with_rows(tmp_path: Path, inline):
    peaks = {}
    for rows in (30_000, 150_000):
        path = written(tmp_path / f"{rows}.xlsx", rows, inline=inline)
        command = [sys.executable, "-c", PEAK, path]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        assert int(told[0]) == rows
        peaks[rows] = int(told[1])
    growth = (peaks[150_000] - peaks[30_000]) / 120_000
    print(f"\npeak {peaks[150_000] / 2**20:.0f} MiB, {growth:.1f} bytes a row more")  # noqa: T201 - figures
    assert growth < MOST_BYTES_A_ROW
