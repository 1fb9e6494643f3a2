"""Row ids as single numbers, so that a million of them lie in one small array."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from importer.records import RowId

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from importer.endpoint import Prepared

ROW_BITS = 40  # a row number's; the sheet's number lies above, so that packed ids sort in file order


def pack(sheet: int, prepared: Sequence[Prepared]) -> npt.NDArray[np.int64]:
    """The ids of these rows of one sheet."""
    return (sheet << ROW_BITS) + np.array([one.row for one in prepared], np.int64)


def unpack(packed: int) -> RowId:
    """The id that was packed."""
    return RowId(packed >> ROW_BITS, packed & ((1 << ROW_BITS) - 1))
