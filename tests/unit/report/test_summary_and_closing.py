"""`summary.json`, and the words on the terminal."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from importer.records import Status
from importer.report import Summary, closing_words, how_rows_ended, summary_text

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "summary.md"


def test_every_state_has_a_count_also_those_without_rows(summary):
    facts = json.loads(summary_text(summary({Status.UPDATED: 3})))
    assert set(facts["counts"]) == {status.value for status in Status}
    assert (facts["counts"]["updated"], facts["counts"]["invalid"], facts["rows_read"]) == (3, 0, 3)


def test_every_key_of_the_summary_is_described_on_its_page():
    text = PAGE.read_text("utf-8")
    missing = [one.name for one in dataclasses.fields(Summary) if f"| `{one.name}` |" not in text]
    assert not missing


def test_a_good_end_says_so_and_asks_for_nothing(summary):
    words = closing_words(summary({Status.UPDATED: 2, Status.SKIPPED: 1}, requests=2, files=("results.csv",)))
    assert words.startswith("All 3 rows ended well; 2 requests to the embedded emulator.")
    assert "3  rows read" in words
    assert "= sum of the states" in words
    assert "Next" not in words


def test_rows_that_failed_are_retried_next(summary):
    assert "Next: importer retry " in closing_words(summary({Status.UPDATED: 1, Status.FAILED: 1}))


def test_a_retry_that_took_nothing_up_does_not_call_that_a_good_end(summary):
    words = closing_words(summary({Status.SKIPPED: 3}, command="retry"))
    assert words.startswith("None of 3 rows was retried")
    assert "--rejected" in words


SENTENCES = [
    # rows read, not well, not retried -> the sentence
    (300, 0, 0, "All 300 rows ended well"),
    (1, 0, 0, "The one row ended well"),
    (1, 1, 0, "0 of 1 row ended well, 1 did not"),
    (1_300, 4, 0, "1,296 of 1,300 rows ended well, 4 did not"),
    (300, 4, 296, "0 of 4 retried rows ended well, 4 did not; 296 others were not retried"),
    (300, 0, 299, "The one retried row ended well; 299 others were not retried"),
    (3, 0, 1, "All 2 retried rows ended well; 1 other was not retried"),
    (3, 0, 3, "None of 3 rows was retried"),
]


@pytest.mark.parametrize(("read", "bad", "not_retried", "sentence"), SENTENCES)
def test_what_a_retry_left_out_is_not_called_a_good_end(read, bad, not_retried, sentence):
    assert how_rows_ended(read, bad, not_retried) == sentence


def test_the_words_after_a_retry_speak_of_the_rows_that_it_took_up(summary):
    words = closing_words(
        summary({Status.SKIPPED: 119, Status.UPDATED: 1, Status.REJECTED: 1}, command="retry", requests=2)
    )
    assert words.startswith("1 of 2 retried rows ended well, 1 did not; 119 others were not retried; 2 requests to ")


def test_rows_that_did_not_end_well_are_counted_and_the_file_to_repair_is_named(summary):
    words = closing_words(
        summary(
            {Status.UPDATED: 1, Status.INVALID: 2, Status.REJECTED: 1},
            codes={"8015": 1},
            files=("runs/x/results.csv", "runs/x/rejects.csv", "runs/x/rejects-2.csv"),
        )
    )
    assert "1 of 4 rows ended well, 3 did not" in words
    assert "8015 (1)" in words
    assert "repair the rows in runs/x/rejects.csv and runs/x/rejects-2.csv" in words


def test_a_run_that_stopped_says_how_many_rows_wait_and_how_to_go_on(summary):
    """The reason itself stands on standard error."""
    words = closing_words(summary({Status.UPDATED: 1, Status.NOT_SENT: 9}, stopped="10 of 100 rows were rejected."))
    assert words.startswith("Stopped early: 9 of 10 rows wait")
    assert "importer resume runs/20260301-120000-small" in words


def test_a_sum_that_does_not_close_is_shouted(summary):
    assert "DIFFERS FROM THE SUM" in closing_words(summary({Status.UPDATED: 1}, rows_read=2))


def test_a_message_of_capillarys_that_stopped_the_run_is_masked(summary):
    ended = summary({Status.NOT_SENT: 1}, stopped="denies access: till 'shop-1' may not see 919876543210.")
    assert json.loads(summary_text(ended))["stopped"] == "denies access: till '…' may not see 91…3210."
    for text in (closing_words(ended), summary_text(ended)):
        assert "shop-1" not in text
        assert "919876543210" not in text


PACES = [
    # rate, rate found, refusals -> the sentence
    (None, None, 0, ""),  # nothing was sent
    (812.34, None, 0, "Pace: 812.3 requests/s in the mean."),  # the embedded emulator knows no limit
    (18.2, 19.24, 0, "Pace: 18.2 requests/s in the mean, 19.2/s allowed in the end."),
    (
        18.2,
        19.24,
        7,
        "Pace: 18.2 requests/s in the mean, 19.2/s allowed in the end; 7 of 1,000 were refused for speed.",
    ),
]


@pytest.mark.parametrize(("rate", "found", "refusals", "sentence"), PACES)
def test_the_closing_words_tell_what_rate_was_found(summary, rate, found, refusals, sentence):
    words = closing_words(summary({Status.UPDATED: 3}, rate=rate, rate_found=found, refusals=refusals, requests=1_000))
    assert sentence in words
    assert ("Pace" in words) == bool(sentence)
