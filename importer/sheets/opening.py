"""Opens a sheet wherever it lies: fetches, unpacks, finds out its kind and hands it to the right reader."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from importer.records import SheetOptions
from importer.sheets.delimited import open_delimited
from importer.sheets.kinds import COLUMNAR, WORKBOOKS, by_content, ending_of, kind_of
from importer.sheets.packed import is_packed, unpack
from importer.sheets.remote import fetch, is_address
from importer.sheets.source import Source, check_readable, digest_of, stamp_of
from importer.sheets.spool import spool_standard_input

if TYPE_CHECKING:
    from pathlib import Path

    from importer.sheets.sheet import Sheet

STANDARD_INPUT = "-"
DEFAULTS = SheetOptions()


def open_sheet(path: str, options: SheetOptions = DEFAULTS, *, number: int = 0) -> Sheet:
    """The sheet in a file.

    Args:
        path: of a local file; an address such as `sftp://host/customers.csv`; or `-` for standard input.
        options: the mapping's `sheet:` section.
        number: 0-based place among the sheets of a run.

    Raises:
        SheetError: there is no such file, or it cannot be read without loss.
    """
    with ExitStack() as cleanup:
        source = _source(path, options, cleanup)
        sheet = _reader(source, options, number)
        sheet.comes_from(source)
        for sentence in source.notes:
            sheet.note(sentence)
        sheet.close_also(cleanup.pop_all())
        return sheet


def _source(path: str, options: SheetOptions, cleanup: ExitStack) -> Source:
    """Where the bytes lie now, and which kind of sheet they are."""
    file, name = _local(path, options, cleanup)
    digest = digest_of(file)
    with file.open("rb") as stream:
        start = stream.read(8)
    notes = []
    if is_packed(start) and not _is_workbook(file, name, start):
        packed = name
        file = unpack(file, name, start, cleanup, options.max_bytes)
        name = file.name
        check_readable(str(file), shown=f"{packed}, unpacked,")
        notes.append(f"{name} was unpacked from {packed}.")
    stamp = stamp_of(file)
    kind, note = kind_of(file, name, options.format)
    return Source(path, name, file, kind, digest, stamp, (*notes, *([note] if note else [])))


def _local(path: str, options: SheetOptions, cleanup: ExitStack) -> tuple[Path, str]:
    """A local file with the bytes, and what to call it."""
    if path == STANDARD_INPUT:
        file = spool_standard_input(cleanup, limit=options.max_bytes)
        check_readable(str(file), shown="Standard input")
        return file, file.name
    if is_address(path):
        file = fetch(path, cleanup, options.max_bytes)
        return check_readable(str(file), shown=path), urlsplit(path).path.rpartition("/")[2]
    file = check_readable(path)
    return file, file.name


def _is_workbook(file: Path, name: str, start: bytes) -> bool:
    """Whether a packed file is packed because workbooks are; a damaged one is known by its name."""
    ending = ending_of(name)
    return by_content(file, start, ending) in WORKBOOKS or ending in WORKBOOKS


def _reader(source: Source, options: SheetOptions, number: int) -> Sheet:
    """By kind; the readers of workbooks and columnar files are loaded only where they are needed."""
    if source.kind in WORKBOOKS:
        from importer.sheets.workbook import open_workbook  # noqa: PLC0415 - see above

        return open_workbook(source, options, number)
    if source.kind in COLUMNAR:
        from importer.sheets.columnar import open_columnar  # noqa: PLC0415 - see above

        return open_columnar(source, options, number)
    return open_delimited(source, options, number)
