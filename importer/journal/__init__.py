"""Room 7 of 8, journal: takes every verdict as it falls, hands on what waits and how each row ended."""

from importer.journal.entries import RowEntry, SheetEntry, Waiting
from importer.journal.family import Family, find_run, parent_of, successor_of
from importer.journal.figures import Figures, LargeLane, Said, Slice, Timeline
from importer.journal.journal import Journal
from importer.journal.ledger import Ledger
from importer.journal.lock import holder
from importer.journal.prepared import PreparedReader, PreparedWriter, Sendable
from importer.journal.state import state_folder

__all__ = [
    "Family",
    "Figures",
    "Journal",
    "LargeLane",
    "Ledger",
    "PreparedReader",
    "PreparedWriter",
    "RowEntry",
    "Said",
    "Sendable",
    "SheetEntry",
    "Slice",
    "Timeline",
    "Waiting",
    "find_run",
    "holder",
    "parent_of",
    "state_folder",
    "successor_of",
]
