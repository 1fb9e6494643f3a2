"""Which kind a file is: by what is stated, else by its content, else by its name."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from importer.errors import SheetError
from importer.sheets.packed import DAMAGED_ARCHIVE

if TYPE_CHECKING:
    from pathlib import Path

DELIMITED = (".csv", ".tsv", ".tab", ".psv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".xlsb", ".ods")
FAMILIES = ((".xlsx", ".xlsm", ".xltx", ".xltm"), (".xls", ".xlt"), (".xlsb",), (".ods",), (".parquet",))
COLUMNAR = (".parquet", ".jsonl", ".ndjson")
READ = (
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".xlsb",
    ".ods",
    ".parquet",
    ".jsonl",
)  # for messages

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # xls, and workbooks with a password
BY_MARK = ((OLE, ".xls"), (b"PAR1", ".parquet"))
NO_SHEETS = (  # how files begin that are often sent in a sheet's place
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a text document (RTF)"),
)
WEB_PAGES = (b"<!doctype html", b"<html", b"<head", b"<table", b"<?xml", b"<meta", b"<style")
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
START_BYTES = 4096


def kind_of(file: Path, name: str, stated: str | None) -> tuple[str, str]:
    """The ending that says how to read a file (".csv"), and a note where that is not the one of its name.

    Args:
        file: where it lies, unpacked.
        name: what it is called, for its ending and for messages.
        stated: the `format` option; it wins.

    Raises:
        SheetError: it is no sheet, or of no kind that is known.
    """
    if stated is not None:
        kind = f".{stated.lower().removeprefix('.')}"
        if kind in (*DELIMITED, *WORKBOOKS, *COLUMNAR):
            return kind, ""
        raise SheetError(f"`format: {stated}` is no kind of sheet.", advice=f"One of {_listed()}.")
    ending = ending_of(name)
    with file.open("rb") as stream:
        start = stream.read(START_BYTES)
    found = by_content(file, start, ending)
    _refuse_what_is_none(name, start, ending)
    if found:
        if ending in next(family for family in FAMILIES if found in family):
            return ending, ""
        return found, f"By its content {name} is {found[1:]}, and is read so." if ending else ""
    if ending in WORKBOOKS and not start.startswith((b"PK", OLE, b"\t")):
        raise SheetError(
            f"{name} is no workbook, whatever its name says.",
            advice="If it is delimited text, say so: `--format csv`; else open it and save it as a workbook.",
        )
    if ending in (*DELIMITED, *WORKBOOKS, *COLUMNAR):
        return ending, ""
    if ending and name != "standard-input":
        raise SheetError(
            f"{name}: {ending} is no kind of file that importer knows.",
            advice=f"It reads {_listed()}, also packed as gz, zip or zst; or say `--format csv`.",
        )
    return ".csv", "It has no ending to tell its kind, and is read as delimited text."


def ending_of(name: str) -> str:
    """The ending of a file's name, in lower case with its dot; "" where it has none."""
    return f".{name.lower().rpartition('.')[2]}" if "." in name else ""


def by_content(file: Path, start: bytes, ending: str) -> str:
    """The kind that a file's bytes prove; "" where they prove none."""
    if not start.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in BY_MARK if start.startswith(mark)), "")
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            document = _beginning(archive, "mimetype") if "mimetype" in names else b""
    except (*DAMAGED_ARCHIVE, ValueError):
        return ending if ending in WORKBOOKS else ""  # the reader of workbooks says what is wrong with it
    if document.startswith(OPEN_DOCUMENT):
        return ".ods"
    if "xl/workbook.bin" in names:
        return ".xlsb"
    return ".xlsx" if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names) else ""


def _beginning(archive: zipfile.ZipFile, part: str) -> bytes:
    """The first bytes of a part, which may be a bomb."""
    with archive.open(part) as stream:
        return stream.read(START_BYTES)


def _refuse_what_is_none(name: str, start: bytes, ending: str) -> None:
    """Pictures, documents, web pages: one sentence."""
    for mark, what in NO_SHEETS:
        if start.startswith(mark):
            raise SheetError(f"{name} is {what}, not a sheet.", advice=f"importer reads {_listed()}.")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(WEB_PAGES):
        raise SheetError(
            f"{name} is a web page (HTML or XML), not a sheet"
            + (": some programs save such pages as workbooks." if ending in WORKBOOKS else "."),
            advice="Save it as xlsx or CSV from a spreadsheet program, or download it again.",
        )


def _listed() -> str:
    return ", ".join(kind[1:] for kind in READ)
