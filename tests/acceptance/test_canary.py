"""A few rows go ahead; the others follow where those came back well, or wait for `resume`."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from unittest import mock

import pytest

from importer.emulator import Emulator, EmulatorConfig, Fault
from importer.run.canary import Introductions, canary_rows
from importer.settings import TargetSystem

MAPPING = """\
version: 1
name: canary
lookup: {source: INSTORE, identifiers: [{externalId: Code}]}
profile:
  firstName: Name
  fields: {seq: $row}
declare: {fields: {seq: {type: string}}}
"""
ROWS = 60
CUSTOMERS = 40  # rows 42 to 61 are of customers that had one before


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    lines = [f"C{number % CUSTOMERS:05},Anna" for number in range(ROWS)]
    path = tmp_path / "customers.csv"
    path.write_text("\n".join(["Code,Name", *lines, ""]))
    return path


def statuses(folder: Path) -> Counter[str]:
    (results,) = folder.glob("runs/*/results.csv")
    with results.open(newline="") as file:
        return Counter(line["status"] for line in csv.DictReader(file))


def rows_sent(emulator) -> list[int]:
    return [int(json.loads(one.body)["profiles"][0]["fields"]["seq"]) for one in emulator.record.updates()]


def arguments(emulator, *more: str) -> list[str]:
    return ["run", "customers.csv", "-m", "mapping.yaml", "--to", emulator.url, "--no-progress", *more]


def signed(emulator) -> dict[str, str]:
    return {"IMPORTER_TILL": emulator.config.till, "IMPORTER_PASSWORD": emulator.config.password}


def test_a_canary_that_is_accepted_is_followed_by_the_others(importer, sheet, tmp_path):
    """Spread over the file, each the first of its customer; then the rest, and no row twice."""
    with Emulator(EmulatorConfig(sequence_field="seq")) as emulator:
        ran = importer(*arguments(emulator, "--yes", "--canary", "5", "--rate", "500/s"), **signed(emulator))
        assert ran.returncode == 0, ran.stderr
        assert "5 rows went ahead: 5 updated. 55 wait." in ran.stderr
        sent = rows_sent(emulator)
        assert max(sent[:5]) <= CUSTOMERS + 1, "a row went ahead of another of its customer"
        assert max(sent[:5]) - min(sent[:5]) > CUSTOMERS // 2, "they are not spread over the file"
        assert sorted(sent) == list(range(2, ROWS + 2))
        assert emulator.statistics().reorderings == 0
    assert statuses(tmp_path) == {"updated": ROWS}


def test_a_canary_that_is_refused_stops_the_run_and_resume_does_not_repeat_it(importer, sheet, tmp_path):
    """Under 80 % accepted: exit 3, the others are not sent; `resume` is the consent."""
    with Emulator(EmulatorConfig(faults=(Fault(kind="error", code=8015, times=2),))) as emulator:
        ran = importer(*arguments(emulator, "--yes", "--canary", "5"), **signed(emulator))
        assert ran.returncode == 3
        assert "3 of the 5 rows that went ahead were accepted" in ran.stderr
        assert "importer resume runs/" in ran.stderr
        assert len(rows_sent(emulator)) == 5
        assert statuses(tmp_path) == {"updated": 3, "rejected": 2, "not_sent": ROWS - 5}
        (run,) = tmp_path.glob("runs/*")
        resumed = importer("resume", str(run), "--no-progress", **signed(emulator))
        assert resumed.returncode == 1, resumed.stderr
        assert "went ahead" not in resumed.stderr
        assert len(rows_sent(emulator)) == ROWS
    assert statuses(tmp_path) == {"updated": ROWS - 2, "rejected": 2}


@pytest.mark.long
def test_eighty_percent_are_enough(importer, sheet, tmp_path):
    with Emulator(EmulatorConfig(faults=(Fault(kind="error", code=8015, times=1),))) as emulator:
        ran = importer(*arguments(emulator, "--yes", "--canary", "5"), **signed(emulator))
        assert ran.returncode == 1, ran.stderr
    assert statuses(tmp_path) == {"updated": ROWS - 1, "rejected": 1}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("answer", "code", "sent"), [pytest.param("y", 0, ROWS, marks=pytest.mark.long), ("n", 3, 4)])
def test_on_a_terminal_the_user_decides(sheet, tmp_path, answer, code, sent):
    """Asked before the canary, and once more when it is back."""
    import pty

    ours, theirs = pty.openpty()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
    with Emulator(EmulatorConfig()) as emulator:
        process = subprocess.Popen(
            [sys.executable, "-m", "importer", *arguments(emulator, "--canary", "4")],
            cwd=tmp_path, env=kept | signed(emulator), stdin=theirs, stdout=subprocess.PIPE, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        os.write(ours, f"y\n{answer}\n".encode())
        shown = b""
        while b"Send them to" not in shown:
            shown += os.read(ours, 4096)
        assert process.wait(60) == code
        process.stdout.close()
        os.close(ours)
        assert len(rows_sent(emulator)) == sent


def test_only_a_first_meeting_away_from_this_machine_has_a_canary_by_itself(tmp_path):
    """Ten rows by default; none for the emulator, for a pair that has met, or where another number was told."""
    runs = tmp_path / "runs"
    away = TargetSystem("production", "https://eu.example.com")
    first = Introductions(runs, "digest", away)
    assert (canary_rows(None, first), canary_rows(0, first), canary_rows(25, first)) == (10, 0, 25)
    first.make()
    assert canary_rows(None, Introductions(runs, "digest", away)) == 0
    assert canary_rows(None, Introductions(runs, "another mapping", away)) == 10
    assert canary_rows(None, Introductions(runs, "digest", TargetSystem("other", "https://us.example.com"))) == 10
    here = Introductions(runs, "digest", TargetSystem("local", "http://127.0.0.1:8080"))
    assert canary_rows(None, here) == 0
    assert (tmp_path / ".importer").stat().st_mode & 0o777 == 0o700


def test_a_first_run_sends_ten_ahead_and_the_second_run_none(sheet, tmp_path, monkeypatch):
    """The whole corridor, with an emulator that claims to live elsewhere."""
    from importer import run as corridor
    from importer.settings import Secret

    monkeypatch.chdir(tmp_path)
    told = []

    class Heard:
        def reading(self, rows):
            pass

        def planned(self, plan, mapping):
            pass

        def watching(self, rows):
            del rows
            return self

        def canary(self, canary):
            told.append((canary.sent, canary.accepted, canary.left))

        def outcome(self, outcome):
            pass

        def say(self, words):
            pass

    with Emulator(EmulatorConfig()) as emulator, mock.patch.object(TargetSystem, "is_loopback", False):
        config = emulator.config
        target = TargetSystem("away", emulator.url, till=config.till, password=Secret(config.password))
        order = corridor.Order(
            "run", (str(sheet),), tmp_path / "mapping.yaml", target=target, sending=corridor.Sending(rate=500.0)
        )
        for _ in range(2):
            assert corridor.run(order, target, Heard()).exit_code == 0
    assert told == [(10, 10, ROWS - 10)]
