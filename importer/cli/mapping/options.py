"""What the commands about mappings share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

MappingArgument = Annotated[Path, typer.Argument(metavar="MAPPING", help="The mapping file.", show_default=False)]
