"""The real command against limits that it is not told, in real time: most of what is allowed is used, few are refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from importer.emulator import Emulator, EmulatorConfig

MAPPING = """\
version: 1
name: pace
lookup: {source: INSTORE, identifiers: [{externalId: Code}]}
profile: {firstName: Name}
"""
SPARE = 1.3  # times the rows that fit into the time


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform == "win32", reason="ends by SIGINT")
@pytest.mark.parametrize(
    ("limit", "window", "per_second", "warm_s", "measured_s"),
    [("20/s", "sliding", 20, 15, 45), ("600/min", "fixed", 10, 180, 180)],
)
def test_an_unknown_limit_is_found_in_real_time(tmp_path: Path, limit, window, per_second, warm_s, measured_s):
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    rows = int(per_second * (warm_s + measured_s) * SPARE)
    (tmp_path / "rows.csv").write_text("\n".join(["Code,Name", *(f"C{row:06},Anna" for row in range(rows)), ""]))
    kept = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
    with Emulator(EmulatorConfig(limits=(limit,), window=window, keep_requests=None)) as emulator:
        signed = {"IMPORTER_TILL": emulator.config.till, "IMPORTER_PASSWORD": emulator.config.password}
        run = subprocess.Popen(
            [sys.executable, "-m", "importer", "run", "rows.csv", "-m", "mapping.yaml", "--to", emulator.url, "--yes",
             "--no-progress"],
            cwd=tmp_path, env=kept | signed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while not (arrived := emulator.record.updates()):
            assert run.poll() is None
            time.sleep(0.05)
        time.sleep(warm_s + measured_s)
        run.send_signal(signal.SIGINT)
        assert run.wait(60) == 130
        arrived = emulator.record.updates()
    began = arrived[0].at_s + warm_s
    accepted = sum(one.status == 200 and began <= one.at_s < began + measured_s for one in arrived)
    assert accepted / (measured_s * per_second) >= 0.9
    assert sum(one.status == 429 for one in arrived) / len(arrived) < 0.02
