"""Rejects that come back: recognised, linked to their run, and nothing sent twice."""

from __future__ import annotations

import csv
import io
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors import RunError, WrongUse
from importer.journal import Journal
from importer.records import RowId
from importer.rejects import ADDED, guard, read_mark, row_mark, unguard


@given(st.text(alphabet=st.sampled_from("=+-@\t\r'a1 "), max_size=5) | st.text(max_size=20))
def test_taking_off_what_the_guard_put_in_front_gives_the_cell_back(cell: str):
    assert unguard(guard(cell)) == cell
    assert not guard(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.integers(0, 900), st.integers(1, 10_000_000))
def test_the_mark_of_a_row_reads_back(sheet: int, row: int):
    assert read_mark(row_mark(RowId(sheet, row))) == RowId(sheet, row)


@pytest.mark.parametrize("cell", ["", "x", "1.5", "17 of sheet", "0x10", "-3", "１７"])
def test_what_is_no_mark_names_no_row(cell: str):
    assert read_mark(cell) is None


@pytest.fixture
def mixed(house):
    """A run of rows that add, of which the second was refused, the third lost its answer, the fourth was busy."""
    house.write("four.csv", house.sheet)
    house.strike(house.refused("C2"), house.lost("C3"), house.down("C4"))
    run = house.run("four.csv", house.adding)
    assert house.states(run) == "updated rejected unknown failed"
    house.strike()
    return run


def repaired(house, run, change=lambda row: row, name="repaired.csv") -> str:
    """The run's rejects with each row changed, as a sheet in the folder."""
    with (run / "rejects.csv").open(encoding="utf-8", newline="") as file:
        rows = [change(row) for row in csv.DictReader(file)]
    written = io.StringIO()
    writer = csv.DictWriter(written, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    house.write(name, written.getvalue())
    return name


def test_repaired_rows_are_sent_and_adding_ones_in_doubt_are_held(house, mixed):
    again = house.run(repaired(house, mixed), house.adding)
    assert house.states(again) == "updated unknown updated"
    message = house.results(again)[3]["message"]
    assert f"row 4 of {mixed.name} was perhaps applied" in message
    assert "--unknown" in message
    assert house.emulator.statistics().double_credits == 0
    assert house.summary.exit_code == 1


def test_with_consent_the_rows_in_doubt_are_sent(house, mixed):
    assert house.states(house.run(repaired(house, mixed), house.adding, unknown=True)) == "updated updated updated"
    assert house.emulator.statistics().double_credits == 1


@pytest.mark.parametrize("mapping", ["setting", "adding"])
def test_the_same_repaired_file_twice_sends_nothing_twice(house, mapping):
    """Whether it sets or adds: what was accepted since is skipped, and says so."""
    text = getattr(house, mapping)
    house.write("four.csv", house.sheet)
    house.strike(house.refused("C2"))
    run = house.run("four.csv", text)
    house.strike()
    name = repaired(house, run)
    first = house.run(name, text)
    sent = len(house.applied())
    second = house.run(name, text)
    assert (house.states(first), house.states(second)) == ("updated", "skipped")
    assert len(house.applied()) == sent
    assert f"row 3 of {run.name} was accepted since, in {first.name}" in house.results(second)[2]["message"]
    assert house.states(house.run(name, text, full=True)) == ("updated" if mapping == "setting" else "skipped")


def test_rejects_of_rejects_know_the_first_run(house, mixed):
    """Only what is still wrong comes back, and it is told apart from what a second round has accepted."""
    house.strike(house.refused("C2"))
    again = house.run(repaired(house, mixed), house.adding)
    assert house.states(again) == "rejected unknown updated"
    house.strike()
    header = (again / "rejects.csv").read_text("utf-8").splitlines()[0].split(",")
    assert [header.count(name) for name in ADDED] == [1] * len(ADDED)
    third = house.run(repaired(house, again, name="again.csv"), house.adding)
    assert house.states(third) == "updated unknown"
    assert house.states(house.run("repaired.csv", house.adding)) == "skipped unknown skipped"
    with Journal.open(third, read_only=True) as journal:
        assert (journal.facts["repairs"], journal.facts["root"]) == (again.name, mixed.name)


def test_a_row_that_a_later_one_has_overtaken_is_passed_over(house):
    """By lane where it was sent, by its identifier where it never was or has another one now."""
    house.write("lane.csv", "Code,Name,Points\nC1,Old,1\nC1,New,2\nC2,Ben,oops\nC2,Bob,3\nX0404,Cy,1\nC3,Cho,1\n")
    house.strike(house.refused("C1").model_copy(update={"attempts": (1,)}))
    run = house.run("lane.csv", house.adding + "guards: {max_invalid: 100%}\n")
    assert house.states(run) == "rejected updated invalid updated rejected updated"
    house.strike()

    def mend(row: dict[str, str]) -> dict[str, str]:
        return row | {"Points": "4", "Code": row["Code"].replace("X0404", "C3")}

    again = house.run(repaired(house, run, mend), house.adding)
    assert house.states(again) == "superseded superseded superseded"
    assert [line["message"].split(" is newer")[0] for line in house.results(again).values()] == [
        f"row {row} of {run.name}" for row in (3, 5, 7)
    ]
    assert house.summary.exit_code == 0
    assert house.states(house.run("repaired.csv", house.adding, older_too=True)) == "updated updated updated"


def test_rows_that_were_added_to_the_file_are_new_rows(house, mixed):
    """Both columns blank: they were never in that run."""
    name = repaired(house, mixed)
    with (house.folder / name).open("a", encoding="utf-8") as file:
        file.write("C9,New,90" + "," * len(ADDED) + "\n")
    assert house.states(house.run(name, house.adding)) == "updated unknown updated updated"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"importer_row": "99"}, "never had such a row"),
        ({"importer_row": "three"}, "says 'three'"),
        ({"importer_run": ""}, "says ''"),
    ],
)
def test_columns_that_were_tampered_with_are_refused(house, mixed, change, says):
    name = repaired(house, mixed, lambda row: row | change)
    sent = len(house.applied())
    with pytest.raises(WrongUse, match=says):
        house.run(name, house.adding)
    assert len(house.applied()) == sent


