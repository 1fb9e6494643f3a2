"""What outlives a run lies in one private folder beside the run folders: accepted content, learned pace."""

from __future__ import annotations

from pathlib import Path

from importer.errors import SettingsError

FOLDER = ".importer"


def state_folder(runs: Path) -> Path:
    """`.importer/` beside the folder of all runs, made where it is missing (mode 0700). Raises SettingsError."""
    folder = runs.absolute().parent / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{folder}: no folder can be made there ({error.strerror}).",
            advice="What was accepted and how fast is remembered beside the runs: name a place with --runs DIR.",
        ) from error
    return folder
