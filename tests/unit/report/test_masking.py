"""What is left of customers' data where others may see it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.report import masked, masked_cell, masked_text

VALUES = [
    ("919876543210", "91…3210"),
    ("AB00000042", "AB…0042"),  # ten characters: an identifier
    ("AB0000042", "…"),  # nine: nothing
    ("tom.sawyer@example.com", "t…@example.com"),
    ("Tom", "…"),
    ("Thomas Sawyer the Second", "…"),  # a name, however long
    ("31/02/1980", "…"),  # a birth date is no identifier
    ("1980-02-31", "…"),
    ("", ""),
]


@pytest.mark.parametrize(("value", "shown"), VALUES)
def test_a_value_shows_just_enough_to_be_recognised(value, shown):
    assert masked(value) == shown


CELLS = [
    ("919876543210", True, "91…3210"),  # below an identifying column
    ("919876543210", False, "…"),  # the same below any other: an account, a balance
    ("Featherstonehaugh", False, "…"),  # a name without blanks
    ("12-Elm-Street-4711", False, "…"),
    ("31/02/1980", False, "…"),
    ("tom@example.com", False, "t…@example.com"),  # an e-mail is one wherever it stands
    ("", False, ""),
]


@pytest.mark.parametrize(("cell", "identifies", "shown"), CELLS)
def test_a_cell_is_shown_in_part_only_below_a_column_that_identifies(cell, identifies, shown):
    assert masked_cell(cell, identifies=identifies) == shown


SENTENCES = [
    ("Customer 919876543210 not found", "Customer 91…3210 not found"),
    ("no customer AB00000042", "no customer AB…0042"),
    ("card C-1234567 is taken", "card … is taken"),
    ("call +91 98765 43210 now", "call +9…3210 now"),
    ("call (080) 2345-6789 now", None),
    ("born 1990-02-01", "born …"),
    ("tom@example.com is used by sue@example.com", "t…@example.com is used by s…@example.com"),
    ("name 'Sawyer' is too long", "name '…' is too long"),
    ('name "Tom Sawyer" is too long', 'name "…" is too long'),
    ("code 8015 after 3 attempts at 1000/min", "code 8015 after 3 attempts at 1000/min"),
    ("http://127.0.0.1:38521 is gone", "http://127.0.0.1:38521 is gone"),  # an address of a service is nobody's data
    ("127.0.0.1:38521 and 919876543210", "127.0.0.1:38521 and 91…3210"),
    ("https://example.com/c?v=919876543210", "https://example.com/c?v=91…3210"),
    ("the customer's e-mail isn't valid", "the customer's e-mail isn't valid"),
]


@pytest.mark.parametrize(("sentence", "shown"), SENTENCES)
def test_a_sentence_keeps_its_words_and_hides_whom_it_is_about(sentence, shown):
    found = masked_text(sentence)
    if shown is None:
        assert not any(part in found for part in ("2345", "1990"))
    else:
        assert found == shown


@given(st.text(max_size=30), st.integers(10**9, 10**14), st.text(max_size=30))
def test_no_long_number_survives_in_any_sentence(before, number, after):
    assert str(number) not in masked_text(f"{before} {number} {after}")


@given(st.text())
def test_at_most_six_characters_of_a_value_are_shown_beside_a_mail_domain(value):
    shown = masked(value)
    assert shown == "" or "…" in shown
    assert "@" in shown or len(shown) <= 7
