"""Writes the generated reference pages, or with --check compares them and names the ones that differ."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from importer.apis import capillary
from importer.apis.capillary.reference import catalog_page, codes_page
from importer.cli.reference import commands_page
from importer.emulator.reference import emulator_page
from importer.mapping import schema_text
from importer.mapping.converters.reference import converters_page
from importer.problems import problems_page

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))  # the foreign sheets are made beside the tests


def suggest_page() -> str:
    """How well `importer suggest` does; imported late, for it lies outside the package."""
    from foreign_sheets.outcome import suggest_page as page  # noqa: PLC0415 - found only once the line above has run

    return page()


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/catalog.md": catalog_page,
    "docs/reference/codes.md": codes_page,
    "docs/reference/commands.md": commands_page,
    "docs/reference/converters.md": converters_page,
    "docs/reference/emulator.md": emulator_page,
    "docs/reference/problems.md": problems_page,
    "docs/reference/suggest.md": suggest_page,
    "importer/mapping/mapping.schema.json": lambda: schema_text(capillary.endpoint().catalog),
}


def main() -> int:
    """Write or compare; 1 where a page differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    stale = []
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, "utf-8")
            print(f"wrote {name}")
    if check and stale:
        print("These pages differ from the program; `make docs` writes them again:", *stale, sep="\n  ")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
