"""Whatever shares what with whom, and whatever goes wrong: no two requests of a customer race, none overtakes another.

Hypothesis makes the sheets and the fault scripts; the emulator, which knows customers and not lanes, is the witness.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from importer import run as corridor
from importer.emulator import Emulator, EmulatorConfig, Fault
from importer.settings import Secret, TargetSystem

spec = importlib.util.spec_from_file_location("staged_faults", Path(__file__).with_name("faults.py"))
staged = importlib.util.module_from_spec(spec)
sys.modules["staged_faults"] = staged  # its dataclasses look themselves up there
spec.loader.exec_module(staged)

MAPPING = """\
version: 1
name: lanes
lookup:
  source: INSTORE
  identifiers:
    - mobile: Mobile
    - externalId: Code
profile:
  fields: {seq: $row}
  identifiers:
    - {type: email, value: Mail}
declare: {fields: {seq: {type: string}}}
"""
CREDITS = "loyaltyProgramEnrollments:\n  - {programId: 973, loyaltyPoints: 10}\n"

person = st.integers(0, 5)
row = st.tuples(st.none() | person, person, st.none() | person).map(  # mobile, external id, e-mail, each of few people
    lambda who: (
        "" if who[0] is None else f"91900000000{who[0]}",
        f"CODE{who[1]}",
        "" if who[2] is None else f"p{who[2]}@example.com",
    )
)
# None after which a request that its client has given up is written later: nobody could keep that one in order.
fault = st.one_of(
    st.builds(dict, kind=st.just("status"), status=st.sampled_from([500, 502, 504, 520]), after_write=st.booleans()),
    st.builds(dict, kind=st.just("status"), status=st.sampled_from([429, 461, 503, 521])),
    st.builds(dict, kind=st.sampled_from(["drop", "truncated", "malformed", "empty"]), after_write=st.booleans()),
    st.builds(dict, kind=st.just("error"), code=st.sampled_from([521, 4001, 8015])),
)
when = st.one_of(
    st.builds(dict, share=st.sampled_from([0.05, 0.15])),
    st.builds(dict, attempts=st.just((1,)), every=st.integers(2, 6)),
    st.builds(dict, nth=st.lists(st.integers(1, 30), min_size=1, max_size=4, unique=True).map(tuple)),
)
script = st.lists(st.builds(lambda what, at: Fault(**what, **at), fault, when), max_size=4)
SLOW = tuple(
    Fault(kind="delay", seconds=0.004, distribution="uniform", after_write=after) for after in (False, True)
)  # so that requests are in flight together


def deliver(rows, faults, seed, folder: Path, *, adds: bool) -> None:
    """Run the sheet against the script, and hold what came of it against what the emulator saw."""
    sheet, mapping = folder / "rows.csv", folder / "mapping.yaml"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("Mobile", "Code", "Mail"), *rows])
    mapping.write_text(MAPPING + (CREDITS if adds else ""))
    config = EmulatorConfig(faults=(*SLOW, *faults), seed=seed, sequence_field="seq")
    with Emulator(config) as emulator, staged.impatient():
        target = TargetSystem("local", emulator.url, till=config.till, password=Secret(config.password))
        order = corridor.Order(
            "run", (str(sheet),), mapping, folder / "runs", target, accept=("max_merged", "max_rejected"),
            sending=corridor.Sending(rate=2_000.0, concurrency=8),
        )  # fmt: skip
        summary = corridor.run(order, target, staged.Silent())
        counted, updates = emulator.statistics(), emulator.record.updates()
    assert summary.stopped == ""
    assert sum(summary.counts.values()) == summary.rows_read == len(rows)
    assert (counted.overlaps, counted.reorderings, counted.double_credits) == (0, 0, 0)
    applied: Counter[int] = Counter()
    for one in updates:
        applied[int(json.loads(one.body)["profiles"][0]["fields"]["seq"])] += one.applied
    with (Path(summary.folder) / "results.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            times, status = applied[int(line["row"])], line["status"]
            if status in {"updated", "updated_with_warnings", "partial"}:
                assert times >= 1, line
            elif status != "unknown":
                assert times == 0, line
            assert times <= 1 or not adds, line


# Each example is a whole run: a failing one is told as it is, not searched for a smaller one for minutes.
WHOLE_RUNS = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.reuse, Phase.generate]
)


@settings(WHOLE_RUNS, max_examples=12)
@given(st.lists(row, min_size=2, max_size=30), script, st.integers(0, 99), st.booleans())
def test_nothing_races_or_overtakes(rows, faults, seed, adds):
    with tempfile.TemporaryDirectory() as folder:
        deliver(rows, faults, seed, Path(folder), adds=adds)


@pytest.mark.long
@settings(WHOLE_RUNS, max_examples=200)
@given(st.lists(row, min_size=2, max_size=60), script, st.integers(0, 99), st.booleans())
def test_nothing_races_or_overtakes_in_many_more_files(rows, faults, seed, adds):
    with tempfile.TemporaryDirectory() as folder:
        deliver(rows, faults, seed, Path(folder), adds=adds)
