"""Bulk import of customer sheets into Capillary: every row ends in exactly one truthful outcome."""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["__version__"]

try:
    __version__ = version("importer")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0+unknown"
