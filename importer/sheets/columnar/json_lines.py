"""JSON Lines: one object a line. Numbers keep the digits that stand in the file; `null` is a blank cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from importer.errors import SheetError
from importer.sheets.columnar.chunk import checked_chunk
from importer.sheets.header import Header, read_header
from importer.sheets.sheet import ROWS_A_CHUNK, Sheet

if TYPE_CHECKING:
    from importer.records import Chunk, SheetOptions
    from importer.sheets.source import Source

MOST_COLUMNS = 16_384
LONGEST_LINE = 10_000_000  # characters


class JsonLinesSheet(Sheet):
    """Columns are all keys of all lines, in the order in which they first appear; a key that is absent is blank."""

    def __init__(self, source: Source, options: SheetOptions, number: int) -> None:
        super().__init__(source.path, number=number, digest=source.digest)
        self.label = source.name
        self._source = source
        self._encoding = options.encoding or "utf-8-sig"
        names: dict[str, None] = {}
        for _, record in self._records():
            names.update(dict.fromkeys(record))
            if len(names) > MOST_COLUMNS:
                raise SheetError(f"{self.label} has more than {MOST_COLUMNS:,} different keys.")
        if not names:
            raise SheetError(f"{self.label} has no rows.", advice="There is nothing to import.")
        self._names = list(names)
        self._header = read_header(self._names, where=self.label)

    @property
    def columns(self) -> Header:
        """One for each key."""
        return self._header

    @property
    def header_row(self) -> int:
        """There is none: each line names its columns."""
        return 0

    def chunks(self, rows: int = ROWS_A_CHUNK) -> Iterator[Chunk]:
        """All records; the first is row 1. Raises SheetError."""
        records = enumerate(self._records(), start=1)
        while batch := list(islice(records, rows)):
            cells = [[self._text(record.get(name), name, line) for name in self._names] for _, (line, record) in batch]
            numbers = [number for number, _ in batch]
            lines = [line for _, (line, _) in batch]
            yield checked_chunk(self.number, self._header, cells, numbers=numbers, lines=lines)

    def _records(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """(physical line, object); blank lines are passed over."""
        line = 0
        try:
            with self._source.file.open(encoding=self._encoding) as file:
                while text := file.readline(LONGEST_LINE + 1):
                    line += 1
                    if len(text) > LONGEST_LINE:
                        raise SheetError(
                            f"{self.label}, line {line} has more than {LONGEST_LINE:,} characters.",
                            advice="Each line holds one object; a whole list on one line is no JSON Lines file.",
                        )
                    if text.strip():
                        yield line, self._object(text, line)
        except UnicodeDecodeError as error:
            raise SheetError(
                f"{self.label}, line {line + 1} or soon after it: no {self._encoding} text ({error.reason}).",
                advice="State its `encoding:` in the mapping.",
            ) from None
        except LookupError:
            raise SheetError(
                f"{self._encoding!r} is no encoding.", advice="Correct `encoding:` in the mapping."
            ) from None

    def _object(self, text: str, line: int) -> dict[str, Any]:
        try:
            record = json.loads(
                text, parse_int=str, parse_float=str, parse_constant=_refused, object_pairs_hook=_unique
            )
        except (ValueError, RecursionError) as error:
            raise SheetError(
                f"{self.label}, line {line}: {error}.", advice="Mend the line; each holds one object."
            ) from None
        if not isinstance(record, dict):
            raise SheetError(f"{self.label}, line {line}: no object.", advice="Each line holds one object: {…}.")
        return record

    def _text(self, value: Any, name: str, line: int) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return value
        raise SheetError(
            f"{self.label}, line {line}: {name!r} holds a list or an object, where a cell is needed.",
            advice="Flatten it before importing.",
        )


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a key stands there twice")
    return record
