"""The example reports in the documentation are those that the program writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SAMPLES = [
    "legacy_customers.xlsx",
    "nightly_loyalty.csv",
    pytest.param("backfill_channels.csv", marks=pytest.mark.long),  # 5,000 rows
]


@pytest.mark.parametrize("sample", SAMPLES)
def test_an_example_is_up_to_date(sample: str):
    """The same to the byte on every machine; `python docs/examples/generate.py` writes them again."""
    command = [sys.executable, "docs/examples/generate.py", "--check", sample]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr
