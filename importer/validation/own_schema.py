"""The user's own pandera schema, run beside ours on the sheet's columns as they are: text, "" where blank.

It sees one chunk at a time (10,000 rows), so checks answer row by row. What it asks over all rows is either taken over
(`unique`, of a column or of several, holds over the whole run) or refused by name (groups of rows, one answer for many
rows): nothing is judged on a part of the file and called good.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from importer.errors import WrongUse
from importer.problems import Problem
from importer.validation.schema_file import read_schema
from importer.validation.unique import JOINT, Unique

ADVICE = "Correct the schema that the mapping names under `schema`, or take it out; nothing was sent."
MANY_ROWS = frozenset({"unique_values_eq", "is_monotonic"})  # of pandera's own checks
ABOUT_HEADERS = (SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME, SchemaErrorReason.COLUMN_NOT_IN_SCHEMA)


class OwnSchema:
    """Judges cells by the user's DataFrameSchema, DataFrameModel or YAML file. Raises WrongUse where that is broken."""

    def __init__(self, schema: object) -> None:
        if isinstance(schema, Path):
            schema = read_schema(schema)
        if isinstance(schema, type) and issubclass(schema, pa.DataFrameModel):
            schema = schema.to_schema()
        if not isinstance(schema, pa.DataFrameSchema):
            raise WrongUse(
                f"`schema` names a {type(schema).__name__}, not a pandera DataFrameSchema or DataFrameModel.",
                advice=ADVICE,
            )
        self._schema = copy.deepcopy(schema)  # the user's own stays as it is
        self._unique = list(_taken_over(self._schema))
        self._all_at_once: list[str] = []  # names of checks that were met answering once for many rows
        for check in chain(self._schema.checks, *(column.checks for column in self._schema.columns.values())):
            self._row_by_row(check)

    def problems(self, sheet: int, cells: pd.DataFrame) -> Iterator[Problem]:
        """One problem for each cell (or row, where a check is about whole rows) that the schema refuses."""
        if cells.empty:
            return
        for unique, columns in self._unique:
            _remember(unique, columns, sheet, cells)
        found = self._errors(cells)
        coerced = {_column(one) for one in found if one.reason_code is SchemaErrorReason.DATATYPE_COERCION}
        for one in found:
            if one.reason_code is not SchemaErrorReason.WRONG_DATATYPE:
                yield from _problems(one, cells)
            elif _column(one) not in coerced:  # else the rows that could not be coerced are told already
                raise WrongUse(
                    f"Your pandera schema wants {one.check} in column {_column(one)}; cells are text.",
                    advice="Give the column `coerce=True`, or check its text. Nothing was sent.",
                )

    def close(self) -> Iterator[tuple[int, Problem]]:
        """(sheet number, problem): rows whose values should be unique and are not, over the whole run."""
        for unique, _ in self._unique:
            yield from unique.problems()

    def _row_by_row(self, check: Any) -> None:
        """Hold a check to one answer a row. Raises WrongUse where it looks at groups of rows."""
        answer = check._check_fn  # noqa: SLF001 - pandera has no other place for what runs
        built_in = pa.Check.is_builtin_check(getattr(answer, "__name__", ""))
        if getattr(check, "groupby", None) is not None or (built_in and answer.__name__ in MANY_ROWS):
            raise WrongUse(
                f"Your pandera schema looks at many rows together: {check.name}.",
                advice="Rows are judged 10,000 at a time, which would cut them apart: take it out. Nothing was sent.",
            )
        if built_in or getattr(check, "element_wise", False):
            return

        def held(data: Any, *arguments: Any, **options: Any) -> Any:
            found = answer(data, *arguments, **options)
            if isinstance(found, bool | np.bool_) and len(data) > 1:
                self._all_at_once.append(str(check.name))
                raise TypeError("one answer for many rows")
            return found

        check._check_fn = held  # noqa: SLF001 - as above

    def _errors(self, cells: pd.DataFrame) -> list[SchemaError]:
        """Every failed check. Raises WrongUse where the schema cannot judge."""
        try:
            self._schema.validate(cells, lazy=True)
        except SchemaErrors as failed:
            if self._all_at_once:
                raise WrongUse(
                    f"Your pandera schema looks at all rows at once: {self._all_at_once[0]} gives one answer for many rows.",
                    advice="Let it answer row by row; for values that must be unique write `unique=True`. Nothing was sent.",
                ) from None
            return failed.schema_errors
        except Exception as error:  # it is the user's code; whatever it raises, the run stops and names it
            raise WrongUse(
                f"Your pandera schema raised {type(error).__name__} instead of judging the rows.",
                advice=ADVICE,
            ) from error
        return []


def _taken_over(schema: pa.DataFrameSchema) -> Iterator[tuple[Unique, list[str]]]:
    """What the schema asks to be unique, which from now on it does not ask itself."""
    for name, column in schema.columns.items():
        if column.unique:
            column.unique = False
            yield Unique(str(name)), [str(name)]
    if schema.unique:
        names = [schema.unique] if isinstance(schema.unique, str) else [str(name) for name in schema.unique]
        schema.unique = None
        yield Unique(" + ".join(names)), names


def _remember(unique: Unique, columns: list[str], sheet: int, cells: pd.DataFrame) -> None:
    """Keep the values of these columns; blank ones are nobody's, as in the mapping's `check`."""
    if not set(columns) <= set(cells.columns):
        return  # validating says that a column is missing
    values = [cells[name].tolist() for name in columns]
    kept = [
        (row, JOINT.join(parts)) for row, parts in zip(cells.index.tolist(), zip(*values, strict=True), strict=True)
        if any(part.strip() for part in parts)
    ]  # fmt: skip
    unique.take(sheet, [row for row, _ in kept], [value for _, value in kept])


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
