"""How fast delimited text becomes frames, and how much memory that takes."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from importer.sheets import open_sheet

if TYPE_CHECKING:
    from pathlib import Path

CELLS = [
    "Asha",
    "D'Souza",
    "asha@example.com",
    "José",
    "2024-01-02",
    "1990-05-06",
    "Mumbai",
    "123.45",
    "Y",
    "N",
]
COLUMNS = 15
LEAST_ROWS_A_SECOND = 250_000
MOST_BYTES_A_ROW = 150
PEAK = """
import resource, sys
from importer.sheets import open_sheet
with open_sheet(sys.argv[1]) as sheet:
    rows = sum(len(chunk.cells) for chunk in sheet.chunks())
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


def written(path: Path, rows: int) -> str:
    """A sheet of 15 columns, about 120 bytes a row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"Column {n}" for n in range(COLUMNS)])
        writer.writerows(
            [f"{n:08d}", f"9198765{n % 100_000:05d}", f"user{n}@example.com", *CELLS, "INSTORE", "400001"]
            for n in range(rows)
        )
    return str(path)


@pytest.mark.bench
def test_delimited_text_is_read_at_250_000_rows_a_second(tmp_path: Path):
    rows = 500_000
    path = written(tmp_path / "s.csv", rows)
    started = time.process_time()
    with open_sheet(path) as sheet:
        opening_s = time.process_time() - started
        passes_s = []
        for _ in range(3):
            started = time.process_time()
            assert sum(len(chunk.cells) for chunk in sheet.chunks()) == rows
            passes_s.append(time.process_time() - started)
    speed = rows / min(passes_s)
    print(f"\nopened in {opening_s:.2f} s, {speed:,.0f} rows/s after that")  # noqa: T201 - figures
    assert speed >= LEAST_ROWS_A_SECOND


@pytest.mark.bench
@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is told by the resource module")
def test_peak_memory_does_not_grow_with_rows(tmp_path: Path):
    peaks = {}
    for rows in (100_000, 1_000_000):
        path = written(tmp_path / f"{rows}.csv", rows)
        command = [sys.executable, "-c", PEAK, path]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        assert int(told[0]) == rows
        peaks[rows] = int(told[1])
    growth = (peaks[1_000_000] - peaks[100_000]) / 900_000
    print(f"\npeak {peaks[1_000_000] / 2**20:.0f} MiB, {growth:.1f} bytes a row more")  # noqa: T201 - figures
    assert growth < MOST_BYTES_A_ROW
