"""How fast workbooks become frames, and how much memory that takes."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from importer.sheets import open_sheet

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


UNIQUE = 5  # columns of texts that stand nowhere else
LETTERS = "ABCDEFGHIJKLMNO"


def texts(row: int) -> list[str]:
    """The texts of a row."""
    return [f"text {column} {row if column < UNIQUE else row % 1000}" for column in range(11)]


def lines_by_hand(rows: int, *, shared: bool) -> Iterator[str]:
    """The XML of each row."""
    heads = "".join(f'<c r="{one}1" t="inlineStr"><is><t>Column {one}</t></is></c>' for one in LETTERS)
    yield f'<row r="1">{heads}</row>'
    for row in range(1, rows + 1):
        numbers = [UNIQUE * (row - 1) + at for at in range(UNIQUE)]
        numbers += [UNIQUE * rows + (row % 1000) * 6 + at for at in range(6)]
        cells = [
            f'<c r="{letter}{row + 1}" t="s"><v>{number}</v></c>'
            if shared
            else f'<c r="{letter}{row + 1}" t="inlineStr"><is><t>{text}</t></is></c>'
            for letter, number, text in zip(LETTERS, numbers, texts(row), strict=False)
        ]
        values = (919876000000 + row, 40_000 + row % 5_000, row % 99_999, row / 7)
        cells += [
            f'<c r="{letter}{row + 1}" s="{style}"><v>{value}</v></c>'
            for letter, style, value in zip(LETTERS[11:], (0, 1, 2, 0), values, strict=True)
        ]
        yield f'<row r="{row + 1}">{"".join(cells)}</row>'


def strings_by_hand(rows: int) -> Iterator[str]:
    """The XML of each shared string."""
    for row in range(1, rows + 1):
        yield from (f"<si><t>{text}</t></si>" for text in texts(row)[:UNIQUE])
    for row in range(1000):
        yield from (f"<si><t>{text}</t></si>" for text in texts(row)[UNIQUE:])


def written_by_hand(books, path: Path, rows: int, *, shared: bool) -> str:
    """The same sheet, part by part, which takes a fraction of the time."""
    parts = books.parts("%here%", strings=["%here%"] if shared else [], formats=["dd/mm/yyyy", "00000"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            before, here, after = content.replace("<si>%here%</si>", "%here%").partition("%here%")
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as part:
                part.write(before.encode())
                if here:
                    pieces = strings_by_hand(rows) if "sharedStrings" in name else lines_by_hand(rows, shared=shared)
                    for piece in pieces:
                        part.write(piece.encode())
                part.write(after.encode())
    return str(path)


@pytest.mark.bench
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("shared", [False, True], ids=["inline", "shared"])
def test_peak_memory_hardly_grows_with_rows(books, tmp_path: Path, shared):
    peaks = {}
    for rows in (100_000, 1_000_000):
        path = written_by_hand(books, tmp_path / f"{rows}.xlsx", rows, shared=shared)
        command = [sys.executable, "-c", PEAK, path]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        assert int(told[0]) == rows
        peaks[rows] = int(told[1])
        Path(path).unlink()
    growth = (peaks[1_000_000] - peaks[100_000]) / 900_000
    print(f"\npeak {peaks[1_000_000] / 2**20:.0f} MiB, {growth:.1f} bytes a row more")  # noqa: T201 - figures
    assert growth < MOST_BYTES_A_ROW
