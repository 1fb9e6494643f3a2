"""The how-to about bad days is true: its servers start as they are typed there, and its run ends as it says."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "how-to" / "rehearse.md").read_text("utf-8")
SHELL = [block.strip() for block in re.findall(r"^```sh\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)]
SERVERS = [line for line in SHELL if line.startswith("importer emulator")]
(RUN,) = (line for line in SHELL if " importer run " in line)
(FILE,) = re.findall(r"^```toml\n(profile.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
CLEAN = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}


@contextmanager
def served(line: str, folder: Path) -> Iterator[str]:
    """The address of the emulator that this command starts, on a free port."""
    words = shlex.split(line.replace("--port 8080", "--port 0"))
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", *words[1:]],
        cwd=folder, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        first = process.stdout.readline()
        assert "listens on" in first, process.stderr.read()
        yield re.search(r"http://\S+", first)[0]
    finally:
        process.terminate()
        process.communicate()


def asked(url: str) -> dict[str, object]:
    with urllib.request.urlopen(url) as reply:
        return json.load(reply)


@pytest.mark.long
def test_a_bad_day_ends_as_the_page_says(tmp_path: Path):
    """The profile as a process, a file that credits points: each row in one state, nothing doubled, raced or reordered."""
    for folder in ("sample_data", "mappings"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    words = shlex.split(RUN)
    environment = dict(word.split("=", 1) for word in words[: words.index("importer")])
    with served(SERVERS[0], tmp_path) as url:
        command = [url if word.startswith("http://") else word for word in words[words.index("importer") + 1 :]]
        ran = subprocess.run(
            [sys.executable, "-m", "importer", *command, "--json"],
            cwd=tmp_path, env=CLEAN | environment, capture_output=True, text=True, timeout=110, check=False,
        )  # fmt: skip
        counted = asked(f"{url}/_emulator/statistics")
    assert ran.returncode in {0, 1}, ran.stderr
    summary = json.loads(ran.stdout)
    assert sum(summary["counts"].values()) == summary["rows_read"] == 300
    assert summary["counts"]["not_sent"] == 0
    assert len(counted["by_fault"]) >= 5, "hardly anything went wrong, so nothing was shown"
    assert (counted["double_credits"], counted["overlaps"], counted["reorderings"]) == (0, 0, 0)
    assert counted["applied"] >= summary["counts"]["updated"]


@pytest.mark.parametrize("line", SERVERS[1:])
def test_a_day_of_ones_own_starts_as_it_is_typed(tmp_path: Path, line: str):
    (tmp_path / "bad-week.toml").write_text(FILE)
    with served(line, tmp_path) as url:
        config = asked(f"{url}/_emulator/config")
    kinds = [fault["kind"] for fault in config["faults"]]
    if "--fault" in line:
        assert (config["limits"], config["seed"], kinds) == (["100/min"], 7, ["drop", "error"])
        assert (config["faults"][0]["share"], config["faults"][0]["after_write"]) == (0.01, True)
        assert config["faults"][1]["values"] == ["LC00000017"]
    else:
        assert (config["limits"], config["expired_status"]) == (["demo"], 401)
        assert kinds[-2:] == ["status", "hang"]
        assert len(kinds) > 10  # those of the profile are there, too


WRONG = [
    (["--fault", "dorp"], "there is no kind 'dorp'"),
    (["--fault", "drop,share=2"], "share: Input should be less than or equal to 1"),
    (["--fault", "drop,shrae=0.1"], "shrae: Extra inputs are not permitted; its fields are route, share"),
    (["--fault", "error,after_write"], "never writes"),
    (["--limit", "fast"], "'fast' is no limit"),
    (["--profile", "good-day"], "There is no profile 'good-day'"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_what_cannot_be_staged_is_refused_by_name(importer, options, said):
    ran = importer("emulator", "--port", "0", *options)
    assert ran.returncode == 2
    assert said in ran.stderr
