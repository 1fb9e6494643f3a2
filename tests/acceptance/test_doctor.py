"""`importer doctor` finds what would stop a run, says what to do, and shows no secret."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from importer.emulator import Emulator
from importer.records import Reply
from importer.run.checkup import Verdict, clock, room

PASSWORD = "doctor-made-up-word"


@pytest.fixture
def settings(tmp_path: Path, emulator: Emulator) -> Path:
    """An importer.toml that names the emulator; its password comes from the environment."""
    path = tmp_path / "importer.toml"
    path.write_text(
        f'[to.here]\nhost = "{emulator.url}"\nauth = "basic"\ntill = "{emulator.config.till}"\n'
        'password = {env = "HERE"}\nrate = "100/min"\nschedule = {allow = "22:00-21:59", zone = "Asia/Kolkata"}\n',
        "utf-8",
    )
    return path


def test_everything_in_order_is_told_line_by_line(importer, settings, emulator):
    result = importer("doctor", "--to", "here", HERE=emulator.config.password)
    assert result.returncode == 0, result.stdout
    said = {line[6:19].strip(): line for line in result.stdout.splitlines() if not line.startswith(" ")}
    assert list(said) == [
        "program", "settings", "folders", "room", "target system", "hours", "connection", "clock",
    ]  # fmt: skip
    assert "basic credentials, 1.66667 a second" in said["target system"]
    assert "22:00-21:59 Asia/Kolkata" in said["hours"]
    assert emulator.config.password not in result.stdout + result.stderr
    assert not list(emulator.record.updates()), "it changes nothing"


def test_refused_credentials_end_with_3_and_are_not_shown(importer, settings):
    result = importer("doctor", "--to", "here", HERE=PASSWORD)
    assert result.returncode == 3
    assert "BAD   connection" in result.stdout
    assert PASSWORD not in result.stdout + result.stderr


WRONG = [
    ("[to.here]\nhost = 7\n", ("--to", "here"), "target system"),
    ("[to.here\n", (), "settings"),
    ("", ("--to", "ther"), "target system"),
    ('[to.here]\nhost = "https://example.invalid"\npassword = "literal"\n', ("--to", "here"), "target system"),
]


@pytest.mark.parametrize(("text", "words", "name"), WRONG, ids=lambda value: str(value)[:20])
def test_what_is_wrong_here_ends_with_2_and_says_what_to_do(importer, tmp_path, text, words, name):
    (tmp_path / "importer.toml").write_text(text, "utf-8")
    result = importer("doctor", *words, "--json")
    assert result.returncode == 2
    found = json.loads(result.stdout)
    (bad,) = [check for check in found["checks"] if check["verdict"] == "wrong"] or [None]
    assert bad["name"] == name
    assert bad["advice"]
    assert found["exit_code"] == 2


def test_a_folder_that_others_may_read_is_told(importer, tmp_path):
    (tmp_path / "runs").mkdir(mode=0o755)
    result = importer("doctor")
    assert result.returncode == 0
    assert "others may look into runs" in result.stdout
    assert "chmod 700 runs" in result.stdout


NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DATES = [
    ("Fri, 02 Jan 2026 03:04:01 GMT", Verdict.WELL, "agrees"),
    ("Fri, 02 Jan 2026 02:04:05 GMT", Verdict.DOUBTFUL, "3,600 s ahead of"),
    ("Fri, 02 Jan 2026 03:14:05 GMT", Verdict.DOUBTFUL, "600 s behind"),
    ("soon", Verdict.WELL, "does not tell"),
    ("", Verdict.WELL, "does not tell"),
]


@pytest.mark.parametrize(("date", "verdict", "said"), DATES)
def test_a_clock_that_disagrees_with_the_service_is_told(date, verdict, said):
    check = clock(Reply(200, headers={"date": date}), NOW)
    assert check.verdict is verdict
    assert said in check.said


@pytest.mark.parametrize(("free", "verdict"), [(499_999_999, Verdict.DOUBTFUL), (500_000_000, Verdict.WELL)])
def test_too_little_room_is_told_before_a_run_fills_the_disk(tmp_path, monkeypatch, free, verdict):
    """The folder that is asked about is the one in which runs will lie."""
    asked = []
    monkeypatch.setattr("shutil.disk_usage", lambda path: asked.append(path) or SimpleNamespace(free=free))
    check = room(tmp_path)
    assert check.verdict is verdict
    assert "0.5 GB free" in check.said
    assert bool(check.advice) == (verdict is Verdict.DOUBTFUL)
    assert asked == [tmp_path]
