"""The user's own pandera schema, run beside ours on the sheet's columns as they are: text, "" where blank.

It sees one chunk at a time (10,000 rows): what it asks across rows, such as `unique=True`, holds within a
chunk. The mapping's `check: {COLUMN: {unique: true}}` holds over the whole run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from importer.errors import WrongUse
from importer.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

ADVICE = "Correct the schema that the mapping names under `schema`, or take it out; nothing was sent."

ABOUT_HEADERS = (SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME, SchemaErrorReason.COLUMN_NOT_IN_SCHEMA)


class OwnSchema:
    """Judges cells by the user's DataFrameSchema or DataFrameModel. Raises WrongUse where that is broken."""

    def __init__(self, schema: object) -> None:
        if isinstance(schema, type) and issubclass(schema, pa.DataFrameModel):
            schema = schema.to_schema()
        if not isinstance(schema, pa.DataFrameSchema):
            raise WrongUse(
                f"`schema` names a {type(schema).__name__}, not a pandera DataFrameSchema or DataFrameModel.",
                advice=ADVICE,
            )
        self._schema = schema

    def problems(self, cells: pd.DataFrame) -> Iterator[Problem]:
        """One problem for each cell (or row, where a check is about whole rows) that the schema refuses."""
        if cells.empty:
            return
        try:
            self._schema.validate(cells, lazy=True)
        except SchemaErrors as failed:
            found = failed.schema_errors
        except Exception as error:  # it is the user's code; whatever it raises, the run stops and names it
            raise WrongUse(
                f"Your pandera schema raised {type(error).__name__} instead of judging the rows.",
                advice=ADVICE,
            ) from error
        else:
            return
        coerced = {_column(one) for one in found if one.reason_code is SchemaErrorReason.DATATYPE_COERCION}
        for one in found:
            if one.reason_code is not SchemaErrorReason.WRONG_DATATYPE:
                yield from _problems(one, cells)
            elif _column(one) not in coerced:  # else the rows that could not be coerced are told already
                raise WrongUse(
                    f"Your pandera schema wants {one.check} in column {_column(one)}; cells are text.",
                    advice="Give the column `coerce=True`, or check its text. Nothing was sent.",
                )


def _problems(error: SchemaError, cells: pd.DataFrame) -> Iterator[Problem]:
    """The rows of one failed check."""
    name = _check_name(error)
    column = _column(error)
    column = column if column in cells.columns else ""
    for row in _rows(error, cells, f"“{name}”" + (f" on column {column}" if column else "")):
        value = str(cells.loc[row, column]) if column else ""
        yield Problem(row, "own-check", column, value, detail=f"“{name}”")


def _rows(error: SchemaError, cells: pd.DataFrame, what: str) -> list[int]:
    """Row numbers on which a check failed. Raises WrongUse where it failed as a whole."""
    output, cases = error.check_output, error.failure_cases
    if isinstance(output, pd.DataFrame):
        output = output.all(axis="columns")
    if isinstance(output, pd.Series) and len(output):
        bad = output.index[~output.to_numpy(bool)]
        return [int(row) for row in bad]
    if isinstance(cases, pd.DataFrame) and "index" in cases and cases["index"].notna().all() and len(cases):
        return [int(row) for row in np.unique(cases["index"].to_numpy(np.int64)) if row in cells.index]
    if error.reason_code in ABOUT_HEADERS:
        what = f"{what}: {error.failure_cases}"
    raise WrongUse(f"Your pandera schema cannot judge this sheet: {what} fails as a whole, not on rows.", advice=ADVICE)


def _column(error: SchemaError) -> str:
    """The column that a failed check is about; "" where it is about whole rows."""
    return str(getattr(error.schema, "name", None) or "")


def _check_name(error: SchemaError) -> str:
    """What the user called the check; else pandera's word for it."""
    check: Any = error.check
    if isinstance(check, str):
        return check
    return str(getattr(check, "name", None) or getattr(check, "error", None) or error.reason_code)
