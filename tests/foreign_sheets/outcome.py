"""Foreign sheets, suggested and judged: which columns are mapped rightly, and which wrongly; a page about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from foreign_sheets.more_sheets import SECOND_TEN
from foreign_sheets.other_sheets import THIRD_TEN
from foreign_sheets.samples import SAMPLES
from foreign_sheets.sheets import FIRST_TEN
from importer.records import Chunk
from importer.sheets import open_sheet
from importer.suggest import Confidence, Draft, Placed, draft, study
from importer.suggest.vocabulary import languages

ROOT = Path(__file__).parent.parent.parent
INTRODUCTION = Path(__file__).with_name("page.md")


@dataclass(frozen=True)
class Judged:
    """A column, what it is, and where it went."""

    what: str
    placed: Placed

    @property
    def mappable(self) -> bool:
        """Whether some target takes it."""
        return "-" not in self.what.split("|")

    @property
    def right(self) -> bool:
        """Whether it went where it belongs."""
        wanted = self.what.split("|")
        if not self.placed.address:
            return "-" in wanted
        own = self.placed.address.startswith("profile.fields.") and self.placed.role != "store"
        return ("field" if own else self.placed.role) in wanted

    @property
    def wrong_and_sure(self) -> bool:
        """Whether it went elsewhere with high confidence."""
        return bool(self.placed.address) and not self.right and self.placed.confidence is Confidence.HIGH


def chunk(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Chunk:
    """A sheet in memory, in one piece."""
    cells = pd.DataFrame(list(rows), columns=list(header), dtype="str")
    cells.index = pd.RangeIndex(2, len(cells) + 2, name="row")
    return Chunk(0, cells, pd.Series(cells.index, cells.index))


def drafted(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Draft:
    """The draft for a sheet in memory."""
    return draft(study(header, [chunk(header, rows)]), name=name)


def drafted_sample(name: str) -> Draft:
    """The draft for a sample."""
    with open_sheet(str(ROOT / "sample_data" / name)) as sheet:
        return draft(study(sheet.header, sheet.chunks()), name=name)


def judged(expected: Mapping[str, str], made: Draft) -> tuple[Judged, ...]:
    """Every column, in the sheet's order."""
    return tuple(Judged(expected[one.column], one) for one in made.placed)


def outcomes() -> dict[tuple[str, str], tuple[Judged, ...]]:
    """Every sample and foreign sheet by name and language, judged."""
    found = {(name, "English, a sample"): judged(SAMPLES[name], drafted_sample(name)) for name in SAMPLES}
    for sheet in (*FIRST_TEN, *SECOND_TEN, *THIRD_TEN):
        found[sheet.name, sheet.language] = judged(sheet.expected, drafted(sheet.name, *sheet.rows()))
    return found


def suggest_page() -> str:
    """The reference page docs/reference/suggest.md."""
    lines = [
        INTRODUCTION.read_text("utf-8").format(languages=len(languages())),
        "| sheet | language | columns | mappable | rightly | asked | wrongly, though sure | not rightly |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    totals = [0] * 5
    for (name, language), columns in outcomes().items():
        mappable = [one for one in columns if one.mappable]
        missed = ", ".join(f"`{one.placed.column}`" for one in columns if not one.right)
        asked = sum(bool(one.placed.address) and one.placed.confidence is not Confidence.HIGH for one in columns)
        figures = [
            len(columns),
            len(mappable),
            sum(one.right for one in mappable),
            asked,
            sum(one.wrong_and_sure for one in columns),
        ]
        totals = [total + figure for total, figure in zip(totals, figures, strict=True)]
        lines.append(f"| {name} | {language} | {' | '.join(map(str, figures))} | {missed} |")
    lines.append(f"| **all** | | {' | '.join(map(str, totals))} | |")
    return "\n".join(lines) + "\n"
