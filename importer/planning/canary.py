"""The canary: a few rows that go ahead, so that a wrong mapping costs ten rows and not a million."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import orjson

from importer.records import RowId

Shape = frozenset[str]


class Candidate(NamedTuple):
    """A row that may go ahead, and what its body is made of."""

    row: RowId
    shape: Shape


def choose(candidates: Sequence[Candidate], number: int) -> list[RowId]:
    """So many rows, in file order: spread over the candidates (given in file order), each shape once before any twice.

    Of more shapes than `number`, the most frequent ones. The rarest chooses its place first.
    """
    number = min(number, len(candidates))
    places = [(place + 0.5) * len(candidates) / number for place in range(number)]
    free = set(range(len(candidates)))
    alike: dict[Shape, list[int]] = {}
    for at, one in enumerate(candidates):
        alike.setdefault(one.shape, []).append(at)
    frequent = sorted(alike.values(), key=len, reverse=True)[:number]
    for group in [*reversed(frequent), *([None] * (number - len(frequent)))]:
        place, chosen = min(product(places, group or free), key=lambda pair: abs(pair[1] + 0.5 - pair[0]))
        places.remove(place)
        free.remove(chosen)
    return [one.row for at, one in enumerate(candidates) if at not in free]


def shape(body: bytes) -> Shape:
    """What a body is made of: the path of each value, and the kind of each element that has a `type`."""
    return frozenset(_paths(orjson.loads(body), ""))


def _paths(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        kind = f"<{value['type']}>" if isinstance(value.get("type"), str) else ""
        for name, inner in value.items():
            yield from _paths(inner, f"{path}{kind}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner, f"{path}[]")
    else:
        yield path
