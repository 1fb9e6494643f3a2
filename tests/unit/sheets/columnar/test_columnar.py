"""Parquet and JSON Lines: typed values become text without losing a digit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from importer.errors import SheetError
from importer.sheets import open_sheet
from importer.sheets.columnar.parquet import text_of


def parquet_of(tmp_path, columns, **options) -> str:
    """A Parquet file with these columns; its path."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "customers.parquet"
    parquet.write_table(pa.table(columns), path, **options)
    return str(path)


def rows_of(path: str, chunk: int = 10_000) -> dict[int, list[str]]:
    """Cells by row number."""
    with open_sheet(path) as sheet:
        return {
            int(row): cells
            for part in sheet.chunks(chunk)
            for row, cells in zip(part.cells.index, part.cells.to_numpy().tolist(), strict=True)
        }


def test_every_type_of_a_parquet_file_is_text_without_loss(tmp_path):
    path = parquet_of(
        tmp_path,
        {
            "id": [9007199254740993, None],  # beyond 2^53, with a gap, which makes others floats
            "text": ["00405", None],
            "price": [Decimal("12.50"), None],
            "ratio": [0.1, 3.0],
            "on": [True, None],
            "day": [dt.date(2024, 2, 29), None],
            "moment": [dt.datetime(2024, 2, 29, 10, 30, tzinfo=dt.UTC), None],
        },
    )
    first, second = rows_of(path).values()
    assert first[:6] == ["9007199254740993", "00405", "12.50", "0.1", "true", "2024-02-29"]
    assert first[6] == "2024-02-29T10:30:00+00:00"
    assert second == ["", "", "", "3", "", "", ""]


def test_a_parquet_file_is_numbered_from_1_over_chunks_and_row_groups(tmp_path):
    path = parquet_of(tmp_path, {"n": list(range(25))}, row_group_size=7)
    assert rows_of(path, chunk=4) == {n + 1: [str(n)] for n in range(25)}


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"tags": [["a", "b"]]}, "'tags' has the type list"),  # no cell
        ({"raw": [b"\x00"]}, "'raw' has the type binary"),
        ({"n": []}, "has no rows"),
    ],
)
def test_a_parquet_file_that_is_no_table_of_cells_is_refused(tmp_path, columns, says):
    with pytest.raises(SheetError, match=says):
        open_sheet(parquet_of(tmp_path, columns))


def test_a_damaged_parquet_file_is_refused_in_a_sentence(write):
    with pytest.raises(SheetError, match=r"s\.parquet"):
        open_sheet(write(b"PAR1" + b"\0" * 64, "s.parquet"))


def test_json_lines_keep_digits_as_they_are_written(read):
    lines = '{"id": 12345678901234567890123, "x": 1.10, "t": "007"}\n{"t": null, "on": true, "id": 1e5}\n'
    sheet = read(lines, "s.jsonl")
    assert sheet.header == ("id", "x", "t", "on")
    assert sheet.rows == {1: ["12345678901234567890123", "1.10", "007", ""], 2: ["1e5", "", "", "true"]}


def test_json_lines_tell_the_physical_line_and_pass_over_blank_ones(read):
    sheet = read('\ufeff{"a": "x"}\n\n{"a": "y"}\n', "s.jsonl")
    assert sheet.rows == {1: ["x"], 2: ["y"]}
    assert sheet.lines == {1: 1, 2: 3}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"a": 1', "line 2"),  # cut short
        ("[1, 2]", "line 2: no object"),
        ('{"a": [1]}', "line 2: 'a' holds a list"),
        ('{"a": 1, "a": 2}', "line 2: a key stands there twice"),
        ('{"a": NaN}', "line 2: NaN is no JSON number"),
        ("[" * 100_000, "line 2"),  # deep enough to break a parser that recurses
    ],
)
def test_json_lines_that_are_none_are_refused_with_their_line(read, line, says):
    with pytest.raises(SheetError, match=says):
        read('{"a": "x"}\n' + line + "\n", "s.jsonl")


def test_half_a_character_in_json_is_a_problem_of_its_cell(read):
    sheet = read('{"a": "x\\ud83d"}\n', "s.jsonl")
    assert sheet.rows == {1: ["x\ufffd"]}
    assert [(p.row, p.column) for p in sheet.problems] == [(1, "a")]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (919876543210.0, "919876543210"),
        (0.1, "0.1"),
        (1.5e-07, "0.00000015"),
        (float("nan"), ""),  # how data teams write nothing
        (1e22, "1e+22"),  # digits are lost; converters refuse it
        (True, "true"),
    ],
)
def test_a_double_has_every_digit_and_no_other(value, shown):
    assert text_of(value) == shown


def test_control_characters_are_problems_here_too(read):
    sheet = read('{"A": "a\\u0000b", "B": "Jos\\ufffd"}\n', "s.jsonl")
    assert sheet.slugs == {(1, "control-character"), (1, "replacement-character")}


def test_a_list_on_one_endless_line_is_refused(write, monkeypatch):
    monkeypatch.setattr("importer.sheets.columnar.json_lines.LONGEST_LINE", 20)
    with pytest.raises(SheetError, match="line 2 has more than 20 characters"):
        open_sheet(write('{"A": 1}\n' + '{"A": "' + "x" * 30 + '"}\n', "s.jsonl"))


def test_text_that_does_not_fit_its_encoding_is_refused_with_its_line(write):
    with pytest.raises(SheetError, match="line 1 or soon after it: no utf-8-sig text"):
        open_sheet(write(b'{"A": "caf\xe9"}\n', "s.jsonl"))
