"""`report.html`: one file for people, which explains itself, asks nothing of a network and shows no customer's data."""

from importer.report.html.page import write_page
from importer.report.html.records import CauseLine, CodeLine, LaneLine, Moment, Moments, Page, SheetLine, TargetLine

__all__ = [
    "CauseLine",
    "CodeLine",
    "LaneLine",
    "Moment",
    "Moments",
    "Page",
    "SheetLine",
    "TargetLine",
    "write_page",
]
