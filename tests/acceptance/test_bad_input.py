"""Bad input ends with one clear sentence that says what to do, the documented exit code, and nothing sent."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest


def no_traceback(result) -> None:
    assert "Traceback" not in result.stderr
    assert 'File "' not in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.csv", None, ["missing.csv"]),  # no such file
        ("empty.csv", b"", ["empty.csv", "empty"]),  # no byte in it
        ("header.csv", b"Code,Name\n", ["header.csv", "no rows"]),  # a header and nothing below
        ("customers.pdf", b"%PDF-1.7", ["customers.pdf"]),  # a kind that nobody reads
        ("broken.xlsx", b"PK\x03\x04 not a workbook", ["broken.xlsx"]),  # damaged
    ],
)
@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_sheet_that_cannot_be_read_is_refused(importer, mapping, tmp_path: Path, command, name, content, says):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    to = ["--to", "emulator"] if command == "run" else []
    result = importer(command, name, "-m", "mapping.yaml", *to)
    assert result.returncode == 2, result.stderr
    assert all(word in result.stderr for word in says), result.stderr
    no_traceback(result)


def test_a_directory_is_no_sheet(importer, mapping, tmp_path: Path):
    (tmp_path / "folder.csv").mkdir()
    result = importer("plan", "folder.csv", "-m", "mapping.yaml")
    assert result.returncode == 2
    assert "folder.csv" in result.stderr
    assert "directory" in result.stderr or "folder" in result.stderr
    no_traceback(result)


def test_a_zip_that_is_no_workbook_is_refused(importer, mapping, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "odd.xlsx", "w") as file:
        file.writestr("readme.txt", "hello")
    result = importer("plan", "odd.xlsx", "-m", "mapping.yaml")
    assert result.returncode == 2
    assert "odd.xlsx" in result.stderr
    no_traceback(result)


def test_a_wrong_key_in_the_mapping_is_named_with_its_place_and_the_nearest_right_one(importer, mapping, sheet):
    mapping.write_text(mapping.read_text().replace("firstName", "fristName"))
    result = importer("plan", "customers.csv", "-m", "mapping.yaml")
    assert result.returncode == 2
    assert "mapping.yaml:8:3" in result.stderr
    assert "firstName" in result.stderr
    no_traceback(result)


def test_a_column_that_the_sheet_lacks_is_named_with_the_nearest_header(importer, mapping, sheet):
    mapping.write_text(mapping.read_text().replace("firstName: Name", "firstName: Nmae"))
    result = importer("plan", "customers.csv", "-m", "mapping.yaml")
    assert result.returncode == 2
    assert "mapping.yaml:8:" in result.stderr
    assert "Nmae" in result.stderr
    assert "Name" in result.stderr.replace("Nmae", "")
    no_traceback(result)


def test_a_missing_mapping_is_named(importer, sheet):
    result = importer("plan", "customers.csv", "-m", "nowhere.yaml")
    assert result.returncode == 2
    assert "nowhere.yaml" in result.stderr
    no_traceback(result)


def test_a_run_without_a_target_system_says_how_to_name_one(importer, mapping, sheet):
    result = importer("run", "customers.csv", "-m", "mapping.yaml", "--yes")
    assert result.returncode == 2
    assert "--to" in result.stderr
    no_traceback(result)


def test_an_unknown_target_system_lists_those_that_could_be_named(importer, mapping, sheet, tmp_path: Path):
    (tmp_path / "importer.toml").write_text('[to.staging]\nhost = "https://example.com"\nauth = "oauth"\n')
    result = importer("run", "customers.csv", "-m", "mapping.yaml", "--to", "stagin", "--yes")
    assert result.returncode == 2
    assert "staging" in result.stderr
    no_traceback(result)


def test_without_a_terminal_a_run_needs_yes(importer, mapping, sheet, emulator):
    result = importer(
        "run", "customers.csv", "-m", "mapping.yaml", "--to", emulator.url,
        IMPORTER_TILL=emulator.config.till, IMPORTER_PASSWORD=emulator.config.password,
    )  # fmt: skip
    assert result.returncode == 2
    assert "--yes" in result.stderr
    assert not emulator.record.requests()


def test_a_refused_connection_stops_the_run_with_every_row_not_sent(importer, mapping, sheet, tmp_path: Path):
    result = importer(
        "run", "customers.csv", "-m", "mapping.yaml", "--to", "http://127.0.0.1:9", "--yes",
        IMPORTER_TILL="store.server", IMPORTER_PASSWORD="server123",
    )  # fmt: skip
    assert result.returncode == 3, result.stderr
    assert "127.0.0.1:9" in result.stderr
    assert "resume" in result.stderr
    (results,) = tmp_path.glob("runs/*/results.csv")
    assert results.read_text().count(",not_sent,") + results.read_text().count(",failed,") == 3
    no_traceback(result)


def test_wrong_credentials_stop_the_run_and_nothing_was_applied(importer, mapping, sheet, emulator, tmp_path: Path):
    result = importer(
        "run", "customers.csv", "-m", "mapping.yaml", "--to", emulator.url, "--yes",
        IMPORTER_TILL=emulator.config.till, IMPORTER_PASSWORD="wrong",
    )  # fmt: skip
    assert result.returncode == 3, result.stderr
    assert "credentials" in result.stderr or "password" in result.stderr
    (results,) = tmp_path.glob("runs/*/results.csv")
    assert results.read_text().count(",not_sent,") == 3
    assert not any(request.applied for request in emulator.record.requests())
    no_traceback(result)
