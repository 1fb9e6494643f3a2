"""A whole plan, reports and all, of a sheet with something wrong in every second row, against the clean sheet's."""

from __future__ import annotations

import subprocess
import sys

import pytest

resource = pytest.importorskip("resource")  # Windows has none
ROWS = 20_000
MAPPING = """\
version: 1
name: speed
lookup:
  source: INSTORE
  identifiers:
    - externalId: Code
profile:
  firstName: {column: Name, convert: [trim]}
  identifiers:
    - {type: email, value: {column: Email, convert: [trim, lower, email]}}
    - {type: mobile, value: {column: Mobile, convert: [{phone: IN}]}}
extendedFields:
  dob: {column: Born, convert: [{date: "%d/%m/%Y"}]}
declare:
  extendedFields:
    dob: {type: date}
check:
  Code: {required: true, unique: true, pattern: "[A-Z]{2}\\\\d{8}"}
  Points: {min: 0, max: 1000000}
"""


def sheet(wrong: int) -> str:
    """A sheet in which every second row has so many wrong cells."""
    lines = ["Code,Mobile,Name,Email,Born,Points"]
    for number in range(ROWS):
        good = [f"AB{number:08}", f"98765{number:05}", f"Ann {number}", f"ann{number}@example.com", "31/12/1980", "10"]
        bad = [
            f"X{number}",
            f"12{number % 1000}",
            f"Ann {number}",
            f"ann{number}(at)example.com",
            "31/02/1980",
            f"-{number}",
        ]
        cells = good
        if number % 2:
            places = (1, 0, 3, 4, 5)[:wrong]
            cells = [bad[place] if place in places else cell for place, cell in enumerate(good)]
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def seconds() -> float:
    """Processor time of the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.bench
def test_half_of_the_rows_wrong_costs_at_most_three_times_the_time(tmp_path):
    (tmp_path / "m.yaml").write_text(MAPPING, "utf-8")
    took = []
    for wrong in (0, 1, 5):
        (tmp_path / "s.csv").write_text(sheet(wrong), "utf-8")
        began = seconds()
        ended = subprocess.run(
            [sys.executable, "-m", "importer", "plan", "s.csv", "-m", "m.yaml"],
            cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert ended.returncode == bool(wrong), ended.stderr
        took.append(seconds() - began)
    print(
        f"\nplanning {ROWS:,} rows: clean {took[0]:.1f} s, one cell wrong in half of them {took[1]:.1f} s, five {took[2]:.1f} s"
    )
    assert max(took[1:]) <= 3 * took[0]
