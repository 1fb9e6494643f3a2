"""The command line answers every slip in one form: what is wrong, and below it what to do."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

SLIPS = [
    (("rn",), "importer: no such command 'rn'.", "Did you mean run or runs? `importer --help`"),
    (("mapping", "chek"), "importer: no such command 'chek'.", "Did you mean check"),
    (("run", "--mappng", "x"), "importer: no such option: --mappng", "Did you mean --mapping? `importer run --help`"),
    (("plan", "x.csv", "-m"), "importer: option '-m' requires an argument.", "--help` shows what it takes."),
    (("run", "x.csv", "-m", "y.yaml", "--limit", "many"), "invalid value for '--limit'", "`importer run --help`"),
    (("run", "x.csv", "-m", "y.yaml"), "importer: no target system was named.", "--to emulator for a first try"),
]


@pytest.mark.parametrize(("words", "what", "remedy"), SLIPS, ids=lambda value: str(value)[:30])
def test_a_slip_is_told_with_the_nearest_right_word(importer, words, what, remedy):
    result = importer(*words)
    assert result.returncode == 2
    first, second = result.stderr.splitlines()
    assert what in first
    assert remedy in second
    assert second.startswith("  ")
    assert result.stdout == ""


def test_quiet_says_nothing_where_every_row_ended_well(importer, sheet, mapping):
    result = importer("run", sheet.name, "-m", mapping.name, "--to", "emulator", "--quiet")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_quiet_says_what_went_wrong(importer, sheet, mapping):
    sheet.write_text("Code,Name\nA0000404,Anna\nA0002,Ravi\n", "utf-8")  # nobody's, in the embedded emulator
    result = importer("run", sheet.name, "-m", mapping.name, "--to", "emulator", "--quiet")
    assert result.returncode == 1
    assert "1 of 2 rows ended well, 1 did not" in result.stdout
    assert result.stderr == ""


def test_verbose_names_each_row_as_it_falls_and_the_log_has_them_all(importer, sheet, mapping, tmp_path):
    sheet.write_text("Code,Name\nA0000404,Anna\nA0002,Ravi\n", "utf-8")
    words = ("run", sheet.name, "-m", mapping.name, "--to", "emulator", "--verbose", "--log-file", "log.jsonl")
    result = importer(*words)
    assert "row 2: rejected 8015" in result.stderr
    assert "row 3" not in result.stderr
    log = (tmp_path / "log.jsonl").read_text("utf-8")
    assert [log.count(f'"event":"{event}"') for event in ("started", "planned", "row", "ended")] == [1, 1, 2, 1]
    assert stat.S_IMODE((tmp_path / "log.jsonl").stat().st_mode) == 0o600


def test_the_log_tells_why_a_command_ended_early(importer, sheet, mapping, tmp_path):
    sheet.unlink()
    assert importer("run", sheet.name, "-m", mapping.name, "--to", "emulator", "--log-file", "l.jsonl").returncode == 2
    assert '"event":"stopped"' in (tmp_path / "l.jsonl").read_text("utf-8")


HEAVY = ("pandas", "pandera", "aiohttp", "openpyxl", "numpy", "pyarrow", "jinja2", "phonenumbers")


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["mapping", "check", "--help"], ["--version"]])
def test_help_answers_without_loading_what_only_work_needs(words):
    """What makes `--help` slow is what it imports: nothing of the heavy kind."""
    code = (
        "import sys\nfrom importer.cli import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, env=os.environ, check=True
    )
    assert "LOADED []" in result.stderr
    assert "importer" in result.stdout
