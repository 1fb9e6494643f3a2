"""The structure of an xlsx file: its worksheets, number formats and calendar, within limits on what it unpacks to.

openpyxl reads the structure; cells and shared strings, which may be huge, are streamed by our own readers.
"""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl.packaging.manifest import Manifest
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from importer.errors import SheetError
from importer.sheets.source import Source
from importer.sheets.workbook.formats import NumberFormat, read_format

MOST_UNPACKED_BYTES = 4 * 1024**3
HIGHEST_RATIO = 400  # unpacked to packed bytes of one part; sheet XML packs 10 to 40 times smaller
RATIO_APPLIES_FROM = 50 * 1024**2  # unpacked bytes
MOST_STRUCTURE_BYTES = 100 * 1024**2  # of workbook, styles and relations, which are held in memory


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One worksheet: its name, where its XML lies in the archive, and whether it is shown."""

    name: str
    part: str
    visible: bool


class Package:
    """An open xlsx archive. Raises SheetError when it is none, or unpacks to more than it may."""

    def __init__(self, source: Source, max_bytes: int | None) -> None:
        self._name = source.name
        try:
            self.archive = zipfile.ZipFile(source.file)
            self._check_size(max_bytes)
            self._read(source.file)
        except SheetError:
            raise
        except DefusedXmlException as error:
            raise self.damaged("it holds XML entities, which no spreadsheet program writes") from error
        except (
            zipfile.BadZipFile, KeyError, ValueError, ParseError, InvalidFileException, TypeError, AttributeError, OSError,
            EOFError, IndexError, NotImplementedError, RuntimeError,
        ) as error:  # whatever openpyxl meets in a damaged structure  # fmt: skip
            raise self.damaged(type(error).__name__) from error

    def _read(self, file: Path) -> None:
        """Worksheets, formats and epoch, by openpyxl, whose warnings concern what we do not read."""
        with file.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = ExcelReader(stream, read_only=True, data_only=True, keep_links=False)
            reader.read_manifest()
            reader.read_workbook()
            apply_stylesheet(reader.archive, reader.wb)
            self.epoch_1904 = reader.wb.epoch == CALENDAR_MAC_1904
            book: Any = reader.wb  # its styles are openpyxl's own business, and kept nowhere else
            codes = book._number_formats  # noqa: SLF001 - as above
            self.formats = [_format(style.numFmtId, codes) for style in book._cell_styles]  # noqa: SLF001 - as above
            self.strings_part = _strings_part(reader.package)
            parts = set(reader.valid_files)
            self.worksheets = [
                Worksheet(sheet.name, relation.target, sheet.state == "visible")
                for sheet, relation in reader.parser.find_sheets()
                if relation.Type.endswith("/worksheet") and relation.target in parts
            ]

    def _check_size(self, max_bytes: int | None) -> None:
        parts = self.archive.infolist()
        total = sum(part.file_size for part in parts)
        most = max_bytes or MOST_UNPACKED_BYTES
        if total > most:
            raise SheetError(
                f"{self._name} unpacks to {total:,} bytes; at most {most:,} are read.",
                advice="If the file is meant to be so large, raise the limit: --max-bytes N, or `max_bytes:` under `sheet:`.",
            )
        for part in parts:
            ratio = part.file_size / max(part.compress_size, 1)
            if max_bytes is None and part.file_size > RATIO_APPLIES_FROM and ratio > HIGHEST_RATIO:
                raise SheetError(
                    f"{self._name}: {part.filename} unpacks to {ratio:,.0f} times its size, as bombs do.",
                    advice="If the file is sound, allow it: --max-bytes N, or `max_bytes:` under `sheet:`.",
                )
            if part.file_size > MOST_STRUCTURE_BYTES and not part.filename.startswith(
                ("xl/worksheets/", "xl/sharedStrings", "xl/media")
            ):
                structure = part.filename.endswith((".xml", ".rels"))
                if structure and "pivot" not in part.filename:
                    raise self.damaged(f"{part.filename} has {part.file_size:,} bytes")

    def open(self, part: str) -> IO[bytes]:
        """A part's bytes, as a stream. Raises SheetError."""
        try:
            return self.archive.open(part)
        except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise self.damaged(f"{part} cannot be read") from error

    def damaged(self, why: str) -> SheetError:
        """The sentence for a workbook that cannot be read."""
        return SheetError(
            f"{self._name} is no workbook that can be read: {why}.",
            advice="Open it in a spreadsheet program and save it again as .xlsx.",
        )


def _format(code_id: int, custom: list[str]) -> NumberFormat:
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE  # noqa: PLC0415 - a table

    if code_id < BUILTIN_FORMATS_MAX_SIZE:
        return read_format(BUILTIN_FORMATS.get(code_id, "General"))
    at = code_id - BUILTIN_FORMATS_MAX_SIZE
    return read_format(custom[at] if at < len(custom) else "General")


def _strings_part(manifest: Manifest) -> str:
    """Where the shared strings lie; "" where there are none."""
    from openpyxl.xml.constants import SHARED_STRINGS  # noqa: PLC0415 - a name

    package: Any = manifest
    found = package.find(SHARED_STRINGS)
    return found.PartName.lstrip("/") if found is not None else ""
