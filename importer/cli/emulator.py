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
) -> None:
    """Serve until interrupted."""
    from importer.emulator import ConfigError, EmulatorConfig, serve

    if config and profile:
        raise typer.BadParameter("give either --config or --profile")
    try:
        settings = (
            EmulatorConfig.read(config) if config else EmulatorConfig.profile(profile) if profile else EmulatorConfig()
        )
        serve(host, port, settings)
    except (ConfigError, ValueError) as error:  # a wrong file, profile, address or seed; each says what and where
        raise WrongUse(str(error)) from None
