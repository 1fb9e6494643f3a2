"""Room 4 of 8, payload: takes sound rows, hands on nested bodies as bytes."""

from __future__ import annotations

from importer.payload.assembler import Assembler

__all__ = ["Assembler"]
