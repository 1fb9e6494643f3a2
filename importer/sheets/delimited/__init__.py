"""Delimited text: CSV, TSV and their relatives, read without loss or refused with the place."""

from __future__ import annotations

from importer.sheets.delimited.dialect import Dialect, Quoting
from importer.sheets.delimited.table import DelimitedSheet, open_delimited

__all__ = ["DelimitedSheet", "Dialect", "Quoting", "open_delimited"]
