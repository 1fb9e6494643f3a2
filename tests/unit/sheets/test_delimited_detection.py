"""How text is written is found out from evidence and told; what is stated wins; doubt is a question."""

from __future__ import annotations

import pytest

from importer.errors import SheetError


@pytest.mark.parametrize(
    ("content", "rows", "told"),
    [
        # an apostrophe quotes where every header cell stands in apostrophes
        ("'Code','Name'\n'1','Lee, Ann'\n", {2: ["1", "Lee, Ann"]}, "Cells are quoted by '"),
        # a quote that is escaped by a backslash
        ('a,b\n1,"say \\"hi, you\\""\n2,x\n', {2: ["1", 'say "hi, you"'], 3: ["2", "x"]}, "escaped by \\"),
        # a backslash that escapes nothing stays, also where others escape
        (
            'a,b\n1,"\\"x\\", C:\\new"\n2,D:\\x\n',
            {2: ["1", '"x", C:\\new'], 3: ["2", "D:\\x"]},
            "escaped by \\",
        ),
        # a path that ends in a backslash escapes nothing
        ('a,b\n"C:\\new\\",1\n"D:\\",2\n', {2: ["C:\\new\\", "1"], 3: ["D:\\", "2"]}, 'quote ",'),
        # blanks between delimiter and quote
        ('a, "b"\n1, "x, y"\n', {2: ["1", "x, y"]}, "Blanks between a delimiter and the cell"),
        # blanks before cells that are not quoted belong to them
        ("a, b\n1, x\n", {2: ["1", " x"]}, 'quote ",'),
        # Excel's hint is obeyed, and is no row
        ("sep=;\r\na;b\r\n1,5;2\r\n", {2: ["1,5", "2"]}, "'sep=;'"),
        # a comma in every cell of one column, header too, does not make more columns of fewer
        ("a|b|c|d, e\n1|2|3|4, 5\n", {2: ["1", "2", "3", "4, 5"]}, "delimiter bar"),
        # decimal commas in the rows alone
        ("Name;Points\nAnn;1,5\nBob;2,5\n", {2: ["Ann", "1,5"], 3: ["Bob", "2,5"]}, "delimiter semicolon"),
        # decimal commas in all rows are no evidence against a header without any, not even beside broken rows
        ("a;b\n" + "1,5;2,5\n" * 30, {n: ["1,5", "2,5"] for n in range(2, 32)}, "delimiter semicolon"),
        # delimiters inside quotes do not count
        ('a;b\n"1,2,3";x\n"4,5,6";y\n', {2: ["1,2,3", "x"], 3: ["4,5,6", "y"]}, "delimiter semicolon"),
    ],
)
def test_the_dialect_is_found_and_told(read, content, rows, told):
    sheet = read(content)
    assert sheet.rows == rows
    assert told in sheet.told
    assert not sheet.problems


def test_broken_rows_do_not_hand_the_victory_to_decimal_commas(read):
    sheet = read("a;b\n" + "1,5;2,5\n" * 50 + "1,5;2,5;\n3,5\n" + "1,5;2,5;x\n")
    assert sheet.header == ("a", "b")
    assert sheet.slugs == {(53, "row-too-short"), (54, "row-too-long")}


def test_after_a_sep_line_rows_count_as_in_a_spreadsheet_and_lines_as_in_an_editor(read):
    sheet = read("sep=;\na;b\n1;2\n")
    assert sheet.header_row == 1
    assert sheet.lines == {2: 3}
    assert sheet.dialect.sep_line


def test_two_delimiters_that_fit_equally_well_are_a_question(read):
    with pytest.raises(SheetError) as refusal:
        read("Price,EUR;Qty\n1,5;3\n2,5;4\n")
    assert "comma (2 columns)" in refusal.value.message
    assert "semicolon (2 columns)" in refusal.value.message
    assert "delimiter:" in refusal.value.advice


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ({"delimiter": ";"}, {2: ["1,5", "3"]}),  # one reading of the above
        ({"delimiter": ","}, {2: ["1", "5;3"]}),  # the other
        ({"delimiter": "~"}, {2: ["1,5;3"]}),  # one that nobody would try
    ],
)
def test_a_stated_delimiter_wins(read, options, rows):
    assert read("Price,EUR;Qty\n1,5;3\n", **options).rows == rows