@pytest.mark.parametrize("run", ["20200101-000000-gone", "../../etc", ""])
def test_without_the_old_journal_nothing_is_sent(house, mixed, run):
    """Exit 2, before there is a new run."""
    name = repaired(house, mixed, lambda row: row | {"importer_run": run or row["importer_run"]})
    if not run:
        shutil.rmtree(mixed)
    before = len(list((house.folder / "runs").iterdir()))
    with pytest.raises(RunError, match="is not there") as refused:
        house.run(name, house.adding)
    assert refused.value.exit_code == 2
    assert "--runs" in refused.value.advice
    assert len(list((house.folder / "runs").iterdir())) == before


def test_the_journal_is_found_beside_the_file_as_well(house, mixed):
    """Whoever opens the rejects in their run's folder has moved nothing."""
    elsewhere = house.folder / "old" / "archive"
    elsewhere.parent.mkdir()
    shutil.move(house.folder / "runs", elsewhere)
    again = house.run(elsewhere / mixed.name / "rejects.csv", house.adding)
    assert house.states(again) == "updated unknown updated"


def test_rejects_of_runs_that_have_nothing_to_do_with_each_other_are_refused(house, mixed):
    house.strike(house.refused("C2"))
    other = house.run("four.csv", house.adding)
    house.strike()
    name = repaired(house, mixed, lambda row: row | ({"importer_run": other.name} if row["Code"] == "C2" else {}))
    with pytest.raises(RunError, match="has nothing to do with"):
        house.run(name, house.adding)


def test_a_plan_of_repaired_rejects_tells_what_the_run_would_do_and_links_nothing(house, mixed):
    name = repaired(house, mixed)
    assert house.states(house.plan(name, house.adding)) == "planned unknown planned"
    with Journal.open(mixed, read_only=True) as journal:
        assert "family" not in journal.facts


def test_rejects_of_a_plan_can_be_repaired_too(house):
    """Whoever plans first repairs first."""
    house.write("bad.csv", "Code,Name,Points\nC1,Ann,oops\nC2,Ben,2\n")
    plan = house.plan("bad.csv", house.adding)
    assert house.states(plan) == "invalid planned"
    assert house.states(house.run(repaired(house, plan, lambda row: row | {"Points": "1"}), house.adding)) == "updated"


def test_guarded_cells_are_imported_as_they_were(house):
    """`+91…`, `-5` and a cell that begins with an apostrophe come back unharmed."""
    names = ["+91 98765", "-5", "'t Hooft", "=1+1", "@home"]
    rows = "".join(f'C{number}0404,"{name}"\n' for number, name in enumerate(names))
    house.write("odd.csv", "Code,Name\n" + rows)
    run = house.run("odd.csv", house.setting)
    name = repaired(house, run, lambda row: row | {"Code": row["Code"].replace("0404", "")})
    again = house.run(name)
    assert set(house.states(again).split()) == {"updated"}
    assert {first for _, first in house.applied()} == set(names)


def test_the_columns_that_were_added_are_no_unused_columns(house, mixed):
    from importer.apis import capillary
    from importer.mapping import load

    name = repaired(house, mixed)
    header = (house.folder / name).read_text("utf-8").splitlines()[0].split(",")
    house.write("mapping.yaml", house.adding)
    fitted = load(house.folder / "mapping.yaml", capillary.endpoint().catalog).fit(header)
    assert not fitted.warnings
