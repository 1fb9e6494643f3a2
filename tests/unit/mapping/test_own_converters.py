"""Converters of the users' own: from a Python file beside the mapping, and by entry point."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from importer.mapping import converters
from importer.mapping.converters import Pipeline, make
from importer.mapping.converters.own import Own

FILE = '''
import pandas as pd
from dataclasses import dataclass
from neighbour import SUFFIX

@dataclass
class Rule:
    text: str = SUFFIX

def tidy(cells: pd.Series) -> pd.Series:
    """Upper case, and a suffix."""
    return cells.str.upper() + Rule().text

def cut(cells, length):
    return cells.str.slice(0, int(length))

def fussy(cells):
    if "bad" in set(cells):
        raise ValueError("no customer's data in here, please: " + cells.iloc[0])
    return cells

def numbers(cells):
    return cells.str.len()

def shorter(cells):
    return cells[:-1]

def stops(cells):
    raise SystemExit(3)

nothing = 5
'''


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    (tmp_path / "neighbour.py").write_text('SUFFIX = "!"\n')
    (tmp_path / "own.py").write_text(FILE)
    return tmp_path / "own.py"


def test_a_function_of_a_file_beside_the_mapping_is_a_step_like_any_other(values, own_file):
    text = """
converters: {tidy: own.py, short: "own.py:cut"}
profile:
  firstName: {column: Name, convert: [trim, tidy, {short: 3}]}
"""
    assert values("profile.firstName", text, {"Name": [" ann ", "bo", ""]}) == ["ANN", "BO!", None]


def test_what_it_raises_costs_only_the_rows_concerned_and_is_told_by_name(applied, own_file):
    text = "converters: {fussy: own.py}\nprofile: {firstName: {column: Name, convert: [fussy]}}\n"
    mapped = applied(text, {"Name": ["good", "bad", "fine", "bad"]})
    assert mapped.values["profile.firstName"].tolist() == ["good", None, "fine", None]  # noqa: PD011 - our frame
    assert [(one.row, one.slug, one.value, one.column) for one in mapped.problems] == [
        (3, "own-converter-failed", "bad", "Name"),
        (5, "own-converter-failed", "bad", "Name"),
    ]
    assert "fussy: ValueError" in mapped.problems[0].message
    assert "please" not in mapped.problems[0].message  # an exception's text may quote another row's cells


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("numbers", "numbers: it yields int, not text"),
        ("shorter", "shorter: TypeError"),
        ("stops", "stops: SystemExit"),
    ],
)
def test_an_answer_that_is_no_series_of_texts_is_told_for_each_row(applied, own_file, name, says):
    mapped = applied(
        f"converters: {{{name}: own.py}}\nprofile: {{firstName: {{column: Name, convert: [{name}, upper]}}}}\n",
        {"Name": ["a", "bc"]},
    )
    assert [says in one.message for one in mapped.problems] == [True, True]


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("none.py", "there is no file 'none.py' beside the mapping"),
        ("own.py:tidi", "has no function 'tidi'; it has"),
        ("own.py:nothing", "has no function 'nothing'"),
        ("own", "must name a Python file and a function, as in own.py:clean"),
        ("own.py:", "must name a Python file"),
        ("broken.py", "broken.py cannot be loaded (SyntaxError"),
        ("leaves.py", "leaves.py cannot be loaded (SystemExit"),
        ("loud.py", "loud.py cannot be loaded (ZeroDivisionError"),
    ],
)
def test_a_broken_one_is_named_with_its_place_before_the_first_row(examined, own_file, place, says):
    """And only once: the steps that use it are not called unknown as well."""
    (own_file.parent / "broken.py").write_text("def clean(:\n")
    (own_file.parent / "leaves.py").write_text("raise SystemExit(1)\n")
    (own_file.parent / "loud.py").write_text("1 / 0\n")
    found = examined(f'converters: {{clean: "{place}"}}\nprofile: {{firstName: {{column: Name, convert: [clean]}}}}\n')
    (error,) = found.errors
    assert says in error.message
    assert "'clean'" in error.message
    assert (error.line, error.path) == (4, "converters.clean")


def test_a_name_of_the_importers_own_cannot_be_taken(examined, own_file):
    (error,) = examined('converters: {trim: "own.py:tidy"}\nprofile: {firstName: Name}\n').errors
    assert "'trim' is a converter of the importer's" in error.message


def upper_case(cells):
    """A converter that a package might bring."""
    return cells.str.upper()


@pytest.fixture
def entry_points(monkeypatch: pytest.MonkeyPatch):
    points = {
        name: EntryPoint(name, value, converters.GROUP)
        for name, value in [
            ("shout", f"{__name__}:upper_case"),
            ("gone", "importer_no_such_package:clean"),
            ("number", "math:pi"),
        ]
    }
    monkeypatch.setattr(converters, "own_converters", lambda: points)
    monkeypatch.setitem(sys.modules, __name__, SimpleNamespace(upper_case=upper_case))


def test_a_package_may_bring_converters(convert, entry_points):
    assert convert("shout", None, "hey") == "HEY"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gone", "the converter 'gone' (importer_no_such_package:clean) cannot be loaded (ModuleNotFoundError"),
        ("number", "the converter 'number' (math:pi) is no function"),
        ("shuot", "did you mean 'shout'?"),
    ],
)
def test_a_package_that_cannot_be_loaded_is_named(bad_argument, entry_points, name, says):
    assert says in bad_argument(name, None)


def test_nothing_is_a_blank_whatever_kind_of_nothing(convert):
    answers = [None, float("nan"), pd.NA, "", []]
    own = Own("blanks", lambda cells: pd.Series(answers, index=cells.index, dtype=object))
    done = Pipeline([own, make("trim")])(pd.Series(list("abcde"), index=range(5), dtype=object))
    assert done.values.tolist() == [None] * 5  # noqa: PD011 - Converted's own field
    assert not done.problems
