"""Small mappings, loaded from files as users write them, and sheets of a few cells to apply them to."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from importer.apis.capillary.catalog import catalog
from importer.errors import MappingError
from importer.mapping import Examined, Mapping, examine, load
from importer.mapping.converters import BadConverter, Pipeline, make
from importer.records import Chunk, Mapped

HEAD = "version: 1\nname: small\n"
LOOKUP = "lookup: {source: INSTORE, identifiers: [{externalId: Code}]}\n"


def chunk_of(columns: MappingType[str, Sequence[str]], first_row: int = 2) -> Chunk:
    """Columns of one length as rows of text, numbered from `first_row`."""
    count = len(next(iter(columns.values()), ()))
    index = pd.RangeIndex(first_row, first_row + count, name="row").astype("int64")
    cells = pd.DataFrame({name: list(cells) for name, cells in columns.items()}, index=index, dtype="str")
    return Chunk(0, cells, pd.Series(index, index=index))


@pytest.fixture
def sheet_of():
    """Makes a chunk of columns."""
    return chunk_of


@pytest.fixture
def written(tmp_path: Path):
    """Writes a mapping: a head and, where the text has none, a lookup are put in front."""

    def write(text: str, *, name: str = "mapping.yaml", whole: bool = False) -> Path:
        path = tmp_path / name
        front = "" if whole else HEAD + ("" if text.startswith("lookup:") or "\nlookup:" in text else LOOKUP)
        path.write_text(front + text, "utf-8")
        return path

    return write


@pytest.fixture
def loaded(written):
    """Loads a mapping."""

    def run(text: str, **how: bool) -> Mapping:
        return load(written(text, **how), catalog())

    return run


@pytest.fixture
def examined(written):
    """Everything that is found in a mapping."""

    def run(text: str, **how: bool) -> Examined:
        return examine(written(text, **how), catalog())

    return run


@pytest.fixture
def refused(written):
    """The message of a mapping that is refused."""

    def run(text: str, **how: bool) -> str:
        with pytest.raises(MappingError) as caught:
            load(written(text, **how), catalog())
        return str(caught.value)

    return run


@pytest.fixture
def applied(loaded):
    """Applies a mapping to columns; what stands nowhere is one blank column `Code` with a text."""

    def run(text: str, columns: MappingType[str, Sequence[str]], **how: str) -> Mapped:
        count = len(next(iter(columns.values())))
        given = columns if "Code" in columns or "lookup:" in text else {"Code": ["A1"] * count, **columns}
        return loaded(text).fit(tuple(given), **how).apply(chunk_of(given))

    return run


@pytest.fixture
def values(applied):
    """The values of one target for a mapping and columns."""

    def run(address: str, text: str, columns: MappingType[str, Sequence[str]], **how: str) -> list[object]:
        return applied(text, columns, **how).values[address].tolist()  # noqa: PD011 - our record's frame

    return run


@pytest.fixture
def convert():
    """What a converter makes of a cell: the value, or the slug of the problem in brackets."""

    def run(name: str, argument: object, cell: str) -> object:
        done = Pipeline([make(name, argument)])(pd.Series([cell], index=[7], dtype=object))
        if done.problems:
            (problem,) = done.problems
            assert (problem.row, problem.value) == (7, cell)
            assert done.values.item() is None  # noqa: PD011 - Converted's own field
            return f"<{problem.slug}>"
        return done.values.item()  # noqa: PD011 - Converted's own field

    return run


@pytest.fixture
def bad_argument():
    """The sentence that refuses a converter's argument."""

    def run(name: str, argument: object) -> str:
        with pytest.raises(BadConverter) as caught:
            make(name, argument)
        return str(caught.value)

    return run
