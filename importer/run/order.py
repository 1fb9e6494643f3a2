"""What the user asked for, and the desk on which it is carried out: sheets opened, the mapping fitted to each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from importer.apis import capillary
from importer.errors import RunError, SettingsError, WrongUse
from importer.mapping import Fitted, Mapping, load
from importer.planning import Choice, Selection
from importer.records import SheetOptions, Status
from importer.settings import TargetSystem
from importer.sheets import Sheet, open_sheet

DEFAULT_CONCURRENCY = 16
DEFAULT_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Sending:
    """How requests leave. Rates in requests/s, times in s; None: the target system's setting, then the default."""

    rate: float | None = None
    concurrency: int | None = None
    timeout_s: float | None = None
    resend_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A plan or a run, as asked for at the door."""

    command: str
    sheets: tuple[str, ...]
    mapping: Path
    runs: Path = Path("runs")
    target: TargetSystem | None = None
    selection: Selection = field(default_factory=Selection)
    choice: Choice = field(default_factory=Choice)
    accept: tuple[str, ...] = ()
    sending: Sending = field(default_factory=Sending)
    max_bytes: int | None = None
    canary: int | None = None  # rows that go ahead; None: as `importer.run.canary` says
    format: str | None = None
    reject_only: tuple[Status, ...] = ()  # states whose rows come back as rejects; none: all that did not end well


@dataclass(frozen=True, slots=True)
class Desk:
    """The mapping, and each sheet with the mapping fitted to its header."""

    mapping: Mapping
    sheets: Sequence[tuple[Sheet, Fitted]]
    reading: SheetOptions = field(default_factory=SheetOptions)  # how the sheets were opened

    @property
    def fitted(self) -> Fitted:
        """The first sheet's fit; slots, checks and rules are the mapping's own, the same for every sheet."""
        return self.sheets[0][1]


def lay_out(order: Order, stack: ExitStack) -> Desk:
    """Open every sheet and fit the mapping to each. Raises SheetError, MappingError."""
    mapping = load(order.mapping, capillary.endpoint().catalog)
    if not order.sheets:
        raise WrongUse("no sheet was named.", advice="Name at least one CSV file or workbook.")
    options = replace(
        mapping.sheet_options,
        format=order.format,
        max_bytes=order.max_bytes or mapping.sheet_options.max_bytes,
    )
    opened = [stack.enter_context(open_sheet(path, options, number=number)) for number, path in enumerate(order.sheets)]
    return Desk(
        mapping, [(one, mapping.fit(one.header, path=one.path, worksheet=one.worksheet)) for one in opened], options
    )


def new_folder(runs: Path, name: str) -> Path:
    """A new, empty, private folder for a run: time and mapping in its name. Raises SettingsError."""
    stem = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-') or 'run'}"
    try:
        runs.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(1, 1_000):
            folder = runs / (stem if number == 1 else f"{stem}-{number}")
            if not folder.exists():
                folder.mkdir(mode=0o700)
                return folder
    except OSError as error:
        raise SettingsError(
            f"{runs}: no run folder can be made there ({error.strerror}).",
            advice="Name another place with --runs DIR.",
        ) from error
    raise RunError(f"{runs}: there are a thousand runs of this second.")
