"""A mapping that is right in itself, as the rest of the importer asks it: what it fills, reads and promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from importer.endpoint import Effect
from importer.errors import Finding
from importer.mapping.document import Section
from importer.mapping.fitted import Fitted
from importer.mapping.fitting import Fitting
from importer.mapping.forms import When
from importer.mapping.model import RowTest
from importer.mapping.slots import Filled
from importer.records import Guards, SheetOptions


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file, read. `digest`: SHA-256 of its text, hex."""

    path: Path
    text: str
    digest: str
    file: Any  # the pydantic model
    document: Section
    filled: tuple[Filled, ...]
    warnings: tuple[Finding, ...]

    @property
    def name(self) -> str:
        """Its name, for runs."""
        return str(self.file.name)

    @property
    def questions(self) -> tuple[str, ...]:
        """Open questions: `plan` and `preview` work, `run` refuses."""
        return tuple(self.file.questions)

    @property
    def tests(self) -> tuple[RowTest, ...]:
        """Its own test rows."""
        return tuple(self.file.tests)

    @property
    def adds(self) -> bool:
        """Whether some target may not be sent twice."""
        return any(one.slot.target.effect is Effect.ADDS for one in self.filled)

    @property
    def clears(self) -> bool:
        """Whether some target is cleared by a blank cell."""
        return any(one.slot.clears for one in self.filled)

    @property
    def same_customer(self) -> str:
        """in-order, last-wins, merge or reject."""
        return str(self.file.rows.same_customer)

    @property
    def unchanged(self) -> str:
        """Send or skip."""
        return str(self.file.rows.unchanged)

    @property
    def credit_id(self) -> tuple[str, ...]:
        """Columns that identify a credit."""
        return tuple(self.file.rows.credit_id or ())

    @property
    def sheet_options(self) -> SheetOptions:
        """How to read the sheet."""
        sheet = self.file.sheet
        return SheetOptions(
            name=sheet.name, header=sheet.header, encoding=sheet.encoding, delimiter=sheet.delimiter,
            quote=sheet.quote, hidden=sheet.hidden, max_bytes=sheet.max_bytes,
        )  # fmt: skip

    @property
    def guards(self) -> Guards:
        """When a run stops by itself."""
        given = {name: value for name, value in self.file.guards if value is not None}
        return replace(Guards(), **given)

    def columns(self) -> tuple[str, ...]:
        """Every column that the mapping names, as it spells them, in file order."""
        named: list[str] = []
        for one in self.filled:
            for form in one.form.alternatives_or_self():
                named += [form.column] if form.column else form.columns or []
                named += sorted(_columns(form.when))
            named += sorted(_columns(one.element.when)) if one.element else []
        named += [
            *self.file.check,
            *(name for rule in self.file.rules for name in (*_columns(rule.when), *rule.require)),
        ]
        named += [*_columns(self.file.rows.skip_when), *self.credit_id]
        return tuple(dict.fromkeys(named))

    def fit(self, header: Sequence[str], *, path: str = "", worksheet: str = "") -> Fitted:
        """The mapping on a sheet with this header. Raises MappingError naming columns that the sheet lacks."""
        return Fitting(self, header, path, worksheet).fitted()


def _columns(when: When | None) -> set[str]:
    return when.condition().columns() if when else set()
