"""The runs below a folder: how they are told, and which of them may go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from importer.errors import RunError
from importer.journal import Journal, RowEntry, SheetEntry
from importer.records import Outcome, RowId, Status
from importer.run import folder_of, history, old_runs, read_age, remove
from importer.run.pruning import contents

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAYS = timedelta(days=1)


@pytest.fixture
def runs(tmp_path):
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


@pytest.fixture
def make(runs):
    """Makes a run that began so many days ago, of two rows, of which so many have ended."""

    def made(name, days_ago, *, ended=True, done=2, command="run", mapping="m.yaml", status=Status.UPDATED, **facts):
        folder = runs / name
        folder.mkdir()
        began = (NOW - days_ago * DAYS).isoformat(timespec="milliseconds")
        ending = {"exit_code": 0, "ended_at": began} if ended else None
        told = {"command": command, "started_at": began, "mapping": {"path": mapping}, "planned": True, "ended": ending}
        with Journal.create(folder, told | facts) as journal:
            journal.add_sheet(SheetEntry(0, "a.csv", "a.csv", "00", "", ("Mobile",)))
            journal.add_chunk(0, [RowEntry(row, row, "mobile", "9", adds=False) for row in (2, 3)], (), ())
            journal.conclude([Outcome(RowId(0, row), status) for row in range(2, 2 + done)])
        return folder

    return made


def names(pruning):
    return [one.run.run for one in pruning.go]


def reasons(pruning):
    return {one.run: reason.split(":")[0] for one, reason in pruning.stay}


def test_runs_are_told_newest_first_with_how_they_ended(runs, make):
    make("old", 3)
    make("newer", 2, done=1, ended=False)
    make("newest", 1, status=Status.REJECTED)
    found = history(runs)
    assert [(one.run, one.state, one.bad, one.resumable) for one in found] == [
        ("newest", "ended", 2, False),
        ("newer", "cut off", 1, True),
        ("old", "ended", 0, False),
    ]
    assert found[0].counts == {"rejected": 2}


def test_a_chain_is_told_from_its_beginning(runs, make):
    make("a", 3)
    make("b", 2, retry_of="a", root="a")
    make("c", 1, repairs="b", root="a")
    assert [one.chain for one in history(runs)] == [("a", "b"), ("a",), ()]


def test_a_damaged_journal_is_told_and_hides_no_other(runs, make):
    make("sound", 1)
    (make("damaged", 2) / "journal.db").write_bytes(b"no database")
    assert {one.run: one.state for one in history(runs)} == {"sound": "ended", "damaged": "unreadable"}


def test_a_run_at_work_is_told_with_its_process(runs, make):
    folder = make("working", 1, ended=False)
    with Journal.open(folder):
        (one,) = history(runs)
        assert one.state == "running"
        assert "process" in one.why
        assert not one.resumable
        with pytest.raises(RunError, match="is open in process"):
            remove(contents(one))


def test_no_folder_means_no_runs(tmp_path):
    assert history(tmp_path / "runs") == []


def test_only_old_runs_go_and_the_newest_of_a_mapping_stays(runs, make):
    for days_ago in (100, 95, 91, 50):
        make(f"ended-{days_ago}", days_ago)
    make("other-mapping", 200, mapping="other.yaml")
    make("plan", 120, command="plan")
    found = old_runs(runs, 90 * DAYS, unfinished_too=False, now=NOW)
    assert names(found) == ["plan", "ended-100", "ended-95", "ended-91"]
    assert reasons(found) == {"other-mapping": "it is the newest of its mapping"}


def test_a_run_that_can_be_resumed_goes_only_when_asked_for(runs, make):
    make("waiting", 100, done=1)
    make("newest", 1)
    assert reasons(old_runs(runs, 90 * DAYS, unfinished_too=False, now=NOW)) == {"waiting": "rows of it wait"}
    assert names(old_runs(runs, 90 * DAYS, unfinished_too=True, now=NOW)) == ["waiting"]


def test_a_family_of_retries_and_repairs_goes_or_stays_as_a_whole(runs, make):
    make("root", 200)
    make("between", 150, retry_of="root", root="root")
    make("aside", 140, repairs="root", root="root")
    make("young", 10, retry_of="between", root="root")
    make("alone", 150)
    found = old_runs(runs, 90 * DAYS, unfinished_too=False, now=NOW)
    assert names(found) == ["alone"]
    assert set(reasons(found)) == {"root", "between", "aside"}
    assert set(reasons(found).values()) == {"it belongs to the same rows as young"}


def test_what_the_importer_did_not_write_stays(runs, make):
    folder = make("old", 100)
    for name in (
        "results.csv",
        "rejects.csv",
        "rejects-2.csv",
        "rejects.xlsx",
        "report.html",
        "summary.json",
        "rejects repaired.csv",
    ):
        (folder / name).write_text("x")
    make("newest", 1)
    (goes,) = old_runs(runs, 90 * DAYS, unfinished_too=False, now=NOW).go
    assert goes.left == ("rejects repaired.csv",)
    assert goes.files[-1].name == "journal.db", "a run that is half removed is still seen"
    remove(goes)
    assert [path.name for path in folder.iterdir()] == ["rejects repaired.csv"]


def test_a_run_without_foreign_files_goes_with_its_folder(runs, make):
    folder = make("old", 100)
    make("newest", 1)
    remove(old_runs(runs, 90 * DAYS, unfinished_too=False, now=NOW).go[0])
    assert not folder.exists()


def test_a_linked_folder_is_none_of_ours(runs, make, tmp_path):
    (runs / "link").symlink_to(make("real", 1), target_is_directory=True)
    assert [one.run for one in history(runs)] == ["real"]


AGES = [("90d", 90 * DAYS), ("2w", 14 * DAYS), ("36h", 36 * timedelta(hours=1)), ("0d", 0 * DAYS), ("3", None), ("", None),
        ("d", None), ("-1d", None), ("1m", None), ("٣d", None), ("9999999d", None)]  # fmt: skip


@pytest.mark.parametrize(("text", "age"), AGES)
def test_an_age_is_a_number_of_days_weeks_or_hours(text, age):
    assert read_age(text) == age


def test_a_run_is_found_by_its_id_too(runs, make):
    folder = make("one", 1)
    assert folder_of(folder, runs) == folder
    assert folder_of(folder.relative_to(runs), runs) == folder
