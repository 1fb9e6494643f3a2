"""The pandera schema that a mapping names under `schema`: a Python object, or pandera's YAML file.

What it is and whether it can judge is validation's business; here it is found, and asked for the columns it reads.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

FILES = (".yaml", ".yml")
FORMS = "write it as MODULE:NAME, or as the name of pandera's YAML file"


def own_schema(wanted: str, folder: Path) -> object:
    """The object, from a module in this folder or an installed one; the path of a YAML file as it is.

    Raises ValueError with a sentence where there is no such thing.
    """
    if wanted.endswith(FILES):
        path = folder / wanted
        if not path.is_file():
            raise ValueError(f"there is no schema file {wanted!r} beside the mapping; {FORMS}")
        return path
    module, _, name = wanted.partition(":")
    sys.path.insert(0, str(folder))
    try:
        found: object = getattr(importlib.import_module(module), name)
    except (Exception, SystemExit) as error:  # somebody else's module: whatever it raises is told with its place
        said = f"{type(error).__name__}: {error}"
        raise ValueError(f"the schema {wanted!r} cannot be loaded ({said}); {FORMS}") from error
    finally:
        sys.path.remove(str(folder))
    return found


def columns_read(schema: object) -> set[str]:
    """The columns that a schema names; none where that cannot be told."""
    if isinstance(schema, Path):
        return _names(_content(schema))
    make: Callable[[], Any] = getattr(schema, "to_schema", lambda: schema)  # a model has one
    try:
        columns = make().columns
    except Exception:  # noqa: BLE001 - somebody else's object; validation says what is wrong with it
        return set()
    return {str(name) for name in columns}


def _content(path: Path) -> Any:
    try:
        return YAML(typ="safe", pure=True).load(path.read_text("utf-8-sig"))
    except (OSError, YAMLError, UnicodeDecodeError):
        return None  # validation says so


def _names(content: Any) -> set[str]:
    """Names of columns in pandera's YAML: keys of a map, or `name` in a list of them."""
    columns = content.get("columns") if isinstance(content, dict) else None
    if isinstance(columns, list):
        return {str(one["name"]) for one in columns if isinstance(one, dict) and "name" in one}
    return set(map(str, columns)) if isinstance(columns, dict) else set()
