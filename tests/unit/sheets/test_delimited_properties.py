"""Any table, written in any supported dialect and encoding, reads back cell by cell; garbage is refused."""

from __future__ import annotations

import csv
import gzip
import io
import re
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets import open_sheet

SPECIAL = ",;\t|\"'\\\n\r #=\u00a0\u2028"
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "gb18030"]
DECLARED = {"gb18030"}  # the others tell by themselves


DAMAGE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffd\ufffe\uffff]")


def no_damage(text: str) -> bool:
    """Characters that are problems of their own are left to another test."""
    return not DAMAGE.search(text)


cells = st.text(
    st.one_of(st.sampled_from(SPECIAL), st.characters(codec="utf-8", exclude_categories=["Cs", "Cn"])),
    max_size=12,
).filter(no_damage)


@st.composite
def tables(draw):
    """Rows of cells below a header of different names; the last row is not blank."""
    width = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=6))
    last = draw(st.lists(cells, min_size=width, max_size=width).filter(any))
    return [[f"Column {n}" for n in range(width)], *rows, last]


def read_all(path: str, options: SheetOptions, rows: int) -> tuple[tuple[str, ...], dict[int, list[str]], list[int]]:
    with open_sheet(path, options) as sheet:
        chunks = list(sheet.chunks(rows))
        assert not [problem for chunk in chunks for problem in chunk.problems]
        read = {int(row): list(values) for chunk in chunks for row, *values in chunk.cells.itertuples()}
        return sheet.header, read, [int(line) for chunk in chunks for line in chunk.lines]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    table=tables(),
    delimiter=st.sampled_from(",;\t|~"),
    quote=st.sampled_from("\"'"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoted=st.booleans(),
    encoding=st.sampled_from(ENCODINGS),
    chunk=st.integers(1, 7),
    packed=st.booleans(),
)
def test_any_table_reads_back_as_it_was_written(*, table, delimiter, quote, line_end, quoted, encoding, chunk, packed):
    lines = [delimiter.join(cell_written(cell, delimiter, quote, always=quoted) for cell in row) for row in table]
    content = "".join(f"{line}{line_end}" for line in lines).encode(encoding)
    stated = SheetOptions(
        delimiter=delimiter,  # a few rows of random text speak for none; detection has tests of its own
        quote=quote,
        header=1,
        encoding=encoding if encoding in DECLARED else None,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("s.csv.gz" if packed else "s.csv")
        path.write_bytes(gzip.compress(content) if packed else content)
        header, rows, lines = read_all(str(path), stated, chunk)
    assert header == tuple(table[0])
    assert rows == dict(enumerate(table[1:], start=2))
    assert lines == expected_lines(table)


def cell_written(cell: str, delimiter: str, quote: str, *, always: bool) -> str:
    """A cell in quotes where it needs them; Python 3.11 leaves a lone CR bare beside LF line ends."""
    if always or not cell or any(special in cell for special in (delimiter, quote, "\n", "\r")):
        return quote + cell.replace(quote, quote * 2) + quote
    return cell


def expected_lines(table: list[list[str]]) -> list[int]:
    """The physical line on which each row below the header begins: line ends inside cells count."""
    lines, line = [], 2
    for row in table[1:]:
        lines.append(line)
        line += 1 + sum(len(cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1 for cell in row)
    return lines


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 10**12).map(str), st.text("abcé -'", max_size=8), st.text('xyz"\n,;', max_size=8)),
        min_size=3,
        max_size=9,
    ),
    delimiter=st.sampled_from(",;\t|"),
)
def test_the_delimiter_of_an_ordinary_sheet_is_found(rows, delimiter):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerows([("Code", "Name", "Note"), *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.csv"
        path.write_text(buffer.getvalue(), "utf-8", newline="")
        header, read, _ = read_all(str(path), SheetOptions(), 100)
    assert header == ("Code", "Name", "Note")
    assert read == {number: list(row) for number, row in enumerate(rows, start=2)}


PIECES = (
    b",;\"'\n\r\0\\a1\xff\xc3\xa9",  # a byte each
    (b"\xef\xbb\xbf", b"\xff\xfe", b"\x00\x00\xfe\xff", b"sep=;\n", b"PK\x03\x04", b"\x1f\x8b\x08", b"<html"),
)
hostile = st.one_of(
    st.binary(max_size=300),
    st.lists(
        st.one_of(st.sampled_from([bytes([byte]) for byte in PIECES[0]]), st.sampled_from(PIECES[1])),
        max_size=40,
    ).map(b"".join),
    st.text(max_size=60).map(lambda text: text.encode("utf-16", "surrogatepass")),
)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(
    content=hostile,
    name=st.sampled_from(["s.csv", "s.tsv", "s", "s.csv.gz", "s.zip", "s.zst"]),
    encoding=st.sampled_from([None, "utf-8", "cp1252", "utf-16", "utf-32-le", "shift_jis", "iso2022_jp", "utf-8-sig"]),
    header=st.sampled_from([None, 1, 3]),
    delimiter=st.sampled_from([None, ",", " "]),
)
def test_any_bytes_are_read_whole_or_refused(content, name, encoding, header, delimiter):
    options = SheetOptions(encoding=encoding, header=header, delimiter=delimiter)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        with suppress(SheetError), open_sheet(str(path), options) as sheet:
            rows = [row for chunk in sheet.chunks(3) for row in chunk.cells.index]
            first = sheet.header_row + 1
            assert rows == list(range(first, first + len(rows)))  # none is skipped
            assert [raw.row for raw in sheet.raw(rows)] == rows


@pytest.mark.parametrize("size", [1, 2, 3, 65_535, 65_536, 65_537, 1_048_575, 1_048_576, 1_048_577])
def test_no_line_end_is_lost_where_a_block_of_reading_ends(read, size):
    """CR LF cut in two by the edge of a block is one line end."""
    first = "x" * max(1, (size - 10) % 900_000)
    padding = "y" * 900_000
    content = f"a,b\r\n{first},1\r\n{padding},2\r\n3,4\r\n"
    sheet = read(content)
    assert sheet.lines == {2: 2, 3: 3, 4: 4}
    assert "several kinds" not in sheet.told
