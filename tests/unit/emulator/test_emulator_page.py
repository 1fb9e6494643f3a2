"""The reference page keeps in step with the program."""

from __future__ import annotations

from pathlib import Path

from importer.emulator import EmulatorConfig
from importer.emulator.reference import emulator_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "emulator.md"


def test_the_page_is_what_the_program_says():
    """`make docs` writes it again."""
    assert PAGE.read_text("utf-8") == emulator_page()


def test_every_switch_has_a_meaning_and_a_source():
    for name, field in EmulatorConfig.model_fields.items():
        assert field.description, name
        assert field.json_schema_extra["source"], name
