"""A worksheet of an xlsx, xlsm or template file."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

from importer.errors import SheetError
from importer.sheets.workbook.grid import GridSheet
from importer.sheets.workbook.package import Package
from importer.sheets.workbook.stream import Finds, Row, SheetStream
from importer.sheets.workbook.strings import SharedStrings
from importer.sheets.workbook.structure import Worksheet

if TYPE_CHECKING:
    from importer.records import SheetOptions
    from importer.sheets.source import Source


class XlsxSheet(GridSheet):
    """Streams its rows from the archive again for each pass; shared strings lie in a temporary file."""

    def __init__(self, source: Source, options: SheetOptions, number: int) -> None:
        super().__init__(source.path, number=number, digest=source.digest)
        self._source = source
        self._package = Package(source, options.max_bytes)
        self._cleanup.callback(self._package.archive.close)
        try:
            structure = self._package.structure
            self._strings = self._read_strings(structure.strings_part)
            self._cleanup.callback(self._strings.close)
            self._stream = SheetStream(self._strings, structure.formats, epoch_1904=structure.epoch_1904)
            self._worksheet = self._choose(options.name)
            self.worksheet = self._worksheet.name
            self.label = f"{source.name}[{self.worksheet}]"
            self._recalculates = structure.recalculates
            self.prepare(options)
        except BaseException:  # whatever it is, the file is not kept open; raised again
            self.close()
            raise

    @property
    def finds(self) -> Finds:
        """What the worksheet says beside its cells."""
        return self._stream.finds

    def rows(self) -> Iterator[Row]:
        """Rows with cells, streamed."""
        yield from self._rows_of(self._worksheet)
        if self._recalculates and (results := self.finds.results):
            self.note(
                f"Results of formulas ({results:,}) are read as they are stored, but the file asks to be calculated"
                " anew: a program may have written them without calculating. Open and save it to be sure."
            )

    def _rows_of(self, worksheet: Worksheet) -> Iterator[Row]:
        try:
            with self._package.open(worksheet.part) as stream:
                yield from self._stream.rows(stream)
        except (
            ExpatError,
            ValueError,
            IndexError,
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
        ) as error:
            raise self._package.damaged(f"worksheet {worksheet.name!r}: {error}") from error

    def _read_strings(self, part: str) -> SharedStrings:
        if not part or not self._package.holds(part):
            return SharedStrings(None)
        try:
            with self._package.open(part) as stream:
                return SharedStrings(stream)
        except (ExpatError, ValueError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise self._package.damaged(f"its shared strings: {error}") from error

    def _choose(self, name: str | None) -> Worksheet:
        """The stated worksheet, or the only visible one with data. Raises SheetError listing what there is."""
        every = self._package.structure.worksheets
        if name is not None:
            for one in every:
                if one.name == name:
                    return one
            raise SheetError(
                f"{self._source.name} has no worksheet {name!r}.",
                advice=f"It has: {', '.join(repr(one.name) for one in every)}.",
            )
        hidden = [one.name for one in every if not one.visible]
        if hidden:
            self.note(
                f"Hidden worksheets were left out: {', '.join(map(repr, hidden))}; `sheet: {{name: …}}` reads one."
            )
        filled = [one for one in every if one.visible and list(islice(self._rows_of(one), 1))]
        if len(filled) == 1:
            return filled[0]
        if not filled:
            raise SheetError(
                f"{self._source.name} has no visible worksheet with data.",
                advice=f"Hidden ones: {', '.join(map(repr, hidden))}." if hidden else "There is nothing to import.",
            )
        raise SheetError(
            f"{self._source.name} has {len(filled)} worksheets with data: {', '.join(repr(one.name) for one in filled)}.",
            advice=f"Say which one: `sheet: {{name: {filled[0].name}}}` in the mapping.",
        )
