"""Every file of the torture corpora ends as somebody who looked at it recorded: read, or refused."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from importer.sheets import open_sheet

spec = importlib.util.spec_from_file_location("corpora", Path(__file__).with_name("corpora.py"))
corpora = importlib.util.module_from_spec(spec)
spec.loader.exec_module(corpora)

needs_corpora = pytest.mark.skipif(not corpora.CORPORA.is_dir(), reason="the corpora are not beside this project")
SPECTRUM = sorted((corpora.CORPORA / "csv-spectrum" / "json").glob("*.json"))


@needs_corpora
@pytest.mark.skipif(sys.platform == "win32", reason="the limits need fork")
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
