"""Which sentence Capillary says with a code, and the shape of an entry of `errors` or `warnings`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def sentences() -> dict[int, str]:
    """The sentence of each code, from codes.toml."""
    table = tomllib.loads(files("importer.emulator").joinpath("codes.toml").read_text("utf-8"))["codes"]
    return {int(code): sentence for code, sentence in table.items()}


def entry(code: int, about: object = "") -> dict[str, Any]:
    """One entry of `errors` or `warnings` (section 3.1 of the facts). An unlisted code says so in plain words."""
    sentence = sentences().get(code, "Request failed with code " + str(code) + " {}")
    return {"status": False, "code": code, "message": sentence.format(about).strip()}
