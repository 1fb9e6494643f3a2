"""`same_customer`: what the policies make of several rows of one customer, seen from the service's side."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

MAPPING = """
version: 1
name: same
lookup: {{source: INSTORE, identifiers: [{{externalId: Code}}]}}
profile: {{firstName: First, lastName: Last}}
extendedFields: {{city: City}}
declare: {{extendedFields: {{city: {{type: string}}}}}}
rows: {{same_customer: {policy}}}
"""
SHEET = "Code,First,Last,City\nA1,Ann,,Pune\nB1,Bob,Muster,\nA1,,Muster,\nA1,Anna,,\n"

CASES = [
    # policy, states of the four rows, names that the service holds for A1 afterwards
    ("in-order", ["updated"] * 4, ("Anna", "Muster", "Pune"), 4),
    ("last-wins", ["superseded", "updated", "superseded", "updated"], ("Anna", "", ""), 2),
    ("merge", ["superseded", "updated", "superseded", "updated"], ("Anna", "Muster", "Pune"), 2),
    ("reject", ["invalid", "updated", "invalid", "invalid"], ("", "", ""), 1),
]


@pytest.mark.parametrize(("policy", "states", "held", "sent"), CASES)
def test_each_policy_ends_every_row_and_sends_what_it_promises(
    importer, emulator, tmp_path: Path, policy, states, held, sent
):
    (tmp_path / "mapping.yaml").write_text(MAPPING.format(policy=policy))
    (tmp_path / "rows.csv").write_text(SHEET)
    ran = importer(
        "run", "rows.csv", "-m", "mapping.yaml", "--to", emulator.url, "--yes", "--accept", "max_invalid=100%",
        IMPORTER_TILL=emulator.config.till, IMPORTER_PASSWORD=emulator.config.password,
    )  # fmt: skip
    assert ran.returncode == (1 if "invalid" in states else 0), ran.stderr
    (results,) = tmp_path.glob("runs/*/results.csv")
    with results.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["status"] for line in lines] == states
    bodies = [json.loads(one.body) for one in emulator.record.updates()]
    assert len(bodies) == sent
    told = {}
    for body in bodies:
        profile = body["profiles"][0] if body.get("profiles") else {}
        if profile.get("firstName") == "Bob":
            continue
        told |= {key: value for key, value in profile.items() if key in {"firstName", "lastName"}}
        told |= body.get("extendedFields", {})
    assert (told.get("firstName", ""), told.get("lastName", ""), told.get("city", "")) == held
    if "superseded" in states:
        assert "row 5" in next(line["message"] for line in lines if line["status"] == "superseded")
