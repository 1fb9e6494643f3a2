"""What the catalog and `declare:` find in the values that would be sent."""

from __future__ import annotations

import pytest

from importer.endpoint import Kind
from importer.problems import Problem

FIELD = "extendedFields.any"
CARD = "profile.identifiers[0]"
CHANNEL = "profile.commChannels[0]"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.STRING, ["x", ""], [1, True, ["x"], 1.0]),
        (Kind.INTEGER, [0, -5, 2**63 - 1], ["1", 1.0, True, float("nan")]),
        (Kind.DOUBLE, [1, 1.5], ["1.5", True, float("inf"), float("nan")]),
        (Kind.BOOLEAN, [True, False], ["true", 1, 0]),
        (
            Kind.DATE,
            ["2024-02-29"],
            ["2023-02-29", "29/02/2024", "2024-02-29T00:00:00+00:00", "20240229", 20240229],
        ),
        (
            Kind.DATETIME,
            ["2024-02-29T23:59:59+05:30"],
            ["2024-02-29", "2024-02-29T24:00:01+05:30", "2024-02-29T23:59:59Z"],
        ),
        (Kind.DATE_OR_DATETIME, ["2024-02-29", "2024-02-29T23:59:59+05:30"], ["yesterday", "2024-13-01"]),
        (Kind.LIST, [["a", "b"], []], ["a", [1], [None]]),
    ],
)
def test_each_kind_of_target_takes_its_own_type_only(judge_values, slot, kind, good, bad):
    values = [*good, None, *bad]
    problems = judge_values([slot(FIELD, kind=kind, max_length=None)], [values])
    assert [one.row - 2 for one in problems] == list(range(len(good) + 1, len(values)))
    assert {one.slug for one in problems} <= {"wrong-type"}


@pytest.mark.parametrize(
    ("facts", "value", "slug"),
    [
        ({"max_length": 3}, "abcd", "too-long"),
        ({"kind": Kind.INTEGER, "min": 1}, 0, "too-small"),
        ({"kind": Kind.INTEGER, "max": 5}, 6, "too-large"),
        ({"kind": Kind.INTEGER}, 2**63, "too-large"),  # more than Capillary can hold
        ({"kind": Kind.INTEGER}, -(2**70), "too-small"),
        ({"kind": Kind.DOUBLE, "max": 1.5}, 1.6, "too-large"),
        ({"kind": Kind.ENUM, "values": ("Male", "Female")}, "male", "not-allowed"),
        (
            {"kind": Kind.ENUM, "values": ("Male",), "open_values": True},
            "X",
            None,
        ),  # organisations have their own
        ({"pattern": "[a-z]+"}, "abc1", "pattern-mismatch"),
        ({"kind": Kind.LIST, "max_length": 3}, ["abc", "abcd"], "too-long"),  # each entry
        ({}, "half \ud83d an emoji", "broken-character"),
    ],
)
def test_each_fact_of_a_target_is_judged(judge_values, slot, facts, value, slug):
    problems = judge_values([slot(FIELD, **facts)], [[value, None]])
    assert [one.slug for one in problems] == ([] if slug is None else [slug])


def test_values_of_a_wrong_type_hide_no_others(judge_values, slot):
    """Neither a number among texts nor a list keeps the length of the others from being judged."""
    problems = judge_values([slot(FIELD, max_length=3, pattern="[a-z]+")], [[5, "abcd", ["x"], "A", {}, float("nan")]])
    assert [(one.row, one.slug) for one in problems] == [
        (2, "wrong-type"),
        (3, "too-long"),
        (4, "wrong-type"),
        (5, "pattern-mismatch"),
        (6, "wrong-type"),
        (7, "wrong-type"),
    ]


def test_a_problem_quotes_the_cell_where_one_column_feeds_the_target(judge_values, slot):
    (problem,) = judge_values([slot("profile.firstName", columns=("Name",))], [["x" * 101]], {"Name": [" Xx "]})
    assert problem == Problem(
        2, "too-long", "Name", " Xx ", "profile.firstName", "101 characters, at most 100 are kept"
    )


@pytest.mark.parametrize(
    ("columns", "column"),
    [
        (("First", "Middle"), "First + Middle"),  # joined from two
        (("$file",), "$file"),  # no column of the sheet
        ((), ""),  # a constant
    ],
)
def test_otherwise_a_problem_quotes_the_value(judge_values, slot, columns, column):
    cells = {"First": ["a"], "Middle": ["b"]}
    (problem,) = judge_values([slot("profile.firstName", columns=columns)], [["x" * 101]], cells)
    assert (problem.column, problem.value) == (column, "x" * 101)


