"""Sheets that were hit by chance end in rows or in a refusal: no crash, no hang, no memory out of proportion."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SCRIPT = Path(__file__).with_name("fuzzing.py")
MOST_BYTES, MOST_SECONDS = 500 * 2**20, 20
spec = importlib.util.spec_from_file_location("fuzzing", SCRIPT)
fuzzing = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fuzzing)


def test_files_that_were_not_hit_are_read():
    for name, content in fuzzing.sound().items():
        assert fuzzing.read(name, content) == "read", name


@settings(deadline=None, max_examples=120)
@given(st.integers(0, 2**40))
def test_any_sheet_that_was_hit_ends_in_rows_or_in_a_sentence(seed):
    assert fuzzing.outcome(seed)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is told by the resource module")
def test_ten_thousand_sheets_that_were_hit_take_neither_memory_nor_time():
    command = [sys.executable, str(SCRIPT), "0", "10000"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    peak, longest = done.stdout.split()
    assert int(peak) < MOST_BYTES
    assert float(longest) < MOST_SECONDS
