"""What users of importers suffer from while rows are delivered, and afterwards: the numbers are those of the complaints.

The real command, with a Capillary in this process as the witness of what really happened.
"""

from __future__ import annotations

import csv
import json
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from importer.emulator import Fault

SETTING = """\
version: 1
name: complaints
lookup: {source: INSTORE, identifiers: [{externalId: Code}]}
profile: {firstName: Name}
"""
POINTS = "loyaltyProgramEnrollments: [{programId: 973, loyaltyPoints: {column: Points, convert: [integer]}}]\n"


@pytest.fixture
def deliver(importer, emulator, tmp_path: Path):
    """Runs `importer COMMAND … ` against the emulator; `sheet` and `mapping` are written first."""

    def run(*command: str, sheet: str = "", mapping: str = ""):
        if sheet:
            (tmp_path / "rows.csv").write_text(sheet, "utf-8")
        if mapping:
            (tmp_path / "mapping.yaml").write_text(mapping, "utf-8")
        if command[0] == "run":
            command = (*command, "-m", "mapping.yaml", "--to", emulator.url, "--rate", "500/s", "--concurrency", "8")
        return importer(
            *command, "--yes", "--no-progress",
            IMPORTER_TILL=emulator.config.till, IMPORTER_PASSWORD=emulator.config.password,
        )  # fmt: skip

    return run


def last_run(folder: Path) -> Path:
    return max((folder / "runs").iterdir())  # their names begin with the time


