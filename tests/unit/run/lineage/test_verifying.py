"""`retry --verify-unknown`: rows in doubt go only where Capillary holds nothing of what they set."""

from __future__ import annotations

from importer.emulator import Fault

SHEET = "Code,Name,Points\nC1,Ann,10\nC2,Ben,20\nC3,,30\n"


def test_only_rows_of_which_nothing_can_be_seen_are_sent_again(house):
    """C1's answer was lost after the write, C2's before it; C3 sets nothing that could be seen."""
    house.write("a.csv", SHEET)
    house.strike(Fault(kind="drop", values=("C1", "C3"), after_write=True), Fault(kind="drop", values=("C2",), times=1))
    run = house.run("a.csv", house.adding)
    assert house.states(run) == "unknown unknown unknown"
    house.strike()
    retry = house.retry(run, verify=True)
    assert house.states(retry) == "unknown updated unknown"
    messages = {row: line["message"] for row, line in house.results(retry).items()}
    assert "may have held before" in messages[2]
    assert "cannot be seen" in messages[4]
    assert house.emulator.statistics().double_credits == 0
    assert sum(house.points().values()) == 60
    assert house.summary.exit_code == 1


def test_a_customer_that_is_not_shown_leaves_its_row_in_doubt(house):
    """No answer is no proof."""
    house.write("a.csv", "Code,Name,Points\nC2,Ben,20\n")
    house.strike(Fault(kind="drop", values=("C2",), times=1))
    run = house.run("a.csv", house.adding)
    house.strike(Fault(kind="error", code=8015, route="lookup"))
    retry = house.retry(run, verify=True)
    assert house.states(retry) == "unknown"
    assert "was not shown" in house.results(retry)[2]["message"]
    assert not house.applied()
