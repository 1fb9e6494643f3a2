"""The reference page docs/reference/converters.md."""

from __future__ import annotations

from importer.mapping.converters import NAMES


def converters_page() -> str:
    """Every converter: what it takes, yields and refuses, its argument, and examples that are tests."""
    parts = [
        "# Converters\n\nSteps from a cell's text to a value, named under `convert:` and applied in order. A converter sees",
        "only cells that are not blank; what it cannot read becomes a problem of that row, and its other problems are",
        "still found. Generated from `importer/mapping/converters/`; each example is a test.\n",
    ]
    for name, kind in NAMES.items():
        parts.append(f"## `{name}`\n\n{kind.help}\n")
        if kind.arguments:
            parts.append(f"Argument: `{kind.arguments}`\n")
        parts.append("| argument | cell | gives |\n| --- | --- | --- |")
        for example in kind.examples:
            gives = f"problem `{example.problem}`" if example.problem else f"`{example.value!r}`"
            argument = "" if example.argument is None else f"`{example.argument}`".replace("|", "\\|")
            parts.append(f"| {argument} | `{example.cell}` | {gives} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"
