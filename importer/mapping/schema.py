"""The mapping file's JSON Schema (draft 2020-12), for editors; made from the pydantic models."""

from __future__ import annotations

import json
from typing import Any

from importer.endpoint import Catalog
from importer.mapping.model import mapping_model


def schema(catalog: Catalog) -> dict[str, Any]:
    """The schema of a whole mapping file."""
    found = mapping_model(catalog).model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **found,
        "title": "importer mapping, version 1",
    }


def schema_text(catalog: Catalog) -> str:
    """The schema as it is shipped in mapping.schema.json."""
    return json.dumps(schema(catalog), indent=1, ensure_ascii=False) + "\n"
