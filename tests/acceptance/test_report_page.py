"""`report.html`, written by the real command beside the other files of a run."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

COMMANDS = [
    # (words of the command, exit code, the headline)
    (("plan",), 0, "A plan: 3 of 3 rows would be sent."),
    (("run", "--to", "emulator", "--no-progress"), 0, "All 3 rows ended well."),
]


@pytest.mark.parametrize(("words", "code", "headline"), COMMANDS)
def test_a_plan_and_a_run_leave_a_page_and_name_it(importer, tmp_path, mapping, sheet, words, code, headline):
    command, *options = words
    ran = importer(command, str(sheet), "-m", str(mapping), *options)
    assert ran.returncode == code, ran.stderr
    (page,) = tmp_path.glob("runs/*/report.html")
    assert f"<h1>{headline}</h1>" in page.read_text("utf-8")
    assert str(page.relative_to(tmp_path)) in ran.stdout
    (summary,) = tmp_path.glob("runs/*/summary.json")
    assert str(page.relative_to(tmp_path)) in json.loads(summary.read_text("utf-8"))["files"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_nobody_else_may_read_the_page(importer, tmp_path, mapping, sheet):
    assert importer("plan", str(sheet), "-m", str(mapping)).returncode == 0
    (page,) = tmp_path.glob("runs/*/report.html")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_a_page_that_cannot_be_written_hides_no_other_file(importer, tmp_path, mapping, sheet):
    """Its partial file's name is taken by a folder: everything else is there, and the message says what to do."""
    runs = tmp_path / "runs"
    hook = tmp_path / "sitecustomize.py"
    hook.write_text(
        "from pathlib import Path\n"
        "import importer.journal.journal as journal\n"
        "create = journal.Journal.create.__func__\n"
        "def taken(cls, folder, facts):\n"
        "    (Path(folder) / 'report.html.part' / 'full').mkdir(parents=True)\n"
        "    return create(cls, folder, facts)\n"
        "journal.Journal.create = classmethod(taken)\n"
    )
    ran = importer("plan", str(sheet), "-m", str(mapping), PYTHONPATH=str(tmp_path))
    assert ran.returncode == 3
    assert "report.html cannot be written" in ran.stderr
    (folder,) = runs.iterdir()
    for name in ("results.csv", "summary.json"):
        assert (folder / name).stat().st_size
    assert not (Path(folder) / "report.html").exists()
