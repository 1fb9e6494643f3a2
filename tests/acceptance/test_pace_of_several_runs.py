"""Real runs, one after the other and two at a time, against a Capillary that counts what a key may send."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from importer.emulator import Emulator, EmulatorConfig

pytestmark = pytest.mark.long

MAPPING = """\
version: 1
name: pace
lookup: {source: INSTORE, identifiers: [{externalId: Code}]}
profile: {firstName: Name}
"""


def folder(place: Path, rows: int) -> Path:
    """A working folder with a sheet and a mapping."""
    place.mkdir()
    (place / "mapping.yaml").write_text(MAPPING)
    lines = [f"{place.name.upper()}{number:05},Anna" for number in range(rows)]
    (place / "customers.csv").write_text("\n".join(["Code,Name", *lines, ""]))
    return place


def start(emulator: Emulator, place: Path, *more: str, **environment: str) -> subprocess.Popen[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
    signed = {"IMPORTER_TILL": emulator.config.till, "IMPORTER_PASSWORD": emulator.config.password}
    return subprocess.Popen(
        [sys.executable, "-m", "importer", "run", "customers.csv", "-m", "mapping.yaml", "--to", emulator.url, "--yes",
         "--no-progress", "--json", *more],
        cwd=place, env=kept | signed | environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def end(process: subprocess.Popen[str]) -> dict[str, object]:
    """The summary that it printed."""
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    return json.loads(output)


def arrivals(emulator: Emulator, of: str = "") -> list[float]:
    return [one.at_s for one in emulator.record.updates() if one.value.startswith(of)]


def test_two_runs_share_a_told_rate_wherever_they_were_started(tmp_path):
    """Each is told 40/s; the service allows 52/s, lest a busy machine's jitter counts. They work in different folders."""
    with Emulator(EmulatorConfig(limits=("52/s",), window="sliding")) as emulator:
        both = [start(emulator, folder(tmp_path / name, 100), "--rate", "40/s") for name in ("one", "two")]
        summaries = [end(process) for process in both]
        assert [summary["refusals"] for summary in summaries] == [0, 0]
        assert emulator.statistics().by_status == {"200": 200}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_a_run_that_is_killed_leaves_its_part_to_the_other(tmp_path):
    """Two at 40/s; one dies by SIGKILL; at once the other has all of it."""
    with Emulator(EmulatorConfig(limits=("52/s",), window="sliding")) as emulator:
        dies, lives = (start(emulator, folder(tmp_path / name, 150), "--rate", "40/s") for name in ("one", "two"))
        while not (arrivals(emulator, "ONE") and arrivals(emulator, "TWO")):
            time.sleep(0.02)
        time.sleep(0.5)
        dies.send_signal(signal.SIGKILL)
        dies.communicate()
        killed_at = arrivals(emulator)[-1]
        assert end(lives)["refusals"] == 0
        alone = [at for at in arrivals(emulator, "TWO") if at > killed_at]
        assert len(alone) / (alone[-1] - killed_at) > 0.8 * 40
        assert emulator.statistics().by_status == {"200": len(arrivals(emulator))}


def test_a_run_begins_at_the_rate_that_the_last_one_found(tmp_path):
    """The first finds 30/s from 5/s up; the second, told nothing, begins there. They share no folder but the runs'."""
    place = folder(tmp_path / "one", 120)
    with Emulator(EmulatorConfig(limits=("30/s",), window="sliding")) as emulator:
        for number in range(2):
            own = tmp_path / f"tmp{number}"
            own.mkdir()
            if number:
                emulator.reset()
            summary = end(start(emulator, place, TMPDIR=str(own)))
            assert 25 < summary["rate_found"] < 35
        assert sum(at < arrivals(emulator)[0] + 1 for at in arrivals(emulator)) > 20
    (memory,) = (place / ".importer" / "pace").iterdir()
    found = json.loads(memory.read_text())
    assert found["host"] == emulator.url
    assert 25 < found["ceiling"] < 35
    assert memory.stat().st_mode & 0o777 == 0o600
