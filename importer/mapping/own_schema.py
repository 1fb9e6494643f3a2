"""The pandera schema that a mapping names under `schema`: a Python object, or pandera's YAML file."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

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
