"""`importer catalog`: the targets that a mapping may name."""

from __future__ import annotations

from typing import Annotated

import typer

from importer.cli.options import Json

HELP = """List the targets that a mapping may name.

\b
Example:
    importer catalog profile.commChannels
"""


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("catalog", help=HELP)(catalog)


def catalog(
    prefix: Annotated[str, typer.Argument(help="Only targets that begin so.", show_default=False)] = "",
    json: Json = False,
) -> None:
    """Print one line a target, or one JSON list."""
    from importer.apis import capillary

    targets = [target for target in capillary.endpoint().catalog.values() if target.address.startswith(prefix)]
    if not targets:
        names = ", ".join(
            sorted({address.split(".")[0].removesuffix("[]") for address in capillary.endpoint().catalog})
        )
        raise typer.BadParameter(f"no target begins with {prefix!r}; they begin with {names}")
    if json:
        import orjson

        facts = [
            {"target": t.address, "body": t.body, "type": t.kind, "effect": t.effect, "values": t.values,
             "max_length": t.max_length, "help": t.help}
            for t in targets
        ]  # fmt: skip
        typer.echo(orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode())
        return
    width = max(len(target.address) for target in targets)
    for target in targets:
        adds = " (adds: never sent twice)" if target.effect == "adds" else ""
        typer.echo(f"{target.address:<{width}}  {target.kind:<17} {target.help}{adds}")
        if target.values:
            typer.echo(f"{'':<{width}}  {'':<17} one of {', '.join(target.values)}")
