"""What every test begins from."""

from __future__ import annotations

import os
import tempfile

import pytest
from hypothesis import HealthCheck, settings

# Machines that test are shared: a slow draw says nothing about the code. Where a change lands, the same examples are
# drawn each time, so that it is judged by itself; everywhere else new ones are.
settings.register_profile(
    "shared", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("shared")


def pytest_configure(config: pytest.Config) -> None:
    """Where several workers share the tests, those of one group (the browser's) keep to one of them."""
    if getattr(config.option, "dist", "no") == "load":
        config.option.dist = "loadgroup"


@pytest.fixture(autouse=True, scope="session")
def temporary_files(tmp_path_factory: pytest.TempPathFactory):
    """Temporary files of ours and of the commands that we start lie in the tests' own folder."""
    before, folder = os.environ.get("TMPDIR"), tmp_path_factory.mktemp("tmp")
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None
    yield
    os.environ.pop("TMPDIR")
    if before is not None:
        os.environ["TMPDIR"] = before
    tempfile.tempdir = None
