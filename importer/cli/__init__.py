"""The front door: one file per command; results to standard output, talk and progress to standard error."""

from importer.cli.app import main

__all__ = ["main"]
