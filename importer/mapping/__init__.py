"""Room 2 of 8, mapping: takes rows of text, hands on targets and what could not be converted."""

from importer.mapping.findings import render
from importer.mapping.fitted import Fitted
from importer.mapping.mapping import Mapping, load
from importer.mapping.schema import schema_text

__all__ = ["Fitted", "Mapping", "load", "render", "schema_text"]