@pytest.mark.parametrize("delimiter", ["\t", "\\t", "tab"])
def test_a_tab_may_be_written_in_three_ways(read, delimiter):
    assert read("a,x\tb\n1,2\t3\n", delimiter=delimiter).rows == {2: ["1,2", "3"]}


def test_a_stated_quote_wins(read):
    assert read("a,b\n'x,y',1\n", quote="'").rows == {2: ["x,y", "1"]}


@pytest.mark.parametrize("options", [{"delimiter": ",,"}, {"delimiter": "\n"}, {"quote": "''"}, {"quote": "\n"}])
def test_a_delimiter_or_quote_that_cannot_be_one_is_refused(read, options):
    with pytest.raises(SheetError, match="cannot"):
        read("a,b\n1,2\n", **options)


def test_the_dialect_says_what_rejects_need(read):
    dialect = read('\ufeff"a";"b"\r\n"1";"2"\r\n"";"x"').dialect
    assert (dialect.encoding, dialect.bom, dialect.delimiter, dialect.line_end) == (
        "utf-8",
        True,
        ";",
        "\r\n",
    )
    assert dialect.quoting == "all"
    assert not dialect.final_line_end
    assert read("a,b\n1,2\n").dialect.quoting == "minimal"


# ── the header row ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "header_row", "header"),
    [
        ("\n\na,b\n1,2\n", 3, ("a", "b")),  # blank rows first
        ("Customers 2024\na,b,c\n1,2,3\n4,5,6\n", 2, ("a", "b", "c")),  # a title
        (
            "Customers 2024,,\n,,\nAll shops,,\na,b,c\n1,2,3\n",
            4,
            ("a", "b", "c"),
        ),  # titles, padded by a spreadsheet
        (
            "# exported by hand\na,b\n1,2\n3,4\n",
            2,
            ("a", "b"),
        ),  # a comment is evidence enough for two columns
        ("By:,Asha\nOn:,2024-05-01\n\na,b,c\n1,2,3\n4,5,6\n", 4, ("a", "b", "c")),  # titles with names
        ("By:,Asha,\nOn:,2024-05-01,\na,b,c\n1,2,3\n", 3, ("a", "b", "c")),  # the same, padded
        ("Name:,Mobile:\nLee,1\nAnn,2\n", 1, ("Name:", "Mobile:")),  # a header that is written with colons
        ("Name\nLee\nAnn\n", 1, ("Name",)),  # one column
        ("a,b\n1,2,3\n4,5,6\n", 1, ("a", "b")),  # a header that is short by one is no title
        ("Name\nLee, Ann\nBob\nEve\n", 1, ("Name",)),  # stray commas below a single column are no header
    ],
)
def test_the_header_row_is_found(read, content, header_row, header):
    sheet = read(content)
    assert (sheet.header_row, sheet.header) == (header_row, header)


def test_rows_are_counted_from_the_files_first_whatever_the_header_says(read):
    assert read("Title\n\na,b,c\n1,2,3\n").rows == {4: ["1", "2", "3"]}
    assert read("x,y\nq,r\na,b\n1,2\n", header=3).rows == {4: ["1", "2"]}


def test_titles_are_told(read):
    assert "The header is row 2" in read("Title\na,b,c\n1,2,3\n").told


