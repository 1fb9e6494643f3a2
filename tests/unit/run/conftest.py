"""The corridor without a command line: a folder with a sheet and a mapping, and what a plan makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer import run as corridor
from importer.run.order import Order

MAPPING = """\
version: 1
name: small
sheet: {{{sheet}}}
guards: {{max_invalid: 100%}}
lookup:
  source: INSTORE
  identifiers:
    - mobile: {{column: Mobile, convert: [{{phone: IN}}]}}
profile:
  firstName: Name
"""


@pytest.fixture
def planned(tmp_path: Path):
    """Plans a sheet in which every row is invalid; answers with the file of rejects."""

    def plan(content: bytes | Path, sheet: str = "", name: str = "customers.csv") -> Path:
        path = content if isinstance(content, Path) else tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        mapping = tmp_path / "mapping.yaml"
        mapping.write_text(MAPPING.format(sheet=sheet), "utf-8")
        _, summary = corridor.plan(Order("plan", (str(path),), mapping, tmp_path / "runs"))
        (rejects,) = Path(summary.folder).glob("rejects*")
        return rejects

    return plan
