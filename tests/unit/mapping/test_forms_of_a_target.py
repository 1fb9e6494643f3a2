"""The language, form by form: what a target may be filled by, and what comes of it."""

from __future__ import annotations

import pytest

FIRST = "profile.firstName"
DECLARED = "declare: {extendedFields: {age: {type: integer}, when: {type: datetime}}, fields: {vip: {type: boolean}}}\n"

FORMS = [
    # what it is, the mapping, columns, the target, its values
    ("a bare string is a column", "profile: {firstName: Name}", {"Name": ["Ann", ""]}, FIRST, ["Ann", None]),
    ("white space alone is blank", "profile: {firstName: Name}", {"Name": [" \t", " Ann "]}, FIRST, [None, " Ann "]),
    ("a map may name the column", "profile: {firstName: {column: Name}}", {"Name": ["Ann"]}, FIRST, ["Ann"]),
    ("a constant needs no column", "profile: {firstName: {constant: Ann}}", {"Name": ["x", "y"]}, FIRST, ["Ann"] * 2),
    ("a bare number is a constant", "extendedFields: {age: 42}\n" + DECLARED, {"Name": ["x"]}, "extendedFields.age", [42]),
    ("a quoted number is a column", 'profile: {firstName: "42"}', {"42": ["x"]}, FIRST, ["x"]),
    ("a bare boolean is a constant", "profile: {fields: {vip: true}}\n" + DECLARED, {"N": ["x"]}, "profile.fields.vip", [True]),
    ("01 is no number, but a column", "profile: {firstName: 01}", {"01": ["x"]}, FIRST, ["x"]),
    ("NO is no boolean, but a column", "profile: {firstName: NO}", {"NO": ["x"]}, FIRST, ["x"]),
    ("null is a column too", "profile: {firstName: null}", {"null": ["x"]}, FIRST, ["x"]),
    ("a constant is typed by its target", 'extendedFields: {age: {constant: "7"}}\n' + DECLARED, {"N": ["x"]}, "extendedFields.age", [7]),
    ("a constant text stays as written", "profile: {firstName: {constant: 007}}", {"N": ["x"]}, FIRST, ["007"]),
    (
        "columns are joined, blank parts dropped",
        'profile: {firstName: {columns: [A, B, C], join: "-"}}',
        {"A": ["a", ""], "B": ["", " "], "C": ["c", ""]},
        FIRST,
        ["a-c", None],
    ),
    ("they are joined by a blank", "profile: {firstName: {columns: [A, B]}}", {"A": ["a"], "B": ["b"]}, FIRST, ["a b"]),
    ("or by nothing", 'profile: {firstName: {columns: [A, B], join: ""}}', {"A": ["a"], "B": ["b"]}, FIRST, ["ab"]),
    (
        "converters follow the joining",
        "profile: {firstName: {columns: [A, B], convert: [upper]}}",
        {"A": ["a"], "B": ["b"]},
        FIRST,
        ["A B"],
    ),
    ("converters go from left to right", "profile: {firstName: {column: A, convert: [upper, {suffix: x}]}}", {"A": ["a"]}, FIRST, ["Ax"]),
    ("a single converter needs no list", "profile: {firstName: {column: A, convert: upper}}", {"A": ["a"]}, FIRST, ["A"]),
    (
        "of alternatives, the first that is not blank",
        "profile: {firstName: [A, B, {constant: Nobody}]}",
        {"A": ["a", "", ""], "B": ["b", "b", " "]},
        FIRST,
        ["a", "b", "Nobody"],
    ),
    (
        "and whose condition holds",
        "profile: {firstName: [{when: {column: K, equals: x}, column: A}, {when: {column: K, blank: true}, constant: N}]}",
        {"K": ["x", "y", ""], "A": ["a", "a", "a"]},
        FIRST,
        ["a", None, "N"],
    ),
    (
        "a target may have a condition",
        "profile: {firstName: {column: A, when: {column: K, in: [x, y]}}}", {"K": ["x", "z"], "A": ["a", "a"]}, FIRST, ["a", None],
    ),
    ("$row is the row's number", "profile: {firstName: $row}", {"A": ["a", "b"]}, FIRST, ["2", "3"]),
    ("a header that begins with $ is written $$", "profile: {firstName: $$row}", {"$row": ["a"]}, FIRST, ["a"]),
    (
        "a moment may be a constant",
        'extendedFields: {when: {constant: "2027-12-31T00:00:00+05:30"}}\n' + DECLARED,
        {"A": ["a"]},
        "extendedFields.when",
        ["2027-12-31T00:00:00+05:30"],
    ),
    (
        "stated blanks are blank everywhere",
        'sheet: {blanks: ["-", NULL]}\nprofile: {firstName: [A, B]}',
        {"A": ["-", " NULL "], "B": ["b", "null"]},
        FIRST,
        ["b", "null"],
    ),
    (
        "a choice is typed by its target",
        "extendedFields: {age: {column: A, convert: [{choice: {young: 20}}]}}\n" + DECLARED, {"A": ["young"]}, "extendedFields.age", [20],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "columns", "target", "expected"), [one[1:] for one in FORMS], ids=[one[0] for one in FORMS]
)
def test_a_form_fills_its_target(values, text, columns, target, expected):
    found = values(target, text, columns)
    assert found == expected
    assert [type(one) for one in found] == [type(one) for one in expected]


