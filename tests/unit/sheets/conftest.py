"""Sheets made on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from importer.records import SheetOptions
from importer.sheets import open_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Writes bytes (or text, as UTF-8) to a file of this name and answers with its path."""

    def put(content: bytes | str, name: str = "customers.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return put


@pytest.fixture
def read(write):
    """Writes a sheet and reads all of it: `.rows` maps row numbers to cells."""

    def get(content: bytes | str, name: str = "customers.csv", *, chunk: int = 10_000, **options):
        return ReadSheet(write(content, name), SheetOptions(**options), chunk)

    return get


class ReadSheet:
    """Everything that the next room would get of a sheet."""

    def __init__(self, path: str, options: SheetOptions, chunk: int) -> None:
        with open_sheet(path, options) as sheet:
            self.chunks = list(sheet.chunks(chunk))
            self.header = sheet.header
            self.header_row = sheet.header_row
            self.notes = sheet.notes
            self.dialect = sheet.dialect
            self.label = sheet.label
        self.rows = {
            int(row): list(cells)
            for chunk in self.chunks
            for row, cells in zip(chunk.cells.index, chunk.cells.to_numpy().tolist(), strict=True)
        }
        self.lines = {int(row): int(line) for chunk in self.chunks for row, line in chunk.lines.items()}
        self.problems = [problem for chunk in self.chunks for problem in chunk.problems]
        self.slugs = {(problem.row, problem.slug) for problem in self.problems}

    @property
    def told(self) -> str:
        """All notes as one text."""
        return "\n".join(self.notes)
