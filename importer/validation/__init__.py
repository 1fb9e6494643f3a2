"""Room 3 of 8, validation: takes mapped rows, hands on sound rows and problems.

Two pandera schemas, one on the sheet's columns and one on the values to be sent, are derived from the mapping
and the catalog; a schema of the user's own may run beside them. Nothing is coerced or corrected here.
"""

from __future__ import annotations

from importer.validation.causes import gather
from importer.validation.judge import Judge

__all__ = ["Judge", "gather"]
