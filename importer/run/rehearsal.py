"""A mapping's own test rows, taken through the rooms that real rows go through, up to the body."""

from __future__ import annotations

import codecs
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from importer.apis import capillary
from importer.errors import Finding, MappingError, WrongUse
from importer.mapping import Differences, Found, Mapping, RowTest, differences, load, place_of_test, recorded
from importer.payload import Assembler
from importer.planning import SETS_NOTHING
from importer.records import Chunk, Mapped, Status
from importer.validation import Judge

ROW_OF_A_TEST = 2  # below a header, as in a sheet of one row


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One test, what became of its row, and what differs from what it states. `number` counts from 1."""

    number: int
    test: RowTest
    found: Found
    different: Differences

    @property
    def passed(self) -> bool:
        """Whether everything that it states holds."""
        return not self.different


def rehearse(mapping: Mapping) -> list[Rehearsed]:
    """Run every test of the mapping. Raises MappingError where the mapping fits no sheet at all."""
    if not mapping.tests:
        return []
    stage = _Stage(mapping)
    done = []
    for number, test in enumerate(mapping.tests, start=1):
        found = stage.found(test)
        done.append(Rehearsed(number, test, found, differences(test, found)))
    return done


def test_mapping(path: Path) -> tuple[Mapping, list[Rehearsed]]:
    """A mapping file and what became of its tests. Raises MappingError."""
    mapping = load(path, capillary.endpoint().catalog)
    return mapping, rehearse(mapping)


def require_tests(mapping: Mapping) -> None:
    """Refuse a mapping whose own tests fail. Raises MappingError with every difference."""
    failed = [one for one in rehearse(mapping) if not one.passed]
    if failed:
        raise MappingError(str(mapping.path), failures(mapping, failed), source=mapping.text)


def record_tests(path: Path) -> list[int]:
    """Write what became of each failing test into the file as what it expects; the numbers of those tests.

    Raises MappingError; WrongUse where the file cannot be written, or would not say afterwards what was found.
    """
    catalog = capillary.endpoint().catalog
    mapping = load(path, catalog)
    failing = {one.number: one.found for one in rehearse(mapping) if not one.passed}
    if not failing:
        return []
    place = path.resolve()
    draft = place.with_name(f".{place.name}.recording")
    mark = codecs.BOM_UTF8 if place.read_bytes().startswith(codecs.BOM_UTF8) else b""
    try:
        draft.write_bytes(mark + recorded(mapping.text, failing).encode())
        shutil.copymode(place, draft)
        if not all(one.passed for one in rehearse(load(draft, catalog))):
            raise WrongUse(f"{path}: what was found cannot be written there.", advice="Fill `expect` in by hand.")
        draft.replace(place)
    except OSError as error:
        raise WrongUse(
            f"{path} cannot be written ({error.strerror}).", advice="Mend its rights, or copy it."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return sorted(failing)


def failures(mapping: Mapping, failed: Sequence[Rehearsed]) -> list[Finding]:
    """Each failed test as a finding at its place in the file."""
    found = []
    for one in failed:
        place = place_of_test(mapping, one.number)
        message = f"test {one.number} of {len(mapping.tests)} fails: {one.different.summary}"
        found.append(Finding(message, place.line, place.column, f"tests[{one.number - 1}]", more=one.different.lines))
    return found


class _Stage:
    """The mapping fitted to a sheet of exactly the columns that it and its tests name."""

    def __init__(self, mapping: Mapping) -> None:
        named = [*mapping.columns(), *(name for test in mapping.tests for name in test.given)]
        self._header = tuple(dict.fromkeys(_header(name) for name in named if not _special(name)))
        self._fitted = mapping.fit(self._header)
        self._judge = Judge(self._fitted.slots, self._fitted.checks, self._fitted.rules)
        self._assembler = Assembler(self._fitted.slots)

    def found(self, test: RowTest) -> Found:
        """What becomes of this row."""
        specials = {name: cell for name, cell in test.given.items() if _special(name)}
        constants = {name: specials.get(name, text) for name, text in self._fitted.constants.items()}
        mapped = replace(self._fitted, constants=constants).apply(self._chunk(test, specials))
        row = int(mapped.chunk.cells.index[0])
        if reason := mapped.skipped.get(row):
            return Found(Status.SKIPPED.value, reason=reason)
        problems = self._judge.judge(mapped)
        lookup = _lookup(mapped)
        if problems:
            if any(one.target.startswith("lookup.") for one in problems):
                lookup = {}  # no other candidate stands in for one that failed
            return Found(Status.INVALID.value, lookup, problems=[(one.column, one.slug) for one in problems])
        (prepared,) = self._assembler.assemble(mapped, [row])
        if prepared.body is None:
            return Found(Status.SKIPPED.value, lookup, reason=SETS_NOTHING)
        return Found(Status.PLANNED.value, lookup, orjson.loads(prepared.body))

    def _chunk(self, test: RowTest, specials: dict[str, str]) -> Chunk:
        """The row as a sheet of its own; columns that the test leaves out are blank."""
        number = specials.get("$row", "")
        row = int(number) if number.isascii() and number.isdigit() else ROW_OF_A_TEST
        index = pd.Index([row], name="row", dtype="int64")
        given = {_header(name): cell for name, cell in test.given.items() if not _special(name)}
        cells = pd.DataFrame({name: [given.get(name, "")] for name in self._header}, index=index, dtype="str")
        return Chunk(0, cells, pd.Series([row], index=index))


def _lookup(mapped: Mapped) -> dict[str, str]:
    """Whom the row is about, as the query will say it."""
    values: dict[Any, Any] = mapped.values.iloc[0].to_dict()  # noqa: PD011 - our record's frame
    found: dict[str, Any] = {name: values.get(f"lookup.{name}") for name in ("source", "accountId")}
    if values["lookup.identifierName"]:
        found[values["lookup.identifierName"]] = values["lookup.identifierValue"]
    return {name: str(value) for name, value in found.items() if value is not None}


def _special(name: str) -> bool:
    """$file, $sheet or $row: no column of a sheet."""
    return name.startswith("$") and not name.startswith("$$")


def _header(name: str) -> str:
    """The header that a name stands for: a header that begins with $ is written $$."""
    return name[1:] if name.startswith("$$") else name
