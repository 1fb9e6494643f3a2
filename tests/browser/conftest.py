"""A real browser, Debian's Chromium, opens pages that real commands wrote."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HARD_ROWS = 260  # pages enough to leaf through
MARKUP = "<script>document.title='taken'</script><img src=x onerror=document.title='taken'>"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has the browser; without one, nothing here can be shown: CI does not let that pass."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.long)
            if CHROMIUM is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium is installed: apt-get install chromium"))


@dataclass
class Opened:
    """A page in the browser, and whatever it said or asked for."""

    page: Any
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def rows(self) -> list[list[str]]:
        """The cells that the table of rows shows."""
        return self.page.eval_on_selector_all(
            "#table tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
        )

    def column(self, number: int) -> list[str]:
        """One column of them."""
        return [row[number] for row in self.rows()]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for all tests here; it leaves with them, since its driver keeps an event loop in this thread."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "no Chromium is installed: apt-get install chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])  # tests may run as root
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any) -> Iterator[Callable[..., Opened]]:
    """Opens a file in a window of its own; afterwards, nothing was said and nothing was asked for."""
    contexts, pages = [], []

    def open_page(path: Path, **options: Any) -> Opened:
        context = chromium.new_context(**({"viewport": {"width": 1200, "height": 900}} | options))
        contexts.append(context)
        context.set_default_timeout(30_000)
        one = Opened(context.new_page())
        pages.append((path, one))
        one.page.on("console", lambda said: one.console.append(f"{said.type}: {said.text}"))
        one.page.on("pageerror", lambda error: one.console.append(str(error)))
        one.page.on("request", lambda request: one.requests.append(request.url))
        one.page.goto(path.as_uri())
        return one

    yield open_page
    for context in contexts:
        context.close()
    for path, one in pages:
        assert one.console == [], path
        assert one.requests == [path.as_uri()], path


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The page of a sample's run against the embedded emulator, of a plan, or of the hard sheet; each written once."""
    folder = tmp_path_factory.mktemp("pages")
    done: dict[str, Path] = {}

    def page_of(name: str) -> Path:
        if name not in done:
            done[name] = _run(folder / name, name)
        return done[name]

    return page_of


def _run(folder: Path, name: str) -> Path:
    folder.mkdir()
    samples = {path.stem: path for path in (ROOT / "sample_data").glob("*.*") if path.stem + ".yaml" in _mappings()}
    command, _, stem = name.partition(" ")
    if stem == "hard":
        sheet, mapping = hard_sheet(folder)
    else:
        sheet, mapping = samples[stem], ROOT / "mappings" / f"{stem}.yaml"
    to = ["--to", "emulator", "--no-progress", "--accept", "max_invalid=100%"] if command == "run" else []
    words = [sys.executable, "-m", "importer", command, str(sheet), "-m", str(mapping), *to]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
    ran = subprocess.run(words, cwd=folder, env=kept, capture_output=True, text=True, encoding="utf-8", check=False)
    assert ran.returncode in {0, 1}, ran.stderr
    (page,) = folder.glob("runs/*/report.html")
    return page


def _mappings() -> set[str]:
    return {path.name for path in (ROOT / "mappings").glob("*.yaml")}


def hard_sheet(folder: Path) -> tuple[Path, Path]:
    """A sheet of rows that are all invalid, with markup, formulas and many scripts in headers and cells."""
    lines = ["Code,Name,Mobile <b>No</b>,Birth"]
    for row in range(2, HARD_ROWS + 2):
        birth = "=1+1" if row % 2 else MARKUP
        lines.append(f'{MARKUP if row == 5 else f"C{row:05}"},مريم,98{row:04},"{birth}"')
    sheet, mapping = folder / "hard.csv", folder / "hard.yaml"
    sheet.write_text("\n".join([*lines, ""]), "utf-8")
    mapping.write_text(
        "version: 1\nname: hard\n"
        "lookup: {source: INSTORE, identifiers: [{externalId: Code}]}\n"
        "profile:\n  firstName: Name\n"
        "  identifiers: [{type: mobile, value: {column: Mobile <b>No</b>, convert: [{phone: IN}]}}]\n"
        'extendedFields: {dob: {column: Birth, convert: [{date: "%d/%m/%Y"}]}}\n'
        "declare: {extendedFields: {dob: {type: date}}}\n",
        "utf-8",
    )
    return sheet, mapping
