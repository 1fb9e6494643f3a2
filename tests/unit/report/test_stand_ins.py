"""Stand-ins for cells: the same shape, and nothing of the original."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from importer.report.bundle import StandIns

CELLS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=20)


def kind(character: str) -> str:
    return unicodedata.category(character)


@given(CELLS, st.integers())
def test_a_stand_in_has_the_shape_of_its_cell_and_is_no_cell_of_the_original(cells, seed):
    """As long, each character of the same kind; where there is nothing to change, the cell is left out."""
    make = StandIns(cells, seed=seed)
    for cell in cells:
        made = make.cell(cell)
        if made is None:
            assert len(cell) >= 3
            continue
        assert [kind(one) for one in made] == [kind(one) for one in cell]
        assert len(made) < 3 or made not in cells


@given(st.text("0123456789", min_size=5, max_size=16), st.integers())
def test_leading_zeros_stay_since_they_are_what_breaks(digits, seed):
    made = StandIns(["0" * 4], seed=seed).cell(digits)
    if made is not None and digits.strip("0"):
        assert len(made) - len(made.lstrip("0")) == len(digits) - len(digits.lstrip("0"))


def test_scripts_stay_what_they_were():
    """Another letter of the same block: Devanagari, Cyrillic, Han, accented Latin."""
    for cell in ("नमूना", "Иван", "示例示例", "Éloïse", "ทดสอบ"):
        made = StandIns([cell], seed=1).cell(cell)
        assert made is not None
        assert made != cell
        assert {unicodedata.name(one).split()[0] for one in made} == {unicodedata.name(one).split()[0] for one in cell}


def test_only_characters_that_the_encoding_holds_come_out():
    def fits(character: str) -> bool:
        return character.encode("cp1252", "ignore") != b""

    made = StandIns(["Müller-Ÿves"], fits=fits, seed=3).cell("Müller-Ÿves")
    assert made is not None
    made.encode("cp1252")


def test_structure_is_kept_and_cells_inside_are_compared():
    """Of a whole record, separators stay; what comes out between them is compared cell by cell."""
    record = 'Anna;"Muster;er";0042'
    made = StandIns(["Anna", "Muster;er", "0042"], seed=5).text(record, lambda text: text.split(";"), kept=';"')
    assert made is not None
    assert [len(part) for part in made.split(";")] == [len(part) for part in record.split(";")]
    assert made.split(";")[-1].startswith("00")
    assert not {"Anna", "0042"} & set(made.split(";"))


def test_where_every_stand_in_is_a_cell_of_the_original_none_is_given():
    assert StandIns([f"{number:03}" for number in range(1_000)]).cell("123") is None