def results(folder: Path) -> list[dict[str, str]]:
    with (last_run(folder) / "results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def states(folder: Path) -> list[str]:
    return [line["status"] for line in results(folder)]


def test_18_one_bad_row_neither_blocks_the_others_nor_repeats_for_ever(deliver, emulator, tmp_path: Path):
    """One is refused, one is always busy; both end, after a bounded number of attempts, and their customers' next rows go."""
    emulator.script(
        Fault(kind="error", code=8015, values=("C1",), times=1), Fault(kind="error", code=521, values=("C2",), times=6)
    )
    rows = "".join(f"C{number},Ann\n" for number in [1, 2, 1, 2, *range(3, 60)])
    ran = deliver("run", "rows.csv", sheet="Code,Name\n" + rows, mapping=SETTING)
    assert ran.returncode == 1, ran.stderr
    assert Counter(states(tmp_path)) == {"updated": 59, "rejected": 1, "failed": 1}
    attempts = {line["row"]: int(line["attempts"]) for line in results(tmp_path)}
    assert attempts["2"] == 1, "what is refused is not repeated"
    assert attempts["3"] == 6, "what is busy is given up"
    assert len(emulator.record.updates()) == 1 + 6 + 59


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
@pytest.mark.parametrize("stage", ["adding"], indirect=True)
def test_19_resuming_sends_exactly_what_is_left_although_answers_came_out_of_order(stage):
    """An offset would repeat or lose rows; the journal knows each one."""
    child = stage.start(*stage.run_command)
    assert stage.until(child, lambda: stage.received() >= stage.rows // 3)
    stage.kill(child, signal.SIGTERM)
    assert child.wait(stage.deadline_s) == 143, stage.said()
    assert stage.complete(*stage.resume_command) == 0, stage.said()
    arrived = Counter(json.loads(one.body)["profiles"][0]["fields"]["seq"] for one in stage.emulator.record.updates())
    assert arrived == dict.fromkeys(map(str, range(2, stage.rows + 2)), 1)


def test_20_a_lost_answer_is_never_blindly_repeated_where_that_harms(deliver, emulator, tmp_path: Path):
    """A row that adds ends as unknown, also in a retry and in its repaired rejects, until somebody takes the risk."""
    emulator.script(Fault(kind="drop", after_write=True, values=("C1",), times=1))
    sheet = "Code,Name,Points\nC1,Ann,10\nC2,Ben,20\n"
    assert deliver("run", "rows.csv", sheet=sheet, mapping=SETTING + POINTS).returncode == 1
    assert states(tmp_path) == ["unknown", "updated"]
    run = last_run(tmp_path)
    again = deliver("run", str(run / "rejects.csv"))
    assert (again.returncode, states(tmp_path)) == (1, ["unknown"])
    assert deliver("retry", str(run)).returncode == 0
    assert states(tmp_path) == ["skipped", "skipped"]
    assert "--unknown" in results(tmp_path)[0]["message"]
    assert emulator.statistics().double_credits == 0
    assert deliver("retry", str(run), "--unknown").returncode == 0
    assert states(tmp_path) == ["updated", "skipped"]
    assert emulator.statistics().double_credits == 1, "that is what the option consents to"


def test_21_rows_of_one_customer_never_race(deliver, emulator, tmp_path: Path):
    """Eight requests at a time, answers in any order: no two of one customer on their way, the last row wins."""
    emulator.configure(sequence_field="seq")
    emulator.script(Fault(kind="delay", seconds=0.01, distribution="uniform"))
    mapping = SETTING.replace("{firstName: Name}", "{firstName: Name, fields: {seq: $row}}")
    mapping += "declare: {fields: {seq: {type: string}}}\n"
    rows = "".join(f"C{number % 7},N{number}\n" for number in range(120))
    ran = deliver("run", "rows.csv", sheet="Code,Name\n" + rows, mapping=mapping)
    assert ran.returncode == 0, ran.stderr
    counted = emulator.statistics()
    assert (counted.overlaps, counted.reorderings) == (0, 0)
    assert counted.in_flight_most > 1, "they did go side by side"
    held = {one.value: json.loads(one.body)["profiles"][0]["firstName"] for one in emulator.record.updates()}
    assert held == {f"C{number % 7}": f"N{number}" for number in range(113, 120)}


def test_23_results_and_rejects_tell_each_row_what_happened_to_it(deliver, emulator, tmp_path: Path):
    """Every line is held against what was received; answers come out of order, the files are in the order of the sheet."""
    bad = {f"C{number}" for number in range(0, 90, 3)}
    emulator.script(
        Fault(kind="delay", seconds=0.01, distribution="uniform"),
        Fault(kind="error", code=8015, values=tuple(sorted(bad))),
    )
    names = {f"C{number}": f"Name {number}" for number in range(90)}
    sheet = "Code,Name\n" + "".join(f"{code},{name}\n" for code, name in names.items())
    ran = deliver("run", "rows.csv", "--accept", "max_rejected", sheet=sheet, mapping=SETTING)
    assert ran.returncode == 1, ran.stderr
    told = results(tmp_path)
    assert [(line["row"], line["identifier_value"]) for line in told] == [
        (str(row), code) for row, code in enumerate(names, start=2)
    ]
    applied = {one.value for one in emulator.record.updates() if one.applied}
    assert {line["identifier_value"] for line in told if line["status"] == "updated"} == applied == set(names) - bad
    with (last_run(tmp_path) / "rejects.csv").open(encoding="utf-8", newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [(one["Code"], one["Name"]) for one in rejects] == [(code, names[code]) for code in names if code in bad]
    rows = {line["identifier_value"]: line["row"] for line in told}
    assert all(one["importer_row"] == rows[one["Code"]] for one in rejects)


@pytest.mark.long
def test_24_repaired_rejects_go_straight_back(deliver, emulator, tmp_path: Path):
    """… with the columns that were added to them; the new run knows the old one, and sends nothing twice."""
    sheet = "Code,Name,Points\nC1,Ann,10\nC2,Ben,oops\nC3,Cho,30\n"
    mapping = SETTING + POINTS + "guards: {max_invalid: 100%}\n"
    assert deliver("run", "rows.csv", sheet=sheet, mapping=mapping).returncode == 1
    run = last_run(tmp_path)
    (tmp_path / "mended.csv").write_text((run / "rejects.csv").read_text("utf-8").replace("oops", "20"), "utf-8")
    assert deliver("run", "mended.csv").returncode == 0
    assert states(tmp_path) == ["updated"]
    assert [one.value for one in emulator.record.updates()] == ["C1", "C3", "C2"]
    assert deliver("run", "mended.csv").returncode == 0
    assert states(tmp_path) == ["skipped"]
    assert len(emulator.record.updates()) == 3


EXITS = [
    # faults, sheet, exit code
    ([], "Code,Name\nC1,Ann\n", 0),  # all well
    ([Fault(kind="error", code=8015)], "Code,Name\nC1,Ann\n", 1),  # refused
    ([Fault(kind="warning", code=1017)], "Code,Name\nC1,Ann\n", 1),  # accepted, and part of it dropped
    pytest.param([Fault(kind="error", code=521)], "Code,Name\nC1,Ann\n", 1, marks=pytest.mark.long),  # given up
    ([], "Code,Name\n,Ann\n", 1),  # invalid
    ([], "Code,Nmae\nC1,Ann\n", 2),  # a column is missing
    ([Fault(kind="unauthorised")], "Code,Name\nC1,Ann\n", 3),  # credentials refused
]


@pytest.mark.parametrize(("faults", "sheet", "code"), EXITS)
def test_26_the_exit_code_is_0_only_where_every_row_ended_well(deliver, emulator, tmp_path: Path, faults, sheet, code):
    emulator.script(*faults)
    ran = deliver("run", "rows.csv", sheet=sheet, mapping=SETTING)
    assert ran.returncode == code, ran.stderr
    if code != 2:
        summary = json.loads((last_run(tmp_path) / "summary.json").read_text("utf-8"))
        assert summary["exit_code"] == code
        assert summary["rows_read"] == sum(summary["counts"].values())
