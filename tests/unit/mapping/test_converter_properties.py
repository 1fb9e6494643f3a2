"""What holds of every converter, whatever its argument and whatever stands in the cells."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from importer.mapping.converters import NAMES, BadConverter, Pipeline, Unreadable, make
from importer.mapping.converters.own import Own
from importer.problems import kinds

SCALARS = st.text(max_size=12) | st.sampled_from(["IN", "US", "1", "5", "true", "false", "first", "keep", "UTC", ","])
OPTIONS = st.sampled_from(
    ["region", "check", "thousands", "point", "true", "false", "format", "at", "zone", "gap", "fold", "map", "else",
     "ignore_case", "from", "to", "regex", "with", "chars", "split", "take"]
)  # fmt: skip
ARGUMENTS = st.recursive(
    st.none() | SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(OPTIONS | SCALARS, inner, max_size=3),
    max_leaves=5,
)


def good(name: str) -> st.SearchStrategy[object]:
    """Arguments that a converter is content with: those of its examples, and its families of options."""
    separators = st.sampled_from([",", ".", "'", " "])
    formats = st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%b-%y", "%Y%m%d", "%d.%m.%Y %H:%M", "%j %Y"])
    texts = st.text(min_size=1, max_size=4)
    more = {
        "phone": st.sampled_from(["IN", "US", "DE", "CN"]).flatmap(
            lambda region: st.sampled_from([region, {"region": region, "check": "possible"}])
        ),
        "integer": st.none() | st.fixed_dictionaries({"thousands": separators}),
        "decimal": st.permutations([",", ".", " "]).map(lambda two: {"point": two[0], "thousands": two[1]}),
        "date": st.lists(formats, min_size=1, max_size=3),
        "datetime": st.fixed_dictionaries(
            {"format": st.lists(formats, min_size=1, max_size=2), "zone": st.sampled_from(["UTC", "Europe/Berlin"])},
            optional={"gap": st.sampled_from(["earlier", "later"]), "at": st.just("23:59:59")},
        ),
        "choice": st.fixed_dictionaries(
            {"map": st.dictionaries(texts, texts, min_size=1, max_size=3).filter(_distinct)},
            optional={"else": st.sampled_from(["keep", "leave", "Other"])},
        ),
        "replace": st.fixed_dictionaries({"from": texts, "to": st.text(max_size=3)}),
        "pad": st.fixed_dictionaries({"to": st.integers(1, 20).map(str)}, optional={"with": st.sampled_from("0x ")}),
        "prefix": texts,
        "suffix": texts,
        "part": st.fixed_dictionaries({"split": texts, "take": st.sampled_from(["first", "last", "rest", "2"])}),
        "split": texts,
    }.get(name, st.none())
    return more | st.sampled_from([one.argument for one in NAMES[name].examples])


def _distinct(table: dict[str, str]) -> bool:
    return len({text.strip() for text in table}) == len(table)


ODD = [
    "9" * 5000, "9.19877E+11", "31/02/2024", "2024-03-31T02:30", "a@b.example", "\ud800", "0000-00-00", "999999999999-1"
]  # fmt: skip
CELLS = st.lists(
    st.text(max_size=20)
    | st.text("0123456789+-.,/ :TZeE", min_size=1, max_size=25)
    | st.sampled_from(ODD)
    | st.dates().map(str)
    | st.datetimes().map(str),
    max_size=8,
)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_converter_never_raises_and_keeps_count_and_order_and_answers_for_each_cell(name, data):
    """A value, a problem, or (where it says so, as a part that is not there) nothing; never both."""
    argument = data.draw(good(name), label="argument")
    cells = data.draw(CELLS.map(lambda texts: [one for one in texts if one.strip()]), label="cells")
    rows = pd.Index(range(5, 5 + len(cells)), dtype="int64")
    done = Pipeline([make(name, argument)])(pd.Series(cells, index=rows, dtype=object))
    assert done.values.index.equals(rows)  # noqa: PD011 - Converted's own field
    problems = {one.row: one for one in done.problems}
    assert len(problems) == len(done.problems)
    converter = make(name, argument)
    for row, cell, value in zip(rows, cells, done.values.tolist(), strict=True):  # noqa: PD011 - as above
        alone = converter.many([cell])[0]
        if row in problems:
            assert value is None
            assert (problems[row].value, problems[row].slug) == (cell, alone.slug)
            assert problems[row].slug in NAMES[name].slugs
            assert problems[row].slug in kinds()
            assert problems[row].message
        else:
            assert value == (None if alone == "" else alone)  # each cell by itself, whatever stands around it
            assert not isinstance(value, Unreadable)
            assert value is not None or name in MAY_BE_BLANK


# What is left over may be nothing: the target is left out, as with a blank cell.
MAY_BE_BLANK = {"digits", "replace", "part", "split", "choice"}


@pytest.mark.parametrize("name", NAMES)
@given(argument=ARGUMENTS)
@example(argument={"to": "9" * 400})
@example(argument={"format": "%d/%m/%Y", "zone": "../../etc/passwd"})
@settings(max_examples=30, deadline=None)
def test_an_argument_is_taken_or_refused_with_a_sentence(name, argument):
    """Nonsense is found when the mapping is loaded, not when a row meets it."""
    try:
        converter = make(name, argument)
    except BadConverter as refusal:
        said = str(refusal)
    else:
        said = f"`{name}` is content"
        converter.many(["x", "12", "2024-02-30"])
    assert f"`{name}`" in said


@given(cells=CELLS)
@settings(max_examples=40, deadline=None)
def test_a_function_of_the_users_own_costs_only_the_rows_on_which_it_fails(cells):
    def fussy(texts: pd.Series) -> pd.Series:
        if any(len(one) % 2 for one in texts):
            raise RuntimeError(texts.iloc[0])
        return texts.str.upper()

    results = Own("fussy", fussy).many(cells)
    assert len(results) == len(cells)
    for cell, result in zip(cells, results, strict=True):
        if len(cell) % 2:
            assert isinstance(result, Unreadable)
            assert result.detail == "fussy: RuntimeError"
        else:
            assert result == cell.upper()
