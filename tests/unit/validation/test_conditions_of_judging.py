"""What pandera may never do here: see NaN, change a cell, or put cells into words."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
import pytest
from pandera.errors import SchemaErrors

from importer.apis.capillary.catalog import catalog
from importer.mapping import load
from importer.records import Chunk
from importer.validation import Judge

MAPPING = """\
version: 1
name: conditions
lookup: {source: INSTORE, identifiers: [mobile: Mobile, externalId: Code]}
profile:
  firstName: Name
  identifiers: [{type: cardnumber, value: Card, seriesId: {column: Series, convert: [integer]}, statusLabel: {constant: ACTIVE}}]
extendedFields: {age: {column: Age, convert: [integer]}}
declare: {extendedFields: {age: {type: integer, max: 100}}}
check: {Name: {required: true, max_length: 5}, Age: {min: 0}}
rules: [{name: card-needs-series, when: {column: Card, blank: false}, require: [Series]}]
"""
CELLS = {
    "Mobile": ["91900000000x", "", "nan", "919000000004"],
    "Code": ["A1", "A2", "NaN", ""],
    "Name": ["", "None", "far too long", "NULL"],
    "Card": ["C1", "", "C3", ""],
    "Series": ["", "7", "7", ""],
    "Age": ["", "x", "500", "-1"],
}


class Own(pa.DataFrameModel):
    """A schema that refuses some."""

    Code: str = pa.Field(str_startswith="A")


@pytest.fixture
def judged(tmp_path):
    """Judges the cells above by everything at once."""
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING, "utf-8")
    fitted = load(path, catalog()).fit(list(CELLS))
    cells = pd.DataFrame(CELLS, index=pd.Index(range(2, 6), name="row", dtype="int64"), dtype="str")
    mapped = fitted.apply(Chunk(0, cells, pd.Series(cells.index, index=cells.index)))
    return lambda: Judge(fitted.slots, fitted.checks, fitted.rules, Own).judge(mapped)


def test_nan_never_reaches_pandera_and_nothing_is_coerced(judged, monkeypatch):
    """None (left out) and "" (blank) do; and what pandera answers is the frame that it was given."""
    validate, seen = pa.DataFrameSchema.validate, []

    def watched(schema, frame, *arguments, **options):
        seen.append(schema)
        found = [value for column in frame for value in frame[column].tolist()]
        assert not [value for value in found if isinstance(value, float)], "NaN, or a number made of text"
        if schema.name in ("sheet", "targets"):  # ours; the user's own may want that
            assert not schema.coerce
            assert not [column for column in schema.columns.values() if column.coerce or column.dtype is not None]
        before = frame.copy()
        try:
            return validate(schema, frame, *arguments, **options)
        finally:
            pd.testing.assert_frame_equal(frame, before)

    monkeypatch.setattr(pa.DataFrameSchema, "validate", watched)
    found = {(one.row, one.slug) for one in judged()}
    assert {one.name for one in seen} >= {"sheet", "targets"}
    assert {(2, "pattern-mismatch"), (2, "required-blank"), (2, "rule-broken"), (3, "integer-invalid")} <= found
    assert {(4, "own-check"), (4, "too-long"), (4, "too-large"), (5, "too-small")} <= found


def test_panderas_own_words_which_quote_cells_are_never_asked_for(judged, monkeypatch):
    def told(_self):
        raise AssertionError("str(SchemaErrors) holds every failing cell")

    for name in ("__str__", "__repr__"):
        monkeypatch.setattr(SchemaErrors, name, told)
    assert judged()
