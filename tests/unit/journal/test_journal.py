"""The journal remembers every verdict, belongs to one process, and never guesses."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.errors import RunError
from importer.journal import Journal, RowEntry, SheetEntry
from importer.problems import Problem
from importer.records import Notice, Outcome, RowId, Status


def test_facts_and_sheets_are_there_when_the_run_is_opened_again(journal, folder):
    journal.note(planned=True, options={"rate": 1.5})
    journal.close()
    with Journal.open(folder) as again:
        assert again.facts == {"run": "first", "planned": True, "options": {"rate": 1.5}}
        assert again.sheets() == [SheetEntry(0, "a.csv", "a.csv", "00", "", ("Mobile", "Name"))]


def test_an_outcome_comes_back_as_it_was_written(journal, row):
    outcome = Outcome(
        row(3), Status.PARTIAL, "8057", "e-mail left out", (Notice("8057", "e-mail"),), ({"type": "points"},), 200,
        "77", 2, 12.5, "abc", "2026-01-01T00:00:00.000+00:00", row(4),
    )  # fmt: skip
    journal.conclude([outcome])
    (result,) = journal.results({Status.PARTIAL})
    assert result.outcome == outcome
    assert (result.sheet, result.line, result.identifier_name, result.adds) == ("a.csv", 3, "mobile", True)


def test_the_first_outcome_of_a_row_stands(journal, row):
    journal.conclude([Outcome(row(3), Status.UPDATED)])
    journal.conclude([Outcome(row(3), Status.REJECTED)])
    assert journal.counts() == {Status.UPDATED: 1, Status.NOT_SENT: 9}


def test_the_states_add_up_to_the_rows_read_and_strays_are_counted(journal):
    journal.conclude([Outcome(RowId(0, 99), Status.UPDATED)])
    assert sum(journal.counts().values()) == journal.rows_read() == 10
    assert journal.strays() == 1


def test_results_come_in_file_order_one_for_each_row(journal, row):
    journal.conclude([Outcome(row(number), Status.UPDATED) for number in (9, 4, 7)])
    rows = [one.outcome.id.row for one in journal.results()]
    assert rows == list(range(2, 12))
    assert {one.outcome.status for one in journal.results()} == {Status.UPDATED, Status.NOT_SENT}


def test_waiting_tells_lane_and_leaves_out_what_has_ended(journal, row):
    journal.set_lanes([(row(3), 8), (row(5), 8)])
    journal.conclude([Outcome(row(4), Status.INVALID)])
    waiting = journal.waiting(0, 3, 5)
    assert {number: one.lane for number, one in waiting.items()} == {3: 8, 5: 8}
    assert waiting[3].adds
    assert not waiting[3].in_doubt


def test_problems_come_in_file_order_and_are_counted_by_kind(journal):
    late = Problem(3, "not-unique", "Mobile", "9", "", "row 4")
    journal.add_chunk(1, (), [Problem(2, "lookup-blank", "", "", "", "")], ())
    journal.add_late([(0, late)], [Outcome(RowId(0, 3), Status.INVALID)])
    assert [one.slug for _, one in journal.problems()] == ["not-unique", "lookup-blank"]
    assert journal.problem_counts() == {"lookup-blank": 1, "not-unique": 1}
    assert journal.problems_of(RowId(0, 3)) == [late]


def test_a_superseded_row_is_as_well_as_the_one_that_stood_in_for_it(journal, row):
    stood_in = Outcome(row(3), Status.SUPERSEDED, successor=row(5))
    journal.conclude([stood_in, stood_in._replace(id=row(4), successor=row(6)), Outcome(row(5), Status.UPDATED)])
    assert journal.superseded_badly() == 1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(), value=st.text(), number=st.integers(0, 2**53))
def test_any_text_survives(tmp_path_factory, text, value, number):
    folder = tmp_path_factory.mktemp("any") / "runs" / "one"
    folder.mkdir(parents=True)
    with Journal.create(folder, {}) as journal:
        journal.add_sheet(SheetEntry(0, text, "p", "00", "", (text,)))
        journal.add_chunk(
            0,
            [RowEntry(2, 2, "mobile", value, False)],
            (),
            [Outcome(RowId(0, 2), Status.REJECTED, text, value, latency_ms=number)],
        )
        (result,) = journal.results()
    assert (result.sheet, result.identifier_value, result.outcome.code, result.outcome.message) == (
        text,
        value,
        text,
        value,
    )


# ── one process, private files ─────────────────────────────────────────────────────────


def test_a_run_is_open_in_one_place_at_a_time_and_its_owner_is_named(journal, folder):
    with pytest.raises(RunError, match=f"open in process {os.getpid()} on"):
        Journal.open(folder)
    journal.close()
    Journal.open(folder).close()


def test_reading_needs_no_lock(journal, folder):
    with Journal.open(folder, read_only=True) as reader:
        assert reader.rows_read() == 10
        assert len(list(reader.results())) == 10


def test_reading_cannot_write(journal, folder):
    journal.close()
    with Journal.open(folder, read_only=True) as reader, pytest.raises(Exception, match="readonly"):
        reader.note(run="other")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_the_journal_is_private_and_the_run_folder_holds_nothing_else(journal, folder):
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
    journal.close()
    assert [path.name for path in folder.iterdir()] == ["journal.db"]
    assert (folder.parent.parent / ".importer").stat().st_mode & 0o077 == 0


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from importer.journal import Journal, RowEntry, SheetEntry
from importer.records import Outcome, Request, RowId, Status
journal = Journal.create(Path(sys.argv[1]), {})
journal.add_sheet(SheetEntry(0, "a.csv", "a.csv", "00", "", ()))
journal.add_chunk(0, [RowEntry(row, row, "mobile", "1", row == 3) for row in range(2, 6)], (), ())
async def main():
    async with journal.ledger() as ledger:
        for row in (2, 3, 4):
            await ledger.intend((Request(RowId(0, row), "/", b"", row == 3),))
        ledger.conclude(Outcome(RowId(0, 2), Status.UPDATED))
        await ledger.flush()
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_process_leaves_its_intents_and_frees_its_lock(folder):
    """What had left without an answer is in doubt; a row that adds ends as unknown, one that sets waits."""
    died = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False, timeout=60)
    assert died.returncode == -signal.SIGKILL
    with Journal.open(folder) as journal:
        assert journal.counts() == {Status.UPDATED: 1, Status.UNKNOWN: 2, Status.NOT_SENT: 1}
        assert journal.settle_doubt() == [RowId(0, 3)]
        waiting = journal.waiting(0, 2, 5)
        assert {row: (one.attempts, one.in_doubt) for row, one in waiting.items()} == {4: (1, True), 5: (0, False)}
        assert journal.rows_read() == sum(journal.counts().values()) == 4


# ── what is no journal, or cannot be trusted ───────────────────────────────────────────


def overwritten(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [overwritten, emptied, cut, scribbled])
@pytest.mark.parametrize("read_only", [True, False])
def test_a_damaged_journal_is_refused_and_named_and_its_lock_is_free_again(journal, folder, damage, read_only):
    journal.close()
    whole = (folder / "journal.db").read_bytes()
    damage(folder / "journal.db")
    with pytest.raises(RunError, match="journal is damaged") as caught:
        Journal.open(folder, read_only=read_only)
    assert caught.value.exit_code == 2
    assert "Restore it" in caught.value.advice
    (folder / "journal.db").write_bytes(whole)
    Journal.open(folder).close()


def test_a_newer_journal_is_refused(journal, folder):
    journal.close()
    database = sqlite3.connect(folder / "journal.db")
    database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(RunError, match="has version 2, this importer reads version 1"):
        Journal.open(folder)


def test_a_folder_without_a_journal_is_no_run(tmp_path):
    with pytest.raises(RunError, match="there is no run here"):
        Journal.open(tmp_path)


def test_a_journal_that_cannot_be_made_is_told_in_a_sentence(tmp_path):
    """The run folder is gone, or its place is not writable."""
    with pytest.raises(RunError, match="cannot be opened"):
        Journal.create(tmp_path / "runs" / "gone", {})
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="lock of the run cannot be made"):
        Journal.create(tmp_path / "file" / "runs" / "one", {})
