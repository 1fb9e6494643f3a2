"""The ledger makes intents durable before anything leaves, in groups, and fails loudly."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from importer.errors import JournalLost
from importer.journal import Journal
from importer.journal.ledger import Ledger
from importer.journal.opening import connect
from importer.records import Outcome, Request, RowId, Status


def request(number, *, adds=False):
    return Request(RowId(0, number), "/", b"{}", adds)


def on_disk(folder):
    """{row: (attempts, open)} as another process would see it."""
    database = sqlite3.connect(folder / "journal.db")
    try:
        return {
            row: (attempts, is_open)
            for row, attempts, is_open in database.execute("SELECT row, attempts, open FROM intent")
        }
    finally:
        database.close()


def test_an_intent_is_on_disk_when_intend_returns(journal, folder):
    async def main():
        async with journal.ledger() as ledger:
            await ledger.intend((request(3),))
            assert on_disk(folder) == {3: (1, 1)}

    asyncio.run(main())


def test_many_intents_share_a_commit(journal, monkeypatch):
    """Hundreds of waiting workers need a handful of commits, not one each."""
    commits = []
    commit = Ledger._commit

    def counted(ledger, group):
        commits.append(len(group.intents))
        return commit(ledger, group)

    async def main():
        async with journal.ledger() as ledger:
            await asyncio.gather(*(ledger.intend((request(row),)) for row in range(2, 402)))

    monkeypatch.setattr(Ledger, "_commit", counted)
    asyncio.run(main())
    assert sum(commits) == 400
    assert len(commits) <= 10


ORDERS = [
    # what is said of row 3 within one group -> (attempts, open)
    (["intend 1", "withdraw"], (1, 0)),  # it never left
    (["intend 1", "withdraw", "intend 2"], (2, 1)),  # refused for speed, and sent again
]


@pytest.mark.parametrize(("said", "expected"), ORDERS)
def test_the_last_word_on_an_intent_stands_also_within_a_group(journal, folder, said, expected):
    async def main():
        async with journal.ledger() as ledger:
            waiting = []
            for word in said:
                if word == "withdraw":
                    ledger.withdraw(RowId(0, 3))
                else:
                    waiting.append(
                        asyncio.ensure_future(ledger.intend((request(3)._replace(attempts=int(word[-1]) - 1),)))
                    )
                    await asyncio.sleep(0)
            await asyncio.gather(*waiting)
            await ledger.flush()
            assert on_disk(folder) == {3: expected}

    asyncio.run(main())


def test_withdrawn_intents_are_no_longer_in_doubt(journal, row):
    async def main():
        async with journal.ledger() as ledger:
            await ledger.intend((request(3, adds=True),))
            await ledger.intend((request(4, adds=True),))
            ledger.withdraw(row(3))

    asyncio.run(main())
    assert journal.settle_doubt() == [row(4)]
    assert journal.counts() == {Status.UNKNOWN: 1, Status.NOT_SENT: 9}


def test_after_an_award_rows_that_set_are_in_doubt_too(journal, row):
    async def main():
        async with journal.ledger() as ledger:
            await ledger.intend((request(9),))
            ledger.awarding()

    asyncio.run(main())
    assert journal.facts["awarding"] is True
    assert journal.settle_doubt() == [row(9)]


def test_what_was_said_last_is_durable_when_the_ledger_closes(journal, row):
    async def main():
        async with journal.ledger() as ledger:
            ledger.conclude(Outcome(row(3), Status.UPDATED))

    asyncio.run(main())
    assert journal.counts()[Status.UPDATED] == 1


# ── faults ─────────────────────────────────────────────────────────────────────────────


def fill_up(ledger):
    """The disk is full: the file may not grow by another page."""
    (pages,) = ledger._database.execute("PRAGMA page_count").fetchone()
    ledger._database.execute(f"PRAGMA max_page_count = {pages}")


def make_read_only(ledger):
    ledger._database.execute("PRAGMA query_only = ON")


@pytest.mark.parametrize(
    ("fault", "said"), [(fill_up, "database or disk is full"), (make_read_only, "attempt to write a readonly database")]
)
def test_when_nothing_can_be_written_every_waiter_is_told_and_nothing_more_is_intended(journal, fault, said):
    async def main():
        async with journal.ledger() as ledger:
            fault(ledger)
            rows = range(2, 2_002)
            answers = await asyncio.gather(*(ledger.intend((request(row),)) for row in rows), return_exceptions=True)
            assert {type(one) for one in answers} == {JournalLost}
            with pytest.raises(JournalLost):
                await ledger.intend((request(3),))
            with pytest.raises(JournalLost):
                ledger.conclude(Outcome(RowId(0, 3), Status.UPDATED))

    with pytest.raises(JournalLost, match=said) as caught:
        asyncio.run(main())
    assert caught.value.exit_code == 3
    assert "resume" in caught.value.advice


def test_a_journal_that_was_lost_stays_lost_though_there_is_room_again(journal):
    """An outcome went missing: going on as if nothing were would hide it."""

    async def main():
        async with journal.ledger() as ledger:
            make_read_only(ledger)
            ledger.conclude(Outcome(RowId(0, 3), Status.UPDATED))
            with pytest.raises(JournalLost):
                await ledger.flush()
            ledger._database.execute("PRAGMA query_only = OFF")
            with pytest.raises(JournalLost):
                await ledger.intend((request(4),))

    with pytest.raises(JournalLost):
        asyncio.run(main())
    assert journal.counts() == {Status.NOT_SENT: 10}


def test_what_was_written_before_the_disk_filled_up_is_kept(journal, folder):
    async def main():
        async with journal.ledger() as ledger:
            await ledger.intend((request(3, adds=True),))
            make_read_only(ledger)
            await ledger.intend((request(4, adds=True),))

    with pytest.raises(JournalLost):
        asyncio.run(main())
    journal.close()
    with Journal.open(folder) as again:
        assert again.settle_doubt() == [RowId(0, 3)]


def test_a_ledger_that_cannot_be_opened_says_so_and_leaves_nobody_waiting(journal, folder):
    def refused(path):
        raise sqlite3.OperationalError("unable to open database file")

    async def main():
        ledger = journal.ledger()
        ledger._connect = refused
        async with ledger:
            pass

    with pytest.raises(JournalLost, match="unable to open"):
        asyncio.run(main())


def test_a_fault_of_ours_reaches_whoever_waits(journal):
    """What cannot be written down as JSON is no matter of the disk."""

    async def main():
        async with journal.ledger() as ledger:
            ledger.conclude(Outcome(RowId(0, 3), Status.UPDATED, side_effects=({"odd": {1j}},)))
            await ledger.intend((request(4),))

    with pytest.raises(TypeError):
        asyncio.run(main())


def test_commits_reach_the_disk_before_they_return(folder, journal):
    """synchronous=FULL (2), in WAL mode."""
    database = connect(folder / "journal.db")
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()
