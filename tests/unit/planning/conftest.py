"""Prepared rows, made by hand."""

from __future__ import annotations

import pytest

from importer.endpoint import Lookup, Prepared


@pytest.fixture
def prepared():
    """Makes a row about the customer `of` (type, value), which also holds the identifiers `adds`."""

    def make(row: int, of=("mobile", "919876543210"), adds=(), *, source="INSTORE", account="", body=b"{}"):
        lookup = Lookup(source, *of, account_id=account)
        return Prepared(row, lookup, body, adds=False, keys=(of, *adds))

    return make
