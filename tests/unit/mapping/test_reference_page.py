"""The page of the language: each example loads, and what it says of itself in `tests` holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from importer.apis.capillary.catalog import catalog
from importer.mapping import examine
from importer.run.rehearsal import test_mapping as rehearsed

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "mapping.md"
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.splitlines()[0])
def test_an_example_of_the_page_loads_and_its_tests_hold(written, text):
    path = written(text)
    assert not examine(path, catalog()).errors
    _, tests = rehearsed(path)
    assert tests
    assert [one.different.summary for one in tests if not one.passed] == []


def test_every_section_of_the_language_has_its_place_on_the_page():
    from importer.mapping.model import mapping_model

    named = {field.alias or name for name, field in mapping_model(catalog()).model_fields.items()}
    missing = [name for name in named if f"`{name}`" not in PAGE.read_text("utf-8")]
    assert not missing
