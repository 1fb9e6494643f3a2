"""The mapping's own tests: what matches, how a difference reads, and what `--record` writes into the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from importer.mapping import Found, RowTest, differences, recorded
from importer.mapping.document import parse
from importer.mapping.recording import stated

BODY = {
    "profiles": [{"firstName": "Tom", "identifiers": [{"type": "email", "value": "a@example.com"}]}],
    "loyaltyProgramEnrollments": [{"programId": 973, "loyaltyPoints": 12}],
}
LOOKUP = {"source": "INSTORE", "mobile": "919876543210"}
PLANNED = Found("planned", LOOKUP, BODY)
INVALID = Found("invalid", problems=[("Mobile No", "phone-invalid"), ("", "program-twice"), ("Mobile No", "too-long")])
SKIPPED = Found("skipped", reason="blank row")

CASES = [
    # a test's text, what was found, whether it passes or what the difference names
    ("expect: {lookup: {mobile: 919876543210}}", PLANNED, ""),  # lookup values are text, quoted or not
    ("expect: {lookup: {mobile: '919876543211'}}", PLANNED, 'lookup.mobile is "919876543210", expected "919876543211"'),
    ("expect: {lookup: {email: x}}", PLANNED, 'lookup.email is absent, expected "x"'),
    ("expect: {body: {profiles: [{firstName: Tom}]}}", PLANNED, ""),  # a part is enough
    ("expect: {body: {}}", PLANNED, ""),
    ("expect: {}", PLANNED, ""),
    ("expect: {body: {profiles: [{firstName: Tim}]}}", PLANNED, 'body.profiles[0].firstName is "Tom", expected "Tim"'),
    ("expect: {body: {profiles: []}}", PLANNED, "body.profiles has 1 entries, expected 0"),  # lists match in full
    ("expect: {body: {profiles: [{lastName: null}]}}", PLANNED, ""),  # must be absent, and is
    ("expect: {body: {profiles: [{firstName: }]}}", PLANNED, 'firstName is "Tom", expected to be absent'),
    ("expect: {body: {loyaltyProgramEnrollments: [{programId: 973}]}}", PLANNED, ""),
    ("expect: {body: {loyaltyProgramEnrollments: [{programId: '973'}]}}", PLANNED, 'is 973, expected "973"'),
    (
        "expect: {body: {loyaltyProgramEnrollments: [{loyaltyPoints: 12.0}]}}",
        PLANNED,
        "",
    ),  # JSON has one kind of number
    ("expect: {body: {loyaltyProgramEnrollments: [{programId: true}]}}", PLANNED, "is 973, expected true"),
    ("expect: {body: {profiles: [{firstName: 1}, 2]}}", PLANNED, "has 1 entries, expected 2"),
    ("expect: {body: {profiles: [{firstName: 1, lastName: 2}]}}", PLANNED, "and 1 more"),
    ("expect: {status: planned}", PLANNED, ""),
    ("problems: {Mobile No: phone-invalid}", PLANNED, "problems.Mobile No is absent"),
    ("problems: {Mobile No: [too-long, phone-invalid], $row: program-twice}", INVALID, ""),
    ("problems: {Mobile No: phone-invalid, $row: program-twice}", INVALID, "has 2 entries, expected 1"),
    ("problems: {Mobile No: [too-long, phone-invalid]}", INVALID, "problems.$row is"),  # all of them
    ("expect: {body: {}}", INVALID, 'status is "invalid", expected "planned"'),
    ("expect: {status: invalid}", INVALID, ""),
    ("expect: {}", SKIPPED, 'status is "skipped"'),
    ("expect: {status: skipped}", SKIPPED, ""),
    ("given: {A: b}", PLANNED, "states nothing to expect"),
]


def test_of(text: str) -> RowTest:
    """A test as it stands in a mapping."""
    return RowTest.model_validate({"given": {"A": "b"}, **parse(text, "test").root})


test_of.__test__ = False


@pytest.mark.parametrize(("text", "found", "says"), CASES)
def test_a_test_passes_or_tells_the_difference(text, found, says):
    different = differences(test_of(text), found)
    assert bool(different) is bool(says)
    assert says in different.summary


def test_a_difference_is_shown_as_json_with_what_nobody_asked_for_left_out():
    text = "expect: {lookup: {mobile: 1}, body: {profiles: [{firstName: Tim}]}}"
    assert differences(test_of(text), PLANNED).lines == (
        "(- expected, + found)",
        "  {",
        '    "body": {',
        '      "profiles": [',
        "        {",
        '-         "firstName": "Tim"',
        '+         "firstName": "Tom"',
        "        }",
        "      ]",
        "    },",
        '    "lookup": {',
        '-     "mobile": "1"',
        '+     "mobile": "919876543210"',
        "    }",
        "  }",
    )


def test_a_skipped_row_says_why():
    assert differences(test_of("expect: {body: {a: 1}}"), SKIPPED).lines[-1] == "The row is skipped: blank row."


FILE = """# head
version: 1   # one
tests:
    # the first
    - given: {Code: "0042"}   # why

    - {given: {Code: A1}, problems: {Code: too-long}, expect: {body: {}}}
    - problems: {Code: lookup-blank}
      given: {Code: A1}
      # of the next
      expect:
        body:
          a: |
            text
    - expect: {status: planned}
      given: {Code: A9}   # stays

