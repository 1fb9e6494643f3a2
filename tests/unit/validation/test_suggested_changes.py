"""What a cause suggests to change in the mapping: put there, it makes the value sound."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
import pytest

from importer.mapping.converters import Pipeline, make
from importer.mapping.document import parse
from importer.mapping.forms import Step
from importer.problems import Problem
from importer.validation.dates import DATES
from importer.validation.patterns import form_of
from importer.validation.suggestions import suggestion

MOBILE = "lookup.identifiers[0].mobile"


def steps(text):
    """The converters that a suggestion quotes, as the mapping spells them."""
    found = []
    for quoted in re.findall(r"`([^`]*)`", text):
        if ":" not in quoted and quoted not in ("trim", "email"):
            continue  # a place in the mapping, or a converter that stands there already
        section = parse(f"convert:\n  - {quoted if ':' not in quoted else '{' + quoted + '}'}\n", "suggestion").root
        found += [Step.model_validate(one) for one in section["convert"]]
    return [make(step.name, step.argument) for step in found]


def converted(value, *more):
    """(value, slug) that converters make of a cell."""
    result = Pipeline(more)(pd.Series([value], index=[2], dtype=object))
    return result.values.iloc[0], [one.slug for one in result.problems]  # noqa: PD011 - Converted's own field


@pytest.mark.parametrize(
    ("slug", "value", "address", "becomes"),
    [
        ("pattern-mismatch", "+91 98765 43210", MOBILE, "919876543210"),
        ("pattern-mismatch", "0044 7400 123456", MOBILE, "447400123456"),
        ("pattern-mismatch", "Tom@Example.com", "lookup.identifiers[0].email", "Tom@example.com"),
        ("pattern-mismatch", " x ", "profile.firstName", "x"),
        ("integer-invalid", "1,250", "", 1250),
        ("integer-invalid", "1.250.000", "", 1250000),
        ("integer-invalid", "12,34,567", "", 1234567),  # the Indian way
        ("decimal-invalid", "12,5", "", 12.5),
        ("decimal-invalid", "1.234,5", "", 1234.5),
        ("decimal-invalid", "1,234.5", "", 1234.5),
        (
            "email-invalid",
            "a@example.com; b@example.com",
            "profile.commChannels[0].value",
            ["a@example.com", "b@example.com"],
        ),
        ("phone-extension", "98765 43210 ext 5", "", "98765 43210"),
        ("phone-extension", "98765 43210 x5", "", "98765 43210"),
        ("too-long", "x" * 120, "profile.firstName", "x" * 100),
    ],
)
def test_the_suggested_converter_makes_the_value_sound(slot, slug, value, address, becomes):
    text = suggestion(Problem(2, slug, "A", value, address), form_of(value), slot(address) if address else None)
    assert text, "nothing is suggested"
    assert converted(value, *steps(text)) == (becomes, [])


def test_a_fraction_of_zeros_is_taken_off_first():
    text = suggestion(Problem(2, "integer-invalid", "A", "1250.0"), "9999.9", None)
    assert converted("1250.0", *steps(text), make("integer")) == (1250, [])


@pytest.mark.parametrize(("form", "format_"), [(form, one) for form, formats in DATES.items() for one in formats])
def test_a_suggested_date_format_reads_dates_of_that_form(form, format_):
    written = dt.date(2024, 2, 13).strftime(format_)
    assert form_of(written) == form
    assert converted(written, make("date", format_)) == ("2024-02-13", [])


def test_a_format_that_the_mapping_states_already_is_not_suggested(slot):
    """31/02/1980 does not exist; no format helps."""
    assert (
        suggestion(Problem(2, "date-invalid", "A", "31/02/1980", detail="formats: %d/%m/%Y"), "99/99/9999", None) == ""
    )
    moment = slot("profile.commChannels[0].meta.lastViewedDate")
    told = suggestion(Problem(2, "date-invalid", "A", "31.12.1980", detail="formats: %d/%m/%Y"), "99.99.9999", moment)
    assert "`%d.%m.%Y`" in told


def test_where_the_stated_order_of_day_and_month_is_the_wrong_one_the_other_is_suggested():
    problem = Problem(2, "date-invalid", "A", "12/31/1980", detail="formats: %d/%m/%Y")
    assert suggestion(problem, "99/99/9999", None) == "if the month is written first, state `%m/%d/%Y` instead"


def test_where_day_and_month_may_be_exchanged_it_is_left_to_the_user():
    told = suggestion(Problem(2, "date-invalid", "A", "01-02-1980", detail="formats: %Y"), "99-99-9999", None)
    assert "`%d-%m-%Y` or `%m-%d-%Y`" in told
    assert "you know" in told


def test_another_letter_case_is_ignored_by_choice(slot):
    detail = "did you mean 'Male'? known are: Male, Female"
    assert "ignore_case: true" in suggestion(Problem(2, "choice-unknown", "Sex", "male", detail=detail), "A", None)
    target = slot("loyaltyInfo.loyaltyType")
    told = suggestion(Problem(2, "not-allowed", "T", "LOYALTY", target.address, "did you mean loyalty?"), "A", target)
    (choice,) = steps(told.partition(" to the")[0])
    assert converted("LOYALTY", choice) == ("loyalty", [])


@pytest.mark.parametrize(
    "problem",
    [
        Problem(2, "required-blank", "A"),
        Problem(2, "pattern-mismatch", "A", "x"),  # a check of the sheet's own column: only the cell can be corrected
        Problem(2, "integer-invalid", "A", "ten"),
        Problem(2, "decimal-invalid", "A", "ten"),
        Problem(2, "date-invalid", "A", "yesterday"),
        Problem(2, "email-invalid", "A", "a@b@c"),
        Problem(2, "choice-unknown", "A", "X", detail="known are: M, F"),
    ],
)
def test_where_no_change_of_the_mapping_helps_none_is_suggested(problem):
    assert suggestion(problem, form_of(problem.value), None) == ""


def test_a_number_whose_country_nobody_knows_leaves_the_region_to_be_filled_in(slot):
    told = suggestion(Problem(2, "pattern-mismatch", "M", "12 34", MOBILE), "99 99", slot(MOBILE))
    assert told == "add `phone: REGION` to the column's `convert`"
