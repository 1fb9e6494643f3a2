"""Complaint 3, where it hurts most: an identifier that a spreadsheet program has shortened finds nobody, or somebody else."""

from __future__ import annotations

import pytest

LOOKUP = "lookup: {source: INSTORE, identifiers: [{externalId: Code}]}\n"
SHORTENED = ["9.19877E+11", "1E+15", "9,19877E+11", " 9.19877E+11 "]
SOUND = ["919876543210", "E11", "1E5", "12E+34", "9.19877E", "AB9.1E+11"]


@pytest.mark.parametrize("cell", SHORTENED)
def test_03_a_shortened_number_is_no_identifier(applied, cell):
    card = "{type: cardnumber, value: {column: Card, convert: [trim]}, seriesId: 1, statusLabel: {constant: ACTIVE}}"
    text = f"{LOOKUP}profile: {{identifiers: [{card}]}}\n"
    mapped = applied(text, {"Code": [cell, "A1"], "Card": ["C1", cell]})
    assert [(one.row, one.slug, one.column) for one in mapped.problems] == [
        (2, "excel-rounded", "Code"),
        (3, "excel-rounded", "Card"),
    ]


@pytest.mark.parametrize("cell", SOUND)
def test_03_what_merely_looks_alike_is_let_through(applied, cell):
    mapped = applied(LOOKUP + "profile: {firstName: Code}\n", {"Code": [cell]})
    assert not mapped.problems
    assert mapped.values["lookup.identifierValue"].tolist() == [cell]


def test_03_a_text_that_finds_nobody_may_hold_what_it_likes(values):
    assert values("extendedFields.note", "extendedFields: {note: N}\n", {"N": ["9.19877E+11"]}) == ["9.19877E+11"]
