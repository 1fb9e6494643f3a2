"""`importer emulator`: serve the local Capillary."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from importer.errors import WrongUse

HELP = """Serve a local Capillary on loopback, to rehearse with.

\b
Example:
    importer emulator --port 8080
    importer emulator --profile bad-day
    importer emulator --limit 100/min --fault drop,share=0.01,after_write --fault status,status=503,from_s=60,until_s=80
"""


def register(app: typer.Typer) -> None:
    """Make this a command of the app."""
    app.command("emulator", help=HELP)(emulator)


def emulator(
    host: Annotated[str, typer.Option(help="Loopback address.", envvar="IMPORTER_EMULATOR_HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0: a free one.", envvar="IMPORTER_EMULATOR_PORT")] = 8080,
    config: Annotated[
        Path | None,
        typer.Option(
            help="A TOML or JSON file of switches and faults.",
            envvar="IMPORTER_EMULATOR_CONFIG",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            help="A ready-made set of faults, e.g. bad-day.",
            envvar="IMPORTER_EMULATOR_PROFILE",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RATE", help="Requests a key may make: 5/s, 100/min, or demo, eu, asia-1, asia-2. May be repeated.",
            envvar="IMPORTER_EMULATOR_LIMIT", show_default=False,
        ),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND[,FIELD=VALUE…]",
            help="What goes wrong, e.g. drop,share=0.01,after_write; docs/reference/emulator.md lists kinds and fields. "
            "May be repeated, and adds to those of a file or profile.",
            envvar="IMPORTER_EMULATOR_FAULT", show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="From which shares are drawn: the same seed strikes the same rows.",
            envvar="IMPORTER_EMULATOR_SEED", show_default=False,
        ),
    ] = None,
) -> None:  # fmt: skip
    """Serve until interrupted."""
    from importer.emulator import ConfigError, EmulatorConfig, read_fault, serve

    if config and profile:
        raise typer.BadParameter("give either --config or --profile")
    try:
        settings = (
            EmulatorConfig.read(config) if config else EmulatorConfig.profile(profile) if profile else EmulatorConfig()
        )
        changes: dict[str, object] = {"seed": seed} if seed is not None else {}
        if limit:
            changes["limits"] = tuple(limit)
        if fault:
            changes["faults"] = (*settings.faults, *map(read_fault, fault))
        serve(host, port, settings.changed(**changes) if changes else settings)
    except (ConfigError, ValueError) as error:  # a wrong file, profile, address or seed; each says what and where
        raise WrongUse(str(error)) from None
