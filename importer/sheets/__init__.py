"""Room 1 of 8, sheets: takes a file of any kind, hands on numbered rows of text and their damage."""

from __future__ import annotations

from importer.sheets.delimited import DelimitedSheet, Dialect, Quoting
from importer.sheets.opening import open_sheet
from importer.sheets.sheet import Sheet
from importer.sheets.spool import save_standard_input

__all__ = ["DelimitedSheet", "Dialect", "Quoting", "Sheet", "open_sheet", "save_standard_input"]
