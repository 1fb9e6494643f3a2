"""Sheets in many languages are mapped rightly; what is not sure is asked, and nothing wrong is sure."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.apis import capillary
from importer.mapping import load

from foreign_sheets.more_sheets import SECOND_TEN  # isort: skip - on the path since conftest.py
from foreign_sheets.other_sheets import THIRD_TEN  # isort: skip
from foreign_sheets.outcome import chunk, drafted, drafted_sample, judged  # isort: skip
from foreign_sheets.samples import SAMPLES  # isort: skip
from foreign_sheets.sheets import FIRST_TEN  # isort: skip

SHEETS = {sheet.name: sheet for sheet in (*FIRST_TEN, *SECOND_TEN, *THIRD_TEN)}


@pytest.mark.parametrize("name", [*SAMPLES, *SHEETS])
def test_nine_in_ten_columns_go_where_they_belong_none_is_surely_wrong_and_the_draft_fits_its_sheet(
    name, tmp_path: Path
):
    made = drafted(name, *SHEETS[name].rows()) if name in SHEETS else drafted_sample(name)
    columns = judged(SHEETS[name].expected if name in SHEETS else SAMPLES[name], made)

    mappable = [one for one in columns if one.mappable]
    wrong = {one.placed.column: (one.what, one.placed) for one in mappable if not one.right}
    assert len(wrong) <= 0.1 * len(mappable), wrong
    assert [one for one in columns if one.wrong_and_sure] == []

    path = tmp_path / "drafted.yaml"
    path.write_text(made.text, "utf-8")
    mapping = load(path, capillary.endpoint().catalog)
    fitted = mapping.fit([one.placed.column for one in columns])
    assert mapping.questions == made.questions
    if name in SHEETS:
        mapped = fitted.apply(chunk(*SHEETS[name].rows()))
        asked = " ".join(made.questions)
        assert {one.column for one in mapped.problems if f"{one.column}: is it" not in asked} == set()


def test_the_foreign_sheets_speak_at_least_six_languages():
    assert len({sheet.language.split(",")[0] for sheet in FIRST_TEN}) >= 6
