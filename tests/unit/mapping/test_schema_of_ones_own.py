"""The pandera schema that a mapping names: where it is looked for, and what it reads."""

from __future__ import annotations

from pathlib import Path

import pandera.pandas as pa
import pytest

from importer.mapping.own_schema import columns_read, own_schema


class Model(pa.DataFrameModel):
    """A model."""

    Code: str
    Name: str = pa.Field(alias="Full name")


def test_a_module_beside_the_mapping_is_found(tmp_path):
    (tmp_path / "mine_for_a_test.py").write_text("checks = 5\n", "utf-8")
    assert own_schema("mine_for_a_test:checks", tmp_path) == 5
    assert own_schema("decimal:Decimal", tmp_path).__name__ == "Decimal"  # an installed one


def test_a_yaml_file_beside_the_mapping_is_its_path(tmp_path):
    (tmp_path / "checks.yaml").write_text("columns: {}\n", "utf-8")
    assert own_schema("checks.yaml", tmp_path) == tmp_path / "checks.yaml"


@pytest.mark.parametrize(
    ("wanted", "content", "says"),
    [
        ("gone.yaml", None, "no schema file 'gone.yaml' beside the mapping"),
        ("no_such_module_here:x", None, "ModuleNotFoundError"),
        ("leaves_at_once:x", "raise SystemExit", "SystemExit"),
        ("raises_at_once:x", "1 / 0", "ZeroDivisionError"),
        ("lacks_the_name:x", "y = 1", "AttributeError"),
        ("lacks_a_colon", "y = 1", "MODULE:NAME"),
    ],
)
def test_what_cannot_be_had_is_told_with_the_ways_to_write_it(tmp_path, wanted, content, says):
    if content is not None:
        (tmp_path / f"{wanted.partition(':')[0]}.py").write_text(content, "utf-8")
    with pytest.raises(ValueError, match=says) as caught:
        own_schema(wanted, tmp_path)
    assert "MODULE:NAME, or as the name of pandera's YAML file" in str(caught.value)


@pytest.mark.parametrize(
    ("schema", "columns"),
    [
        (Model, {"Code", "Full name"}),
        (pa.DataFrameSchema({"A": pa.Column(str)}), {"A"}),
        ("columns: {A: {dtype: str}, B: {}}", {"A", "B"}),
        ("columns: [{name: A, dtype: str}, {dtype: str}]", {"A"}),
        ("columns: [", set()),
        ("5", set()),
        (5, set()),
        (dict, set()),
    ],
)
def test_the_columns_that_it_reads_are_none_that_nothing_reads(tmp_path, schema, columns):
    if isinstance(schema, str):
        path = tmp_path / "checks.yaml"
        path.write_text(schema, "utf-8")
        schema = path
    assert columns_read(schema) == columns
    assert columns_read(Path("gone.yaml")) == set()
