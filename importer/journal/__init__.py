"""Room 7 of 8, journal: takes every verdict as it falls, hands on what waits and how each row ended."""

from importer.journal.entries import RowEntry, SheetEntry, Waiting
from importer.journal.family import Family, find_run, parent_of, successor_of
from importer.journal.figures import Figures, LargeLane, Said, Slice, Timeline
from importer.journal.journal import Journal
from importer.journal.ledger import Ledger
from importer.journal.lock import holder
from importer.journal.memory import Content, Memory, digest
from importer.journal.prepared import PreparedReader, PreparedWriter, Sendable
from importer.journal.state import state_folder

__all__ = [
    "Content",
    "Family",
    "Figures",
    "Journal",
    "LargeLane",
    "Ledger",
    "Memory",
    "PreparedReader",
    "PreparedWriter",
    "RowEntry",
    "Said",
    "Sendable",
    "SheetEntry",
    "Slice",
    "Timeline",
    "Waiting",
    "digest",
    "find_run",
    "holder",
    "parent_of",
    "state_folder",
    "successor_of",
]
