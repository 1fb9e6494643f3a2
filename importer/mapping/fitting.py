"""A mapping fitted to the header of a sheet: names of columns become columns of the frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeVar

from importer.endpoint import Target
from importer.errors import Finding, MappingError
from importer.mapping.conditions import Condition, Mask, compile_condition
from importer.mapping.converters import Pipeline
from importer.mapping.fill import Filler, Source, columns_of
from importer.mapping.findings import finding, in_file_order, nearest
from importer.mapping.fitted import SPECIAL, ElementMask, Fitted
from importer.mapping.forms import Form, When
from importer.mapping.own_schema import columns_read, own_schema
from importer.mapping.slots import Filled, pipeline_for, typed
from importer.records import ColumnCheck, RowRule
from importer.rejects import ADDED

if TYPE_CHECKING:
    from importer.mapping.mapping import Mapping


Made = TypeVar("Made")


def unread(columns: Sequence[str]) -> Finding:
    """The warning about columns of the sheet that the mapping does not name."""
    message = f"nothing reads {'these columns' if len(columns) > 1 else 'this column'}: {', '.join(columns)}"
    return Finding(f"{message}; map what should be sent, the rest is left out", warning=True)


def _told(make: Callable[[], Made], instead: Made) -> Made:
    """What is made, or something in its place where the type is wrong: the mapping's own checks have told that."""
    try:
        return make()
    except ValueError:
        return instead


