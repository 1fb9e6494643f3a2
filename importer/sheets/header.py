"""What the columns of a sheet are called, by rules that hold for every kind of file.

1. White space around a name goes, and white space inside it (line breaks too) counts as one space.
2. Names that occur more than once are told apart by position, *all* of them: `Name (column B)`,
   `Name (column D)`. A mapping that says plain `Name` finds no such column, and is shown both; none wins.
3. A column without a name but with cells is called by its position: `column C`. Without cells it is dropped.
4. Names that differ in case alone are two columns.

Every rule that changed something leaves a note.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

LETTERS = 26
INVISIBLE = "\ufeff\u200b\u2060"  # byte-order mark and zero-width spaces: no part of a name


@dataclass(frozen=True, slots=True)
class Header:
    """The columns that are read: `names[i]` stands at `positions[i]` (0-based) in each row of the file."""

    names: tuple[str, ...]
    positions: tuple[int, ...]
    notes: tuple[str, ...] = ()
    written: tuple[str, ...] = ()  # the header's cells as they stand in the file, as many as `width`

    @property
    def width(self) -> int:
        """How many cells a row must have: as far as the last column that is read."""
        return self.positions[-1] + 1

    @property
    def gapless(self) -> bool:
        """Whether every cell of a row belongs to a column."""
        return len(self.positions) == self.width


def column_letter(position: int) -> str:
    """A 0-based position as spreadsheet programs write it: 0 is A, 26 is AA."""
    letters = ""
    rest = position + 1
    while rest:
        rest, letter = divmod(rest - 1, LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_index(letters: str) -> int:
    """The 0-based position behind letters such as AA, in capitals."""
    position = 0
    for letter in letters:
        position = position * LETTERS + ord(letter) - ord("A") + 1
    return position - 1


def read_header(cells: Sequence[str], filled: Collection[int] = (), *, where: str) -> Header:
    """The columns below these header cells.

    Args:
        cells: the header row, as it stands in the file.
        filled: 0-based positions of the columns that hold anything below the header; looked at only
            for columns without a name.
        where: the sheet and its header row, for messages: "customers.csv, header in row 1".

    Raises:
        SheetError: no column has a name, or two cannot be told apart.
    """
    clean = [tidy(cell) for cell in cells]
    if not any(clean):
        raise SheetError(
            f"{where}: every cell of the header row is blank.",
            advice="Name the header's row: `sheet: {header: N}`.",
        )
    clean += [""] * (max(filled, default=-1) + 1 - len(clean))
    counts = Counter(clean)
    kept = [position for position, name in enumerate(clean) if name or position in filled]
    names = [_name(clean[position], position, counts) for position in kept]
    clashes = [name for name, count in Counter(names).items() if count > 1]
    if clashes:
        raise SheetError(
            f"{where}: a column is called {clashes[0]!r}, which is also how another is told apart.",
            advice="Rename that column in the sheet.",
        )
    notes = tuple(_notes(cells, clean, filled, counts))
    written = (*cells, *[""] * len(clean))[: kept[-1] + 1]
    return Header(tuple(names), tuple(kept), notes, written)


def tidy(cell: str) -> str:
    """A name without invisible characters and needless white space."""
    return " ".join(cell.strip(INVISIBLE).split())


def _name(clean: str, position: int, counts: Counter[str]) -> str:
    """What one column is called."""
    letter = column_letter(position)
    if not clean:
        return f"column {letter}"
    return f"{clean} (column {letter})" if counts[clean] > 1 else clean


def _notes(cells: Sequence[str], clean: Sequence[str], filled: Collection[int], counts: Counter[str]) -> list[str]:
    """A sentence for each rule that changed something."""
    notes = []
    trimmed = [name for cell, name in zip(cells, clean, strict=False) if name not in ("", cell)]
    if trimmed:
        notes.append(f"White space was taken off {_quoted(trimmed)} in the header.")
    for name, count in counts.items():
        if name and count > 1:
            places = [position for position, other in enumerate(clean) if other == name]
            told = _quoted([_name(name, position, counts) for position in places])
            notes.append(f"{count} columns are called {name!r}; they are told apart as {told}.")
    nameless = [position for position, name in enumerate(clean) if not name]
    called = [_name("", position, counts) for position in nameless if position in filled]
    if called:
        notes.append(f"Columns without a header are called by their position: {_quoted(called)}.")
    dropped = [column_letter(position) for position in nameless if position not in filled]
    if dropped:
        notes.append(f"Columns without header and without cells were left out: {listed(dropped)}.")
    folded = defaultdict(set)
    for name in clean:
        if name:
            folded[name.casefold()].add(name)
    notes += [
        f"Columns {_quoted(sorted(alike))} differ in upper and lower case alone; they are different columns."
        for alike in folded.values()
        if len(alike) > 1
    ]
    return notes


SHOWN_AT_MOST = 8


def _quoted(names: Sequence[str]) -> str:
    """Names in quotes, with commas."""
    return listed([repr(name) for name in names])


def listed(words: Sequence[str]) -> str:
    """Words with commas, not more than fit a line."""
    more = len(words) - SHOWN_AT_MOST
    return ", ".join(words[:SHOWN_AT_MOST]) + (f" and {more} more" if more > 0 else "")
