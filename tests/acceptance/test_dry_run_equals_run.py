"""Complaints 22, 25 and 32: what blank cells do, what a dry run is worth, and that nothing is guessed from a sample."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def send(importer, emulator, tmp_path: Path):
    """Runs a sheet against the emulator; answers with the lines of results.csv."""

    def run(*arguments: str) -> list[dict[str, str]]:
        before = set(tmp_path.glob("runs/*"))
        result = importer(
            "run", *arguments, "--to", emulator.url, "--yes", "--canary", "0", "--rate", "2000/s", "--no-progress",
            IMPORTER_TILL=emulator.config.till, IMPORTER_PASSWORD=emulator.config.password,
        )  # fmt: skip
        assert result.returncode in {0, 1}, result.stderr
        (folder,) = set(tmp_path.glob("runs/*")) - before
        with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return run


BLANKS = """version: 1
name: blanks
lookup: {source: INSTORE, identifiers: [{externalId: Code}]}
profile:
  firstName: {column: First, blank: leave}
  lastName: {column: Last, blank: clear}
  fields: {favourite_store: {column: Store, blank: reject}}
guards: {max_cleared: 50%, max_invalid: 50%}
"""


def test_22_blank_cells_leave_clear_or_reject_column_by_column(send, importer, emulator, tmp_path: Path):
    """Good data stays where the mapping does not say otherwise; what is to be cleared is cleared; both are told."""
    (tmp_path / "mapping.yaml").write_text(BLANKS)
    (tmp_path / "first.csv").write_text("Code,First,Last,Store\nA1,Ann,Lee,0007\nA2,Bob,Ray,0008\n")
    (tmp_path / "second.csv").write_text("Code,First,Last,Store\nA1,,,0009\nA2, ,Roy,\n")
    assert [line["status"] for line in send("first.csv", "-m", "mapping.yaml")] == ["updated", "updated"]

    planned = importer("plan", "second.csv", "-m", "mapping.yaml")
    told = {line.split()[0]: line.split()[1:4] for line in planned.stdout.splitlines() if line.startswith("  profile.")}
    assert told["profile.firstName"] == ["0", "0", "1"]  # set, asked to clear, left
    assert told["profile.lastName"] == ["0", "1", "0"]

    lines = send("second.csv", "-m", "mapping.yaml")
    assert [line["status"] for line in lines] == ["updated", "invalid"]
    assert "blank: reject" in lines[1]["message"]
    body = json.loads(emulator.record.updates()[-1].body)
    assert body == {"profiles": [{"lastName": "", "fields": {"favourite_store": "0009"}}]}
    ann, bob = (emulator.customer(code, "externalId") for code in ("A1", "A2"))
    assert (ann.first_name, ann.last_name, ann.fields) == ("Ann", "", {"favourite_store": "0009"})
    assert (bob.first_name, bob.last_name, bob.fields) == ("Bob", "Ray", {"favourite_store": "0008"})


def test_22_clearing_needs_a_stated_limit_and_a_field_that_can_be_cleared(importer, tmp_path: Path):
    (tmp_path / "first.csv").write_text("Code,First,Last,Store\nA1,,,\n")
    (tmp_path / "mapping.yaml").write_text(BLANKS.replace("max_cleared: 50%, ", ""))
    result = importer("plan", "first.csv", "-m", "mapping.yaml")
    assert result.returncode == 2
    assert "max_cleared" in result.stderr
    (tmp_path / "mapping.yaml").write_text(BLANKS + "loyaltyInfo: {loyaltyType: {column: First, blank: clear}}\n")
    result = importer("plan", "first.csv", "-m", "mapping.yaml")
    assert result.returncode == 2
    assert "loyaltyInfo.loyaltyType cannot be cleared" in result.stderr


def previewed(ended) -> Counter:
    """What preview printed: how often each (source, identifier's name and value, body)."""
    assert ended.returncode == 0, ended.stderr
    shown = Counter()
    for line in ended.stdout.splitlines():
        address, _, body = line.removeprefix('{"PUT":').partition(',"body":')
        asked = dict(parse_qsl(urlsplit(json.loads(address)).query, strict_parsing=True))
        shown[asked["source"], asked["identifierName"], asked["identifierValue"], body.removesuffix("}").encode()] += 1
    return shown


def received(emulator) -> Counter:
    """The same of what arrived."""
    return Counter((one.source, one.name, one.value, one.body) for one in emulator.record.updates())


@pytest.mark.parametrize("sample", ["legacy_customers.xlsx", "nightly_loyalty.csv"])
def test_25_what_a_dry_run_shows_is_what_a_run_sends_byte_for_byte(send, importer, emulator, tmp_path: Path, sample):
    """Addresses and bodies of `preview` against what arrived; the plan's counts against the run's."""
    shutil.copy(ROOT / "sample_data" / sample, tmp_path)
    mapping = str(ROOT / "mappings" / f"{Path(sample).stem}.yaml")
    shown = previewed(importer("preview", sample, "-m", mapping, "-n", "1000000"))
    planned = json.loads(importer("plan", sample, "-m", mapping, "--json").stdout)
    lines = send(sample, "-m", mapping)
    assert received(emulator) == shown

    counts = {name: count for name, count in planned["counts"].items() if count}
    sent = sum(1 for line in lines if line["attempts"] not in {"", "0"})
    kept = Counter(line["status"] for line in lines if line["attempts"] in {"", "0"})
    assert counts == {"planned": sent, **kept}
    assert planned["rows_read"] == len(lines) == sum(counts.values())


def test_25_rows_that_are_merged_are_shown_merged(send, importer, emulator, tmp_path: Path):
    (tmp_path / "rows.csv").write_text("Code,First,Last\nA1,Ann,\nB1,Bob,Ray\nA1,,Lee\n")
    (tmp_path / "mapping.yaml").write_text(
        "version: 1\nname: merged\nlookup: {source: INSTORE, identifiers: [{externalId: Code}]}\n"
        "profile: {firstName: First, lastName: Last}\nrows: {same_customer: merge}\n"
    )
    shown = previewed(importer("preview", "rows.csv", "-m", "mapping.yaml"))
    send("rows.csv", "-m", "mapping.yaml")
    assert received(emulator) == shown
    assert ("INSTORE", "externalId", "A1", b'{"profiles":[{"firstName":"Ann","lastName":"Lee"}]}') in shown
    assert shown.total() == 2


def test_25_a_dry_run_reads_every_row_however_late_the_fault(importer, send, tmp_path: Path):
    """Not the first thousand: what is wrong in row 3,001 stands in the plan as it stands in the run."""
    rows = [f"A{number:05},{number % 90}" for number in range(3_000)]
    rows[2_999] = "A02999,ninety"
    (tmp_path / "late.csv").write_text("\n".join(["Code,Age", *rows, ""]))
    (tmp_path / "mapping.yaml").write_text(
        "version: 1\nname: late\nlookup: {source: INSTORE, identifiers: [{externalId: Code}]}\n"
        "extendedFields: {age: {column: Age, convert: [integer]}}\ndeclare: {extendedFields: {age: {type: integer}}}\n"
    )
    planned = importer("plan", "late.csv", "-m", "mapping.yaml", "--json")
    assert planned.returncode == 1
    counts = json.loads(planned.stdout)["counts"]
    assert (counts["planned"], counts["invalid"]) == (2_999, 1)
    told = importer("plan", "late.csv", "-m", "mapping.yaml").stdout
    assert "integer-invalid" in told
    assert "row 3001" in told


def test_32_no_type_is_guessed_from_the_first_rows(send, emulator, tmp_path: Path):
    """Ids that look like numbers for a hundred rows, dates whose day shows late, a flag that turns into a word."""
    rows = [f"{number:05},{number},{number % 12 + 1:02}/{number % 12 + 1:02}/2020,1" for number in range(1, 101)]
    rows += ["A-0101,1e5,25/12/2020,yes", "00102,007,01/02/2020,0", "00103,NaN,12/25/2020,maybe"]
    (tmp_path / "late.csv").write_text("\n".join(["Code,Store,Born,Flag", *rows, ""]))
    (tmp_path / "mapping.yaml").write_text(
        """version: 1
name: late
lookup: {source: INSTORE, identifiers: [{externalId: Code}]}
profile: {fields: {favourite_store: Store, flag: {column: Flag, convert: [boolean]}}}
extendedFields: {dob: {column: Born, convert: [{date: "%d/%m/%Y"}]}}
declare:
  extendedFields: {dob: {type: date}}
  fields: {favourite_store: {type: string}, flag: {type: boolean}}
"""
    )
    lines = send("late.csv", "-m", "mapping.yaml")
    states = Counter(line["status"] for line in lines)
    assert states["invalid"] == 1
    assert lines[-1]["status"] == "invalid"  # and that one says both of what is wrong with it
    sent = {one.value: json.loads(one.body) for one in emulator.record.updates()}
    assert len(sent) == 102
    assert sent["00001"]["profiles"][0]["fields"] == {"favourite_store": "1", "flag": True}
    assert sent["A-0101"]["profiles"][0]["fields"] == {"favourite_store": "1e5", "flag": True}
    assert sent["00102"]["profiles"][0]["fields"] == {"favourite_store": "007", "flag": False}
    assert sent["00102"]["extendedFields"] == {"dob": "2020-02-01"}
    assert sent["A-0101"]["extendedFields"] == {"dob": "2020-12-25"}
