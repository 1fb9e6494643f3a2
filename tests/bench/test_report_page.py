"""Figures: the page of a run of a million rows, of which every tenth did not end well."""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime, timedelta

import pytest

from importer.journal import Journal, RowEntry, SheetEntry
from importer.problems import Problem
from importer.records import Notice, Outcome, RowId, Status
from importer.report import Summary
from importer.run import page

ROWS, CHUNK = 1_000_000, 20_000
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


def fill(journal):
    """Rows 2 to 1,000,001: 4 % invalid, 5 % rejected, 1 % partial; 200 a second."""
    journal.add_sheet(SheetEntry(0, "a.csv", "a.csv", "00", "", ("Mobile",)))
    for start in range(2, ROWS + 2, CHUNK):
        rows = range(start, start + CHUNK)
        problems, outcomes = [], []
        for row in rows:
            at = (BEGAN + timedelta(seconds=row / 200)).isoformat(timespec="milliseconds")
            sent = {
                "attempts": 1,
                "latency_ms": 40.0 + row % 97,
                "sent_at": at,
                "http_status": 200,
                "request_id": f"r-{row}",
            }
            kind = row % 100
            if kind < 4:
                problems.append(Problem(row, "phone-invalid", "Mobile", f"98{row}", detail="no number of region IN"))
                outcomes.append(Outcome(RowId(0, row), Status.INVALID, "phone-invalid", "no phone"))
            elif kind < 9:
                told = f"Customer 9198{row:08} not found"
                outcomes.append(Outcome(RowId(0, row), Status.REJECTED, "8015", told, **sent))
            elif kind < 10:
                lost = (Notice("8057", "Invalid e-mail in a channel"),)
                outcomes.append(Outcome(RowId(0, row), Status.PARTIAL, "8057", warnings=lost, **sent))
            else:
                outcomes.append(Outcome(RowId(0, row), Status.UPDATED, **sent))
        entries = (RowEntry(row, row, "mobile", f"9198{row:08}", adds=False) for row in rows)
        journal.add_chunk(0, entries, problems, outcomes)


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_the_page_of_a_million_rows(tmp_path):
    """Seconds to write, size, and memory beyond what an empty process holds."""
    folder = tmp_path / "runs" / "million"
    folder.mkdir(parents=True)
    facts = {"run": "million", "command": "run", "started_at": BEGAN.isoformat(), "mapping": {"path": "m.yaml"}}
    with Journal.create(folder, facts) as journal:
        fill(journal)
        counts = journal.counts()
        summary = Summary(
            run="million", command="run", folder=str(folder), importer="0", started_at=BEGAN.isoformat(),
            ended_at=BEGAN.isoformat(), exit_code=1, target="", mapping={"name": "m", "path": "m.yaml", "digest": "d"},
            sheets=(), rows_read=ROWS, counts=counts,
        )  # fmt: skip
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, cpu = time.perf_counter(), time.process_time()
        page.write(journal, summary, Status.NOT_SENT)
        took, worked = time.perf_counter() - began, time.process_time() - cpu
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held
    size = (folder / page.FILE).stat().st_size
    print(
        f"\n{ROWS:,} rows: page in {took:.1f} s ({worked:.1f} s of CPU), {size / 1e6:.1f} MB, {more / 1024:.0f} MB of memory more"
    )
    assert more < 200 * 1024
