"""Exceptions: only for what must stop a run. What is wrong with a row is a `Problem`, a value.

Grouped by what happens next::

    ImporterError
    ├── WrongUse            nothing was sent                               exit 2
    │   ├── SheetError      a sheet cannot be read without loss
    │   ├── MappingError    the mapping is wrong (every finding at once)
    │   ├── SettingsError   options, environment, importer.toml, credentials by reference
    │   └── RunError        a run folder is missing, held by another process, or no longer fits
    ├── Stopped             some rows wait; `importer resume` goes on      exit 3
    │   ├── GuardTripped    a share or count that the mapping's guards forbid
    │   ├── AccessRefused   credentials or rights refused
    │   ├── ServiceDead     too many failures in a row
    │   ├── JournalLost     the journal can no longer be written
    │   └── ReportLost      a report cannot be written; the journal has it all
    └── SumMismatch         rows read and outcomes disagree: our fault     exit 70
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import NamedTuple


class ExitCode(enum.IntEnum):
    """What the shell sees (contract section 3)."""

    WELL = 0  # every row ended well
    SOME_ROWS_DID_NOT = 1
    WRONG_USE = 2  # nothing was sent
    STOPPED = 3  # by a guard, refused credentials or a dead service; can be resumed
    INTERNAL = 70
    INTERRUPTED = 130  # Ctrl-C, after a clean close; can be resumed
    TERMINATED = 143  # SIGTERM, likewise


class ImporterError(Exception):
    """Something stops the run. The message says what, where and why; `advice` what to do."""

    exit_code = ExitCode.INTERNAL

    def __init__(self, message: str = "", *, advice: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())
        self.message = str(self)
        self.advice = advice


class WrongUse(ImporterError):
    """The command cannot be carried out as given; nothing was sent."""

    exit_code = ExitCode.WRONG_USE


class SheetError(WrongUse):
    """The sheet cannot be read without loss."""


class Finding(NamedTuple):
    """One thing wrong (or doubtful) in a mapping file. `line` and `column` count from 1; 0: the file as a whole."""

    message: str
    line: int = 0
    column: int = 0
    path: str = ""  # dotted path within the mapping, e.g. profile.firstName.convert[0]
    warning: bool = False
    slug: str = ""
    more: tuple[str, ...] = ()  # lines that stand below it, such as a difference


class MappingError(WrongUse):
    """The mapping is wrong."""

    def __init__(self, file: str, findings: Sequence[Finding], *, source: str = "") -> None:
        self.file = file
        self.findings = tuple(findings)
        self.source = source
        lines = [
            f"{file}:{f.line}:{f.column}: {f.message}" if f.line else f"{file}: {f.message}" for f in self.findings
        ]
        super().__init__("\n".join(lines), advice="Mend the mapping and try again; nothing was sent.")


class SettingsError(WrongUse):
    """Options, environment or importer.toml do not fit."""


class RunError(WrongUse):
    """The run folder is missing, in use, or no longer fits its sheet or mapping."""


class Stopped(ImporterError):
    """The run stopped early; the rows that wait can be sent with `importer resume`."""

    exit_code = ExitCode.STOPPED


class GuardTripped(Stopped):
    """A guard stopped the run."""

    def __init__(self, message: str, *, guard: str, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.guard = guard


class AccessRefused(Stopped):
    """The target system refused the credentials, or their rights."""


class ServiceDead(Stopped):
    """The target system does not answer."""


class JournalLost(Stopped):
    """The journal can no longer be written, so nothing more may be sent."""


class ReportLost(Stopped):
    """A report cannot be written; the journal has everything that it would say."""


class SumMismatch(ImporterError):
    """Rows read and outcomes disagree; the journal is kept, please report this."""

    exit_code = ExitCode.INTERNAL
