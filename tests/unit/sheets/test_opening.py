"""A sheet is opened wherever it lies and however it is packed, or refused in a sentence."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import sys
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
import zstandard

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets import open_sheet, packed, save_standard_input

SMALL = b"a,b\n1,x\n"
ROWS = {2: ["1", "x"]}


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


# ── kinds ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["s.csv", "s.CSV", "s.tsv", "s.txt", "s.psv", "customers.2024.csv", "export"])
def test_delimited_text_is_known_by_its_name_or_read_where_there_is_no_ending(read, name):
    assert read(SMALL, name).rows == ROWS


@pytest.mark.parametrize("kind", ["csv", ".csv", "CSV", "txt"])
def test_a_stated_format_wins(read, kind):
    assert read(SMALL, "customers.dat", format=kind).rows == ROWS


def test_the_format_tsv_states_the_delimiter(read):
    assert read(b"a,x\tb\n1\t2\n", format="tsv").rows == {2: ["1", "2"]}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("s.csv", b"", "empty"),  # not a byte
        ("s.pdf", b"%PDF-1.7", "a PDF document"),
        ("s.csv", b"%PDF-1.7", "a PDF document"),  # whatever its name
        ("s.csv", b"\x89PNG\r\n\x1a\n", "a picture"),
        ("s.csv", b"7z\xbc\xaf'\x1c", "a 7-Zip archive"),
        ("s.csv", b"\n <!DOCTYPE html><p>Sign in</p>", "a web page"),  # a failed download
        ("s.xls", b"<table><tr><td>1</td></tr></table>", "some programs save such pages as workbooks"),
        ("s.xls", b"Code\tName\n1\tAnn\n", "no workbook, whatever its name says"),
        ("s.docx", b"text", ".docx is no kind of file"),
        ("s.zip", b"PK\x03\x04 damaged", "damaged"),
    ],
)
def test_what_is_no_sheet_is_refused_in_a_sentence(write, name, content, says):
    with pytest.raises(SheetError) as refusal:
        open_sheet(write(content, name))
    assert says in refusal.value.message
    assert name in refusal.value.message
    assert "\n" not in refusal.value.message


def test_an_unknown_format_lists_those_that_are_known(write):
    with pytest.raises(SheetError, match="format: yaml") as refusal:
        open_sheet(write(SMALL), SheetOptions(format="yaml"))
    assert "csv" in refusal.value.advice


def test_a_missing_file_is_told_with_its_neighbours(write, tmp_path: Path):
    write(SMALL, "customers.csv")
    with pytest.raises(SheetError, match="no such file") as refusal:
        open_sheet(str(tmp_path / "custmers.csv"))
    assert "customers.csv" in refusal.value.advice
    with pytest.raises(SheetError, match="no such file") as refusal:
        open_sheet(str(tmp_path / "nowhere" / "customers.csv"))
    assert "does not exist" in refusal.value.advice


@pytest.mark.parametrize("path", ["a\0b.csv", "x" * 5000 + ".csv"])
def test_an_impossible_path_is_refused(path):
    with pytest.raises(SheetError):
        open_sheet(path)


def test_a_folder_is_no_sheet(tmp_path: Path):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(SheetError, match="is a folder"):
        open_sheet(str(tmp_path / "folder.csv"))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root and Windows may read everything")
def test_a_file_that_may_not_be_read_is_refused(write):
    path = Path(write(SMALL))
    path.chmod(0)
    with pytest.raises(SheetError, match="cannot be read"):
        open_sheet(str(path))


# ── packed files ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "content", "inner"),
    [
        ("s.csv.gz", gzip.compress(SMALL, mtime=0), "s.csv"),
        ("s.csv.GZ", gzip.compress(SMALL, mtime=0), "s.csv"),
        (
            "s.csv.gz",
            gzip.compress(b"a,b\n", mtime=0) + gzip.compress(b"1,x\n", mtime=0),
            "s.csv",
        ),  # two gzip members are one file
        ("s.csv.zst", zstandard.compress(SMALL), "s.csv"),
        ("s.zip", zipped({"s.csv": SMALL}), "s.csv"),
        (
            "s.zip",
            zipped({"folder/s.csv": SMALL, "__MACOSX/._s.csv": b"x"}),
            "s.csv",
        ),  # what a Mac packs beside it
        ("s.csv", gzip.compress(SMALL, mtime=0), "s.csv"),  # known by content, whatever its name
    ],
)
def test_a_packed_sheet_is_unpacked(write, name, content, inner):
    with open_sheet(write(content, name)) as sheet:
        (chunk,) = sheet.chunks()
        assert chunk.cells.loc[2].tolist() == ["1", "x"]
        assert sheet.digest == hashlib.sha256(content).hexdigest()  # of the packed file: it is what lies on disk
        assert sheet.label == inner
        assert f"unpacked from {name}" in sheet.notes[0] + sheet.notes[-1]


def test_what_was_unpacked_goes_when_the_sheet_is_closed(write):
    with open_sheet(write(gzip.compress(SMALL, mtime=0), "s.csv.gz")) as sheet:
        spooled = sheet._source.file
        assert spooled.exists()
        if sys.platform != "win32":
            assert spooled.stat().st_mode & 0o077 == 0
            assert spooled.parent.stat().st_mode & 0o077 == 0
    assert not spooled.parent.exists()


def test_what_was_unpacked_goes_when_the_sheet_is_refused(write, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spools"))
    (tmp_path / "spools").mkdir()
    with pytest.raises(SheetError):
        open_sheet(write(gzip.compress(b"a,b\n", mtime=0), "s.csv.gz"))
    assert not list((tmp_path / "spools").iterdir())


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("s.csv.gz", gzip.compress(SMALL, mtime=0)[:-9], "damaged"),  # cut off
        ("s.csv.gz", gzip.compress(SMALL, mtime=0)[:10] + b"\xff" * 30, "damaged"),
        ("s.csv.gz", gzip.compress(b"", mtime=0), "empty"),
        ("s.csv.zst", zstandard.compress(SMALL)[:6] + b"\xff" * 9, "damaged"),
        ("s.zip", zipped({"a.csv": SMALL, "b.csv": SMALL}), "2 files (a.csv, b.csv)"),
        ("s.zip", zipped({}), "0 files"),
    ],
)
def test_a_packed_file_that_cannot_be_unpacked_is_refused(write, name, content, says):
    with pytest.raises(SheetError) as refusal:
        open_sheet(write(content, name))
    assert says in refusal.value.message
    assert name in refusal.value.message


def test_a_zip_file_with_a_wrong_checksum_is_refused(write):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("s.csv", SMALL)
    with pytest.raises(SheetError, match="damaged"):
        open_sheet(write(buffer.getvalue().replace(b"1,x", b"1,y"), "s.zip"))


def test_a_zip_file_with_a_password_is_refused(write):
    content = bytearray(zipped({"s.csv": SMALL}))
    content[6] |= 1  # the flag in the member's own head, and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SheetError, match="protected by a password"):
        open_sheet(write(bytes(content), "s.zip"))


def test_a_bomb_is_refused_by_its_ratio_and_the_option_is_named(write, monkeypatch):
    monkeypatch.setattr(packed, "RATIO_APPLIES_FROM", 100_000)
    bomb = gzip.compress(b"a,b\n" + b"\n" * 10_000_000)
    with pytest.raises(SheetError, match="more than") as refusal:
        open_sheet(write(bomb, "s.csv.gz"))
    assert "--max-bytes" in refusal.value.advice
    assert "max_bytes" in refusal.value.advice


def test_the_limit_can_be_raised_and_lowered(write, monkeypatch):
    monkeypatch.setattr(packed, "RATIO_APPLIES_FROM", 1000)
    path = write(gzip.compress(b"a,b\n1,x\n" + b"\n" * 1_000_000), "s.csv.gz")
    with open_sheet(path, SheetOptions(max_bytes=1_000_008)) as sheet:
        assert len(next(sheet.chunks()).cells) == 1
    with pytest.raises(SheetError, match="1,000,007 bytes"):
        open_sheet(path, SheetOptions(max_bytes=1_000_007))


def test_without_the_package_for_zstandard_the_way_out_is_told(write, monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(SheetError, match="further package") as refusal:
        open_sheet(write(zstandard.compress(SMALL), "s.csv.zst"))
    assert "importer[zstd]" in refusal.value.advice


# ── standard input ─────────────────────────────────────────────────────────────────────


class Piped(io.TextIOWrapper):
    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))


def test_standard_input_is_read_twice_though_it_comes_once(monkeypatch):
    monkeypatch.setattr("sys.stdin", Piped(SMALL))
    with open_sheet("-", SheetOptions(format="csv")) as sheet:
        assert [len(chunk.cells) for _ in range(2) for chunk in sheet.chunks()] == [1, 1]
        assert (sheet.path, sheet.label) == ("-", "standard-input")
        assert sheet.digest == hashlib.sha256(SMALL).hexdigest()


def test_standard_input_may_be_packed(monkeypatch):
    monkeypatch.setattr("sys.stdin", Piped(gzip.compress(SMALL, mtime=0)))
    with open_sheet("-") as sheet:
        assert sheet.header == ("a", "b")


def test_an_empty_standard_input_is_refused(monkeypatch):
    monkeypatch.setattr("sys.stdin", Piped(b""))
    with pytest.raises(SheetError, match="Standard input is empty"):
        open_sheet("-")


def test_standard_input_can_be_kept_for_a_run_that_is_resumed(monkeypatch, tmp_path: Path):
    monkeypatch.setattr("sys.stdin", Piped(SMALL))
    kept = save_standard_input(tmp_path / "standard-input.csv")
    assert kept.read_bytes() == SMALL
    if sys.platform != "win32":
        assert kept.stat().st_mode & 0o077 == 0
    with pytest.raises(SheetError, match="could not be copied"):
        save_standard_input(kept)  # an older one is never overwritten
    monkeypatch.setattr("sys.stdin", Piped(SMALL))
    with pytest.raises(SheetError, match="more than 3 bytes"):
        save_standard_input(tmp_path / "other.csv", limit=3)


def test_a_terminal_is_no_sheet(monkeypatch):
    terminal = Piped(b"")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    with pytest.raises(SheetError, match="nothing comes in"):
        open_sheet("-")


# ── workbooks, as far as opening goes ──────────────────────────────────────────────────


@pytest.fixture
def workbook(tmp_path: Path) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["1", "x"])
    book.save(tmp_path / "book.xlsx")
    return (tmp_path / "book.xlsx").read_bytes()


@pytest.mark.parametrize("name", ["s.xlsx", "s.xls", "s.csv", "s.ods", "s.zip", "s"])
def test_a_workbook_is_known_by_its_content_whatever_its_name(read, workbook, name):
    sheet = read(workbook, name)
    assert sheet.rows == ROWS
    assert ("By its content" in sheet.told) == (name not in {"s.xlsx", "s"})


def test_a_workbook_may_be_packed_again(read, workbook):
    assert read(gzip.compress(workbook, mtime=0), "s.xlsx.gz").rows == ROWS
    assert read(zipped({"s.xlsx": workbook}), "s.zip").rows == ROWS


def test_a_damaged_workbook_is_told_as_one(write, workbook):
    with pytest.raises(SheetError, match=r"s\.xlsx"):
        open_sheet(write(workbook[: len(workbook) // 2], "s.xlsx"))


def test_an_archive_whose_first_part_is_damaged_or_a_bomb_is_told_and_not_unpacked(write):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), bytes(50_000_000), zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    with pytest.raises(SheetError, match=r"s\.ods"):
        open_sheet(write(packed.getvalue(), "s.ods"))
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    spoilt = packed.getvalue().replace(packed.getvalue()[40:60], b"\xff" * 20)
    with pytest.raises(SheetError, match=r"s\.ods"):
        open_sheet(write(spoilt, "s.ods"))
