"""Room 8 of 8, report: takes how each row ended, hands on what people and machines read of it."""

from importer.report.closing import closing_words
from importer.report.masking import masked, masked_cell, masked_text
from importer.report.plan_words import plan_words
from importer.report.probe import Asked, Probe, probe_text, probe_words
from importer.report.rejects import (
    MOST_COLUMNS,
    Reasons,
    Rejected,
    raw_row,
    read_statuses,
    write_rejects,
    write_workbook,
)
from importer.report.results import write_results
from importer.report.sentence import how_rows_ended, rows_of
from importer.report.summary import Summary, summary_text, write_summary

__all__ = [
    "MOST_COLUMNS",
    "Asked",
    "Probe",
    "Reasons",
    "Rejected",
    "Summary",
    "closing_words",
    "how_rows_ended",
    "masked",
    "masked_cell",
    "masked_text",
    "plan_words",
    "probe_text",
    "probe_words",
    "raw_row",
    "read_statuses",
    "rows_of",
    "summary_text",
    "write_rejects",
    "write_results",
    "write_summary",
    "write_workbook",
]
