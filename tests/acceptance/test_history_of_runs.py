"""`importer runs`, `importer runs prune` and `importer report`, by the real command."""

from __future__ import annotations

import csv
import json
import signal
import sys
from datetime import UTC, datetime, timedelta

import pytest

from importer.journal import Journal

pytestmark = pytest.mark.long  # many commands, one after the other


@pytest.fixture
def ran(importer, tmp_path, mapping, sheet):
    """Runs the small sheet against the embedded emulator; answers with the run's folder."""

    def run(command="run", *options):
        to = ("--to", "emulator", "--no-progress") if command == "run" else ()
        assert importer(command, str(sheet), "-m", str(mapping), *to, *options).returncode == 0
        return max(tmp_path.glob("runs/*"), key=lambda folder: folder.stat().st_mtime_ns)

    return run


def test_an_empty_folder_has_no_runs_and_says_how_to_begin(importer):
    told = importer("runs")
    assert told.returncode == 0
    assert "There are no runs in runs." in told.stderr
    assert importer("runs", "--json").stdout == "[]\n"


def test_the_history_tells_each_run_and_is_one_json_list(importer, ran):
    folder = ran()
    told = importer("runs")
    assert told.returncode == 0, told.stderr
    assert f"{folder.name}  all 3 rows ended well (exit 0)" in told.stdout
    assert "customers.csv" in told.stdout
    (one,) = json.loads(importer("runs", "--json").stdout)
    assert (one["run"], one["state"], one["exit_code"], one["counts"]) == (folder.name, "ended", 0, {"updated": 3})
    assert one["seconds"] > 0
    assert one["chain"] == []


def test_reports_are_written_again_as_they_were(importer, ran, sheet):
    folder = ran()
    names = ("results.csv", "summary.json", "report.html")
    before = {name: (folder / name).read_bytes() for name in names}
    for name in names:
        (folder / name).unlink()
    told = importer("report", folder.name)
    assert told.returncode == 0, told.stderr
    assert "report.html" in told.stdout
    assert {name: (folder / name).read_bytes() for name in names} == before


def test_reports_are_written_from_the_journal_alone_where_the_sheet_is_gone(importer, tmp_path, mapping, sheet):
    sheet.write_text("Code,Name\nA0001,Anna\n,Ravi\n", "utf-8")
    assert importer("run", str(sheet), "-m", str(mapping), "--to", "emulator", "--no-progress").returncode == 1
    (folder,) = tmp_path.glob("runs/*")
    for lost in (sheet, mapping, folder / "rejects.csv"):
        lost.unlink()
    told = importer("report", str(folder))
    assert told.returncode == 0, told.stderr
    assert "no cells of the sheet" in told.stdout
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        assert [line["status"] for line in csv.DictReader(file)] == ["updated", "invalid"]
    assert "1 of 2 rows ended well, 1 did not." in (folder / "report.html").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
@pytest.mark.parametrize("stage", ["adding"], indirect=True)
def test_a_killed_run_is_told_as_cut_off_and_reported_from_its_journal(stage, importer):
    """Rows in doubt are unknown, rows that wait are not_sent; the journal stays as it was, so resume still works."""
    child = stage.start(*stage.run_command)
    assert stage.until(child, lambda: stage.received() >= 40)
    child.send_signal(signal.SIGSTOP)  # still at work, however long the commands below take
    at_work = importer("runs")
    assert "is at work: process" in at_work.stdout
    refused = importer("report", str(stage.runs[0]))
    assert refused.returncode == 2
    assert "is open in process" in refused.stderr
    stage.kill(child, signal.SIGKILL)
    child.wait(stage.deadline_s)
    stage.settled()
    assert "cut off" in importer("runs").stdout
    told = importer("report", str(stage.runs[0]))
    assert told.returncode == 0, told.stderr
    assert {"updated", "not_sent"} <= set(stage.results().values())
    page = (stage.runs[0] / "report.html").read_text("utf-8")
    assert "Stopped early" in page
    assert "its process died" in page
    stage.prove(stage.complete(*stage.resume_command))


def test_old_runs_go_only_when_someone_says_yes(importer, ran):
    first, _ = ran(), ran()
    long_ago = (datetime.now(UTC) - timedelta(days=100)).isoformat(timespec="milliseconds")
    with Journal.open(first) as journal:
        journal.note(ended=journal.facts["ended"] | {"ended_at": long_ago})
    refused = importer("runs", "prune", "--older-than", "90d")
    assert refused.returncode == 2
    assert str(first.name) in refused.stdout
    assert "Say --yes" in refused.stderr
    assert first.exists()
    done = importer("runs", "prune", "--older-than", "90d", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Removed 1 run" in done.stdout
    assert not first.exists()
    assert importer("runs", "prune", "--older-than", "90d").stdout == "No run older than 90d can go.\n"


NONSENSE = [
    (("report", "nowhere"), "there is no run here"),
    (("runs", "prune", "--older-than", "3"), "is no age"),
    (("runs", "prune"), "--older-than"),
]


@pytest.mark.parametrize(("words", "said"), NONSENSE)
def test_nonsense_is_refused_by_name(importer, words, said):
    told = importer(*words)
    assert told.returncode == 2
    assert said in told.stderr
