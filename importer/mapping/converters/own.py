"""Converters of the users' own: a pandas Series of text in, a Series of the same length and index out."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from importer.endpoint import Kind
from importer.mapping.converters.base import BadConverter, Converter, Unreadable

GROUP = "importer.converters"
Functions = Mapping[str, Callable[..., Any]]  # by the name under `convert:`


class Own(Converter):
    """A function of the user's. What it raises costs only the rows concerned, and names the function."""

    name = "own"
    slugs = ("own-converter-failed",)
    judges = True
    help = "A function of yours, by the entry point `importer.converters` or from a Python file."
    yields = Kind.STRING

    def __init__(self, name: str, function: Callable[..., Any], argument: Any = None) -> None:
        self.label = name
        self._function = function
        self._arguments = () if argument is None else (argument,)

    def one(self, value: str) -> Any:
        """A series of one."""
        result = self.many([value])[0]
        if isinstance(result, Unreadable):
            raise result
        return result

    def many(self, values: Sequence[str]) -> list[Any]:
        """All at once; where that fails, by halves, so that only the culprits suffer."""
        if not values:
            return []
        try:
            return self._called(values)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the user's code: whatever it raises is told, by name
            if len(values) == 1:
                return [Unreadable("own-converter-failed", f"{self.label}: {type(error).__name__}")]
            middle = len(values) // 2
            return self.many(values[:middle]) + self.many(values[middle:])

    def _called(self, values: Sequence[str]) -> list[Any]:
        cells = pd.Series(list(values), dtype=object)
        result = self._function(cells.copy(), *self._arguments)
        if not isinstance(result, pd.Series) or not result.index.equals(cells.index):
            raise TypeError("it must answer with a Series of the same index")
        return [self._text(value) for value in result.tolist()]

    def _text(self, value: Any) -> Any:
        """Text or texts, as every step after this one expects; None where there is nothing."""
        if isinstance(value, str):
            return value
        if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
            return None
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return [one for one in value if one] or None
        return Unreadable("own-converter-failed", f"{self.label}: it yields {type(value).__name__}, not text")


def from_file(folder: Path, name: str, place: str, taken: Collection[str] = ()) -> Callable[..., Any]:
    """The function at FILE.py:FUNCTION, its file beside the mapping; FUNCTION may be left out where it is the name.

    Raises BadConverter with a sentence.
    """
    file, separator, given = place.rpartition(":") if not place.endswith(".py") else (place, "", "")
    wanted = given or name
    if name in taken:
        raise BadConverter(f"{name!r} is a converter of the importer's; give yours another name")
    if not file.endswith(".py") or (separator and not given):
        raise BadConverter(f"the converter {name!r} must name a Python file and a function, as in own.py:{name}")
    path = folder / file
    spec = importlib.util.spec_from_file_location(f"importer_own_{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise BadConverter(
            f"the converter {name!r}: there is no file {file!r} beside the mapping; put it there, or correct its name"
        )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses of the file look for it there
    sys.path.insert(0, str(path.parent))  # so that it may import its neighbours
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise BadConverter(
            f"the converter {name!r}: {file} cannot be loaded ({type(error).__name__}: {error})"
        ) from error
    finally:
        sys.path.remove(str(path.parent))
    function = getattr(module, wanted, None)
    if not callable(function):
        there = ", ".join(key for key, one in vars(module).items() if callable(one) and not key.startswith("_"))
        raise BadConverter(
            f"the converter {name!r}: {file} has no function {wanted!r}; it has {there or 'none at all'}"
        )
    return function  # type: ignore[no-any-return]  # whatever can be called
