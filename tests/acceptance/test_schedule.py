"""Outside a target system's hours a run waits, says until when, and can be stopped as always."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from importer.emulator import Emulator

TABLE = """\
[to.nightly]
host = "{url}"
auth = "basic"
till = "{till}"
password = {{ env = "NIGHTLY" }}
schedule = {{ allow = "{opens:%H:%M}-{closes:%H:%M}", zone = "Asia/Kolkata" }}
"""


@pytest.mark.skipif(sys.platform == "win32", reason="is stopped by SIGINT")
def test_a_run_waits_for_the_hours_and_can_be_stopped_meanwhile(
    sheet: Path, mapping: Path, emulator: Emulator, tmp_path: Path
):
    """The window opens two hours from now, on the clock of another zone; nothing leaves, and Ctrl-C ends it with 130."""
    there = datetime.now(UTC) + timedelta(hours=5, minutes=30)
    opens, closes = there + timedelta(hours=2), there + timedelta(hours=3)
    config = emulator.config
    (tmp_path / "importer.toml").write_text(
        TABLE.format(url=emulator.url, till=config.till, opens=opens, closes=closes)
    )
    kept = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
    with (tmp_path / "stderr").open("w", encoding="utf-8") as heard:
        run = subprocess.Popen(
            [sys.executable, "-m", "importer", "run", "customers.csv", "-m", "mapping.yaml", "--to", "nightly", "--yes"],
            cwd=tmp_path, env=kept | {"NIGHTLY": config.password}, stdout=subprocess.DEVNULL, stderr=heard,
        )  # fmt: skip
    sentence = (
        f"Requests may leave {opens:%H:%M}-{closes:%H:%M} Asia/Kolkata; this run goes on at {opens:%Y-%m-%d %H:%M} IST."
    )
    deadline = time.monotonic() + 60
    while sentence not in (said := (tmp_path / "stderr").read_text("utf-8")):
        assert run.poll() is None, said
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    assert run.wait(30) == 130
    assert emulator.statistics().requests == 0
    assert list(tmp_path.glob("runs/*/results.csv"))
