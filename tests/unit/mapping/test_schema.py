"""The JSON Schema: valid itself, content with every sample, and at one with the code about small mappings."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from importer.apis.capillary.catalog import catalog
from importer.errors import MappingError
from importer.mapping import load, schema_text

ROOT = Path(__file__).parents[3]
SAMPLES = [*sorted(ROOT.glob("mappings/*.yaml")), ROOT / "tests" / "acceptance" / "every_target.yaml"]


@pytest.fixture(scope="module")
def shipped() -> Draft202012Validator:
    """An independent validator of the schema in the package."""
    schema = json.loads(resources.files("importer.mapping").joinpath("mapping.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def as_an_editor_reads_it(path: Path) -> object:
    """YAML 1.2 with its own idea of types: numbers, booleans and nulls."""
    return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))


def test_the_shipped_schema_is_the_one_of_the_code(shipped):
    assert json.loads(schema_text(catalog())) == shipped.schema


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_validates(shipped, path):
    assert not list(shipped.iter_errors(as_an_editor_reads_it(path)))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_begins_with_the_comment_that_points_editors_to_the_schema(path):
    first = path.read_text("utf-8").splitlines()[0]
    before, _, place = first.partition("$schema=")
    assert before == "# yaml-language-server: "
    assert (path.parent / place).resolve() == ROOT / "importer" / "mapping" / "mapping.schema.json"


TEXTS = [
    # a mapping's text below its head, and whether it is right
    ("profile: {firstName: Name}", True),
    ("profile: {firstName: 42}", True),
    ("profile: {firstName: true}", True),
    ("profile: {firstName: [A, {constant: B}]}", True),
    ("profile: {firstName: {column: A, convert: [trim, {pad: {to: 5}}]}}", True),
    ("profile: {firstName: {column: A, convert: trim}}", True),
    ("profile: {firstName: {columns: A, convert: {prefix: x}}}", True),
    ("profile: {identifiers: {email: A}}", True),
    ("profile: {identifiers: [{type: email, value: A}]}", True),
    ("sheet: {blanks: NULL}", True),
    ("sheet: {blanks: [~, 0]}", True),
    ("rows: {skip_when: {column: A, in: x}}", True),
    ("rows: {skip_when: {any: [{column: A, equals: 1}, {not: {column: B, blank: true}}]}}", True),
    ("guards: {max_invalid: 10%, max_merged: 0}", True),
    ("tests: [{given: {A: , Code: 1}, problems: {A: [phone-invalid]}}]\nprofile: {firstName: A}", True),
    ("tests: [{given: {A: x}, expect: {lookup: {externalId: 1}, body: {a: [1]}, status: planned}}]\nprofile: {firstName: A}", True),
    ("check: {A: {in: x, unique: true, min: 1}}", True),
    ("profile: {fristName: A}", False),
    ("profile: {firstName: {colum: A}}", False),
    ("profile: {firstName: {column: A, constant: B}}", False),
    ("profile: {firstName: {convert: [trim]}}", False),
    ("profile: {firstName: {column: A, join: x}}", False),
    ("profile: {firstName: {column: A, convert: [{trim: 1, upper: 2}]}}", False),
    ("profile: {firstName: {column: A, blank: no}}", False),
    ("rows: {skip_when: {equals: x}}", False),
    ("rows: {same_customer: both}", False),
    ("guards: {max_invalid: few}", False),
    ("tests: [{expect: {}}]", False),
    ("check: {A: {required: maybe}}", False),
    ("questions: why", False),
    ("declare: {extendedFields: {a: {type: text}}}", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right"), TEXTS)
def test_schema_and_importer_agree(shipped, written, text, right):
    path = written(text + "\n")
    assert (not list(shipped.iter_errors(as_an_editor_reads_it(path)))) is right
    try:
        load(path, catalog())
    except MappingError:
        assert not right
    else:
        assert right


def test_the_catalog_s_words_stand_at_each_target(shipped):
    profile = shipped.schema["$defs"]["ProfileSection"]["properties"]
    assert "Given name" in profile["firstName"]["description"]
    kinds = shipped.schema["$defs"]["CommchannelsSection"]["properties"]["type"]["description"]
    assert "mobilePush" in kinds
