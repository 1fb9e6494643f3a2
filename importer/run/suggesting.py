"""From an unknown sheet to a mapping: read once, drafted, and loaded back before anybody sees it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from importer.apis import capillary
from importer.mapping import editor_comment, load
from importer.records import SheetOptions
from importer.sheets import open_sheet
from importer.suggest import Draft, draft, study


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
    """A mapping for the sheet. Raises SheetError; MappingError where the one to start from is wrong."""
    stated = {"name": order.worksheet, "encoding": order.encoding, "header": order.header, "max_bytes": order.max_bytes}
    told = {key: value for key, value in stated.items() if value is not None}
    options = replace(SheetOptions(format=order.format), **told)  # type: ignore[arg-type]  # the names are its own
    with open_sheet(order.sheet, options) as sheet:
        choices = study(sheet.header, sheet.chunks())
        made = draft(choices, name=PurePath(sheet.path).stem or "suggested", sheet=told)
        text = f"{editor_comment()}\n{made.text}"
        checked(text, sheet.header)
    return Suggested(text, _words(made))


def checked(text: str, header: tuple[str, ...]) -> None:
    """Load the text and fit it, as `plan` will. Raises MappingError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "suggested.yaml"
        path.write_text(text, "utf-8", newline="\n")
        load(path, capillary.endpoint().catalog).fit(header)


def _words(made: Draft) -> tuple[str, ...]:
    """What was found, in a few lines."""
    filled = [one for one in made.placed if one.address]
    sure = sum(one.confidence == "high" for one in filled)
    return (
        f"Read {made.rows:,} rows. {len(filled)} of {len(made.placed)} columns fill a target, {sure} of them with high confidence.",
        f"{len(made.questions)} questions are open; `run` refuses the mapping until they are answered.",
    )
