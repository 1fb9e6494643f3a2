"""`importer fields pull`: the organisation's own fields, from a Capillary into a mapping."""

from __future__ import annotations

import pytest

from importer.emulator import Emulator, EmulatorConfig

pytestmark = pytest.mark.long  # many commands, one after the other

MAPPING = """\
version: 1
name: own
lookup:
  source: INSTORE
  identifiers: [externalId: Code]
extendedFields:
  dob: {column: Born, convert: [{date: "%d.%m.%Y"}]}
"""


@pytest.fixture
def organisation():
    """A Capillary with fields of every awkward kind, and the environment that opens it."""
    config = EmulatorConfig.of(
        {
            "entity_key": "CUSTOMER",
            "organisation": {
                "extended_fields": {"DOB": "DATE", "mood": "CUSTOM_ENUM"},
                "custom_fields": {"store": "String", "gone": "String", "much_too_long_for_a_name": "String"},
                "disabled_fields": ["gone"],
            },
        }
    )
    with Emulator(config) as server:
        yield server, {"IMPORTER_TILL": config.till, "IMPORTER_PASSWORD": config.password}


def test_the_section_is_printed_and_what_cannot_be_mapped_is_told(importer, organisation):
    server, credentials = organisation
    result = importer("fields", "pull", "--to", server.url, **credentials)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[2:] == [
        "  extendedFields:",
        "    DOB: {type: date}",
        "    mood: {type: string}  # CUSTOM_ENUM: state its values: {type: enum, values: […]}",
        "  fields:",
        "    store: {type: string}",
    ]
    assert result.stderr.splitlines() == [
        "Left out: fields.gone is disabled.",
        "Left out: fields.much_too_long_for_a_name has more than 20 characters, which no update takes.",
    ]


def test_it_goes_into_a_mapping_and_wrong_names_are_found_before_anything_is_sent(importer, organisation, tmp_path):
    server, credentials = organisation
    path = tmp_path / "mapping.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + MAPPING.encode())
    path.chmod(0o640)
    result = importer("fields", "pull", "--to", server.url, "--into", "mapping.yaml", **credentials)
    assert (result.returncode, result.stdout.splitlines()[0]) == (0, "added extendedFields.DOB: date"), result.stderr
    assert path.read_bytes().startswith(b"\xef\xbb\xbf" + MAPPING.encode())
    assert path.stat().st_mode & 0o777 == 0o640
    again = importer("fields", "pull", "--to", server.url, "--into", "mapping.yaml", **credentials)
    assert (again.returncode, again.stdout) == (0, "")
    assert "Nothing to change" in again.stderr

    path.write_text(path.read_text("utf-8-sig").replace("  dob: {column", "  hobby: Hobby\n  dob: {column"), "utf-8")
    (tmp_path / "customers.csv").write_text("Code,Born,Hobby\nA0001,01.02.1990,chess\n", "utf-8")
    wrong = importer("fields", "pull", "--to", server.url, "--into", "mapping.yaml", **credentials)
    planned = importer("plan", "customers.csv", "-m", "mapping.yaml")
    for one in (wrong, planned):
        assert one.returncode == 2
        assert "mapping.yaml:7:3: the organisation has no extendedFields.hobby" in one.stderr


@pytest.mark.parametrize(
    ("switches", "code", "says"),
    [
        ({"access": "denied"}, 3, "denies access to /v2/extendedFields (HTTP 403"),
        ({"faults": [{"kind": "status", "status": 404, "route": "any"}]}, 2, "(HTTP 404"),
        ({"faults": [{"kind": "malformed", "route": "any"}]}, 2, "no list of fields"),
    ],
)
def test_a_service_that_denies_or_makes_no_sense_leaves_the_mapping_alone(
    importer, organisation, tmp_path, switches, code, says
):
    server, credentials = organisation
    server.configure(**switches)
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING, "utf-8")
    result = importer("fields", "pull", "--to", server.url, "--into", "mapping.yaml", **credentials)
    assert (result.returncode, result.stdout) == (code, ""), result.stderr
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert "resume" not in result.stderr
    assert path.read_text("utf-8") == MAPPING


def test_wrong_use_is_told(importer, organisation, tmp_path):
    server, credentials = organisation
    (tmp_path / "there.yaml").write_text("mine", "utf-8")
    for arguments, says in (
        ((), "no target system was named"),
        (("--to", server.url, "-o", "there.yaml"), "exists already"),
        (("--to", server.url, "-o", "new.yaml", "--into", "there.yaml"), "either --output or --into"),
        (("--to", server.url, "-o", "no/such/folder/new.yaml"), "cannot be written (No such file or directory)"),
        (("--to", server.url, "--into", "missing.yaml"), "no such mapping file"),
        (("--to", server.url, "--into", "there.yaml"), "map of sections"),
    ):
        result = importer("fields", "pull", *arguments, **credentials)
        assert result.returncode == 2, (arguments, result.stderr)
        assert says in result.stderr.replace("\n", " ")
    assert (tmp_path / "there.yaml").read_text("utf-8") == "mine"


def test_the_embedded_emulator_has_fields_for_a_first_try(importer, tmp_path):
    result = importer("fields", "pull", "--to", "emulator", "-o", "declare.yaml")
    assert result.returncode == 0, result.stderr
    assert "gender: {type: string}" in (tmp_path / "declare.yaml").read_text("utf-8")
