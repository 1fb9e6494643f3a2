"""From an unknown sheet to a mapping: read once, drafted, and loaded back before anybody sees it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from importer.apis import capillary
from importer.errors import MappingError, WrongUse
from importer.mapping import Mapping, editor_comment, load
from importer.records import SheetOptions
from importer.run.rehearsal import require_tests
from importer.sheets import open_sheet
from importer.suggest import Choice, Draft, Inseparable, adapt, draft, mended, study

MOST_FAULTS = 50  # that taking columns out of a mapping may cause before it is given up
WITHOUT_LIKE = "Leave --like away to draft a mapping from the sheet alone."


@dataclass(frozen=True, slots=True)
class SuggestOrder:
    """What the user asked for. `like`: a mapping to start from."""

    sheet: str
    like: Path | None = None
    worksheet: str | None = None
    encoding: str | None = None
    header: int | None = None
    format: str | None = None
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """A mapping's text, and what to tell on the way."""

    text: str
    told: tuple[str, ...]


def suggest(order: SuggestOrder) -> Suggested:
    """A mapping for the sheet. Raises SheetError; MappingError or WrongUse where the one to start from does not serve."""
    like = load(order.like, capillary.endpoint().catalog) if order.like else None
    stated = {"name": order.worksheet, "encoding": order.encoding, "header": order.header, "max_bytes": order.max_bytes}
    told = {key: value for key, value in stated.items() if value is not None}
    options = replace(like.sheet_options if like else SheetOptions(), format=order.format, **told)  # type: ignore[arg-type]  # the names are its own
    with open_sheet(order.sheet, options) as sheet:
        choices = study(sheet.header, sheet.chunks())
    if like:
        return liken(like, choices, told)
    made = draft(choices, name=PurePath(sheet.path).stem or "suggested", sheet=told)
    text = f"{editor_comment()}\n{made.text}"
    checked(text, sheet.header)
    return Suggested(text, _words(made))


def liken(like: Mapping, choices: Sequence[Choice], told: AnyMapping[str, str | int]) -> Suggested:
    """The mapping, made to fit a sheet with other columns. Raises WrongUse where too little of it is left."""
    header = tuple(choice.column for choice in choices)
    try:
        adapted = adapt(like.text, choices, told)
        if not adapted.finds_customers:
            raise WrongUse(
                f"{like.path} finds customers by columns that this sheet lacks; it has: {', '.join(header)}.",
                advice=WITHOUT_LIKE,
            )
        text, mapping = _settled(adapted.text, header)
    except Inseparable as error:
        raise WrongUse(
            f"{like.path}: {error} cannot be taken out of it, and this sheet lacks its column.", advice=WITHOUT_LIKE
        ) from None
    return Suggested(text, (*adapted.told, *_open(len(mapping.questions))))


def _settled(text: str, header: tuple[str, ...]) -> tuple[str, Mapping]:
    """The text without what makes no sense once a column has gone, as a card without its series; and loaded."""
    for _ in range(MOST_FAULTS):
        try:
            return text, checked(text, header)
        except MappingError as error:
            fault = next((one for one in error.findings if one.line), None)
            if fault is None:
                raise
            text = mended(text, fault.line, fault.column, fault.message)
    return text, checked(text, header)


def checked(text: str, header: tuple[str, ...]) -> Mapping:
    """Load the text, fit it and run its tests, as `plan` will. Raises MappingError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "suggested.yaml"
        path.write_text(text, "utf-8", newline="\n")
        mapping = load(path, capillary.endpoint().catalog)
        mapping.fit(header)
        require_tests(mapping)
        return mapping


def _words(made: Draft) -> tuple[str, ...]:
    """What was found, in a few lines."""
    filled = [one for one in made.placed if one.address]
    sure = sum(one.confidence == "high" for one in filled)
    return (
        f"Read {made.rows:,} rows. {len(filled)} of {len(made.placed)} columns fill a target, {sure} of them with high confidence.",
        *_open(len(made.questions)),
    )


def _open(questions: int) -> tuple[str, ...]:
    if not questions:
        return ()
    return (f"{_counted(questions)} open; `importer run` refuses the mapping until the answers are in it.",)


def _counted(questions: int) -> str:
    return "1 question is" if questions == 1 else f"{questions} questions are"