@pytest.mark.parametrize(
    "content",
    [
        "Name\nLee,Ann\nRoy,Bob\n",  # a header that is short by one, or a title above two columns
        "Customers\n1,2,3\n4,5,6\n",  # values, not names, below what may be a title
    ],
)
def test_a_doubtful_header_is_a_question(read, content):
    with pytest.raises(SheetError, match="cannot be told which") as refusal:
        read(content)
    assert "header: 2" in refusal.value.advice
    assert read(content, header=1).header_row == 1
    assert read(content, header=2).header_row == 2


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        ("a,b\n1,2\n", {"header": 9}, "no row 9"),
        ("a,b\n1,2\n", {"header": 0}, "no row 0"),
        ("a,b\n\n1,2\n", {"header": 2}, "blank"),
        ("a,b\n", {}, "no rows"),
        ("a,b\n\n,,\n", {}, "no rows"),
        ("\n\n  \n", {}, "empty"),
        ("a\0,b\n1,2\n", {}, "control character"),
        (",".join(f"c{n}" for n in range(16_385)) + "\n" + "," * 16_384 + "1\n", {}, "columns"),
    ],
)
def test_a_sheet_without_a_usable_header_or_rows_is_refused(read, content, options, says):
    with pytest.raises(SheetError, match=says):
        read(content, **options)


# ── the encoding ───────────────────────────────────────────────────────────────────────


def test_a_file_that_is_not_utf_8_is_refused_with_line_readings_and_the_line_for_the_mapping(read):
    content = "Code,Name,Mobile\n" + "1,Ann,9876543210\n" * 5000 + "2,José Álvarez 98765,9876543210\n"
    with pytest.raises(SheetError) as refusal:
        read(content.encode("cp1252"))
    error = refusal.value
    assert "line 5002: byte 0xE9" in error.message
    assert "cp1252:      José Álvarez •••••" in error.message  # digits are masked
    assert "9876543210" not in error.message
    assert len([line for line in error.message.splitlines() if line.startswith("  ")]) == 3
    assert "encoding: cp1252" in error.advice


@pytest.mark.parametrize(
    ("content", "declared", "says"),
    [
        ("a,b\n1,Ł\n".encode("cp1250") + b"\x81\n", "cp1252", "line 3: byte 0x81"),  # undefined there
        (b"a,b\n1,x\n2,\xe9\n", "utf-8", "line 3: byte 0xE9"),
        (b"a,b\n1,x\n2,\xe9\n", "ascii", "line 3: byte 0xE9"),
        ("a,b\n1,x\n".encode("utf-16-le") + b"\x00\xd8", "utf-16-le", "line 3"),  # half a pair at the end
        ("a,b\n1,é\n".encode("utf-8-sig"), "cp1252", "byte-order mark of utf-8"),
        ("a,b\n1,é\n".encode("utf-16"), "utf-8", "byte-order mark of utf-16-le"),
        (b"a,b\n1,2\n", "utf-16", "not utf-16"),
        (b"a,b\n1,2\n", "utf-9", "not an encoding"),
        (b"a,b\n1,2\n", "base64", "not an encoding"),
        (b"a,b\n1,2\n", "punycode", "not an encoding"),
        (b"a,b\n1,2\n", "utf-8\0", "not an encoding"),
    ],
)
def test_a_declared_encoding_that_does_not_fit_is_refused(read, content, declared, says):
    with pytest.raises(SheetError, match=says):
        read(content, encoding=declared)


def test_a_declared_encoding_may_have_its_own_mark(read):
    assert read("a,b\n1,é\n".encode("utf-8-sig"), encoding="utf-8").rows == {2: ["1", "é"]}
    assert read("a,b\n1,é\n".encode("utf-16"), encoding="UTF-16").rows == {2: ["1", "é"]}
    assert read("a,b\n1,é\n".encode("utf-16-le"), encoding="utf-16").rows == {2: ["1", "é"]}


def test_a_broken_byte_after_a_megabyte_is_found_at_its_line(read):
    with pytest.raises(SheetError, match="line 300002"):
        read(b"Code,Name\n" + b"1,x\n" * 300_000 + b"2,\xff\n")


def test_a_line_that_never_ends_is_refused(read):
    with pytest.raises(SheetError, match="line 2 has more than"):
        read(b"Code,Name\n" + b"1," * 5_000_000)