# the end"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_recording_changes_the_entries_of_these_tests_and_nothing_else(newline):
    text = FILE.replace("\n", newline)
    done = recorded(text, {1: PLANNED, 2: SKIPPED, 3: INVALID})
    expected = """# head
version: 1   # one
tests:
    # the first
    - given: {Code: "0042"}   # why
      expect:
        lookup:
          mobile: "919876543210"
        body:
          profiles:
            - firstName: Tom
              identifiers:
                - type: email
                  value: a@example.com
          loyaltyProgramEnrollments:
            - programId: 973
              loyaltyPoints: 12

    - {given: {Code: A1}, expect: {status: skipped}}
    - problems: {Mobile No: [phone-invalid, too-long], $row: program-twice}
      given: {Code: A1}
      # of the next
    - expect: {status: planned}
      given: {Code: A9}   # stays

# the end"""
    assert done == expected.replace("\n", newline)


def test_recording_at_the_end_of_a_file_without_a_last_line_end():
    assert recorded("tests:\n- given: {A: b}", {1: SKIPPED}) == "tests:\n- given: {A: b}\n  expect: {status: skipped}"


TEXTS = st.text(max_size=8).filter(lambda text: "\ud800" not in text and all(map(_printable, text)))
TEXTS |= st.sampled_from(
    ["0042", "1e3", "true", "null", "~", "NO", "a: b", "# x", "- x", "'", '"', "{", "*a", " x ", "1_0"]
)
VALUES = TEXTS | st.integers(-(10**12), 10**12) | st.booleans()
BODIES = st.dictionaries(
    TEXTS.filter(lambda name: bool(name.strip())),
    VALUES
    | st.lists(VALUES, min_size=1, max_size=3)
    | st.dictionaries(TEXTS.filter(bool), VALUES, min_size=1, max_size=2),
    min_size=1,
    max_size=4,
)


def _printable(one: str) -> bool:
    return one.isprintable() or one in "\n\t"


@given(body=BODIES, flow=st.booleans())
@example(body={":0": "x"}, flow=False)
@example(body={"a": {"- b": 1, "#c": True}}, flow=True)
@settings(max_examples=120, deadline=None)
def test_what_was_recorded_is_what_was_found(body, flow):
    """Whatever the values look like: read back, the test passes, also by a YAML reader that is not ours."""
    found = Found("planned", {"source": "X", "externalId": "0042"}, body)
    text = "tests:\n  - {given: {A: b}}\n" if flow else "tests:\n  - given: {A: b}\nafter: 1\n"
    done = recorded(text, {1: found})
    root = parse(done, "recorded").root
    assert not differences(RowTest.model_validate(root["tests"][0]), found), done
    plain = YAML(typ="safe", pure=True).load(done)["tests"][0]["expect"]["body"]
    assert json.dumps(plain, sort_keys=True) == json.dumps(body, sort_keys=True)


def test_what_is_stated_of_each_end():
    assert stated(PLANNED) == ("expect", {"lookup": {"mobile": "919876543210"}, "body": BODY})
    assert stated(SKIPPED) == ("expect", {"status": "skipped"})
    assert stated(INVALID)[0] == "problems"


def test_a_test_may_give_a_file_name_and_a_row_number(loaded):
    """Columns that no sheet has."""
    from importer.run.rehearsal import rehearse

    mapping = loaded(
        """profile: {firstName: $file, lastName: $row, fields: {sheet: $sheet}}
tests:
  - given: {Code: A1, $file: load.csv, $row: 7}
    expect: {body: {profiles: [{firstName: load.csv, lastName: "7"}]}}
"""
    )
    assert [one.different.summary for one in rehearse(mapping)] == [""]


def test_the_samples_own_tests_hold():
    from importer.run.rehearsal import test_mapping

    for path in sorted((Path(__file__).parents[3] / "mappings").glob("*.yaml")):
        _, tests = test_mapping(path)
        assert tests, path.name
        assert all(one.passed for one in tests), path.name
