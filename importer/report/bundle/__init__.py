"""What may be handed to somebody who helps: rows of the same shape with nothing of the original in them."""

from importer.report.bundle.pack import BundleRow, pack
from importer.report.bundle.stand_ins import StandIns
from importer.report.bundle.workbook import workbook

__all__ = ["BundleRow", "StandIns", "pack", "workbook"]
