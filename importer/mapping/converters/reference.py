"""The reference page docs/reference/converters.md."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from importer.endpoint import Kind
from importer.mapping.converters import NAMES, Converter

YIELDS = {
    Kind.STRING: "text",
    Kind.INTEGER: "a whole number",
    Kind.DOUBLE: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "a date, `YYYY-MM-DD`",
    Kind.DATETIME: "a date with time and offset, `YYYY-MM-DDTHH:MM:SS±hh:mm`",
    Kind.LIST: "a list of texts",
}
HEAD = """# Converters

Steps from a cell's text to a value, named under `convert:` and applied in order. A converter sees only cells that are
not blank; what it cannot read becomes a [problem](problems.md) of that row under the slug named here, and the row's other
problems are still found. Nothing that goes in comes out silently changed into something else: a converter either knows,
or refuses. Generated from `importer/mapping/converters/`; each example is a test.
"""
OWN = """## Converters of your own

Any function that takes a pandas Series of text and answers with a Series of the same index can be a step. The mapping
names it by its Python file, which lies beside the mapping:

```yaml
converters:
  tidy: own.py            # the function `tidy` of own.py
  short: own.py:cut       # the function `cut`; `convert: [{short: 10}]` hands it "10" as a second argument
```

Or a package brings it by the entry point `importer.converters`, in its own `pyproject.toml`:

```toml
[project.entry-points."importer.converters"]
tidy = "our_package.cleaning:tidy"
```

The function sees each distinct text once or more, never blanks, and no other column. It answers with text, a list of
texts, or nothing (the target is left out); a number comes of the step after it, such as `integer`. What it raises costs
only the rows concerned and stands in their reports as `own-converter-failed`, with the function's name and the kind of
exception but not its message, which may quote other rows. A file or function that cannot be loaded is an error of the
mapping. The file is a program: run mappings of people that you trust.
"""


def converters_page() -> str:
    """Every converter: what it takes, yields and refuses, its argument, and examples that are tests."""
    return "\n".join([HEAD, *(line for name, kind in NAMES.items() for line in _section(name, kind)), OWN])


def _section(name: str, kind: type[Converter]) -> Iterator[str]:
    yield f"## `{name}`\n\n{kind.help}\n"
    yield f"- Argument: {f'`{kind.arguments}`' if kind.arguments else 'none'}"
    yield f"- Yields: {YIELDS[kind.yields] if kind.yields else 'what it took'}"
    yield f"- Refuses as: {', '.join(f'`{slug}`' for slug in kind.slugs) or 'nothing, it takes every text'}\n"
    yield "| in the mapping | cell | gives |\n| --- | --- | --- |"
    for example in kind.examples:
        gives = (
            f"problem `{example.problem}`" if example.problem else f"`{json.dumps(example.value, ensure_ascii=False)}`"
        )
        yield f"| `{_step(name, example.argument)}` | `{example.cell}` | {gives} |"
    yield ""


def _step(name: str, argument: Any) -> str:
    """The step as a mapping spells it."""
    step = name if argument is None else f"{{{name}: {_flow(argument)}}}"
    return step.replace("|", "\\|")


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value) if str(value).isalnum() else json.dumps(value, ensure_ascii=False)
