"""A full disk, a damaged journal, a sum that does not close: a clear end, nothing lost, and never success."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ulimit")
ROWS = 1_500
KB = 1_024
INJECTED = """
import sys
from importer.cli import main
from importer.journal import Journal
told = Journal.rows_read
Journal.rows_read = lambda self: told(self) + 1  # as if a row had been read whose outcome nobody knows
main(sys.argv[1:])
"""


@pytest.fixture
def big(tmp_path: Path, mapping: Path) -> Path:
    """A sheet whose journal needs some room."""
    path = tmp_path / "big.csv"
    path.write_text("Code,Name\n" + "".join(f"C{number:05},Ann\n" for number in range(ROWS)), "utf-8")
    return path


@pytest.fixture
def limited(tmp_path: Path, emulator):
    """Runs the command where no file may grow beyond so many KB, which is what a full disk looks like."""

    def run(limit_kb: int | None, *arguments: str) -> subprocess.CompletedProcess[str]:
        import resource

        def narrow() -> None:
            if limit_kb:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit_kb * KB, limit_kb * KB))

        kept = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
        config = emulator.config
        return subprocess.run(
            [sys.executable, "-m", "importer", *arguments],
            cwd=tmp_path, env=kept | {"IMPORTER_TILL": config.till, "IMPORTER_PASSWORD": config.password},
            capture_output=True, text=True, encoding="utf-8", timeout=90, check=False, preexec_fn=narrow,
        )  # fmt: skip

    return run


def command(emulator) -> tuple[str, ...]:
    return ("run", "big.csv", "-m", "mapping.yaml", "--to", emulator.url, "--yes", "--no-progress", "--rate", "3000/s")


def test_a_disk_that_is_full_while_planning_ends_the_run_before_anything_is_sent(limited, emulator, big):
    ran = limited(60, *command(emulator))
    assert ran.returncode in {2, 3}, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "File " not in ran.stderr
    assert re.search(r"journal|kept|written", ran.stderr)
    assert not emulator.record.updates()


def test_a_disk_that_fills_up_while_sending_loses_nothing_and_the_run_can_be_resumed(
    limited, emulator, big, tmp_path: Path
):
    """Nothing leaves whose intent is not on disk; what left without an outcome is sent again, for it only sets."""
    for limit_kb in range(200, 1_000, 60):  # the first that planning survives is the one that sending does not
        before = len(emulator.record.updates())
        ran = limited(limit_kb, *command(emulator))
        if len(emulator.record.updates()) > before:
            break
    assert ran.returncode == 3, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "resume" in ran.stderr
    sent = len(emulator.record.updates()) - before
    assert 0 < sent < ROWS
    run = max((tmp_path / "runs").iterdir())
    resumed = limited(None, "resume", str(run), "--no-progress")
    assert resumed.returncode == 0, resumed.stderr
    arrived = Counter(one.value for one in emulator.record.updates()[before:])
    assert len(arrived) == ROWS
    assert max(arrived.values()) <= 2
    assert (run / "results.csv").read_text("utf-8").count(",updated,") == ROWS


def test_a_damaged_journal_is_refused_by_name(importer, mapping, sheet, tmp_path: Path):
    assert importer("run", "customers.csv", "-m", "mapping.yaml", "--to", "emulator", "--no-progress").returncode == 0
    (run,) = (tmp_path / "runs").iterdir()
    (run / "journal.db").write_bytes(b"no database at all" * 1_000)
    for again in ("resume", "retry"):
        ran = importer(again, str(run))
        assert ran.returncode == 2, ran.stderr
        assert "journal is damaged" in ran.stderr
        assert "Traceback" not in ran.stderr


def test_a_folder_of_runs_that_cannot_be_made_is_told(importer, mapping, sheet, tmp_path: Path):
    (tmp_path / "taken").write_text("a file")
    ran = importer("run", "customers.csv", "-m", "mapping.yaml", "--to", "emulator", "--runs", "taken")
    assert ran.returncode == 2
    assert "--runs" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_run_whose_sum_does_not_close_ends_with_70_and_never_with_success(mapping, sheet, tmp_path: Path):
    ran = subprocess.run(
        [sys.executable, "-c", INJECTED, "run", "customers.csv", "-m", "mapping.yaml", "--to", "emulator"],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 70, ran.stderr
    assert "3 rows were read" in ran.stderr
    assert "Nothing is lost" in ran.stderr
    assert "ended well" not in ran.stdout


@pytest.mark.long
def test_a_run_that_was_begun_elsewhere_is_not_resumed_against_another_host(
    importer, mapping, sheet, emulator, tmp_path
):
    """The name in importer.toml may have been given to another host meanwhile."""

    def table(host: str) -> str:
        till, password = f'till = "{emulator.config.till}"', 'password = { env = "PASSWORD" }'
        return f'[to.here]\nhost = "{host}"\nauth = "basic"\n{till}\n{password}\n'

    settings = tmp_path / "importer.toml"
    settings.write_text(table("http://127.0.0.1:9"), "utf-8")
    password = {"PASSWORD": emulator.config.password}
    ran = importer("run", "customers.csv", "-m", "mapping.yaml", "--to", "here", "--yes", "--no-progress", **password)
    assert ran.returncode == 3, ran.stderr
    (run,) = (tmp_path / "runs").iterdir()
    settings.write_text(table(emulator.url), "utf-8")
    for again in ("resume", "retry"):
        ran = importer(again, str(run), "--no-progress", **password)
        assert ran.returncode == 2, ran.stderr
        assert "127.0.0.1:9" in ran.stderr
    assert not emulator.record.updates()