def test_file_and_sheet_name_may_be_values(values):
    text = 'profile: {firstName: {column: $file, convert: [{part: {regex: "(\\\\d{8})"}}]}, lastName: $sheet}\n'
    columns = {"A": ["a"]}
    assert values(FIRST, text, columns, path="/data/load_20260101.csv") == ["20260101"]
    assert values("profile.lastName", text, columns, path="/data/load_20260101.csv") == ["load_20260101"]
    assert values("profile.lastName", text, columns, path="/data/book_20260101.xlsx", worksheet="March") == ["March"]


def test_an_alternative_that_fails_conversion_makes_the_row_invalid_never_silently_the_next(applied):
    mapped = applied("profile: {firstName: [{column: A, convert: [email]}, B]}", {"A": ["no mail"], "B": ["b"]})
    assert mapped.values[FIRST].tolist() == [None]
    assert [(one.slug, one.column, one.target) for one in mapped.problems] == [("email-invalid", "A", FIRST)]


def test_in_source_account_and_type_a_bare_string_is_a_constant(applied):
    mapped = applied(
        """lookup:
  source: INSTORE
  accountId: shop
  identifiers: [{externalId: Code}]
profile:
  commChannels: [{type: email, value: Mail}]
""",
        {"Code": ["1"], "Mail": ["a@example.com"]},
    )
    row = mapped.values.iloc[0]
    assert (row["lookup.source"], row["lookup.accountId"]) == ("INSTORE", "shop")
    assert row["profile.commChannels[0].type"] == "email"


def test_source_and_account_may_be_columns(applied):
    text = "lookup: {source: {column: Channel}, accountId: {column: Acc}, identifiers: [{externalId: Code}]}\n"
    mapped = applied(
        text + "profile: {firstName: Code}", {"Channel": ["WEB", "X"], "Acc": ["1", ""], "Code": ["a", "b"]}
    )
    assert mapped.values["lookup.source"].tolist() == ["WEB", "X"]
    assert mapped.values["lookup.accountId"].tolist() == ["1", None]


def test_identifiers_may_be_a_map_of_type_to_value(applied):
    text = "profile: {identifiers: {email: Mail, externalId: {column: Code, convert: [upper]}}}\n"
    mapped = applied(text, {"Mail": ["a@example.com"], "Code": ["x1"]})
    row = mapped.values.iloc[0]
    assert (row["profile.identifiers[0].type"], row["profile.identifiers[0].value"]) == ("email", "a@example.com")
    assert (row["profile.identifiers[1].type"], row["profile.identifiers[1].value"]) == ("externalId", "X1")


class TestLookup:
    """The identifier by which the customer is found."""

    TEXT = """lookup:
  source: INSTORE
  identifiers:
    - mobile: {column: Mobile, convert: [{phone: IN}]}
    - externalId: Code
profile: {firstName: Name}
"""

    def test_the_first_candidate_that_is_not_blank_is_used(self, applied):
        mapped = applied(self.TEXT, {"Mobile": ["9876543210", ""], "Code": ["A", "B"], "Name": ["x", "y"]})
        assert mapped.values["lookup.identifierName"].tolist() == ["mobile", "externalId"]
        assert mapped.values["lookup.identifierValue"].tolist() == ["919876543210", "B"]

    def test_one_that_fails_conversion_is_not_passed_over(self, applied):
        mapped = applied(self.TEXT, {"Mobile": ["12"], "Code": ["A"], "Name": ["x"]})
        assert [one.slug for one in mapped.problems] == ["phone-invalid"]

    def test_without_any_the_row_has_a_problem_that_names_the_columns(self, applied):
        mapped = applied(self.TEXT, {"Mobile": [" "], "Code": [""], "Name": ["x"]})
        (problem,) = mapped.problems
        assert (problem.slug, problem.row) == ("lookup-blank", 2)
        assert "Mobile, Code" in problem.message


