"""Rows that are read by a pattern: the same cells, the same problems and the same refusals as element by element."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets import open_sheet
from importer.sheets.workbook.usual_rows import UsualRows

CELLS = [  # {r}: its place; those of every program that is known, and what none writes
    '<c r="{r}"/>',
    '<c r="{r}" s="1"/>',
    '<c r="{r}"></c>',
    '<c r="{r}"><v></v></c>',
    '<c r="{r}"><v> </v></c>',
    '<c r="{r}"><v>12</v></c>',
    '<c r="{r}"><v> 12 </v></c>',
    '<c r="{r}"><v>007</v></c>',
    '<c r="{r}"><v>१२</v></c>',
    '<c r="{r}"><v>919876543210</v></c>',
    '<c r="{r}"><v>4111111111111110</v></c>',
    '<c r="{r}"><v>0.14285714285714285</v></c>',
    '<c r="{r}"><v>12.0</v></c>',
    '<c r="{r}"><v>1E-7</v></c>',
    '<c r="{r}"><v>0.00000012</v></c>',
    '<c r="{r}"><v>nonsense</v></c>',
    '<c r="{r}"><v>1&amp;2</v></c>',
    '<c r="{r}" s="1"><v>405</v></c>',
    '<c r="{r}" s="1" t="n"><v>405</v></c>',
    '<c r="{r}" s="2"><v>45123.5</v></c>',
    '<c r="{r}" s="99"><v>5</v></c>',
    '<c r="{r}" t="s"><v>0</v></c>',
    '<c r="{r}" t="s"><v>1</v></c>',
    '<c r="{r}" t="s"><v>9</v></c>',
    '<c r="{r}" t="s"><v></v></c>',
    '<c r="{r}" t="s"/>',
    '<c r="{r}" t="b"><v>1</v></c>',
    '<c r="{r}" t="b"><v></v></c>',
    '<c r="{r}" t="e"><v>#N/A</v></c>',
    '<c r="{r}" t="e"><v></v></c>',
    '<c r="{r}" t="d"><v>2024-01-05T10:30:00</v></c>',
    '<c r="{r}" t="zz"><v>1</v></c>',
    '<c r="{r}" t="str"><f>A1</f><v>a</v></c>',
    '<c r="{r}" t="str"><f>A1</f><v></v></c>',
    '<c r="{r}" t="s"><f>A1</f><v>0</v></c>',
    '<c r="{r}"><f>A1</f><v>3</v></c>',
    '<c r="{r}"><f>A1&gt;1</f></c>',
    '<c r="{r}"><f t="shared" si="0"/><v>3</v></c>',
    '<c r="{r}"><f/></c>',
    '<c r="{r}" t="inlineStr"><is><t>text</t></is></c>',
    '<c r="{r}" t="inlineStr"><is><t/></is></c>',
    '<c r="{r}" t="inlineStr"><is><t xml:space="preserve"> a &lt;b&gt; &amp;lt; "c" </t></is></c>',
    '<c r="{r}" t="inlineStr"><is><t>&#233;&#x1F600;</t></is></c>',
    '<c r="{r}" t="inlineStr"><is><t>a_x000D_b _xD83D__xDE00_ _xD83D_</t></is></c>',
    '<c r="{r}" t="inlineStr"><is><r><t>ri</t></r><r><t>ch</t></r></is></c>',
    '<c r="{r}" t="inlineStr"><is><t>東</t><rPh><t>ト</t></rPh></is></c>',
    '<c r="{r}" t="inlineStr"><is><t><![CDATA[<x>]]></t></is></c>',
    '<c r="{r}" t="inlineStr"><is><t>a\r\nb\tc\nd</t></is></c>',
    '<c r="{r}" t="inlineStr"><is><t>&unknown;</t></is></c>',
    '<c r="{r}" t="inlineStr"><v>in v</v></c>',
    '<c t="inlineStr" r="{r}"><is><t>order</t></is></c>',
    '<c r="{r}" cm="1"><v>5</v></c>',
    "<c r='{r}'><v>5</v></c>",
    "<c><v>5</v></c>",
    '<c r="a{row}"><v>5</v></c>',
    '<c r="A9"><v>5</v></c>',
    '<c r="XFE{row}"><v>5</v></c>',
    '<c r="{r}"><v>5</v></c><c r="{r}"><v>6</v></c>',
    '<c r="{r}"><v>5</v>',
    "stray",
    "<!-- <c r='{r}'><v>5</v></c> -->",
    '\n  <c r="{r}">\n<v>5</v></c>\n',
    '<x:c r="{r}"><x:v>5</x:v></x:c>',
]
ROWS = [
    '<row r="{row}">{cells}</row>',
    '<row r="{row}" spans="1:3" ht="15">{cells}</row>',
    '<row r="{row}" hidden="false">{cells}</row>',
    '<row r="{row}" hidden="1">{cells}</row>',
    '<row r="{row}" ht="0">{cells}</row>',
    "<row>{cells}</row>",
    '<row r="{row}"/>',
    '<row r="{row}"/>\n<row r="{row}">{cells}</row>',
    '<!-- <row r="{row}">{cells}</row> -->',
    '<row r="{row}" x="a>b">{cells}</row>',
]


def read(path: Path) -> object:
    """All that the next room would get, or the sentence of the refusal."""
    try:
        with open_sheet(str(path), SheetOptions(header=1)) as sheet:
            chunks = [(chunk.cells.to_dict(), chunk.problems) for chunk in sheet.chunks()]
            return sheet.header, chunks, sheet.notes
    except SheetError as refused:
        return refused.message.partition(": line")[0].partition("not well-formed")[0].partition("mismatched")[0]


def read_both_ways(content: bytes) -> tuple[object, object]:
    """With the pattern, and without."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "s.xlsx"
        path.write_bytes(content)
        by_pattern = read(path)
        patch.setattr(UsualRows, "feed", lambda self, piece: self._rows.parser.Parse(piece, False))
        return by_pattern, read(path)


