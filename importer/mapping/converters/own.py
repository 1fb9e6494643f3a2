"""Converters of the users' own: a pandas Series of text in, a Series of the same length and index out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from importer.endpoint import Kind
from importer.mapping.converters.base import Converter, Unreadable

GROUP = "importer.converters"


class Own(Converter):
    """A function from an entry point. What it raises costs only the rows concerned, and names the function."""

    name = "own"
    help = "A function of a package of yours, by the entry point `importer.converters`."
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
        """All at once; where that fails, one by one, so that only the culprits suffer."""
        if not values:
            return []
        try:
            return self._called(values)
        except Exception as error:  # noqa: BLE001 - somebody else's code: whatever it raises is told, never hidden
            if len(values) == 1:
                return [Unreadable("own-converter-failed", f"{self.label}: {type(error).__name__}")]
            return [result for value in values for result in self.many([value])]

    def _called(self, values: Sequence[str]) -> list[Any]:
        cells = pd.Series(list(values), dtype=object)
        result = self._function(cells, *self._arguments)
        if not isinstance(result, pd.Series) or not result.index.equals(cells.index):
            raise TypeError("it must answer with a Series of the same index")
        return [None if pd.api.types.is_scalar(value) and pd.isna(value) else value for value in result.tolist()]
