"""A local Capillary: what the importer talks to in tests, demos and rehearsals.

Written from Capillary's public documents alone and importing nothing of the importer, so that it can disagree with it.
`docs/reference/emulator.md` lists what it imitates and what not.
"""

from importer.emulator.config import ConfigError, EmulatorConfig
from importer.emulator.customers import Customer
from importer.emulator.faults import Fault, FaultKind
from importer.emulator.organisation import Organisation
from importer.emulator.record import Credit, Received, Record, Statistics
from importer.emulator.server import Emulator, serve
from importer.emulator.spelled import read_fault

__all__ = [
    "ConfigError",
    "Credit",
    "Customer",
    "Emulator",
    "EmulatorConfig",
    "Fault",
    "FaultKind",
    "Organisation",
    "Received",
    "Record",
    "Statistics",
    "read_fault",
    "serve",
]
