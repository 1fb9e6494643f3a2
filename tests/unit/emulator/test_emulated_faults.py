"""What goes wrong on the wire, and that the record knows whether the data was written."""

from __future__ import annotations

import gzip
import http.client
import json

import pytest

from importer.emulator import ConfigError, EmulatorConfig, Fault, FaultKind
from importer.emulator.config import profiles
from importer.emulator.faults import FaultScript

NO_ANSWER = (http.client.RemoteDisconnected, ConnectionResetError)
STATUSES = [(status, after) for status in (500, 502, 503, 504, 520, 521) for after in (False, True)]


@pytest.mark.parametrize(("status", "after_write"), STATUSES)
def test_a_gateway_error_is_an_html_page_before_or_after_the_write(serve, wire, status, after_write):
    emulator = serve(faults=[{"kind": "status", "status": status, "after_write": after_write, "retry_after": "7"}])
    answered, headers, body = wire(emulator).put()
    assert answered == status
    assert headers["content-type"].startswith("text/html")
    assert headers["retry-after"] == "7"
    assert body.startswith(b"<html>")
    (received,) = emulator.record.updates()
    assert (received.applied, received.status, received.faults) == (after_write, status, ("status",))


@pytest.mark.parametrize("after_write", [False, True])
@pytest.mark.parametrize("kind", ["drop", "hang"])
def test_no_answer_before_or_after_the_write(serve, wire, kind, after_write):
    emulator = serve(faults=[{"kind": kind, "seconds": 0.01, "after_write": after_write}])
    with pytest.raises(NO_ANSWER):
        wire(emulator).put()
    emulator.stop()
    (received,) = emulator.record.updates()
    assert (received.applied, received.status) == (after_write, 0)


ODD = [
    # kind, written, what is odd about the body
    ("empty", False, lambda body: body == b""),
    ("malformed", False, lambda body: body.startswith(b'{"createdId": ')),
    ("wrong-shape", False, lambda body: isinstance(json.loads(body), list)),
    ("id-with-errors", False, lambda body: {"createdId", "errors"} <= set(json.loads(body))),
    ("error", False, lambda body: json.loads(body)["errors"][0]["code"] == 521),
    ("warning", True, lambda body: json.loads(body)["warnings"][0]["code"] == 521),
    ("no-warnings", True, lambda body: set(json.loads(body)) == {"createdId"}),
    ("huge", True, lambda body: len(body) > 2_000_000),
    ("gzip", True, lambda body: "createdId" in json.loads(gzip.decompress(body))),
    ("content-type", True, lambda body: "createdId" in json.loads(body)),
    ("slow-body", True, lambda body: "createdId" in json.loads(body)),
]


@pytest.mark.parametrize(("kind", "written", "is_odd"), ODD)
def test_an_odd_answer_comes_with_http_200(serve, wire, kind, written, is_odd):
    emulator = serve(faults=[{"kind": kind, "size": 2_000_000, "seconds": 0.02}])
    status, headers, body = wire(emulator).put()
    assert status == 200
    assert is_odd(body)
    assert headers["content-type"].startswith("text/html" if kind == "content-type" else "application/json")
    assert emulator.record.updates()[0].applied is written


@pytest.mark.parametrize("kind", ["empty", "malformed", "wrong-shape"])
def test_an_unreadable_answer_may_come_after_the_write(serve, wire, kind):
    emulator = serve(faults=[{"kind": kind, "after_write": True}])
    wire(emulator).put()
    assert emulator.record.updates()[0].applied


@pytest.mark.parametrize("after_write", [False, True])
def test_a_truncated_body_ends_before_its_announced_length(serve, wire, after_write):
    emulator = serve(faults=[{"kind": "truncated", "after_write": after_write}])
    with pytest.raises(http.client.IncompleteRead):
        wire(emulator).put()
    assert emulator.record.updates()[0].applied is after_write


def test_every_token_expires_at_once(serve, wire):
    emulator = serve(faults=[{"kind": "token-expired", "nth": [2]}])
    client = wire(emulator)
    _, _, body = client.ask(
        "POST", "/v3/oauth/token/generate", b'{"key": "emulator-key", "secret": "emulator-secret"}', {}
    )
    headers = {"X-CAP-API-OAUTH-TOKEN": json.loads(body)["data"]["accessToken"], "Content-Type": "application/json"}
    assert [client.put(headers=headers)[0] for _ in range(3)] == [200, 498, 498]


def test_right_credentials_may_be_refused_once(serve, wire):
    emulator = serve(faults=[{"kind": "unauthorised", "times": 1}])
    assert [wire(emulator).put()[0] for _ in range(2)] == [401, 200]


