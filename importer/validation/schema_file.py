"""A pandera schema from its YAML file, as pandera itself writes one (`schema.to_yaml()`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandera.pandas as pa
from pandera.io.pandas_io import deserialize_schema
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from importer.errors import WrongUse

# Names that pandera writes for text; which one depends on what is installed, and cells are text in any case.
TEXT = frozenset({"string[pyarrow]", "string[python]", "string", "object", "str", "str[pyarrow]", "str[python]"})


def read_schema(path: Path) -> pa.DataFrameSchema:
    """The schema of a file. Raises WrongUse, naming the file and what is wrong with it."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)  # pandera's own writer and reader speak this version: `yes` is a truth there
    try:
        content = yaml.load(path.read_text("utf-8-sig"))
    except OSError as error:
        raise _wrong(path, f"cannot be read ({error.strerror})") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise _wrong(path, f"is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict) or not isinstance(content.get("columns"), dict | list):
        raise _wrong(path, "is no pandera schema: it has no `columns`")
    try:
        schema: pa.DataFrameSchema = deserialize_schema(_with_plain_text(content))  # type: ignore[no-untyped-call]  # pandera's
    except Exception as error:  # noqa: BLE001 - pandera raises whatever its parts raise; told with the file's name
        raise _wrong(path, f"is no schema that pandera can read ({type(error).__name__}: {error})") from None
    return schema


def _with_plain_text(content: dict[str, Any]) -> dict[str, Any]:
    """The same, every kind of text by one name."""
    columns = content["columns"]
    if isinstance(columns, dict):
        return {**content, "columns": {name: _plain(column) for name, column in columns.items()}}
    return {**content, "columns": [_plain(column) for column in columns]}


def _plain(column: Any) -> Any:
    return {**column, "dtype": "str"} if isinstance(column, dict) and column.get("dtype") in TEXT else column


def _wrong(path: Path, what: str) -> WrongUse:
    return WrongUse(
        f"the schema {path} {what}.",
        advice="Write it with pandera's `to_yaml`, or name a Python schema as MODULE:NAME; nothing was sent.",
    )
