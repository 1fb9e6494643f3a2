"""Every fault × Basic and OAuth × setting and adding rows: statuses are what happened, and the page says so."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from importer.emulator.faults import FaultKind

spec = importlib.util.spec_from_file_location("faults", Path(__file__).with_name("faults.py"))
faults = importlib.util.module_from_spec(spec)
sys.modules["faults"] = faults  # its dataclasses look themselves up there
spec.loader.exec_module(faults)

QUICK = {
    "HTTP 503, once",
    "HTTP 502, after the write, once",
    "connection cut, after the write, once",
    "connection cut, nothing written, each time",
    "`createdId` beside errors (8015), each time",
    "every token ends, once",
}


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.words, marks=() if case.words in QUICK else pytest.mark.long) for case in faults.CASES],
)
def test_every_row_is_told_truly_and_as_the_page_says(case, tmp_path):
    """Held against the emulator's record (`faults.compare`) and docs/reference/faults.md."""
    told = [line for line in faults.PAGE.read_text("utf-8").splitlines() if line.startswith(f"| {case.words} |")]
    assert faults.lines(case, tmp_path) == told


def test_the_page_tells_of_these_faults_and_no_others():
    """Its introduction and the faults' names are those of the program; every kind that the emulator has is tried."""
    text = faults.PAGE.read_text("utf-8")
    assert text.startswith(faults.INTRODUCTION)
    named = [line.split(" | ")[0].removeprefix("| ") for line in text[len(faults.INTRODUCTION) :].splitlines()]
    assert list(dict.fromkeys(named)) == [case.words for case in faults.CASES]
    assert {case.fault["kind"] for case in faults.CASES} == {kind.value for kind in FaultKind}
    assert {case.words for case in faults.CASES} >= QUICK
