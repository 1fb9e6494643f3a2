"""What a sheet's cells show about a mapping, chunk by chunk."""

from __future__ import annotations

import pytest

from importer.mapping import Watch


@pytest.fixture
def told(loaded, sheet_of):
    """Warnings for a mapping and the chunks of a sheet."""

    def run(text: str, *chunks: dict[str, list[str]]) -> list[str]:
        mapping = loaded(text)
        watch = Watch(mapping, mapping.fit(tuple(chunks[0]), path="load.csv"))
        row = 2
        for columns in chunks:
            watch.take(sheet_of(columns, row))
            row += len(next(iter(columns.values())))
        return [f"{one.line}:{one.column} {one.message}" for one in watch.findings()]

    return run


CODES = {"Code": ["1", "2", "3"]}


def test_a_target_that_nothing_fills_is_told(told):
    (said,) = told("profile: {firstName: A, lastName: B}\n", {**CODES, "A": ["x", "y", ""], "B": ["", " ", ""]})
    assert said.startswith("4:35 nothing fills profile.lastName: B is blank or unreadable in all of 3 rows")


def test_a_value_that_is_the_same_in_every_row_is_told_and_only_then(told):
    same = {**CODES, "A": ["Pune", "Pune", "Pune"]}
    (said,) = told("extendedFields: {city: A}\n", same)
    assert "extendedFields.city is the same in all of 3 rows: is A the right column?" in said
    assert "Pune" not in said  # cells are customers' data
    assert not told("extendedFields: {city: A}\n", same, {"Code": ["4"], "A": ["Delhi"]})  # in a later chunk
    assert not told("extendedFields: {city: A}\n", same, {"Code": ["4"], "A": [""]})  # blank in one
    assert not told("extendedFields: {city: {constant: Pune}}\n", same)  # said plainly
    assert not told("extendedFields: {file: $file}\n", CODES)  # meant to be
    assert not told("extendedFields: {city: A}\n", {"Code": ["1"], "A": ["Pune"]})  # a single row tells nothing


def test_points_that_are_the_same_everywhere_are_no_mistake(told):
    text = "loyaltyProgramEnrollments: [{programId: 973, loyaltyPoints: {column: P, convert: [integer]}}]\n"
    assert not told(text, {**CODES, "P": ["100", "100", "100"]})


def test_a_converter_that_changes_nothing_is_told_and_one_that_refuses_is_not(told):
    text = "profile: {firstName: {column: A, convert: [trim, upper]}, lastName: {column: B, convert: [trim, email]}}\n"
    columns = {**CODES, "A": ["X", "Y", "Z"], "B": [" a@example.com", "b@example.com", "bad"]}
    assert [one.split(" changes")[0] for one in told(text, columns)] == ["4:44 `trim`", "4:50 `upper`"]
    later = {"Code": ["4"], "A": ["z"], "B": [""]}
    assert [one.split(" changes")[0] for one in told(text, columns, later)] == ["4:44 `trim`"]


def test_a_step_is_judged_by_what_reaches_it(told):
    """`upper` before `trim` does not make `trim` idle; steps after a list see its entries."""
    text = 'profile: {commChannels: [{type: email, value: {column: A, convert: [{split: ";"}, lower, email]}}]}\n'
    assert not told(text, {**CODES, "A": ["a@example.com; B@example.com", "c@example.com", ""]})


def test_each_alternative_is_looked_at_by_itself(told):
    text = "profile: {firstName: [{column: A, convert: [trim]}, {column: B, convert: [trim]}]}\n"
    said = told(text, {**CODES, "A": [" x", "", ""], "B": ["y", "z", "q"]})
    assert [one.split(" changes")[0] for one in said] == ["4:75 `trim`"]


def test_rows_that_are_left_out_tell_nothing(told):
    text = "profile: {firstName: A}\nrows: {skip_when: {column: K, equals: x}}\n"
    assert told(text, {**CODES, "A": ["a", "a", "b"], "K": ["", "", "x"]})  # the same in all that remain
    (said,) = told(text, {**CODES, "A": ["a", "a", "b"], "K": ["x", "x", "x"]})
    assert "no row that the mapping would send" in said
