"""The server's life, what it records of clients that race, and its control surface."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import pytest

import importer.emulator
from importer.emulator import ConfigError, Emulator, EmulatorConfig
from importer.emulator.server import is_loopback
from importer.emulator.server import serve as serve_in_foreground

MOBILE = "919876543210"
OTHER = "919812345678"


def test_it_starts_stops_and_starts_again_and_leaves_no_thread():
    before = threading.active_count()
    emulator = Emulator()
    for _ in range(2):
        with emulator:
            assert emulator.url.startswith("http://127.0.0.1:")
        assert threading.active_count() == before
    emulator.stop()  # once more does no harm


def test_it_stops_promptly_while_a_request_hangs(serve, wire):
    emulator = serve(faults=[{"kind": "hang"}])
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(wire(emulator).put)
        while not emulator.record.updates() or not emulator.record.updates()[0].faults:
            time.sleep(0.005)
        began = time.monotonic()
        emulator.stop()
        assert time.monotonic() - began < 5
        assert isinstance(asked.exception(), (ConnectionError, OSError))


def test_only_loopback_is_served():
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "192.0.2.1", "example.com")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    with pytest.raises(ConfigError, match=r"0\.0\.0\.0 is not loopback"):
        serve_in_foreground("0.0.0.0", 0)


def test_a_taken_port_is_told(serve):
    taken = int(serve().url.rpartition(":")[2])
    with pytest.raises(ConfigError, match=f"Port {taken}.*--port"):
        serve_in_foreground("127.0.0.1", taken)


def test_in_the_foreground_it_says_how_to_reach_it_and_ends_on_a_signal():
    code = "import importer.emulator as e; e.serve(port=0)"
    with subprocess.Popen(
        [sys.executable, "-u", "-W", "error", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        first = process.stdout.readline()
        process.terminate()
        out, err = process.stdout.read(), process.stderr.read()
        process.wait(timeout=20)
    assert "http://127.0.0.1:" in first
    assert "till.emulator" in out
    assert "Stopped. 0 requests" in out
    assert (process.returncode, err) == (0, "")


def test_the_public_names_are_exactly_these():
    assert sorted(importer.emulator.__all__) == [
        "ConfigError", "Credit", "Customer", "Emulator", "EmulatorConfig", "Fault", "FaultKind", "Organisation",
        "Received", "Record", "Statistics", "read_fault", "serve",
    ]  # fmt: skip


# ── races ──────────────────────────────────────────────────────────────────────────────


def together(client, *puts: dict) -> list[tuple]:
    """Send these at once."""
    with ThreadPoolExecutor(len(puts)) as pool:
        return list(pool.map(lambda put: client.put(**put), puts))


SLOW = [{"kind": "delay", "seconds": 0.3}]


@pytest.mark.parametrize(
    ("second", "overlaps"),
    [
        ({"value": MOBILE}, 1),
        ({"value": "9876543210"}, 0),  # another spelling of somebody who is not born yet: not known to be the same
        ({"value": OTHER}, 0),
        ({"value": OTHER, "body": {"profiles": [{"identifiers": [{"type": "mobile", "value": MOBILE}]}]}}, 1),
    ],
)
def test_two_requests_that_share_an_identifier_overlap(serve, wire, second, overlaps):
    emulator = serve(faults=SLOW)
    together(wire(emulator), {"value": MOBILE}, second)
    assert emulator.statistics().overlaps == overlaps
    assert emulator.statistics().in_flight_most == 2


@pytest.mark.parametrize(
    ("switch", "statuses", "code"),
    [("accept", [200, 200], 0), ("http", [200, 521], 0), ("error", [200, 200], 521), ("warning", [200, 200], 521)],
)
def test_an_overlap_is_answered_by_switch(serve, wire, switch, statuses, code):
    emulator = serve(faults=SLOW, overlap=switch)
    answers = together(wire(emulator), {}, {})
    assert sorted(status for status, _, _ in answers) == statuses
    assert emulator.statistics().by_code.get("521", 0) == bool(code)
    assert emulator.statistics().applied == (1 if switch in {"http", "error"} else 2)


def test_who_gave_up_does_not_race_with_the_next_try(serve, wire):
    emulator = serve(faults=[{"kind": "hang", "times": 1}])
    client = wire(emulator)
    with pytest.raises(TimeoutError):
        client.put(timeout=0.1)
    assert client.put()[0] == 200
    assert emulator.statistics().overlaps == 0


def test_an_older_row_after_a_newer_one_is_a_reordering(serve, wire):
    emulator = serve(sequence_field="row")
    client = wire(emulator)
    for row, value in [("1", MOBILE), ("5", MOBILE), ("3", OTHER), ("4", MOBILE)]:
        client.put({"profiles": [{"fields": {"row": row}}]}, value=value)
    assert emulator.statistics().reorderings == 1
    assert [received.reordered for received in emulator.record.updates()] == [False, False, False, True]


def test_the_record_is_bounded_but_counts_everything(serve, wire):
    emulator = serve(keep_requests=2, keep_bodies=False)
    for _ in range(5):
        wire(emulator).put({"profiles": []})
    kept = emulator.record.requests()
    assert [received.number for received in kept] == [4, 5]
    assert kept[0].body == b""
    assert len(kept[0].digest) == 32
    assert emulator.statistics().requests == emulator.statistics().applied == 5


def test_many_requests_on_kept_connections_are_all_recorded(serve):
    emulator = serve(auth="none")

    async def send() -> None:
        async with aiohttp.ClientSession() as session:

            async def one(number: int) -> None:
                address = f"{emulator.url}/v2/customers/lookup?source=INSTORE&identifierName=externalId&identifierValue=A{number}"
                async with session.put(address, json={"profiles": [{"firstName": f"n{number}"}]}) as response:
                    assert response.status == 200
                    assert response.headers["X-Cap-Requestid"]

            await asyncio.gather(*(one(number) for number in range(200)))

    asyncio.run(send())
    assert emulator.statistics().applied == len(emulator.customers) == 200
    assert emulator.customer("A7", "externalId").first_name == "n7"


# ── control ────────────────────────────────────────────────────────────────────────────


def ask(client, method: str, name: str, body: object = None):
    content = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
    status, _, answer = client.ask(method, "/_emulator/" + name, content, {})
    return status, json.loads(answer)


def test_the_control_surface_seeds_in_three_forms(serve, wire):
    client = wire(serve(population="seeded"))
    for text in (
        '[{"mobile": "919876543210"}]',
        '{"email": "a@example.com"}\n{"email": "b@example.com"}',
        "externalId,firstName\nA1,Tom\n",
    ):
        assert ask(client, "POST", "customers", text)[0] == 200
    status, answer = ask(client, "GET", "customers?value=A1")
    assert (status, answer["total"], answer["customers"][0]["profiles"][0]["firstName"]) == (200, 1, "Tom")
    assert ask(client, "GET", "customers")[1]["total"] == 4
    assert ask(client, "POST", "customers", "nonsense\nx")[0] == 400


def test_the_control_surface_switches_scripts_and_reports(serve, wire):
    emulator = serve()
    client = wire(emulator)
    assert ask(client, "PATCH", "config", {"limits": ["1/min"]})[1]["limits"] == ["1/min"]
    assert [client.put()[0], client.put()[0]] == [200, 429]
    assert ask(client, "PATCH", "config", {"limit": []})[0] == 400
    ask(client, "PATCH", "config", {"limits": []})
    ask(client, "POST", "faults", {"kind": "status", "status": 502, "times": 1})
    assert [client.put()[0], client.put()[0]] == [502, 200]
    assert ask(client, "DELETE", "faults")[1] == []
    ask(client, "POST", "outage", {"seconds": 60})
    assert client.put()[0] == 503
    _, answer = ask(client, "GET", "requests?route=update&after=1&limit=2")
    assert (answer["total"], [one["status"] for one in answer["requests"]]) == (4, [429, 502])
    assert ask(client, "GET", "statistics")[1]["by_status"] == {"200": 2, "429": 1, "502": 1, "503": 1}
    assert ask(client, "POST", "reset")[0] == 200
    assert emulator.statistics().requests == 0
    assert "password" not in ask(client, "GET", "config")[1]
    assert ask(client, "GET", "nothing")[0] == 404
    assert "POST /_emulator/reset" in ask(client, "GET", "")[1]


def test_the_control_surface_can_be_switched_off(serve, wire):
    client = wire(serve(control=False, auth="none"))
    assert client.ask("GET", "/_emulator/statistics")[0] == 404


def test_customers_come_from_a_file_too(tmp_path, wire, serve):
    path = tmp_path / "customers.csv"
    path.write_text("mobile,loyaltyType\n919876543210,non_loyalty\n", "utf-8")
    emulator = serve(population="seeded", seed_file=path)
    assert not emulator.customer(MOBILE).loyalty
    with pytest.raises(ValueError, match=r"missing\.csv"):
        Emulator(EmulatorConfig(seed_file=tmp_path / "missing.csv"))
