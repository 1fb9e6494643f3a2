"""Every file of the torture corpora ends as somebody who looked at it recorded: read, or refused."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from python_calamine import CalamineError, CalamineWorkbook

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets import open_sheet

spec = importlib.util.spec_from_file_location("corpora", Path(__file__).with_name("corpora.py"))
corpora = importlib.util.module_from_spec(spec)
spec.loader.exec_module(corpora)

needs_corpora = pytest.mark.skipif(not corpora.CORPORA.is_dir(), reason="the corpora are not beside this project")
SPECTRUM = sorted((corpora.CORPORA / "csv-spectrum" / "json").glob("*.json"))


@needs_corpora
@pytest.mark.skipif(sys.platform == "win32", reason="the limits need fork")
@pytest.mark.long
@pytest.mark.timeout(600)
def test_every_file_ends_as_recorded_within_its_limits():
    now = {line["file"]: line for line in corpora.outcomes(corpora.names())}
    recorded = {line["file"]: line for line in corpora.expected()}
    assert set(now) == set(recorded)
    differing = {name: (recorded[name], line) for name, line in now.items() if line != recorded[name]}
    assert not differing
    bad = [name for name, line in now.items() if {"crashed", "slow", "large"} & set(line)]
    assert not bad


def test_the_page_says_what_is_recorded():
    assert corpora.PAGE.read_text("utf-8") == corpora.page(corpora.expected())


def test_no_file_is_recorded_as_crashed_slow_or_large():
    assert not [line for line in corpora.expected() if {"crashed", "slow", "large"} & set(line)]


@needs_corpora
@pytest.mark.parametrize("path", SPECTRUM, ids=[path.stem for path in SPECTRUM])
def test_csv_spectrum_is_read_as_it_expects(path: Path):
    with open_sheet(str(corpora.CORPORA / "csv-spectrum" / "csvs" / f"{path.stem}.csv")) as sheet:
        rows = [dict(zip(sheet.header, row, strict=True)) for chunk in sheet.chunks() for row in chunk.cells.to_numpy()]
    expected = json.loads(path.read_text("utf-8"))
    expected = expected if isinstance(expected, list) else [expected]
    if path.stem == "newlines_crlf":  # the file itself has lost its CR; its expectation has not
        expected = json.loads(json.dumps(expected).replace("\\r\\n", "\\n"))
    if path.stem == "location_coordinates":  # file and expectation hold different phone numbers
        expected[0]["Contact Phone Number"] = "2095257564"
    assert rows == expected


BINARY = (
    sorted(
        path.relative_to(corpora.CORPORA).as_posix()
        for path in corpora.CORPORA.rglob("*")
        if path.suffix in {".xls", ".xlsb", ".ods"}
    )
    if corpora.CORPORA.is_dir()
    else []
)


@needs_corpora
def test_another_reader_sees_the_same_cells_in_xls_xlsb_and_ods():
    compared = 0
    for name in BINARY:
        path = str(corpora.CORPORA / name)
        try:
            book = CalamineWorkbook.from_path(path)
        except (CalamineError, OSError):
            continue
        for worksheet in book.sheet_names:
            with suppress(CalamineError, OSError):
                compared += compare(path, worksheet, book.get_sheet_by_name(worksheet))
    assert compared > 1_000


def compare(path: str, worksheet: str, theirs) -> int:
    """Compare the cells below the header with those of the other reader; how many there are."""
    compared = 0
    try:
        with open_sheet(path, SheetOptions(name=worksheet)) as sheet:
            values = theirs.to_python(skip_empty_area=False)
            for chunk in sheet.chunks():
                for row, *cells in chunk.cells.itertuples():
                    for position, cell in zip(sheet.columns.positions, cells, strict=True):
                        line = values[row - 1] if row <= len(values) else []
                        other = line[position] if position < len(line) else ""
                        assert same(cell, other), (path, worksheet, row, position, cell, other)
                        compared += 1
    except SheetError:
        return 0  # what is refused is recorded elsewhere
    return compared


def same(cell: str, value: object) -> bool:
    """Whether a text says the same as a value of the other reader, which knows no formats."""
    if isinstance(value, bool):
        return cell == str(value).upper()
    if isinstance(value, int | float):
        return float(cell.rstrip("%")) / (100 if cell.endswith("%") else 1) == pytest.approx(value)
    if isinstance(value, dt.timedelta):
        hours, minutes, seconds = (float(part) for part in cell.split(":"))
        return hours * 3600 + minutes * 60 + seconds == pytest.approx(value.total_seconds(), abs=0.01)
    if isinstance(value, dt.datetime | dt.time):
        return cell.startswith(value.isoformat(timespec="milliseconds" if value.microsecond else "seconds"))
    if isinstance(value, dt.date):
        return cell.removesuffix("T00:00:00") == value.isoformat()
    return cell == value
