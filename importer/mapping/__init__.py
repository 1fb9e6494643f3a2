"""Room 2 of 8, mapping: takes rows of text, hands on targets and what could not be converted."""

from importer.mapping.findings import render
from importer.mapping.fitted import Fitted
from importer.mapping.loading import Examined, examine, load
from importer.mapping.mapping import Mapping
from importer.mapping.schema import schema_text

__all__ = ["Examined", "Fitted", "Mapping", "examine", "load", "render", "schema_text"]
