"""Room 2 of 8, mapping: takes rows of text, hands on targets and what could not be converted."""

from importer.mapping.declaring import Declaration, Declared, declare_in, declare_text
from importer.mapping.expected import NOTHING_STATED, Differences, Found, differences
from importer.mapping.findings import in_file_order, render, render_findings
from importer.mapping.fitted import Fitted
from importer.mapping.loading import Examined, examine, load
from importer.mapping.mapping import Mapping
from importer.mapping.model import RowTest
from importer.mapping.recording import recorded
from importer.mapping.schema import editor_comment, schema_text
from importer.mapping.tested import place_of_test
from importer.mapping.watching import Watch

__all__ = [
    "NOTHING_STATED",
    "Declaration",
    "Declared",
    "Differences",
    "Examined",
    "Fitted",
    "Found",
    "Mapping",
    "RowTest",
    "Watch",
    "declare_in",
    "declare_text",
    "differences",
    "editor_comment",
    "examine",
    "in_file_order",
    "load",
    "place_of_test",
    "recorded",
    "render",
    "render_findings",
    "schema_text",
]
