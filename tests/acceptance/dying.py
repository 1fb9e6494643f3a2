"""Runs the command in a process that dies by SIGKILL at a named step, so that no moment of a run goes untried.

    python dying.py MODULE:FUNCTION before|after NTH COMMAND…

Nothing of this is in the product: the step's function is wrapped here, before the command starts. A step that does not
exist is an error, one that is never reached lets the command end by itself; a test sees either by the exit code.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import itertools
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from importer.cli import main


def arm(step: str, when: str, nth: int) -> None:
    """Wrap the function so that its `nth` call, from 1, is the process's last."""
    module, _, path = step.partition(":")
    *owners, name = path.split(".")
    owner: Any = functools.reduce(getattr, owners, importlib.import_module(module))
    original: Callable[..., Any] = getattr(owner, name)
    calls = itertools.count(1)

    def die(call: int, now: str) -> None:
        if (call, now) == (nth, when):
            os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(original)
    def plainly(*values: Any, **named: Any) -> Any:
        call = next(calls)
        die(call, "before")
        result = original(*values, **named)
        die(call, "after")
        return result

    @functools.wraps(original)
    async def awaited(*values: Any, **named: Any) -> Any:
        call = next(calls)
        die(call, "before")
        result = await original(*values, **named)
        die(call, "after")
        return result

    setattr(owner, name, awaited if inspect.iscoroutinefunction(original) else plainly)


if __name__ == "__main__":
    arm(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    main(sys.argv[4:])
