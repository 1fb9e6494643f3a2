"""`rejects.csv` and `rejects.xlsx`: the rows that did not end well, in the form of the original, ready to be repaired.

`reasons` says of each row what and why; `text` writes delimited text, `cells` keeps its cells byte by byte; `workbook`
writes workbooks, `pen` their cells, `guide` their first sheet; `choice` reads which states are wanted.
"""

from __future__ import annotations

from importer.report.rejects.cells import raw_row
from importer.report.rejects.choice import read_statuses
from importer.report.rejects.reasons import Reasons, Rejected
from importer.report.rejects.text import write_rejects
from importer.report.rejects.workbook import MOST_COLUMNS, write_workbook

__all__ = ["MOST_COLUMNS", "Reasons", "Rejected", "raw_row", "read_statuses", "write_rejects", "write_workbook"]
