"""A token that ends in the middle of a run costs nothing but a call for a new one, once for all workers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from importer.emulator import Emulator, EmulatorConfig

ROWS = 200
MAPPING = """\
version: 1
name: tokens
lookup: {source: INSTORE, identifiers: [{externalId: Code}]}
profile: {firstName: Name}
loyaltyProgramEnrollments:
  - programId: 973
    loyaltyPoints: {constant: 10}
"""


@pytest.mark.parametrize("expired_status", [498, pytest.param(401, marks=pytest.mark.long)])
def test_27_a_token_that_ends_in_mid_run_costs_no_row(importer, tmp_path: Path, expired_status: int):
    """Tokens live for a second, the run for five; every row is credited once, and few requests meet an old token."""
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    (tmp_path / "rows.csv").write_text("\n".join(["Code,Name", *(f"C{row:05},Anna" for row in range(ROWS)), ""]))
    with Emulator(EmulatorConfig(auth="oauth", token_ttl_s=1, expired_status=expired_status)) as emulator:
        config = emulator.config
        ran = importer(
            "run", "rows.csv", "-m", "mapping.yaml", "--to", emulator.url, "--yes", "--rate", "40/s", "--json",
            IMPORTER_CLIENT_KEY=config.client_key, IMPORTER_CLIENT_SECRET=config.client_secret,
        )  # fmt: skip
        counted = emulator.statistics()
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["counts"]["updated"] == ROWS
    assert counted.points == 10 * ROWS
    assert counted.double_credits == 0
    assert 5 <= counted.tokens <= 12
    assert counted.by_status.get(str(expired_status), 0) <= ROWS // 20


def test_27_tokens_that_all_end_at_once_are_renewed_once_for_all(importer, tmp_path: Path):
    """Somebody revokes them while sixteen requests are on their way."""
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    (tmp_path / "rows.csv").write_text("\n".join(["Code,Name", *(f"C{row:05},Anna" for row in range(ROWS)), ""]))
    with Emulator(EmulatorConfig(auth="oauth", faults=[{"kind": "token-expired", "nth": [100]}])) as emulator:
        config = emulator.config
        ran = importer(
            "run", "rows.csv", "-m", "mapping.yaml", "--to", emulator.url, "--yes", "--rate", "200/s", "--json",
            IMPORTER_CLIENT_KEY=config.client_key, IMPORTER_CLIENT_SECRET=config.client_secret,
        )  # fmt: skip
        counted = emulator.statistics()
    assert ran.returncode == 0, ran.stderr
    assert counted.tokens == 2
    assert counted.double_credits == 0
    assert counted.applied == ROWS
