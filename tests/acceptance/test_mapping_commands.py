"""`importer mapping …` as its users meet it: what it prints, which code it leaves, what it writes; and plan and run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from jsonschema import Draft202012Validator

from importer.cli import main

pytestmark = pytest.mark.long  # many commands, one after the other

TESTS = """tests:
  # a comment of the user's
  - given: {Code: A0001, Name: " Anna "}
    expect: {lookup: {externalId: A0001}, body: {profiles: [{firstName: Anna}]}}
"""


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """`importer mapping ARGUMENTS` in the test's folder and in this process, which spares a start."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Ended:
        with pytest.raises(SystemExit) as left:
            main(["mapping", *arguments])
        return Ended(left.value.code or 0, *capsys.readouterr())

    return run


@pytest.fixture
def failing(mapping: Path) -> Path:
    """A mapping whose own test fails: nothing trims the name."""
    mapping.write_text(mapping.read_text() + TESTS)
    return mapping


def test_check_of_a_good_mapping_says_what_it_is_and_what_comes_next(inside, mapping, sheet):
    result = inside("check", "mapping.yaml", "customers.csv")
    assert (result.returncode, result.stdout) == (0, "")
    assert "Nothing is wrong" in result.stderr
    assert "importer plan customers.csv -m mapping.yaml" in result.stderr


def test_warnings_alone_leave_code_0(inside, mapping, sheet, tmp_path: Path):
    (tmp_path / "more.csv").write_text("Code,Name,Town\nA1,Ann,X\nA2,Ann,Y\n")
    result = inside("check", "mapping.yaml", "more.csv")
    assert result.returncode == 0
    assert "warning: nothing reads this column: Town" in result.stdout
    assert "mapping.yaml:8:14: warning: profile.firstName is the same in all of 2 rows" in result.stdout


def test_errors_of_mapping_and_sheet_come_together_and_leave_code_2(inside, mapping, sheet):
    mapping.write_text(mapping.read_text().replace("firstName: Name", "firstName: Nmae\n  fristName: Name"))
    result = inside("check", "mapping.yaml", "customers.csv")
    assert result.returncode == 2
    assert "mapping.yaml:8:14: the sheet has no column 'Nmae'; did you mean 'Name'?" in result.stdout
    assert "mapping.yaml:9:3: there is no 'fristName' here; did you mean 'firstName'?" in result.stdout
    assert "2 errors" in result.stderr


def test_findings_as_json_name_their_places(inside, mapping, sheet):
    mapping.write_text(mapping.read_text().replace("firstName", "fristName"))
    result = inside("check", "mapping.yaml", "--json")
    (found,) = json.loads(result.stdout)
    assert (found["file"], found["line"], found["column"], found["level"]) == ("mapping.yaml", 8, 3, "error")


def test_a_sheet_that_cannot_be_read_is_refused(inside, mapping):
    result = inside("check", "mapping.yaml", "none.csv")
    assert result.returncode == 2
    assert "none.csv" in result.stderr


def test_a_failing_test_shows_the_difference_and_leaves_code_2(inside, failing):
    result = inside("test", "mapping.yaml")
    assert result.returncode == 2
    assert (
        'mapping.yaml:11:5: test 1 of 1 fails: body.profiles[0].firstName is " Anna ", expected "Anna"' in result.stdout
    )
    assert '-         "firstName": "Anna"' in result.stdout
    assert '+         "firstName": " Anna "' in result.stdout
    assert "0 of 1 tests hold" in result.stderr


@pytest.mark.parametrize("command", ["plan", "run"])
def test_plan_and_run_refuse_a_mapping_whose_own_tests_fail(importer, failing, sheet, tmp_path: Path, command):
    """Before anything is written or sent, with the difference."""
    to = ["--to", "emulator"] if command == "run" else []
    result = importer(command, "customers.csv", "-m", "mapping.yaml", *to)
    assert result.returncode == 2
    assert '+         "firstName": " Anna "' in result.stderr
    assert not (tmp_path / "runs").exists()
    assert importer("preview", "customers.csv", "-m", "mapping.yaml").returncode == 0  # which shows what is wrong


def test_record_makes_the_tests_hold_and_keeps_the_rest_of_the_file(inside, failing):
    before = failing.read_text()
    result = inside("test", "mapping.yaml", "--record")
    assert result.returncode == 0
    assert "Recorded test 1 in mapping.yaml" in result.stderr
    old, new = before.splitlines(), failing.read_text().splitlines()
    assert new[:11] == old[:11]
    assert new[11] == '    expect: {lookup: {externalId: A0001}, body: {profiles: [{firstName: " Anna "}]}}'
    assert inside("test", "mapping.yaml").returncode == 0


def test_a_mapping_without_tests_is_told_how_to_begin(inside, mapping):
    result = inside("test", "mapping.yaml")
    assert result.returncode == 0
    assert "--record" in result.stderr


def test_a_new_test_needs_only_a_row_and_record_fills_the_rest(inside, importer, mapping, sheet):
    mapping.write_text(
        mapping.read_text() + "tests:\n- given: {Code: A0001}\n- given: {Name: Ann}\n- given: {Code: B, Name: C}"
    )
    assert importer("plan", "customers.csv", "-m", "mapping.yaml").returncode == 2
    assert inside("test", "mapping.yaml", "--record").returncode == 0
    assert mapping.read_text().splitlines()[-6:] == [
        "- given: {Code: A0001}",
        "  expect: {status: skipped}",
        "- given: {Name: Ann}",
        "  problems: {Code: lookup-blank}",
        "- given: {Code: B, Name: C}",
        "  expect: {lookup: {externalId: B}, body: {profiles: [{firstName: C}]}}",
    ]
    assert importer("plan", "customers.csv", "-m", "mapping.yaml").returncode == 0


def test_the_schema_is_printed_and_content_with_a_mapping(inside):
    result = inside("schema")
    assert result.returncode == 0
    validator = Draft202012Validator(json.loads(result.stdout))
    small = {"version": 1, "name": "x", "lookup": {"source": "INSTORE", "identifiers": [{"mobile": "Mobile"}]}}
    assert validator.is_valid(small)
    assert not validator.is_valid({**small, "lookups": {}})


def test_an_own_converter_beside_the_mapping_works_and_a_failing_row_is_told(
    importer, mapping, tmp_path: Path, emulator
):
    (tmp_path / "names.py").write_text(
        "def tidy(cells):\n    return cells.map(lambda one: one.title() if one != 'x' else 1 / 0)\n"
    )
    mapping.write_text(
        mapping.read_text().replace("firstName: Name", "firstName: {column: Name, convert: [tidy]}")
        + "converters: {tidy: names.py}\n"
    )
    (tmp_path / "customers.csv").write_text("Code,Name\nA1,ann lee\nA2,x\nA3,bob\n")
    result = importer(
        "run", "customers.csv", "-m", "mapping.yaml", "--to", emulator.url, "--yes",
        IMPORTER_TILL=emulator.config.till, IMPORTER_PASSWORD=emulator.config.password,
    )  # fmt: skip
    assert result.returncode == 1, result.stderr
    names = sorted(json.loads(one.body)["profiles"][0]["firstName"] for one in emulator.record.updates())
    assert names == ["Ann Lee", "Bob"]
    (results,) = tmp_path.glob("runs/*/results.csv")
    (bad,) = [line for line in results.read_text().splitlines() if ",invalid," in line]
    assert "tidy: ZeroDivisionError" in bad
