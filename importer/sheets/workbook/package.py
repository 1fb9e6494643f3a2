"""An open workbook that is an archive: its parts by name, within limits on what it unpacks to.

The structure of an xlsx file is read at once (`structure.py`); cells and shared strings, which may be huge, are streamed by
readers of their own.
"""

from __future__ import annotations

import zipfile
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

from importer.errors import SheetError
from importer.sheets.packed import DAMAGED_ARCHIVE
from importer.sheets.source import Source
from importer.sheets.workbook.structure import Structure, read_structure

MOST_UNPACKED_BYTES = 4 * 1024**3
HIGHEST_RATIO = 400  # unpacked to packed bytes of one part; sheet XML packs 10 to 40 times smaller
RATIO_APPLIES_FROM = 50 * 1024**2  # unpacked bytes
MOST_STRUCTURE_BYTES = 32 * 1024**2  # of a part that is held in memory: workbook, styles, relations


class Archive:
    """An open archive. Raises SheetError when it is none, or unpacks to more than it may."""

    def __init__(self, source: Source, max_bytes: int | None) -> None:
        self._name = source.name
        try:
            self.archive = zipfile.ZipFile(source.file)
        except (*DAMAGED_ARCHIVE, ValueError, UnicodeDecodeError) as error:
            raise self.damaged(f"its archive is damaged ({error})") from error
        try:
            self._parts = {_spelt(part.filename): part for part in self.archive.infolist()}
            self._check_size(max_bytes)
        except BaseException:  # whatever it is, the file is not kept open; raised again
            self.archive.close()
            raise

    def whole(self, name: str) -> bytes | None:
        """All bytes of a part of the structure; None where there is no such part."""
        part = self._parts.get(_spelt(name))
        if part is None:
            return None
        if part.file_size > MOST_STRUCTURE_BYTES:
            raise self.damaged(
                f"{part.filename} has {part.file_size:,} bytes; {MOST_STRUCTURE_BYTES:,} are held at most"
            )
        try:
            return self.archive.read(part)
        except DAMAGED_ARCHIVE as error:
            raise self.damaged(f"{part.filename} cannot be unpacked ({error})") from error

    def holds(self, name: str) -> bool:
        """Whether there is such a part."""
        return _spelt(name) in self._parts

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

    def open(self, name: str) -> IO[bytes]:
        """A part's bytes, as a stream. Raises SheetError."""
        part = self._parts.get(_spelt(name))
        if part is None:
            raise self.damaged(f"{name} is missing")
        try:
            return self.archive.open(part)
        except DAMAGED_ARCHIVE as error:
            raise self.damaged(f"{name} cannot be unpacked ({error})") from error

    def damaged(self, why: str) -> SheetError:
        """The sentence for a workbook that cannot be read."""
        return SheetError(
            f"{self._name} is no workbook that can be read: {why}.",
            advice="Open it in a spreadsheet program and save it again as .xlsx.",
        )


class Package(Archive):
    """An open xlsx archive, with what its parts say about each other. Raises SheetError."""

    structure: Structure

    def __init__(self, source: Source, max_bytes: int | None) -> None:
        super().__init__(source, max_bytes)
        try:
            self.structure = self._read_structure()
        except BaseException:  # whatever it is, the file is not kept open; raised again
            self.archive.close()
            raise

    def _read_structure(self) -> Structure:
        try:
            return read_structure(self.whole)
        except DefusedXmlException as error:
            raise self.damaged("it holds XML entities, which no spreadsheet program writes") from error
        except (ParseError, ValueError, LookupError) as error:  # a lookup error: an encoding that does not exist
            raise self.damaged(f"its structure is damaged ({error})") from error


def _spelt(name: str) -> str:
    """A part's name as packages compare names: without regard to case, whichever way the slashes lean."""
    return name.replace("\\", "/").lstrip("/").casefold()
