from __future__ import annotations

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors import JournalLost, RunError
from importer.journal import PreparedReader, PreparedWriter, RowEntry, Sendable
from importer.journal.prepared import FILE, HEAD, ROWS_A_FRAME, pack, unpack
from importer.records import Outcome, RowId, Status

ROWS = st.lists(st.builds(Sendable, st.integers(2, 2**40), st.text(), st.binary()), max_size=20)


@given(ROWS)
def test_what_is_packed_comes_back_as_it_was(rows):
    assert unpack(pack(rows)) == rows


def row_of(number: int) -> Sendable:
    return Sendable(number, f"/v2/customers/lookup?identifierValue={number}", b'{"profiles":[{"firstName":"A\\n"}]}')


@pytest.fixture
def kept(tmp_path):
    """A folder in which two and a half frames of sheet 0 and three rows of sheet 1 are kept."""
    with PreparedWriter(tmp_path) as keep:
        keep.add(0, [row_of(number) for number in range(2, 2 + 2 * ROWS_A_FRAME + ROWS_A_FRAME // 2)])
        keep.add(1, [])
        keep.add(1, [row_of(number) for number in (5, 9, 70)])
    return tmp_path


def test_frames_come_in_file_order_and_hold_every_row_once(kept):
    found = [(sheet, one) for sheet, rows in PreparedReader(kept).frames(lambda *_: True) for one in rows]
    first = [(0, row_of(number)) for number in range(2, 2 + 2 * ROWS_A_FRAME + ROWS_A_FRAME // 2)]
    assert found == [*first, *((1, row_of(number)) for number in (5, 9, 70))]


def test_a_frame_that_nobody_wants_is_passed_over(kept):
    asked = []

    def wanted(*frame: int) -> bool:
        asked.append(frame)
        return frame[0] == 1

    assert [sheet for sheet, _ in PreparedReader(kept).frames(wanted)] == [1]
    assert asked == [
        (0, 2, ROWS_A_FRAME + 1), (0, ROWS_A_FRAME + 2, 2 * ROWS_A_FRAME + 1),
        (0, 2 * ROWS_A_FRAME + 2, 2 * ROWS_A_FRAME + ROWS_A_FRAME // 2 + 1), (1, 5, 70),
    ]  # fmt: skip


def test_only_its_owner_may_read_the_file(kept):
    assert stat.S_IMODE((kept / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("at", [3, HEAD.size + 1, HEAD.size + 40], ids=["in the head", "at the start", "within"])
def test_a_file_that_is_cut_off_is_refused(kept, at):
    (kept / FILE).write_bytes((kept / FILE).read_bytes()[:at])
    with pytest.raises(RunError, match=r"prepared\.bin: what is still to be sent cannot be read"):
        list(PreparedReader(kept).frames(lambda *_: True))


def test_a_byte_that_changed_is_noticed(kept):
    content = bytearray((kept / FILE).read_bytes())
    content[HEAD.size + 60] ^= 1
    (kept / FILE).write_bytes(content)
    with pytest.raises(RunError, match="cannot be read"):
        list(PreparedReader(kept).frames(lambda *_: True))


def test_a_missing_file_is_refused_and_removing_it_twice_is_fine(kept):
    reader = PreparedReader(kept)
    reader.remove()
    reader.remove()
    with pytest.raises(RunError, match="No such file") as refused:
        list(reader.frames(lambda *_: True))
    assert "--only-rows" in refused.value.advice


def test_a_disk_that_takes_nothing_ends_the_run_before_anything_is_sent(tmp_path):
    with pytest.raises(JournalLost, match="nothing was sent"), PreparedWriter(tmp_path / "absent"):
        pass


def test_a_row_that_stands_in_for_an_adding_one_adds_too(journal, row):
    journal.conclude([Outcome(row(3), Status.SUPERSEDED, successor=row(9))])
    journal.conclude([Outcome(row(7), Status.SUPERSEDED, successor=row(8))])
    journal.hand_on_adding()
    waiting = journal.waiting(0, 2, 11)
    assert {number for number, one in waiting.items() if one.adds} == {2, 4, 5, 6, 9}


def test_rows_without_outcome_are_left_also_those_in_doubt(journal, row):
    assert journal.left() == 10
    journal.conclude([Outcome(row(2), Status.UPDATED)])
    journal.add_chunk(1, [RowEntry(2, 2, "mobile", "1", adds=False)], (), [Outcome(RowId(1, 2), Status.SKIPPED)])
    assert journal.left() == 9
