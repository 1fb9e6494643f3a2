"""Files that break readers, by accident or on purpose: one sentence each, within bounds of memory and time."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets import open_sheet
from importer.sheets.workbook import package

BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"


def refusal(path: str, **options) -> str:
    """The sentence with which a file is refused, whenever that is."""
    with pytest.raises(SheetError) as refused, open_sheet(path, SheetOptions(**options)) as sheet:
        for _ in sheet.chunks():
            pass
    return f"{refused.value.message} {refused.value.advice}"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"]
)
def test_entities_are_refused_wherever_they_stand(write, books, part):
    parts = books.parts(f'<row r="1">{books.text("A1", "A")}</row><row r="2">{books.text("A2", "x")}</row>')
    parts[part] = BOMB + parts[part]
    assert "entities" in refusal(write(books.pack(parts), "s.xlsx"))


@pytest.mark.parametrize(
    ("part", "content", "says"),
    [
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row", "Customers"),  # cut short
        ("xl/worksheets/sheet1.xml", "", "Customers"),
        ("xl/sharedStrings.xml", "<sst><si>", "shared strings"),
        ("xl/workbook.xml", "no XML at all", "structure is damaged"),
        ("xl/workbook.xml", "<workbook/>", "no visible worksheet"),
        ("xl/styles.xml", "<styleSheet>", "structure is damaged"),
    ],
)
def test_a_damaged_part_is_told_in_a_sentence(write, books, part, content, says):
    parts = books.parts(f'<row r="1">{books.text("A1", "A")}</row><row r="2">{books.text("A2", "x")}</row>')
    parts[part] = content
    message = refusal(write(books.pack(parts), "s.xlsx"))
    assert "s.xlsx" in message
    assert says in message


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_missing_part_is_told(write, books, part):
    parts = books.parts(f'<row r="1">{books.text("A1", "A")}</row><row r="2">{books.text("A2", "x")}</row>')
    del parts[part]
    assert "s.xlsx" in refusal(write(books.pack(parts), "s.xlsx"))


def test_what_only_dresses_a_sheet_may_be_damaged(read, books):
    parts = books.parts(f'<row r="1">{books.text("A1", "A")}</row><row r="2">{books.text("A2", "x")}</row>')
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace("<cellXfs>", "<fills><fill/></fills><fonts/><cellXfs>")
    parts["xl/theme/theme1.xml"] = "broken"
    assert read(books.pack(parts), "s.xlsx").rows == {2: ["x"]}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('<row r="2"><c r="A2" t="s"><v>7</v></c></row>', "no shared string 7"),
        ('<row r="2"><c r="A2" t="s"><v>-1</v></c></row>', "no shared string -1"),
        ('<row r="2"><c r="A2" t="zz"><v>7</v></c></row>', "unknown type 'zz'"),
        ('<row r="2"><c r="A9"><v>7</v></c></row>', "'A9' is no cell of row 2"),
        ('<row r="2"><c r="ZZZZ2"><v>7</v></c></row>', "is no cell"),
        ('<row r="2"><c r="XFE2"><v>7</v></c></row>', "beyond column XFD"),
        ('<row r="2"><c r="A2"><v>7</v></c><c r="A2"><v>8</v></c></row>', "twice"),
        ('<row r="3"/><row r="2"><c r="A2"><v>7</v></c></row>', "row 2 follows row 3"),
        ('<row r="2000000"><c r="A2000000"><v>7</v></c></row>', "row 2000000"),
        ('<row r="x"><c r="A2"><v>7</v></c></row>', "'x'"),
    ],
)
def test_cells_that_contradict_each_other_are_refused(write, books, row, says):
    assert says in refusal(write(books.table(row), "s.xlsx"))


def test_a_cell_larger_than_any_program_holds_is_refused(write, books):
    row = f'<row r="2">{books.text("A2", "x" * 1_000_001)}</row>'
    assert "1,000,001 characters" in refusal(write(books.table(row), "s.xlsx"))
    shared = books.table('<row r="2"><c r="A2" t="s"><v>0</v></c></row>', strings=[f"<t>{'x' * 1_000_001}</t>"])
    assert "1,000,001 characters" in refusal(write(shared, "s.xlsx"))


def test_a_bomb_is_refused_by_its_ratio_and_its_size_and_the_option_is_named(write, books, monkeypatch):
    blank = '<row r="2"/>'.replace("/>", " " * 1_000_000 + "/>")
    path = write(books.table(blank, f'<row r="3">{books.text("A3", "x")}</row>'), "s.xlsx")
    monkeypatch.setattr(package, "RATIO_APPLIES_FROM", 100_000)
    message = refusal(path)
    assert "as bombs do" in message
    assert "--max-bytes" in message
    assert "--max-bytes" in refusal(path, max_bytes=1000)
    with open_sheet(path, SheetOptions(max_bytes=2_000_000)) as sheet:
        assert [list(chunk.cells.index) for chunk in sheet.chunks()] == [[2, 3]]


def test_a_structure_that_would_fill_the_memory_is_refused(write, books, monkeypatch):
    monkeypatch.setattr(package, "MOST_STRUCTURE_BYTES", 100)
    assert "are held at most" in refusal(write(books.table(f'<row r="2">{books.text("A2", "x")}</row>'), "s.xlsx"))


def test_an_archive_with_a_wrong_checksum_is_refused(write, books):
    content = books.table(f'<row r="2">{books.text("A2", "x")}</row>')
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        place = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    assert "s.xlsx" in refusal(write(content[:place] + b"\xff\xff" + content[place + 2 :], "s.xlsx"))


@pytest.mark.parametrize("seed", range(60))
def test_bytes_that_were_hit_end_in_cells_or_in_a_refusal(write, books, seed):
    chance = random.Random(seed)
    rows = "".join(f'<row r="{at}">{books.text(f"A{at}", f"text {at}")}</row>' for at in range(2, 30))
    if seed % 2:  # the archive is hit
        content = bytearray(books.table(rows))
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path = write(bytes(content), "s.xlsx")
    else:  # a part is hit, and packed again
        parts = {name: bytearray(part.encode()) for name, part in books.parts(rows).items()}
        part = parts[chance.choice(sorted(parts))]
        for _ in range(chance.randint(1, 8)):
            part[chance.randrange(len(part))] = chance.randrange(256)
        path = write(books.pack({name: bytes(part) for name, part in parts.items()}), "s.xlsx")
    try:
        with open_sheet(path) as sheet:
            read = sum(len(chunk.cells) for chunk in sheet.chunks())
    except SheetError as refused:
        assert "s.xlsx" in str(refused)  # noqa: PT017 - both ends are right
    else:
        assert read
