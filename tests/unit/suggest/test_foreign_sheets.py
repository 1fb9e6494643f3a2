"""Sheets in many languages are mapped rightly; what is not sure is asked, and nothing wrong is sure."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from importer.apis import capillary
from importer.mapping import load

from foreign_sheets.more_sheets import SECOND_TEN  # isort: skip - on the path since conftest.py
from foreign_sheets.outcome import drafted, judged, judged_sample  # isort: skip
from foreign_sheets.samples import SAMPLES  # isort: skip
from foreign_sheets.sheets import FIRST_TEN  # isort: skip

SHEETS = {sheet.name: sheet for sheet in (*FIRST_TEN, *SECOND_TEN)}


@cache
def outcome(name: str):
    return judged_sample(name) if name in SAMPLES else judged(SHEETS[name])


@pytest.mark.parametrize("name", [*SAMPLES, *SHEETS])
def test_nine_in_ten_mappable_columns_go_where_they_belong(name: str):
    mappable = [one for one in outcome(name) if one.mappable]
    wrong = {one.placed.column: (one.what, one.placed) for one in mappable if not one.right}
    assert len(wrong) <= 0.1 * len(mappable), wrong


@pytest.mark.parametrize("name", [*SAMPLES, *SHEETS])
def test_no_column_is_mapped_wrongly_with_high_confidence(name: str):
    assert [one for one in outcome(name) if one.wrong_and_sure] == []


@pytest.mark.parametrize("name", SHEETS)
def test_every_draft_loads_fits_and_is_the_same_the_next_time(name: str, tmp_path: Path):
    sheet = SHEETS[name]
    made = drafted(name, *sheet.rows())
    assert made.text == drafted(name, *sheet.rows()).text
    path = tmp_path / "drafted.yaml"
    path.write_text(made.text, "utf-8")
    mapping = load(path, capillary.endpoint().catalog)
    mapping.fit(sheet.rows()[0])
    assert mapping.questions == made.questions


def test_the_foreign_sheets_speak_at_least_six_languages():
    assert len({sheet.language.split(",")[0] for sheet in FIRST_TEN}) >= 6
