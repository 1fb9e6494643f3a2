"""`importer mapping check`: everything that a mapping, and a sheet with it, shows without planning or sending."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from importer.apis import capillary
from importer.errors import Finding, MappingError
from importer.mapping import NOTHING_STATED, Mapping, Watch, examine, in_file_order, place_of_test
from importer.sheets import open_sheet


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """What the user asked for. Without a sheet, only the mapping itself is looked at."""

    mapping: Path
    sheet: str | None = None
    format: str | None = None
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """`findings` in file order; `text`: the file's, to show their lines; `targets`, `tests`: how many there are."""

    path: Path
    text: str
    findings: tuple[Finding, ...]
    targets: int = 0
    tests: int = 0

    @property
    def errors(self) -> int:
        """How many must be mended."""
        return sum(not one.warning for one in self.findings)


def check(order: CheckOrder) -> Checked:
    """Find everything that is wrong or doubtful. Raises SheetError where the sheet cannot be read."""
    found = examine(order.mapping, capillary.endpoint().catalog)
    mapping = found.mapping
    if mapping is None:
        return Checked(order.mapping, found.text, found.findings)
    told = tuple(one.path for one in found.errors)
    findings = [*found.findings, *(one for one in _untested(mapping) if not any(p.startswith(one.path) for p in told))]
    findings += _open(mapping)
    findings += _by_itself(mapping) if order.sheet is None else _with_sheet(mapping, order)
    return Checked(order.mapping, found.text, tuple(in_file_order(findings)), len(mapping.filled), len(mapping.tests))


def _untested(mapping: Mapping) -> Iterator[Finding]:
    """Tests that state nothing: `plan` and `run` refuse them."""
    for number, test in enumerate(mapping.tests, start=1):
        if test.expect is None and test.problems is None:
            place = place_of_test(mapping, number)
            yield Finding(f"test {number}: {NOTHING_STATED}", place.line, place.column, f"tests[{number - 1}]")


def _open(mapping: Mapping) -> Iterator[Finding]:
    """Questions that wait for an answer: `run` refuses the mapping meanwhile."""
    for number, question in enumerate(mapping.document.get("questions") or ()):
        message = "an open question, for whose answer `run` waits: edit the mapping, then take the question out"
        yield Finding(message, question.place.line, question.place.column, f"questions[{number}]", warning=True)


def _by_itself(mapping: Mapping) -> Iterator[Finding]:
    """What a sheet with every column that the mapping names would show: wrong $ names, a schema that cannot be had."""
    header = [name.removeprefix("$") for name in mapping.columns() if not name.startswith("$") or name.startswith("$$")]
    try:
        mapping.fit(header)
    except MappingError as error:
        yield from error.findings


def _with_sheet(mapping: Mapping, order: CheckOrder) -> Iterator[Finding]:
    """What the sheet's header and all of its cells show."""
    options = replace(
        mapping.sheet_options,
        format=order.format,
        max_bytes=order.max_bytes or mapping.sheet_options.max_bytes,
    )
    with ExitStack() as stack:
        sheet = stack.enter_context(open_sheet(str(order.sheet), options))
        try:
            fitted = mapping.fit(sheet.header, path=sheet.path, worksheet=sheet.worksheet)
        except MappingError as error:
            yield from error.findings
            return
        yield from (one for one in fitted.warnings if one not in mapping.warnings)
        watch = Watch(mapping, fitted)
        for chunk in sheet.chunks():
            watch.take(chunk)
        yield from watch.findings()