class Fitting:
    """Resolves the columns of one mapping against one header, gathering every column that the sheet lacks."""

    def __init__(self, mapping: Mapping, header: Sequence[str], path: str, worksheet: str) -> None:
        self._mapping = mapping
        self._header = tuple(header)
        self._constants = {"$file": PurePath(path).name, "$sheet": worksheet or PurePath(path).stem}
        self._blanks = frozenset(text.strip() for text in mapping.file.sheet.blanks) | {""}
        self._findings: list[Finding] = []
        self._used: dict[str, None] = {}
        self._pipelines: dict[object, Pipeline] = {}

    def fitted(self) -> Fitted:
        """The mapping on this header. Raises MappingError."""
        mapping, file = self._mapping, self._mapping.file
        fillers = [self._filler(one) for one in mapping.filled]
        elements = self._elements(fillers)
        checked = tuple(self._check(name, check) for name, check in file.check.items())
        rules = tuple(
            RowRule(
                rule.name,
                self._mask(rule.when, ("rules", number, "when")),
                self._columns(rule.require, ("rules", number, "require")),
                blanks=self._blanks,
            )
            for number, rule in enumerate(file.rules)
        )
        skip = file.rows.skip_when
        skip_when = self._mask(skip, ("rows", "skip_when")) if skip else None
        credit_id = self._columns(mapping.credit_id, ("rows", "credit_id"))
        user_schema = self._own_schema()
        if self._findings:
            raise MappingError(str(mapping.path), in_file_order(self._findings), source=mapping.text)
        unused = [name for name in self._header if name not in self._used and name not in ADDED]
        warnings = [*mapping.warnings]
        if unused:
            warnings.append(unread(unused))
        return Fitted(
            slots=tuple(filler.slot for filler in fillers),
            checks=checked,
            rules=rules,
            warnings=tuple(warnings),
            user_schema=user_schema,
            fillers=tuple(fillers),
            elements=elements,
            skip_when=skip_when,
            credit_id=credit_id,
            blanks=self._blanks,
            used=frozenset(self._used),
            constants={name: value for name, value in self._constants.items() if SPECIAL + name in self._used},
        )

    def _filler(self, one: Filled) -> Filler:
        many = len(one.form.alternatives_or_self()) > 1
        sources = tuple(
            self._source(form, one, (*one.path, number) if many else one.path)
            for number, form in enumerate(one.form.alternatives_or_self())
        )
        columns = tuple(name.removeprefix(SPECIAL) for name in columns_of(sources))
        return Filler(replace(one.slot, columns=columns), sources)

    def _source(self, form: Form, one: Filled, path: tuple[str | int, ...]) -> Source:
        target = one.slot.target
        when = self._mask(form.when, (*path, "when")) if form.when else None
        if form.constant is not None:
            return Source(constant=_told(partial(typed, target.kind, form.constant), None), when=when)
        return Source(
            columns=(self._column(form.column, (*path, "column")),)
            if form.column
            else self._columns(form.columns or (), (*path, "columns")),
            join=" " if form.join is None else form.join,
            pipeline=self._pipeline(form, target),
            when=when,
            reject_blank=form.blank == "reject",
            clear_blank=form.blank == "clear",
        )

    def _pipeline(self, form: Form, target: Target) -> Pipeline:
        """One pipeline for forms that convert alike, so that a column which fills two targets is converted once."""
        key = (tuple((step.name, repr(step.argument)) for step in form.convert), target.kind, bool(target.variants))
        if key not in self._pipelines:
            self._pipelines[key] = _told(partial(pipeline_for, form, target), Pipeline(()))
        return self._pipelines[key]

    def _elements(self, fillers: Sequence[Filler]) -> tuple[ElementMask, ...]:
        """For each list element: its slots, its key, its condition."""
        found: dict[str, ElementMask] = {}
        for one, filler in zip(self._mapping.filled, fillers, strict=True):
            if one.element is None:
                continue
            known = found.get(one.element.address)
            if known is None:
                when = self._mask(one.element.when, (*one.path[:-1], "when")) if one.element.when else None
                known = ElementMask((), "", when)
            key = filler.slot.address if filler.slot.target.key else known.key
            found[one.element.address] = replace(known, slots=(*known.slots, filler.slot.address), key=key)
        return tuple(found.values())

    def _check(self, name: str, check: Any) -> ColumnCheck:
        return ColumnCheck(
            self._column(name, ("check", name)), check.required, check.unique, check.pattern, check.min, check.max,
            tuple(check.in_) if check.in_ else None, check.min_length, check.max_length, blanks=self._blanks,
        )  # fmt: skip

    def _mask(self, when: When, path: tuple[str | int, ...]) -> Mask:
        def resolved(condition: Condition, at: tuple[str | int, ...]) -> Condition:
            return replace(
                condition,
                column=self._column(condition.column, (*at, "column")) if condition.column else "",
                all_=tuple(resolved(one, (*at, "all", number)) for number, one in enumerate(condition.all_)),
                any_=tuple(resolved(one, (*at, "any", number)) for number, one in enumerate(condition.any_)),
                not_=resolved(condition.not_, (*at, "not")) if condition.not_ else None,
            )

        return compile_condition(resolved(when.condition(), path), self._blanks)

    def _columns(self, names: Sequence[str], path: tuple[str | int, ...]) -> tuple[str, ...]:
        """The frame's columns for a list of names, each at its own place."""
        return tuple(self._column(name, (*path, number)) for number, name in enumerate(names))

    def _column(self, name: str, path: tuple[str | int, ...]) -> str:
        """The frame's column for a name of the mapping; a finding where the sheet lacks it."""
        special = name.startswith("$") and not name.startswith("$$")
        wanted = name[1:] if name.startswith("$$") else name
        if special:
            if name not in {"$file", "$sheet", "$row"}:
                self._miss(
                    path,
                    f"{name!r} is none of $file, $sheet and $row; a header that begins with $ is written $${name[1:]}",
                )
            wanted = SPECIAL + name
        elif wanted not in self._header:
            alike = [one for one in self._header if one.startswith(wanted + " (column ")]
            hint = (
                f"; it has {' and '.join(map(repr, alike))}" if alike else nearest(wanted, self._header, what="it has")
            )
            self._miss(path, f"the sheet has no column {wanted!r}{hint}")
        self._used[wanted] = None
        return wanted

    def _own_schema(self) -> object | None:
        """The user's pandera schema; a finding where there is no such thing."""
        wanted = self._mapping.file.schema_
        if wanted is None:
            return None
        try:
            found = own_schema(wanted, self._mapping.path.resolve().parent)
        except ValueError as error:
            self._miss(("schema",), str(error))
            return None
        self._used.update(dict.fromkeys(columns_read(found)))
        return found

    def _miss(self, path: tuple[str | int, ...], message: str) -> None:
        found = finding(self._mapping.document, path, message)
        if found not in self._findings:
            self._findings.append(found)
