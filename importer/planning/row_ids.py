"""Row ids as single numbers, so that a million lie in one small array; and several of them in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from importer.records import RowId

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from importer.endpoint import Prepared

ROW_BITS = 40  # a row number's; the sheet's number lies above, so that packed ids sort in file order
ROWS_NAMED = 3


def pack(sheet: int, prepared: Sequence[Prepared]) -> npt.NDArray[np.int64]:
    """The ids of these rows of one sheet."""
    return (sheet << ROW_BITS) + np.array([one.row for one in prepared], np.int64)


def unpack(packed: int) -> RowId:
    """The id that was packed."""
    return RowId(packed >> ROW_BITS, packed & ((1 << ROW_BITS) - 1))


def name_rows(rows: Sequence[RowId], *, beside: int) -> str:
    """Rows in words, at most three; with the sheet's number where it is not the one `beside` them."""
    named = [f"{row}" if sheet == beside else f"{row} of sheet {sheet + 1}" for sheet, row in rows[:ROWS_NAMED]]
    more = f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(named)}{more}"
