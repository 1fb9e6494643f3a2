"""Who a customer is stands only where the user must see it; secrets and tokens stand nowhere. Complaints 26, 29, 30."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from importer.emulator import Emulator, EmulatorConfig

NAMES = ["Zaphodia", "Beeblebroxova", "Slartibartfast", "Trilliane"]
PHONES = ["09000012345", "919000012345", "09000054321", "919000054321", "0900001234567"]
EMAILS = ["zaphodia.secret@example.com", "trilliane@example.org", "not.a.mail.at.all"]
OTHERS = ["Heart-of-Gold-Lane-42", "31/02/1979", "QUITE-UNKNOWN-TIER"]
PERSONAL = [*NAMES, *PHONES, *EMAILS, *OTHERS]
SECRETS = ["made-up-password-of-a-till", "made-up-client-secret", "made-up-client-key"]

MAPPING = """version: 1
name: personal
lookup:
  source: INSTORE
  identifiers:
    - mobile: {column: Phone, convert: [{phone: IN}]}
profile:
  firstName: First
  lastName: Last
  identifiers:
    - {type: email, value: {column: Mail, convert: [trim, lower, email]}}
extendedFields:
  dob: {column: Born, convert: [{date: "%d/%m/%Y"}]}
  city: Street
  gender: {column: Tier, convert: [{choice: {Gold: Male, Silver: Female}}]}
check:
  Phone: {unique: true}
