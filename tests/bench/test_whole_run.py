"""Figures of whole commands: memory of a plan, requests/s of a run beside a bare aiohttp loop. `make bench` prints them."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import uvloop
from yarl import URL

pytestmark = pytest.mark.bench

MAPPING = """
version: 1
name: bench
lookup:
  source: INSTORE
  identifiers: [{externalId: Code}]
profile:
  firstName: {column: First, convert: [trim]}
  lastName: Last
  fields: {store: Store}
  identifiers: [{type: email, value: {column: Mail, convert: [trim, lower, email]}}]
  commChannels: [{type: email, value: {column: Mail, convert: [trim, lower, email]}, primary: true}]
extendedFields:
  gender: {column: Sex, convert: [{choice: {M: Male, F: Female}}]}
  dob: {column: Born, convert: [{date: "%d/%m/%Y"}]}
  city: City
declare:
  fields: {store: {type: string}}
  extendedFields: {gender: {type: enum, values: [Male, Female]}, dob: {type: date}, city: {type: string}}
"""


@pytest.fixture
def stub() -> Iterator[int]:
    """The stub's port."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "stub.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield int(process.stdout.readline())
        process.stdin.close()


def sheet(path: Path, rows: int) -> Path:
    """A sheet of made-up customers, 8 columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Code", "First", "Last", "Store", "Mail", "Sex", "Born", "City"])
        for row in range(rows):
            writer.writerow(
                [f"AB{row:08d}", f" Tom{row} ", "Muster", f"{row % 90:04d}", f"Tom.{row}@example.com", "MF"[row % 2],
                 f"{row % 28 + 1:02d}/{row % 12 + 1:02d}/{1950 + row % 50}", "Pune"]
            )  # fmt: skip
    return path


def importer(folder: Path, *arguments: str) -> tuple[float, float, str]:
    """(seconds, peak MB, standard output) of a command."""
    environment = os.environ | {"IMPORTER_TILL": "bench", "IMPORTER_PASSWORD": "bench"}
    before = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    with process.stdout:
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, output
    return time.perf_counter() - before, usage.ru_maxrss / 1024, output


def bare_loop(port: int, count: int, concurrency: int) -> float:
    """Requests/s of aiohttp with nothing around it: prepared bytes, one iterator, as many workers."""
    body = b'{"profiles":[{"firstName":"Tom","lastName":"Muster"}]}' * 6
    url = URL(f"http://127.0.0.1:{port}/v2/customers/lookup?source=INSTORE&identifierName=externalId", encoded=True)

    async def main() -> float:
        left = iter(range(count))
        connector = aiohttp.TCPConnector(limit=concurrency)
        async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:

            async def work() -> None:
                for _ in left:
                    async with session.put(url, data=body, headers={"Content-Type": "application/json"}) as response:
                        await response.read()

            began = time.perf_counter()
            await asyncio.gather(*(work() for _ in range(concurrency)))
            return count / (time.perf_counter() - began)

    return uvloop.run(main())


def test_memory_of_a_plan_does_not_grow_with_the_rows(tmp_path: Path, capsys):
    """Between 100,000 and 1,000,000 rows: less than 150 bytes a row."""
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    peaks = {}
    for rows in (100_000, 1_000_000):
        sheet(tmp_path / "rows.csv", rows)
        seconds, peaks[rows], _ = importer(tmp_path, "plan", "rows.csv", "-m", "mapping.yaml", "--json")
        with capsys.disabled():
            print(f"\nplan of {rows:,} rows: {seconds:.1f} s ({rows / seconds:,.0f} rows/s), peak {peaks[rows]:.0f} MB")
    per_row = (peaks[1_000_000] - peaks[100_000]) * 1024 * 1024 / 900_000
    with capsys.disabled():
        print(f"growth: {per_row:.0f} bytes a row")
    assert per_row < 150


def test_a_run_reaches_half_the_rate_of_a_bare_loop(tmp_path: Path, stub: int, capsys):
    """100,000 rows, 32 in flight; the bare loop before and after, in the same test."""
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    sheet(tmp_path / "rows.csv", 100_000)
    bare = [bare_loop(stub, 30_000, 32)]
    seconds, peak, output = importer(
        tmp_path, "run", "rows.csv", "-m", "mapping.yaml", "--to", f"http://127.0.0.1:{stub}", "--yes", "--no-progress",
        "--concurrency", "32", "--rate", "100000/s", "--json",
    )  # fmt: skip
    bare.append(bare_loop(stub, 30_000, 32))
    summary = json.loads(output)
    ratio = summary["rate"] / statistics.mean(bare)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        print(
            f"\nrun of 100,000 rows: {summary['rate']:,.0f} requests/s while sending, {100_000 / seconds:,.0f} rows/s whole; "
            f"bare loop {bare[0]:,.0f} and {bare[1]:,.0f} requests/s; ratio {ratio:.2f}; peak {peak:.0f} MB (test {own:.0f})"
        )
    assert summary["counts"]["updated"] == 100_000
    assert ratio >= 0.5


def test_28_memory_does_not_grow_with_what_was_sent(tmp_path: Path, stub: int, capsys):
    """Between 20,000 and 100,000 rows sent: less than 400 bytes a row, the plan's lanes included."""
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    peaks = {}
    for rows in (20_000, 100_000):
        sheet(tmp_path / "rows.csv", rows)
        seconds, peaks[rows], output = importer(
            tmp_path, "run", "rows.csv", "-m", "mapping.yaml", "--to", f"http://127.0.0.1:{stub}", "--yes",
            "--no-progress", "--rate", "100000/s", "--json",
        )  # fmt: skip
        assert json.loads(output)["counts"]["updated"] == rows
        with capsys.disabled():
            print(f"\nrun of {rows:,} rows: {seconds:.0f} s, peak {peaks[rows]:.0f} MB")
    per_row = (peaks[100_000] - peaks[20_000]) * 1024 * 1024 / 80_000
    with capsys.disabled():
        print(f"growth: {per_row:.0f} bytes a row")
    assert per_row < 400
