"""Whoever speaks with the user while a run goes through its passes."""

from __future__ import annotations

from typing import Protocol

from importer.delivery import Observer
from importer.mapping import Mapping
from importer.planning import Plan
from importer.run.canary import Canary


class Talk(Protocol):
    """Whoever speaks with the user."""

    def reading(self, rows: int) -> None:
        """The first pass has read so many rows."""

    def planned(self, plan: Plan, mapping: Mapping) -> None:
        """The first pass is over. Raises WrongUse or Stopped where the user does not want to send."""

    def watching(self, rows: int) -> Observer:
        """Requests are about to leave: who is told of each outcome."""

    def canary(self, canary: Canary) -> bool | None:
        """The rows that went ahead are back: whether the others should follow; None where nobody can be asked."""