def written(books, rows: list[tuple[str, list[str]]]) -> bytes:
    """A workbook with a header and these rows, which stand from row 2 on."""
    head = f'<row r="1">{"".join(books.text(f"{letter}1", letter) for letter in "ABC")}</row>'
    lines = []
    for at, (row, cells) in enumerate(rows, start=2):
        filled = "".join(
            cell.replace("{row}", str(at)).replace("{r}", f"{chr(65 + place)}{at}") for place, cell in enumerate(cells)
        )
        lines.append(row.replace("{row}", str(at)).replace("{cells}", filled))
    last = f'<row r="90">{books.text("A90", "end")}</row>'
    strings = ["<t>one</t>", "<r><t>tw</t></r><r><t>o</t></r>"]
    parts = books.parts(head + "".join(lines) + last, strings=strings, formats=["00000", "dd/mm/yyyy"])
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace("<worksheet ", '<worksheet xmlns:x="http://schemas.openxmlformats.org/x" ')
    return books.pack(parts)


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_is_read_alike(books, cell):
    by_pattern, by_parser = read_both_ways(written(books, [(ROWS[0], [cell]), (ROWS[0], [CELLS[39]])]))
    assert by_pattern == by_parser


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_read_alike(books, row):
    by_pattern, by_parser = read_both_ways(
        written(books, [(ROWS[0], [CELLS[39]]), (row, [CELLS[39]]), (row, CELLS[5:8])])
    )
    assert by_pattern == by_parser


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(ROWS), st.lists(st.sampled_from(CELLS), max_size=3)), min_size=1, max_size=12
    )
)
def test_any_mixture_is_read_alike(books, rows):
    by_pattern, by_parser = read_both_ways(written(books, rows))
    assert by_pattern == by_parser


@pytest.mark.parametrize("step", [1, 7, 64])
def test_rows_are_found_wherever_a_piece_of_reading_ends(read, books, monkeypatch, step):
    monkeypatch.setattr("importer.sheets.workbook.stream.READ_BYTES", step)
    rows = [(ROWS[at % 4], CELLS[5:8]) for at in range(12)]
    expected = {at: ["12", "12", "7"] for at in range(2, 14)}
    assert {at: row for at, row in read(written(books, rows), "s.xlsx").rows.items() if at in expected} == expected


def test_most_rows_that_programs_write_need_no_parser(books, monkeypatch, tmp_path):
    taken = []
    take = UsualRows._take
    monkeypatch.setattr(UsualRows, "_take", lambda *given: taken.append(take(*given)) or taken[-1])
    path = tmp_path / "s.xlsx"
    path.write_bytes(written(books, [(ROWS[at % 3], [CELLS[21], CELLS[17], CELLS[39]]) for at in range(50)]))
    read(path)
    assert sum(taken) / len(taken) > 0.95
