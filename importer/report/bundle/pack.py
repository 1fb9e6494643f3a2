"""Packs a bundle: a synthetic sheet, what became of its rows, facts of the run, and a page that says what is inside."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from importer.errors import SettingsError

README = """A support bundle of importer.

  {sheet:<12}  rows of the same shape as the original's: as long, in the same scripts, with the same separators,
                line ends and number formats, and other letters and digits. No cell of three or more characters is one
                of the original's. The header's names are the original's.
  rows.csv      what became of each of these rows: its number here, its number in the original, state, code, kinds of
                problem. No value.
  run.json      versions, settings without credentials, counts, times. No value.
  log.jsonl     the log, where one was added; its values are masked.

The mapping is not inside, since it may name values of yours: look it over, and add it.
"""
COLUMNS = ("row", "original_row", "status", "code", "http_status", "attempts", "latency_ms", "problems")


class BundleRow(NamedTuple):
    """A line of rows.csv. `row`: in the synthetic sheet; `original_row`: in the sheet that was imported."""

    row: int
    original_row: int
    status: str
    code: str
    http_status: int | None
    attempts: int
    latency_ms: float | None
    problems: str  # slugs, separated by blanks


def pack(path: Path, sheet: tuple[str, bytes], rows: Iterable[BundleRow], run: Mapping[str, Any], log: bytes) -> None:
    """Write the bundle (mode 0600). `sheet`: name and content. Raises SettingsError: it exists, or cannot be written."""
    name, content = sheet
    listed = io.StringIO()
    writer = csv.writer(listed, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    try:
        with (
            os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle,
        ):
            bundle.writestr("README.txt", README.format(sheet=name))
            bundle.writestr(name, content)
            bundle.writestr("rows.csv", listed.getvalue())
            bundle.writestr("run.json", orjson.dumps(run, option=orjson.OPT_INDENT_2))
            if log:
                bundle.writestr("log.jsonl", log)
    except OSError as error:
        raise SettingsError(
            f"{path}: the bundle cannot be written ({error.strerror}).", advice="Name another file with --output."
        ) from error