class TestElements:
    """Elements of lists: left out whole where their key is blank or their condition fails."""

    CARD = """
profile:
  identifiers:
    - type: cardnumber
      value: Card
      seriesId: {column: Series, convert: [integer]}
      statusLabel: {constant: ACTIVE}
"""

    def test_constants_beside_a_blank_value_make_no_element(self, applied):
        mapped = applied(self.CARD, {"Card": ["", "C1"], "Series": ["5", "5"]})
        table = mapped.values[
            [name for name in mapped.values.columns if "identifiers[0]" in name and "lookup" not in name]
        ]
        assert table.iloc[0].tolist() == [None] * 4
        assert table.iloc[1].tolist() == ["cardnumber", "C1", 5, "ACTIVE"]

    def test_what_is_wrong_inside_an_element_that_is_left_out_is_no_problem(self, applied):
        assert not applied(self.CARD, {"Card": [""], "Series": ["five"]}).problems
        assert [one.slug for one in applied(self.CARD, {"Card": ["C"], "Series": ["five"]}).problems] == [
            "integer-invalid"
        ]

    def test_an_enrolment_whose_condition_fails_is_left_out(self, applied):
        text = """
loyaltyProgramEnrollments:
  - when: {column: Enrol, equals: Y}
    programId: 973
    tierNumber: {column: Tier, convert: [integer]}
"""
        mapped = applied(text, {"Enrol": ["Y", "N"], "Tier": ["1", "one"]})
        assert mapped.values["loyaltyProgramEnrollments[0].programId"].tolist() == [973, None]
        assert not mapped.problems

    def test_the_same_program_twice_in_a_row_is_a_problem(self, applied):
        text = """
loyaltyProgramEnrollments:
  - {programId: {column: P, convert: [integer]}}
  - {programId: 973}
"""
        mapped = applied(text, {"P": ["973", "974", ""]})
        assert [(one.row, one.slug, one.value) for one in mapped.problems] == [(2, "program-twice", "973")]

    def test_a_list_in_a_cell_is_one_value_for_each_entry(self, values):
        text = 'profile: {commChannels: [{type: email, value: {column: M, convert: [{split: ";"}, trim, lower, email]}}]}\n'
        cells = ["A@example.com; b@example.com", "", " ; "]
        assert values("profile.commChannels[0].value", text, {"M": cells}) == [
            ["a@example.com", "b@example.com"],
            None,
            None,
        ]

    def test_one_bad_entry_of_a_list_costs_the_row(self, applied):
        text = 'profile: {commChannels: [{type: email, value: {column: M, convert: [{split: ";"}, email]}}]}\n'
        assert [one.slug for one in applied(text, {"M": ["a@example.com;b"]}).problems] == ["email-invalid"]


class TestBlankCells:
    """`blank:` leaves out, rejects or clears, column by column."""

    def test_each_way(self, applied):
        text = """
profile:
  firstName: {column: A, blank: leave}
  lastName: {column: A, blank: clear}
extendedFields:
  city: {column: A, blank: reject}
guards: {max_cleared: 5%}
"""
        mapped = applied(text, {"A": ["", "x"]})
        row = mapped.values.iloc[0]
        assert (row[FIRST], row["profile.lastName"], row["extendedFields.city"]) == (None, "", None)
        assert [(one.row, one.slug, one.column) for one in mapped.problems] == [(2, "blank-rejected", "A")]
        assert mapped.values.iloc[1][[FIRST, "profile.lastName", "extendedFields.city"]].tolist() == ["x"] * 3

    def test_a_condition_that_fails_neither_clears_nor_rejects(self, applied):
        text = """
profile:
  firstName: {column: A, blank: clear, when: {column: K, equals: x}}
  lastName: {column: A, blank: reject, when: {column: K, equals: x}}
guards: {max_cleared: 1}
"""
        mapped = applied(text, {"A": ["", ""], "K": ["x", "y"]})
        assert mapped.values[FIRST].tolist() == ["", None]
        assert [one.row for one in mapped.problems] == [2]


class TestRowsLeftOut:
    """Rows that are blank, or that `skip_when` takes out."""

    TEXT = "profile: {firstName: {column: A, convert: [email]}}\nrows: {skip_when: {column: K, in: [Deleted, Test]}}\n"

    def test_they_are_told_apart_and_have_no_problems(self, applied):
        mapped = applied(self.TEXT, {"Code": ["1", "2", ""], "A": ["x", "y", " "], "K": ["Test", "", "\t"]})
        assert mapped.skipped == {2: "skip_when holds", 4: "blank row"}
        assert [one.row for one in mapped.problems] == [3]
        assert len(mapped.values) == 3