guards: {max_invalid: 100%}
"""
HEADER = "Phone,First,Last,Mail,Born,Street,Tier"
ROWS = [
    "09000012345,Zaphodia,Beeblebroxova,zaphodia.secret@example.com,01/02/1979,Heart-of-Gold-Lane-42,Gold",
    "09000054321,Trilliane,Beeblebroxova,trilliane@example.org,31/02/1979,Heart-of-Gold-Lane-42,Gold",  # no such day
    "0900001234567,Slartibartfast,Beeblebroxova,,01/02/1979,,Silver",  # no phone number
    "09000077777,Slartibartfast,Trilliane,not.a.mail.at.all,01/02/1979,,QUITE-UNKNOWN-TIER",
    "09000000404,Slartibartfast,Trilliane,,01/02/1979,Heart-of-Gold-Lane-42,Gold",  # nobody's
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "customers.csv").write_text("\n".join([HEADER, *ROWS, ""]), "utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
    return tmp_path


def config() -> EmulatorConfig:
    return EmulatorConfig(
        till="made.up", password=SECRETS[0], client_key=SECRETS[2], client_secret=SECRETS[1], missing=("*0000404",)
    )


def environment(kind: str) -> dict[str, str]:
    if kind == "basic":
        return {"IMPORTER_TILL": "made.up", "IMPORTER_PASSWORD": SECRETS[0]}
    return {"IMPORTER_CLIENT_KEY": SECRETS[2], "IMPORTER_CLIENT_SECRET": SECRETS[1]}


def found(text: str | bytes, values: list[str]) -> list[str]:
    text = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return [value for value in values if value.encode() in text]


MAY_SHOW = {"results.csv", "rejects.csv", "journal.db", "journal.db-wal", "journal.db-shm", "prepared.bin"}


@pytest.mark.timeout(400)  # a dozen commands
@pytest.mark.parametrize("kind", ["basic", pytest.param("oauth", marks=pytest.mark.long)])
def test_30_values_stand_only_where_the_user_must_see_them(importer, folder, kind):
    """Every command, every file: names, phones, mails, dates and addresses; passwords, keys and tokens nowhere."""
    heard: dict[str, str] = {}
    with Emulator(config()) as server:
        to = ("--to", server.url)
        commands = [
            ("plan", "customers.csv", "-m", "mapping.yaml", *to),
            ("probe", "customers.csv", "-m", "mapping.yaml", "-n", "5", *to),
            ("run", "customers.csv", "-m", "mapping.yaml", *to, "--yes", "-v", "--log-file", "log.jsonl"),
            ("run", "customers.csv", "-m", "mapping.yaml", *to, "--yes", "--json"),
            ("runs",), ("runs", "--json"), ("doctor", *to),
        ]  # fmt: skip
        for words in commands:
            result = importer(*words, **environment(kind))
            heard[" ".join(words)] = result.stdout + result.stderr
        runs = sorted((folder / "runs").iterdir())
        for words in [("report", str(runs[-1])), ("retry", str(runs[-1]), "--yes"), ("support-bundle", str(runs[-1]))]:
            result = importer(*words, **environment(kind))
            heard[" ".join(words)] = result.stdout + result.stderr
        tokens = list(server._service.access._tokens)
    assert bool(tokens) == (kind == "oauth")
    for command, text in heard.items():
        assert found(text, [*PERSONAL, *SECRETS, *tokens]) == [], command
    shown = set()
    for path in folder.rglob("*"):
        if not path.is_file() or (path.parent == folder and path.suffix in {".csv", ".yaml"}):
            continue
        content = path.read_bytes()
        assert found(content, [*SECRETS, *tokens]) == [], path
        values = found(content, PERSONAL)
        if values:
            assert path.name in MAY_SHOW, (path.relative_to(folder), values)
            shown.add(path.name)
    assert {"results.csv", "rejects.csv", "journal.db"} <= shown, "the values that are looked for do occur"


def test_an_internal_error_shows_where_it_came_from_and_no_value(folder):
    """The message of an exception may quote a cell; it is not printed."""
    code = (
        "import sys, importer.run as corridor\n"
        f"def broken(*_): raise RuntimeError({PERSONAL[0]!r})\n"
        "corridor.run = broken\n"
        "from importer.cli import main\n"
        "main(['run', 'customers.csv', '-m', 'mapping.yaml', '--to', 'emulator'])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert result.returncode == 70
    assert "internal error (RuntimeError)" in result.stderr
    assert found(result.stdout + result.stderr, PERSONAL) == []


# ── where nobody looks at a terminal ───────────────────────────────────────────────────

BARE = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def cron(folder: Path, words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command as cron starts it: by a shell, with next to no environment, and a home that cannot be written."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    home.chmod(0o500)
    return subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m importer {words}"], cwd=folder, env=BARE | {"HOME": str(home)} | more,
        capture_output=True, text=True, encoding="utf-8", errors="strict", check=False, timeout=90,
    )  # fmt: skip


RUN = "run customers.csv -m mapping.yaml --to emulator --yes"


def test_26_29_a_run_by_cron_ends_with_the_right_code_and_a_readable_mail(folder):
    """No terminal, C locale, closed standard input: the outcome in words, no bar, no escape sequence."""
    result = cron(folder, f"{RUN} <&-")
    assert result.returncode == 1
    assert "1 of 5 rows ended well, 4 did not" in result.stdout
    assert "\x1b" not in result.stdout + result.stderr
    assert "\r" not in result.stdout + result.stderr
    assert "%|" not in result.stderr


@pytest.mark.parametrize(("closing", "code"), [(">&-", 1), ("2>&-", 1), (">&- 2>&- <&-", 1), ("| head -c 1", 0)])
def test_a_closed_stream_changes_neither_the_outcome_nor_the_files(folder, closing, code):
    result = cron(folder, f"{RUN} {closing}")
    assert result.returncode == code, result.stderr
    (run,) = (folder / "runs").iterdir()
    assert json.loads((run / "summary.json").read_text("utf-8"))["exit_code"] == 1
    assert len((run / "results.csv").read_text("utf-8").splitlines()) == 6
    assert "Traceback" not in result.stderr


def test_without_yes_and_terminal_a_run_against_a_service_refuses_and_says_how(folder):
    with Emulator(config()) as server:
        result = cron(folder, f"run customers.csv -m mapping.yaml --to {server.url}", **environment("basic"))
        assert result.returncode == 2
        assert "Say --yes" in result.stderr
        assert not list(server.record.updates())


def test_files_are_private_under_a_loose_umask(folder):
    result = cron(folder, f"{RUN} --log-file l.jsonl", PYTHONDONTWRITEBYTECODE="1")
    assert result.returncode == 1
    loose = [
        str(path.relative_to(folder))
        for place in ("runs", ".importer", "l.jsonl")
        for path in [folder / place, *(folder / place).rglob("*")]
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert loose == []
    assert (folder / ".importer").is_dir()
