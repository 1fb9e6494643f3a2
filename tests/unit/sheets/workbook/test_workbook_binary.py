"""xls, xlsb and ods: what their reader gives becomes text by the same rules, and what it cannot give is told."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets import open_sheet
from importer.sheets.workbook import binary
from importer.sheets.workbook.binary import text_of

CORPORA = Path(__file__).parents[5] / "shared" / "corpora"
needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora lie beside the repository")
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def ods(rows: str) -> bytes:
    """An OpenDocument spreadsheet with the worksheet Customers."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{OFFICE}" xmlns:table="{TABLE}" xmlns:text="{TEXT}"><office:body>'
            f'<office:spreadsheet><table:table table:name="Customers">{rows}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )
    return out.getvalue()


def row(*cells: str) -> str:
    """A row of text cells."""
    written = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f"<table:table-row>{written}</table:table-row>"


BLANKS = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("00405", "00405"),
        (919876543210.0, "919876543210"),  # every number comes as a float
        (7, "7"),
        (0.1, "0.1"),
        (True, "TRUE"),
        (dt.date(2024, 2, 29), "2024-02-29"),
        (dt.datetime(2024, 2, 29, 10, 30), "2024-02-29T10:30:00"),  # noqa: DTZ001 - a wall clock
        (dt.datetime(2024, 2, 29, 10, 30, 0, 250_000), "2024-02-29T10:30:00.250"),  # noqa: DTZ001 - as above
        (dt.time(9, 5), "09:05:00"),
        (dt.timedelta(hours=36), "36:00:00"),
    ],
)
def test_a_value_becomes_the_text_that_an_xlsx_would_give(value, shown):
    assert text_of(value) == (shown, "", "")


def test_a_number_that_was_cut_is_named_here_too():
    assert text_of(4111111111111110.0).slug == "excel-rounded"


def test_an_open_document_keeps_row_numbers_and_says_what_it_cannot_know(read):
    sheet = read(ods(BLANKS + row("Name", "City") + row("Asha", "Pune") + BLANKS + row("", "Delhi")), "s.ods")
    assert sheet.header_row == 3
    assert sheet.rows == {4: ["Asha", "Pune"], 5: ["", ""], 6: ["", ""], 7: ["", "Delhi"]}
    assert "save it as .xlsx" in sheet.told


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut"])
@pytest.mark.parametrize("name", ["s.xls", "s.xlsb", "s.ods"])
def test_a_damaged_file_is_refused_in_a_sentence(write, name, content):
    with pytest.raises(SheetError, match=r"s\.(xls|xlsb|ods)"):
        open_sheet(write(content, name))


def test_a_panic_of_the_reader_is_a_refusal_and_nothing_else_is_swallowed(write, monkeypatch):
    class PanicException(BaseException):
        pass

    path = write(ods(row("Name") + row("Asha")), "s.ods")

    def panics(_):
        raise PanicException("index out of bounds")

    monkeypatch.setattr(binary, "_opened", panics)
    with pytest.raises(SheetError, match="its reader gave up on it"):
        open_sheet(path)

    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(binary, "_opened", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_sheet(path)


def test_files_that_would_fill_the_memory_are_refused_and_the_option_is_named(write, monkeypatch):
    path = write(ods(row("Name") + row("Asha")), "s.ods")
    monkeypatch.setattr(binary, "LARGEST_FILE", 100)
    with pytest.raises(SheetError) as refused:
        open_sheet(path)
    assert "--max-bytes" in refused.value.advice
    with open_sheet(path, SheetOptions(max_bytes=10_000)) as sheet:
        assert sheet.header == ("Name",)
    monkeypatch.setattr(binary, "MOST_CELLS", 1)
    with pytest.raises(SheetError, match="2 cells"):
        open_sheet(path, SheetOptions(max_bytes=10_000))


@needs_corpora
@pytest.mark.parametrize("name", ["date.xls", "date.xlsb", "date_1904.xls", "date_1904.xlsb"])
def test_dates_keep_their_day_in_both_calendars(name):
    with open_sheet(str(CORPORA / "calamine" / name)) as sheet:
        (chunk,) = sheet.chunks()
    assert chunk.cells.iloc[:, 0].tolist() == ["2021-01-02", "255:10:10"]


@needs_corpora
@pytest.mark.parametrize("name", ["pass_protected.xlsx", "pass_protected.xlsb", "pass_protected.ods", "issue_385.xls"])
def test_a_password_is_told_as_such(name):
    with pytest.raises(SheetError, match="is protected by a password"):
        open_sheet(str(CORPORA / "calamine" / name))
