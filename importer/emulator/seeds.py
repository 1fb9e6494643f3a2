"""Customers to begin with, read from a file or a posted text: JSON, JSON lines or CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import orjson

TABLES = frozenset({"fields", "extendedFields", "programs"})  # a JSON object, also in a cell of CSV


def read_seed_file(path: Path) -> list[dict[str, Any]]:
    """Customers as plain data. Raises ValueError that names the file."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise ValueError(message) from error
    try:
        return read_seeds(text)
    except ValueError as error:
        message = f"{path}: {error}"
        raise ValueError(message) from error


def read_seeds(text: str) -> list[dict[str, Any]]:
    """A JSON list, an object with `customers`, JSON lines, or CSV with a header. Raises ValueError."""
    text = text.strip()
    if text.startswith("["):
        customers = orjson.loads(text)
    elif text.startswith("{") and "\n{" in text:
        customers = [orjson.loads(line) for line in text.splitlines() if line.strip()]
    elif text.startswith("{"):
        read = orjson.loads(text)
        customers = read.get("customers", [read])
    else:
        rows = csv.DictReader(io.StringIO(text, newline=""))
        customers = [
            {key: orjson.loads(cell) if key in TABLES else cell for key, cell in row.items() if cell} for row in rows
        ]
    if not isinstance(customers, list) or not all(isinstance(one, dict) for one in customers):
        message = "expected a list of customers"
        raise ValueError(message)
    return customers
