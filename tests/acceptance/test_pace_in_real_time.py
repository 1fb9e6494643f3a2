"""The real command against limits, told and not told, in real time: what is allowed is used, little or nothing refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from importer.emulator import Emulator, EmulatorConfig
from importer.emulator.record import Received

MAPPING = """\
version: 1
name: pace
lookup: {source: INSTORE, identifiers: [{externalId: Code}]}
profile: {firstName: Name}
"""
SPARE = 1.3  # times the rows that fit into the time


pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform == "win32", reason="ends by SIGINT"),
]


def arrived(folder: Path, emulator: Emulator, rows: int, seconds: float, *options: str) -> Sequence[Received]:
    """What the emulator received of a run that was stopped so long after its first request."""
    (folder / "mapping.yaml").write_text(MAPPING)
    (folder / "rows.csv").write_text("\n".join(["Code,Name", *(f"C{row:06},Anna" for row in range(rows)), ""]))
    kept = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
    signed = {"IMPORTER_TILL": emulator.config.till, "IMPORTER_PASSWORD": emulator.config.password}
    run = subprocess.Popen(
        [sys.executable, "-m", "importer", "run", "rows.csv", "-m", "mapping.yaml", "--to", emulator.url, "--yes",
         "--no-progress", *options],
        cwd=folder, env=kept | signed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while not emulator.record.updates():
        assert run.poll() is None
        time.sleep(0.05)
    time.sleep(seconds)
    run.send_signal(signal.SIGINT)
    assert run.wait(60) == 130
    return emulator.record.updates()


@pytest.mark.parametrize(
    ("limit", "window", "per_second", "warm_s", "measured_s"),
    [("20/s", "sliding", 20, 15, 45), ("600/min", "fixed", 10, 180, 180)],
)
def test_an_unknown_limit_is_found_in_real_time(tmp_path: Path, limit, window, per_second, warm_s, measured_s):
    rows = int(per_second * (warm_s + measured_s) * SPARE)
    with Emulator(EmulatorConfig(limits=(limit,), window=window, keep_requests=None)) as emulator:
        seen = arrived(tmp_path, emulator, rows, warm_s + measured_s)
    began = seen[0].at_s + warm_s
    accepted = sum(one.status == 200 and began <= one.at_s < began + measured_s for one in seen)
    assert accepted / (measured_s * per_second) >= 0.9
    assert sum(one.status == 429 for one in seen) / len(seen) < 0.02


@pytest.mark.parametrize("window", ["fixed", "sliding"])
def test_a_known_rate_is_used_and_never_exceeded_in_real_time(tmp_path: Path, window):
    """Told what the service allows, 600 a minute: no 429 in two minutes, and at least 97 % of it used."""
    measured_s, per_second = 120, 10
    with Emulator(EmulatorConfig(limits=("600/min",), window=window, keep_requests=None)) as emulator:
        seen = arrived(tmp_path, emulator, int(per_second * measured_s * SPARE), measured_s + 1, "--rate", "600/min")
    assert {one.status for one in seen} == {200}
    assert sum(one.at_s < seen[0].at_s + measured_s for one in seen) / (measured_s * per_second) >= 0.97
