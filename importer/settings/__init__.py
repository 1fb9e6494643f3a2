"""Settings and credentials, read once at the door: option, environment, `importer.toml`, default (in this order)."""

from importer.settings.host import is_loopback
from importer.settings.rate import parse_rate
from importer.settings.schedule import Schedule
from importer.settings.secret import Secret
from importer.settings.target import FILE, Auth, TargetSystem, target_names, target_system

__all__ = [
    "FILE",
    "Auth",
    "Schedule",
    "Secret",
    "TargetSystem",
    "is_loopback",
    "parse_rate",
    "target_names",
    "target_system",
]
