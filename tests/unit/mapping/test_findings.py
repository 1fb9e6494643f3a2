"""What is wrong with a mapping: found at once, at its place, without what merely follows from something else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.apis.capillary.catalog import catalog
from importer.errors import Finding, MappingError
from importer.mapping import examine, load, render_findings


def places(found) -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.path) for one in found.errors]


def test_every_finding_comes_at_once_in_the_order_of_the_file(examined):
    """Unknown keys, wrong arguments, wrong types and broken promises, whatever finds them."""
    found = examined(
        """profile:
  fristName: A
  lastName: {column: B, convert: [trimm]}
loyaltyProgramEnrollments:
  - programId: C
rows: {unchanged: skip}
guards: {max_invalid: 200%}
""",
    )
    assert places(found) == [
        (5, 3, "profile.fristName"),
        (6, 35, "profile.lastName.convert[0]"),
        (8, 16, "loyaltyProgramEnrollments[0].programId"),
        (10, 23, "guards.max_invalid"),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        # each short form is found where it stands in the file, not where the models see it
        ("profile: {firstName: [A, {when: {column: B, is: 1}, constant: C}]}\n", (4, 45)),
        ("profile: {firstName: [A, [B, {column: C, convert: [nope]}]]}\n", (4, 52)),
        ("profile: {identifiers: {email: {column: A, convert: [nope]}}}\n", (4, 54)),
        ("profile: {identifiers: {emial: A}}\n", (4, 25)),
        ("profile: {firstName: {column: A, convert: nope}}\n", (4, 43)),
        ("profile: {firstName: {column: A, convert: {phone: XX}}}\n", (4, 51)),
        ("check: {A: {min: few}}\n", (4, 18)),
        ("rules: [{name: r, when: {column: A, blank: true}, require: []}]\n", (4, 51)),
    ],
)
def test_a_finding_stands_at_its_place(examined, text, place):
    (found,) = examined(text).errors
    assert (found.line, found.column) == place


@pytest.mark.parametrize(
    ("text", "says"),
    [
        # wrong shapes, in words that a person would use
        ("tests: {given: {A: 1}}", "tests must be a list, in brackets or a line each with a dash"),
        ("tests: [{given: {A: [1]}}]", "A must be one text"),
        ("profile: {identifiers: [email]}", "entry 1 must be a map of type, value"),
        ("profile: {firstName: []}", "firstName needs at least one entry"),
        ("profile: {firstName: {column: }}", "exactly one of column, columns, constant; here is none of them"),
        ("profile: {firstName: {column: A, convert: [[trim]]}}", "a converter is a name, or a map of one name"),
        ("sheet: {header: 0}", "header must be at least 1, not 0"),
        ('sheet: {delimiter: ";;"}', "delimiter must have at most 1 character, not ';;'"),
        ('sheet: {quote: ""}', "quote must have at least one character"),
        ("sheet: Customers", "sheet must be a map of name, header, encoding"),
        ("check: {A: {required: maybe}}", "required is true or false, not 'maybe'"),
        ("rows: {same_customer: merged}", "did you mean 'merge'?"),
        ("<<: {a: b}", "there may be: version, name"),
        (
            "profile: {commChannels: [{type: email, value: A, primary: yes}]}",
            "write true or false, or `convert: [boolean]`",
        ),
    ],
)
def test_a_wrong_shape_is_told_in_words(examined, text, says):
    (found,) = examined(text + "\n").errors
    assert says in found.message


def test_what_follows_from_a_wrong_part_is_not_told_as_well(examined):
    """A source that cannot be read is no missing source; without its converter or its declaration, nothing has a wrong type."""
    found = examined(
        """lookup:
  source: {colum: Channel}
  identifiers: [{mobile: {column: M, convert: [{phone: XX}]}}]
extendedFields:
  Age: {column: A, convert: [integer]}
  size: {column: B, convert: [integer]}
declare:
  extendedFields:
    age: {type: intege}
    size: {type: string}