@pytest.mark.parametrize(
    ("element", "value", "slug"),
    [
        ("mobile", "919876543210", None),
        ("mobile", "+919876543210", "pattern-mismatch"),
        ("mobile", "٩١٩٨٧٦٥", "pattern-mismatch"),
        ("email", "ann@example.com", None),
        ("email", "ann", "pattern-mismatch"),
        ("email", "a@" + "x" * 254, "too-long"),
        ("wechat", "anything at all", None),
    ],
)
def test_a_value_is_judged_by_its_elements_constant_type(judge_values, slot, element, value, slug):
    slots = [slot(f"{CHANNEL}.type", element=element), slot(f"{CHANNEL}.value", element=element)]
    problems = judge_values(slots, [[element], [value]])
    assert [one.slug for one in problems] == ([] if slug is None else [slug])


def test_a_value_is_judged_by_the_type_that_its_row_tells(judge_values, slot):
    slots = [slot(f"{CHANNEL}.type"), slot(f"{CHANNEL}.value")]
    types = ["mobile", "email", "wechat", "mobile", None, "pigeon"]
    values = ["ann@example.com", "ann@example.com", "ann", None, "919876543210", "x"]
    problems = judge_values(slots, [types, values])
    assert [(one.row, one.slug) for one in problems] == [
        (2, "pattern-mismatch"),
        (6, "element-incomplete"),  # a value without a type
        (7, "not-allowed"),  # no such type
    ]


def test_each_entry_of_a_list_is_judged_and_the_bad_one_is_named(judge_values, slot):
    slots = [
        slot(f"{CHANNEL}.type", element="email"),
        slot(f"{CHANNEL}.value", element="email", columns=("E",)),
    ]
    (problem,) = judge_values(slots, [["email"], [["a@example.com", "b"]]], {"E": ["a@example.com; b"]})
    assert problem.slug == "pattern-mismatch"
    assert problem.value == "a@example.com; b"
    assert problem.detail.startswith("an e-mail address")
    assert problem.detail.endswith("(the entry “b”)")


def test_a_candidate_of_the_lookup_is_judged_by_its_name(judge_values, slot):
    slots = [slot("lookup.identifiers[0].mobile"), slot("lookup.identifiers[1].externalId")]
    problems = judge_values(slots, [["12a", None], [None, "12a"]])
    assert [(one.row, one.slug) for one in problems] == [(2, "pattern-mismatch")]


CARD_SLOTS = ("type", "value", "seriesId", "seriesCode", "statusLabel")


@pytest.mark.parametrize(
    ("value", "series", "status", "lacks"),
    [
        ("C1", 7, "ACTIVE", []),
        ("C1", None, "ACTIVE", ["seriesId or seriesCode"]),  # neither series nor code
        ("C1", 7, None, ["statusLabel"]),
        ("C1", None, None, ["seriesId or seriesCode", "statusLabel"]),
        (None, None, None, []),  # no card: the element is left out
        (None, 7, "ACTIVE", []),  # likewise, with a series beside it
    ],
)
def test_a_card_needs_its_series_and_its_status(judge_values, slot, value, series, status, lacks):
    slots = [slot(f"{CARD}.{name}", element="cardnumber") for name in CARD_SLOTS]
    problems = judge_values(slots, [["cardnumber"], [value], [series], [None], [status]])
    assert {one.slug for one in problems} == ({"element-incomplete"} if lacks else set())
    assert [one.detail for one in problems] == [f"a cardnumber needs {names} beside it" for names in lacks]


def test_where_the_type_comes_from_the_sheet_its_rules_hold_in_its_rows_only(judge_values, slot):
    slots = [slot(f"{CARD}.{name}") for name in ("type", "value", "seriesId", "statusLabel")]
    types, numbers = ["cardnumber", "externalId", "externalId"], ["C1", "E1", "E2"]
    problems = judge_values(slots, [types, numbers, [None, None, 7], ["ACTIVE", None, None]])
    assert [(one.row, one.slug) for one in problems] == [(2, "element-incomplete"), (4, "only-beside-type")]


def test_a_part_that_failed_conversion_is_not_reported_as_missing_too(judge_values, slot):
    slots = [slot(f"{CARD}.{name}", element="cardnumber") for name in CARD_SLOTS]
    failed = Problem(2, "integer-invalid", "Series", "x", f"{CARD}.seriesId")
    values = [["cardnumber"] * 2, ["C1", "C2"], [None, None], [None, None], ["ACTIVE"] * 2]
    problems = judge_values(slots, values, problems=[failed])
    assert [(one.row, one.slug) for one in problems] == [(2, "integer-invalid"), (3, "element-incomplete")]


def test_a_cleared_target_passes_whatever_is_asked_of_values(judge_values, slot):
    assert judge_values([slot(FIELD, clears=True, pattern="x+", kind=Kind.DATE, max_length=None)], [[""]]) == ()
    assert len(judge_values([slot(FIELD, pattern="x+", max_length=None)], [[""]])) == 1
