"""Writes the example reports beside this file, or with --check compares them and names the ones that differ.

Each sample runs against the embedded emulator by the real command. What differs from run to run (times, latencies,
request ids, versions) is then made the same in the journal, and `importer report` writes the page again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from importer import __version__

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SAMPLES = ("legacy_customers.xlsx", "nightly_loyalty.csv", "backfill_channels.csv")
BEGAN = datetime(2026, 3, 1, 22, 0, 0, tzinfo=UTC)
RATE, CALM_RATE = 24, 18  # requests/s of the made-up run: it speeds up, and slows down for a while
PICTURES = (
    # (picture, page, width and height, colour scheme, the part that it begins at)
    ("legacy_customers.png", "legacy_customers.html", (1200, 1500), "light", "header"),
    ("backfill_channels.png", "backfill_channels.html", (1200, 1500), "dark", "#causes"),
    ("rows.png", "legacy_customers.html", (1200, 950), "light", "#rows"),
    ("narrow.png", "nightly_loyalty.html", (390, 1200), "light", "header"),
)


def main() -> int:
    """Write or compare; 1 where an example differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    parser.add_argument("samples", nargs="*", help="only these, by the name of their sheet")
    asked = parser.parse_args()
    stale = []
    for sample in asked.samples or SAMPLES:
        path = HERE / f"{Path(sample).stem}.html"
        text = example(sample)
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(path.name)
        if not asked.check:
            path.write_text(text, "utf-8", newline="\n")
            print(f"wrote {path.name}")
    if asked.check:
        if stale:
            print(
                "These differ from the program; `python docs/examples/generate.py` writes them again:",
                *stale,
                sep="\n  ",
            )
        return bool(stale)
    take_pictures()
    return 0


def example(sample: str) -> str:
    """The page of one sample, the same on every machine."""
    stem = Path(sample).stem
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in ("sample_data", "mappings"):
            shutil.copytree(ROOT / name, folder / name)
        sheet, mapping = f"sample_data/{sample}", f"mappings/{stem}.yaml"
        importer(folder, "run", sheet, "-m", mapping, "--to", "emulator", "--no-progress")
        (ran,) = (folder / "runs").iterdir()
        run = ran.rename(ran.with_name(f"{BEGAN:%Y%m%d-%H%M%S}-{stem.replace('_', '-')}"))
        normalise(run)
        importer(folder, "report", str(run.relative_to(folder)))
        return (run / "report.html").read_text("utf-8")


def importer(folder: Path, *words: str) -> None:
    """The real command; rows that do not end well are part of the samples."""
    ran = subprocess.run(
        [sys.executable, "-m", "importer", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    if ran.returncode not in {0, 1}:
        raise SystemExit(ran.stderr)


def normalise(run: Path) -> None:
    """Give the journal the times of a run that could have been."""
    database = sqlite3.connect(run / "journal.db")
    with database:
        sent = database.execute("SELECT sheet, row FROM outcome WHERE attempts > 0 ORDER BY sheet, row").fetchall()
        at = 0.0
        for number, row in enumerate(sent):
            calm = len(sent) * 0.55 < number < len(sent) * 0.7
            at += 1 / min(CALM_RATE if calm else RATE, 5 + number / 20)  # starts at 5/s, as self-tuning does
            latency_ms = 60 + (number * 37) % 41 + (70 if calm else 0)
            database.execute(
                "UPDATE outcome SET sent_at = ?, latency_ms = ?, request_id = ? WHERE sheet = ? AND row = ?",
                (told(at), latency_ms, f"example-{number + 1:05}", *row),
            )
        (ended,) = database.execute("SELECT value FROM fact WHERE name = 'ended'").fetchone()
        ending = json.loads(ended) | {
            "seconds": round(at, 1),
            "rate": round(len(sent) / at, 1),
            "ended_at": told(at + 1),
        }
        facts = {"run": run.name, "started_at": told(-1), "ended": ending, "versions": {"importer": __version__}}
        for name, fact in facts.items():
            database.execute("UPDATE fact SET value = ? WHERE name = ?", (json.dumps(fact), name))
    database.close()


def told(seconds: float) -> str:
    """A time after the made-up beginning."""
    return (BEGAN + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def take_pictures() -> None:
    """Screenshots of the examples, by the Chromium that the tests use."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - comparing needs none

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for picture, page, (width, height), scheme, part in PICTURES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
            )
            opened = context.new_page()
            opened.goto((HERE / page).as_uri())
            opened.evaluate("part => document.querySelector(part).scrollIntoView()", part)
            opened.screenshot(path=HERE / picture)
            context.close()
            print(f"wrote {picture}")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