loyaltyProgramEnrollments: [{programId: {column: P, convert: [integr]}}]
""",
    )
    assert [one.path for one in found.errors] == [
        "lookup.source.colum",
        "lookup.identifiers[0].mobile.convert[0]",
        "extendedFields.size.convert",
        "declare.extendedFields.age.type",
        "loyaltyProgramEnrollments[0].programId.convert[0]",
    ]


def test_without_version_and_name_everything_else_is_found_all_the_same(examined):
    found = examined("lookup: {source: INSTORE, identifiers: [{externalId: A}]}\nprofile: {fristName: A}\n", whole=True)
    assert [one.message.split(":")[0] for one in found.errors] == [
        "'version' is missing",
        "'name' is missing",
        "there is no 'fristName' here; did you mean 'firstName'?",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "a map of sections"),
        (b"- a\n- b\n", "a map of sections"),
        (b"version: 1\nname: \xff\n", "UTF-8"),
        (b"a: &x [*x]\n", "endless"),
        (b"? [a, b]\n: c\n", "one word or text"),
        (b"a: " + b"x" * 1_000_001, "at most 1,000,000 bytes"),
        (b'a: "\n', "close the quote"),
        (b"a: [1, 2\nb: 3\n", "close every bracket"),
        (b"a: b: c\n", "colon and a blank needs quotes"),
        (b"a: @b\n", "needs quotes"),
        (b"a: *b\n", "begins with * needs quotes"),
        (b"a: 1\n  b: 2\n", "colon and a blank needs quotes"),
        (b"a: 1\n b: 2\nc: 3\n", "colon and a blank"),
    ],
)
def test_what_is_no_mapping_at_all_is_refused_with_a_hint(tmp_path, content, says):
    path = tmp_path / "mapping.yaml"
    path.write_bytes(content)
    found = examine(path, catalog())
    assert found.errors
    assert says in "\n".join(one.message for one in found.errors)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    assert "no such mapping file" in examine(tmp_path / "none.yaml", catalog()).errors[0].message
    assert "cannot be read" in examine(tmp_path, catalog()).errors[0].message


def test_a_caret_stands_below_the_place_also_after_tabs():
    text = "a:\tbé: 1\n"
    shown = render_findings("m.yaml", [Finding("wrong", 1, 4), Finding("as a whole", warning=True)], text)
    assert shown.splitlines() == [
        "m.yaml:1:4: wrong",
        "    a:\tbé: 1",
        "      \t^",
        "m.yaml: warning: as a whole",
    ]


NAMES = st.sampled_from(
    ["version", "name", "lookup", "profile", "firstName", "identifiers", "when", "column", "convert", "x"]
)
DOCUMENTS = st.recursive(
    st.sampled_from(["1", "x", "", "trim", "~", "true", "'q'", "[", "*a", "10%"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: "[" + ", ".join(parts) + "]")
        | st.dictionaries(NAMES, inner, max_size=4).map(
            lambda pairs: "{" + ", ".join(f"{name}: {value}" for name, value in pairs.items()) + "}"
        )
    ),
    max_leaves=12,
)


@given(sections=st.dictionaries(NAMES, DOCUMENTS, max_size=5))
@settings(max_examples=120, deadline=None)
def test_whatever_stands_in_the_file_is_loaded_or_refused_with_places(tmp_path_factory, sections):
    """Never anything but findings, and each within the file."""
    path = tmp_path_factory.mktemp("any") / "mapping.yaml"
    text = "".join(f"{name}: {value}\n" for name, value in sections.items())
    path.write_text(text, "utf-8")
    found = examine(path, catalog())
    lines = text.count("\n") + 1
    assert all(one.line <= lines for one in found.findings)
    assert all(one.message for one in found.findings)
    assert render_findings("m", found.findings, found.text) or not found.findings
    if found.errors:
        with pytest.raises(MappingError):
            load(path, catalog())
    else:
        assert load(path, catalog()).filled is not None
