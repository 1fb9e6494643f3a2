"""A probe tells which customers exist before anything is sent; it only ever asks, and shows nobody's data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from importer.emulator import Emulator, EmulatorConfig, Fault

MAPPING = """\
version: 1
name: probe
lookup:
  source: INSTORE
  identifiers:
    - mobile: {column: Mobile, convert: [{phone: IN}]}
    - externalId: Code
profile: {firstName: Name}
"""
ROWS = 400  # every fourth without a mobile; row 3 is invalid


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    lines = [
        f"{'' if number % 4 == 0 else 12 if number == 1 else 9_000_000_000 + number},CUSTOMER{number:05},Anna"
        for number in range(ROWS)
    ]
    path = tmp_path / "customers.csv"
    path.write_text("\n".join(["Mobile,Code,Name", *lines, ""]))
    return path


@pytest.fixture
def capillary():
    """Knows the mobiles, and none of the external ids."""
    with Emulator(EmulatorConfig(population="seeded")) as emulator:
        emulator.seed([{"mobile": f"91{9_000_000_000 + number}"} for number in range(ROWS)])
        yield emulator


def probe(importer, emulator, *more, **environment):
    signed = {"IMPORTER_TILL": emulator.config.till, "IMPORTER_PASSWORD": emulator.config.password}
    return importer(
        "probe", "customers.csv", "-m", "mapping.yaml", "--to", emulator.url, "--rate", "500/s", *more,
        **(signed | environment),
    )  # fmt: skip


def test_it_tells_which_identifiers_fail_and_what_to_do(importer, sheet, capillary):
    """Exit 1: some do not exist. Nothing but GET was sent, spread over the sheet, each customer once."""
    ran = probe(importer, capillary, "-n", "40")
    assert ran.returncode == 1, ran.stderr
    lines = ran.stdout.splitlines()
    received = capillary.record.requests()
    exist = sum(one.status == 200 and one.code == 0 for one in received)
    assert 22 <= exist <= 38  # three of four
    assert lines[0] == (
        f"{exist} of 40 customers exist on {capillary.url} (looked up with GET, spread over 399 of 400 rows; "
        "nothing was changed)."
    )
    assert f"  mobile            {exist}        {exist}         0         0" in lines
    assert f"  externalId        {40 - exist:>2}         0        {40 - exist:>2}         0" in lines
    assert "register the customer first" in ran.stdout
    assert exist == sum(one.name == "mobile" for one in received)
    assert {one.method for one in received} == {"GET"}
    assert len({one.value for one in received}) == len(received) == 40
    assert capillary.statistics().applied == 0
    numbers = sorted(int(one.value[-5:]) for one in received)
    assert numbers[0] < 20
    assert numbers[-1] > ROWS - 20
    assert not (sheet.parent / "runs").exists()


def test_what_it_shows_is_masked(importer, sheet, capillary):
    for more in ((), ("--json",)):
        ran = probe(importer, capillary, "-n", "40", *more)
        assert "CUSTOMER00" not in ran.stdout + ran.stderr
        assert "CU…0" in ran.stdout


def test_a_machine_reads_one_object(importer, sheet, capillary):
    found = json.loads(probe(importer, capillary, "-n", "40", "--json").stdout)
    missing = found["missing"]
    assert found["asked"] == 40 == found["exist"] + missing
    assert found["by_identifier"]["externalId"] == {"asked": missing, "exist": 0, "missing": missing, "no_answer": 0}
    assert found["codes"] == {"8015": missing}
    assert found["exit_code"] == 1
    assert len(found["missing_rows"]) == missing > 0


def test_where_everybody_exists_it_ends_with_0(importer, sheet):
    with Emulator(EmulatorConfig(faults=(Fault(kind="status", status=502, share=0.2, route="lookup"),))) as emulator:
        ran = probe(importer, emulator, "-n", "30")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert ran.stdout.startswith("30 of 30 customers exist")
        assert emulator.statistics().requests > 30  # a gateway's error is asked again


def test_wrong_credentials_stop_it(importer, sheet, capillary):
    """Exit 3, and no word of resuming what keeps nothing."""
    ran = probe(importer, capillary, IMPORTER_PASSWORD="wrong")
    assert ran.returncode == 3
    assert "refused the credentials" in ran.stderr
    assert "probe again" in ran.stderr
    assert "resume" not in ran.stderr
    assert "no answer" in ran.stdout


def test_a_sheet_of_which_nothing_would_be_sent_has_nobody_to_ask_about(importer, sheet, capillary):
    sheet.write_text("Mobile,Code,Name\n12,,Anna\n")
    ran = probe(importer, capillary)
    assert ran.returncode == 2
    assert "nobody to ask about" in ran.stderr
    assert capillary.statistics().requests == 0
