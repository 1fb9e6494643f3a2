"""Rows as they ended, made by hand."""

from __future__ import annotations

import pytest

from importer.endpoint import Code
from importer.records import Outcome, RowId, RowResult, Status
from importer.report import Summary


@pytest.fixture
def codes():
    return {
        "8015": Code("8015", "no such customer", "error", "check the number"),
        "8057": Code("8057", "invalid e-mail in a channel", "warning", "correct it", lost=True),
        "8059": Code("8059", "index not updated", "warning", "nothing to do"),
    }


@pytest.fixture
def ended():
    """Makes a row that ended in a state."""

    def make(status=Status.UPDATED, row=2, *, value="919876543210", sheet="customers.csv", **outcome):
        return RowResult(sheet, row, "mobile", value, Outcome(RowId(0, row), status, **outcome))

    return make


@pytest.fixture
def summary():
    """Makes a summary of a run with these counts."""

    def make(counts, **more):
        facts = {
            "run": "20260301-120000-small",
            "command": "run",
            "folder": "runs/20260301-120000-small",
            "importer": "0.1.0",
            "started_at": "2026-03-01T12:00:00.000+00:00",
            "ended_at": "2026-03-01T12:00:09.000+00:00",
            "exit_code": 0,
            "target": "the embedded emulator",
            "mapping": {"name": "small", "path": "mapping.yaml", "digest": "d"},
            "sheets": ({"label": "customers.csv", "path": "customers.csv", "digest": "d"},),
            "rows_read": sum(counts.values()),
            "counts": counts,
        }
        return Summary(**(facts | more))

    return make