def test_an_outage_of_a_given_length_strikes_every_route(serve, wire):
    emulator = serve(faults=[{"kind": "status", "until_s": 3600, "route": "any"}])
    client = wire(emulator)
    assert client.put()[0] == 503
    assert client.ask("POST", "/v3/oauth/token/generate", b"{}")[0] == 503
    emulator.script()
    assert client.put()[0] == 200


def strikes(fault: dict, requests: list[tuple[str, float]], seed: int = 0) -> list[int]:
    """Ordinals, from 1, of the requests (value, second) that are struck."""
    script = FaultScript([Fault.model_validate({"kind": "drop", **fault})], seed)
    return [
        number for number, (value, second) in enumerate(requests, 1) if script.strike("update", value, value, second)
    ]


TEN = [(f"c{number % 5}", float(number)) for number in range(10)]
SELECTORS = [
    ({}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    ({"nth": [2, 9]}, [2, 9]),
    ({"every": 4}, [4, 8]),
    ({"values": ["c1"]}, [2, 7]),
    ({"attempts": [1]}, [1, 2, 3, 4, 5]),  # the first request for each customer
    ({"from_s": 2, "until_s": 5}, [3, 4, 5]),
    ({"times": 3}, [1, 2, 3]),
    ({"attempts": [2], "values": ["c0", "c1"], "times": 1}, [6]),  # all selectors must hold
    ({"route": "token"}, []),
    ({"share": 0}, []),
    ({"share": 1}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
]


@pytest.mark.parametrize(("fault", "struck"), SELECTORS)
def test_a_fault_strikes_where_every_selector_holds(fault, struck):
    assert strikes(fault, TEN) == struck


def test_a_share_depends_on_the_seed_and_the_customer_but_not_on_the_order():
    many = [(f"c{number}", 0.0) for number in range(4_000)]
    struck = {many[number - 1][0] for number in strikes({"share": 0.1}, many)}
    reversed_ = list(reversed(many))
    assert {reversed_[number - 1][0] for number in strikes({"share": 0.1}, reversed_)} == struck
    assert 300 < len(struck) < 500
    assert {many[number - 1][0] for number in strikes({"share": 0.1}, many, seed=1)} != struck


@pytest.mark.parametrize("distribution", ["fixed", "uniform", "exponential", "lognormal"])
def test_a_delay_has_the_stated_mean(distribution):
    script = FaultScript([Fault(kind=FaultKind.DELAY, seconds=0.2, distribution=distribution)], 0)
    drawn = [script.strike("update", f"c{number}", "", 0.0)[0][1] for number in range(4_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(0.2, rel=0.1)
    assert min(drawn) >= 0


def test_delays_add_up_and_of_the_others_the_first_strikes():
    faults = [Fault(kind="delay", seconds=1), Fault(kind="drop"), Fault(kind="empty"), Fault(kind="delay", seconds=2)]
    struck = FaultScript(faults, 0).strike("update", "c", "c", 0.0)
    assert [(fault.kind.value, seconds) for fault, seconds in struck] == [("delay", 1), ("drop", 0), ("delay", 2)]


@pytest.mark.parametrize("name", profiles())
def test_every_profile_can_be_used(name):
    assert EmulatorConfig.profile(name) != EmulatorConfig()
    assert profiles()[name]["about"]


def test_a_wrong_switch_profile_or_file_is_told_by_name(tmp_path):
    path = tmp_path / "emulator.toml"
    path.write_text('profile = "europe"\nborn = "alien"\nfaults = [{kind = "error", after_write = true}]\n')
    with pytest.raises(ConfigError, match=r"emulator\.toml: born: .*faults.*never writes"):
        EmulatorConfig.read(path)
    with pytest.raises(ConfigError, match=r"no profile 'good-day'\. There are: .*bad-day"):
        EmulatorConfig.profile("good-day")
    with pytest.raises(ConfigError, match="cannot be read"):
        EmulatorConfig.read(tmp_path / "missing.toml")
    with pytest.raises(ConfigError, match="'5/day' is no limit"):
        EmulatorConfig.of({"limits": ["5/day"]})


def test_a_file_builds_on_a_profile(tmp_path):
    path = tmp_path / "emulator.toml"
    path.write_text('profile = "europe"\nborn = "non_loyalty"\nfaults = [{kind = "drop"}]\n')
    config = EmulatorConfig.read(path)
    assert (config.limits, config.born, [fault.kind for fault in config.faults]) == (
        ("eu",),
        "non_loyalty",
        ["delay", "drop"],
    )
