"""Room 7 of 8, journal: takes every verdict as it falls, hands on what waits and how each row ended."""

from importer.journal.entries import RowEntry, SheetEntry, Waiting
from importer.journal.journal import Journal
from importer.journal.ledger import Ledger

__all__ = ["Journal", "Ledger", "RowEntry", "SheetEntry", "Waiting"]
