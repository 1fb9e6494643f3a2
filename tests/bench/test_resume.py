"""How soon a run of a million rows goes on after it was cut off, and how much memory that takes."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.bench, pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")]

MAPPING = """
version: 1
name: bench
lookup:
  source: INSTORE
  identifiers: [{externalId: Code}]
profile: {firstName: First, lastName: Last}
"""
SENT = 400_000  # before the run is cut off
REPLY = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"createdId":1}'


class Service:
    """Answers as fast as it can; notes when the first request came, and kills after so many."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.begin(0)

    def begin(self, most: int) -> None:
        """Count anew: `enough` is set after so many requests."""
        self.most, self.came, self.first_at = most, 0, 0.0
        self.enough = threading.Event()

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        """One connection: a request fits into one reading, since its worker waits for the reply."""
        with connection, contextlib.suppress(ConnectionError):  # its client is killed
            while data := connection.recv(65_536):
                self.first_at = self.first_at or time.perf_counter()
                self.came += data.count(b"PUT /")
                if self.came > self.most:
                    self.enough.set()
                connection.sendall(REPLY)


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    threading.Thread(target=made.serve, daemon=True).start()
    yield made
    made.listener.close()


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"IMPORTER_TILL": "bench", "IMPORTER_PASSWORD": "bench"}
    return subprocess.Popen(
        [sys.executable, "-m", "importer", *arguments, "--no-progress"], cwd=folder, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def killed(process: subprocess.Popen[bytes]) -> float:
    """Its peak, in MB."""
    process.send_signal(signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024


def test_a_run_of_a_million_rows_goes_on_within_seconds(tmp_path: Path, service: Service, capsys):
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    with (tmp_path / "rows.csv").open("w", encoding="utf-8") as file:
        file.write("Code,First,Last\n")
        file.writelines(f"AB{row:08d},Tom{row},Muster\n" for row in range(1_000_000))
    service.begin(SENT)
    process = start(
        tmp_path, "run", "rows.csv", "-m", "mapping.yaml", "--to", f"http://127.0.0.1:{service.port}", "--yes",
        "--canary", "0", "--rate", "100000/s",
    )  # fmt: skip
    assert service.enough.wait(600)
    killed(process)
    (folder,) = (tmp_path / "runs").iterdir()

    service.begin(0)
    before = time.perf_counter()
    process = start(tmp_path, "resume", str(folder), "--rate", "100000/s")
    assert service.enough.wait(120)
    peak = killed(process)
    waited = service.first_at - before
    with capsys.disabled():
        print(f"\n{SENT:,} of 1,000,000 rows sent, killed: resumed after {waited:.1f} s, peak {peak:.0f} MB")
    assert waited < 10
    assert peak < 300
