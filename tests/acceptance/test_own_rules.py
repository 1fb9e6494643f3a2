"""Checks, rules and a schema of one's own, with the real command: every failure is a row with its number, masked."""

from __future__ import annotations

import csv
import json

import pytest

pytestmark = pytest.mark.long  # many commands, one after the other

MAPPING = """\
version: 1
name: rules
sheet: {blanks: ["", "NULL"]}
lookup:
  source: INSTORE
  identifiers: [externalId: Code]
profile: {firstName: Name}
check:
  Name: {required: true}
  Points: {min: 0, max: 100}
rules:
  - name: tier-needs-expiry
    when: {column: Tier, blank: false}
    require: [Until]
schema: SCHEMA
"""
SHEET = """\
Code,Name,Points,Tier,Until
AB1,Anna,5,,
AB2,NULL,500,,
ZZ0000000003,Sigourney,5,Gold,NULL
AB4,Ravi,5,Gold,2026
AB4,Ravi,5,,
"""
PYTHON = """\
import pandera.pandas as pa

class Customers(pa.DataFrameModel):
    Code: str = pa.Field(str_startswith="AB", unique=True)
    Name: str

    @pa.check("Name", name="no_movie_stars")
    def nobody_famous(cls, cells):
        return cells != "Sigourney"
"""
YAML = """\
columns:
  Code: {dtype: str, unique: true, checks: {str_startswith: AB}}
  Name: {dtype: str, checks: {notin: [Sigourney]}}
"""


@pytest.mark.parametrize(("name", "content"), [("own_rules:Customers", PYTHON), ("own_rules.yaml", YAML)])
def test_every_failure_comes_back_as_a_row_and_no_cell_is_printed(importer, tmp_path, name, content):
    (tmp_path / "mapping.yaml").write_text(MAPPING.replace("SCHEMA", name), "utf-8")
    (tmp_path / (name if name.endswith(".yaml") else "own_rules.py")).write_text(content, "utf-8")
    (tmp_path / "customers.csv").write_text(SHEET, "utf-8")
    result = importer("plan", "customers.csv", "-m", "mapping.yaml")
    assert result.returncode == 1, result.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert summary["problems"] == {
        "not-unique": 2, "own-check": 2, "required-blank": 1, "rule-broken": 1, "too-large": 1,
    }  # fmt: skip
    causes = {(one["slug"], one["column"]): one for one in summary["causes"]}
    assert causes["not-unique", "Code"]["rows"] == 2
    assert causes["not-unique", "Code"]["first"] == [[0, 5], [0, 6]]
    assert {one["example"] for one in causes.values()} <= {"", "…", "ZZ…0003"}
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        assert [line["status"] for line in csv.DictReader(file)] == ["planned", *["invalid"] * 4]
    shown = result.stdout + result.stderr + json.dumps(summary)
    assert "Sigourney" not in shown
    assert "ZZ0000000003" not in shown
    assert "rule of the mapping is broken: tier-needs-expiry" in result.stdout


def test_a_schema_that_cannot_judge_is_refused_before_anything_is_sent(importer, tmp_path):
    broken = PYTHON.replace('cells != "Sigourney"', "cells.nunique() > 1")
    (tmp_path / "own_rules.py").write_text(broken, "utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING.replace("SCHEMA", "own_rules:Customers"), "utf-8")
    (tmp_path / "customers.csv").write_text(SHEET, "utf-8")
    result = importer("run", "customers.csv", "-m", "mapping.yaml", "--to", "emulator")
    assert result.returncode == 2
    assert "no_movie_stars gives one answer for many rows" in result.stderr
    assert "Sigourney" not in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_a_resumed_run_tells_the_causes_of_its_plan(importer, emulator, tmp_path):
    (tmp_path / "own_rules.yaml").write_text(YAML, "utf-8")
    (tmp_path / "mapping.yaml").write_text(
        MAPPING.replace("SCHEMA", "own_rules.yaml") + "guards: {max_invalid: 100%}\n", "utf-8"
    )
    (tmp_path / "customers.csv").write_text(SHEET, "utf-8")
    emulator.configure(access="denied")
    credentials = {"IMPORTER_TILL": emulator.config.till, "IMPORTER_PASSWORD": emulator.config.password}
    stopped = importer("run", "customers.csv", "-m", "mapping.yaml", "--to", emulator.url, "--yes", **credentials)
    assert stopped.returncode == 3, stopped.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    before = json.loads((folder / "summary.json").read_text("utf-8"))["causes"]
    emulator.configure(access="granted")
    resumed = importer("resume", str(folder), **credentials)
    assert resumed.returncode == 1, resumed.stderr
    assert json.loads((folder / "summary.json").read_text("utf-8"))["causes"] == before
    assert len(before) == 6
