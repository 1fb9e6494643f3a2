"""What cells say: their looks, the order of their dates, their countries, how many differ; whatever the chunks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.suggest.days import DayOrder
from importer.suggest.regions import region_of
from importer.suggest.sampling import CAPACITY, EXAMPLES, DistinctSample
from importer.suggest.shapes import Look, look_of, shapes


@pytest.mark.parametrize(
    ("cell", "looks"),
    [
        ("a@example.com", Look.EMAIL),
        ("a@example.com; b@example.org", Look.EMAILS),
        ("90000 00001", Look.PHONE),
        ("+49 (171) 39200-12", Look.PHONE | Look.ABROAD),
        ("31.12.1980", Look.DATE),
        ("1980-12-31 10:15:00", Look.DATE),
        ("31-Dec-80", Look.DATE),
        ("1980年12月31日", Look.DATE),
        ("1,234,567", Look.NUMBER | Look.COMMA),
        ("12,34,567", Look.NUMBER | Look.COMMA),  # lakhs
        ("1.250", Look.NUMBER | Look.POINT),
        ("9.5", Look.NUMBER | Look.FRACTION),
        ("9.19877E+11", Look.ROUNDED),
        ("Müller-Lüdenscheidt", Look.WORDS),
        ("Bad Homburg", Look.WORDS | Look.SPACED),
        ("KD00017", Look.CODE | Look.OPAQUE),
    ],
)
def test_a_cell_looks_like_what_it_is(cell: str, looks: Look):
    (shape,) = shapes([cell])
    assert look_of(shape) & looks == looks


@pytest.mark.parametrize("cell", ["31.12.1980", "1980/12/31", "1-1-99", "12.34", "123456", "1234567890123456"])
def test_dates_and_numbers_are_no_phone_numbers(cell: str):
    assert Look.PHONE not in look_of(shapes([cell])[0])


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8))
def test_values_are_blotted_out_together_as_they_are_one_by_one(values: list[str]):
    assert shapes(values) == [shapes([value])[0] for value in values]


def days(*values: str, rows: int = 1) -> DayOrder:
    found = DayOrder()
    for row, value in enumerate(values, start=2):
        found.add(value, rows, row)
    return found


@pytest.mark.parametrize(
    ("values", "formats", "asked"),
    [
        (["31.12.1980", "01.02.1980"], ("%d.%m.%Y",), ""),  # one row decides for all
        (["12/31/1980", "01/02/1980"], ("%m/%d/%Y",), ""),
        (["1980/12/31"], ("%Y/%m/%d",), ""),
        (["01/02/1980", "03/04/1980"], ("%d/%m/%Y", "%m/%d/%Y"), "No row of 2 tells"),  # none does
        (["31/12/1980", "12/31/1980"], ("%d/%m/%Y", "%m/%d/%Y"), "contradict each other"),
        (["01/01/1980"], ("%d/%m/%Y", "%m/%d/%Y"), "No row of 1 tells"),  # reads alike, and still tells nothing
        (["31-Dec-1980"], ("%d-%b-%Y",), ""),
        (["31. 12. 1980"], ("%d. %m. %Y",), ""),  # a blank after the point is part of the format
        (["1980年12月31日"], ("%Y年%m月%d日",), ""),
        (["31.12.1980", "1980-12-31"], ("%d.%m.%Y",), ""),  # ISO text is always read
        (["1980-12-31"], (), ""),
        (["19801231", "19800230"], ("%Y%m%d",), ""),
        (["31121980"], ("%d%m%Y",), ""),
    ],
)
def test_the_order_of_dates_is_decided_by_every_row_or_asked(values: list[str], formats: tuple[str, ...], asked: str):
    verdict = days(*values).verdict()
    assert verdict is not None
    assert set(verdict.formats) == set(formats)
    assert (asked in verdict.doubt) if asked else not verdict.doubt


def test_the_deciding_row_is_named():
    verdict = days("01.02.1980", "31.12.1980").verdict()
    assert "1 row can only be day, month, year (row 3)" in verdict.evidence


def test_a_header_that_states_the_order_decides_where_no_row_does_and_is_doubted_where_a_row_contradicts():
    assert days("01/02/1980").verdict("mdy").formats == ("%m/%d/%Y",)
    assert "the header states month, day, year, but" in days("31/12/1980").verdict("mdy").doubt


@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 1, 1)).map("{:%d/%m/%Y}".format), min_size=1))
def test_dates_written_day_first_are_never_decided_to_be_month_first(values: list[str]):
    verdict = days(*values).verdict()
    assert verdict is None or verdict.doubt or verdict.formats == ("%d/%m/%Y",)


@pytest.mark.parametrize("value", ["32.12.1980", "31.02.1980", "00/00/0000", "1234-5-678", "20.13.40.1"])
def test_days_that_do_not_exist_are_no_dates(value: str):
    assert days(value).dates == 0


@pytest.mark.parametrize(
    ("values", "likely", "code", "asked"),
    [
        (["+91 90000 00001", "90000 00002", "90000 00003"], (), "IN", False),  # one number says it, the others fit
        (["0171 3920012"] * 3, ("DE", "AT"), "DE", True),  # the headers are German: first, but asked
        (["90000 00001"], (), "IN", True),  # fits many
        (["919000000001", "919000000002"], (), "IN", False),  # country code without +
        (["00919000000001"], (), "IN", False),
    ],
)
def test_the_country_of_numbers_is_said_by_numbers_or_asked(values, likely, code, asked):
    region = region_of(values, likely)
    assert (region.code, bool(region.doubt)) == (code, asked)


def test_numbers_that_no_country_knows_have_no_region():
    assert region_of(["1234567", "0000000"]) is None or region_of(["1234567", "0000000"]).doubt


def sampled(values: list[str], size: int) -> DistinctSample:
    found = DistinctSample()
    for at in range(0, len(values), size):
        unique, counts = np.unique(np.array(values[at : at + size], dtype=object), return_counts=True)
        found.add(unique.tolist(), counts.astype(np.int64))
    return found


@given(st.lists(st.sampled_from([f"v{number}" for number in range(40)])), st.integers(1, 50))
def test_few_values_are_counted_exactly_whatever_the_chunks(values: list[str], size: int):
    found = sampled(values, size)
    assert found.exact
    assert found.distinct == len(set(values))
    assert found.repeated == sum(values.count(value) > 1 for value in set(values))
    assert sorted(found.examples) == sorted(set(values))


def test_many_values_are_estimated_in_bounded_memory():
    """300,000 different values, one in three twice."""
    values = [f"customer {number}" for number in range(300_000)]
    found = sampled(values + values[::3], 50_000)
    assert not found.exact
    assert found.distinct == pytest.approx(300_000, rel=0.05)
    assert found.repeated == pytest.approx(100_000, rel=0.05)
    assert len(found._hashes) <= CAPACITY
    assert len(found.examples) <= EXAMPLES
