"""The log for machines."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from importer.cli.log import Log
from importer.errors import SettingsError
from importer.records import Outcome, RowId, Status


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_each_event_is_a_line_of_json_with_its_time(tmp_path):
    log = Log(tmp_path / "log.jsonl")
    log.event("started", command="run")
    log.event("ended", exit_code=1, counts={"updated": 3})
    log.close()
    first, last = lines(tmp_path / "log.jsonl")
    assert first.pop("at").endswith("+00:00")
    assert first == {"event": "started", "command": "run"}
    assert last["counts"] == {"updated": 3}


def test_what_may_quote_a_customer_is_masked_and_what_is_ours_is_not(tmp_path):
    log = Log(tmp_path / "log.jsonl")
    outcome = Outcome(
        RowId(0, 7), Status.REJECTED, "8015", "no customer 919876543210", request_id="req-20260101-000017", attempts=1
    )
    log.row(outcome)
    log.close()
    (line,) = lines(tmp_path / "log.jsonl")
    assert line["message"] == "no customer 91…3210"
    assert line["request_id"] == "req-20260101-000017"
    assert (line["sheet"], line["row"], line["status"]) == (1, 7, "rejected")


def test_a_log_is_continued_and_readable_by_its_owner_only(tmp_path):
    for word in ("one", "two"):
        log = Log(tmp_path / "log.jsonl")
        log.event(word)
        log.close()
    assert [line["event"] for line in lines(tmp_path / "log.jsonl")] == ["one", "two"]
    assert stat.S_IMODE((tmp_path / "log.jsonl").stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_is_told_at_the_door(tmp_path):
    with pytest.raises(SettingsError, match="cannot be written"):
        Log(tmp_path / "missing" / "log.jsonl")


def test_a_disk_that_fills_up_ends_the_log_and_not_the_run(tmp_path):
    log = Log(Path("/dev/full"))
    log.event("lost")
    log.event("and no more tried")


def test_without_a_file_nothing_is_written_anywhere(capsys):
    Log(None).event("started")
    assert capsys.readouterr() == ("", "")
