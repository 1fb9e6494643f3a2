"""Slots by their address, as a mapping would make them, and rows of values."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from importer.apis.capillary.catalog import catalog
from importer.endpoint import Slot, Target
from importer.payload import Assembler
from importer.records import Chunk, Mapped

if TYPE_CHECKING:
    from collections.abc import Mapping


def target_of(address: str) -> Target:
    """The catalog's entry for a slot's address."""
    general = re.sub(r"\[\d+\]", "[]", address)
    if general.startswith("lookup.identifiers"):
        general = "lookup.identifiers.*"
    entries = catalog()
    return entries[general] if general in entries else entries[general.rpartition(".")[0] + ".*"]


def path_of(address: str) -> tuple[str | int, ...]:
    """Where a slot's value lies in the body."""
    if address.startswith("lookup."):
        return ()
    parts: list[str | int] = []
    for part in re.sub(r"^profile\.", "profiles[0].", address).split("."):
        name, *numbers = re.findall(r"[^\[\]]+", part)
        parts += [name, *map(int, numbers)]
    return tuple(parts)


@pytest.fixture
def slot():
    """Makes the slot at an address."""

    def make(address: str, **facts) -> Slot:
        target = replace(target_of(address), **facts.pop("target", {}))
        return Slot(address, target, path_of(address), **facts)

    return make


@pytest.fixture
def mapped():
    """Makes mapped rows of values; the lookup is by the first candidate that is not None."""

    def make(rows: Mapping[int, Mapping[str, object]], columns) -> Mapped:
        index = pd.Index(list(rows), name="row", dtype="int64")
        values = pd.DataFrame(
            {name: pd.Series([row.get(name) for row in rows.values()], index=index, dtype=object) for name in columns}
        )
        names, texts = [], []
        for row in rows.values():
            filled = [name for name in columns if name.startswith("lookup.identifiers[") and row.get(name)]
            names.append(filled[0].rpartition("].")[2] if filled else None)
            texts.append(row[filled[0]] if filled else None)
        values["lookup.identifierName"] = pd.Series(names, index=index, dtype=object)
        values["lookup.identifierValue"] = pd.Series(texts, index=index, dtype=object)
        cells = pd.DataFrame(index=index)
        return Mapped(Chunk(0, cells, pd.Series(index, index=index)), values)

    return make


@pytest.fixture
def prepare(slot, mapped):
    """Prepares one row: its slots are the addresses of its values, with the facts given for some."""

    def run(values: Mapping[str, object], **facts):
        values = {"lookup.source": "INSTORE", "lookup.identifiers[0].mobile": "919876543210", **values}
        slots = [slot(address, **facts.get(address.replace(".", "_"), {})) for address in values]
        return Assembler(slots).assemble(mapped({2: values}, list(values)), [2])[0]

    return run
