"""Writes docs/reference/emulator.md from the routes, switches, faults and profiles themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from importer.emulator.codes import sentences
from importer.emulator.config import EmulatorConfig, profiles
from importer.emulator.control import Control
from importer.emulator.customers import SEED_KEYS
from importer.emulator.faults import NEVER_WRITES, Fault, FaultKind
from importer.emulator.limits import PRESETS
from importer.emulator.organisation import Organisation, defaults
from importer.emulator.service import ROUTES, Service

# What a real Capillary does and this one does not, with the document that tells of it.
LEFT_OUT = (
    ("several identifiers in one query (dual eligibility)", "GETID"),
    ("campaign users and the reuse of their identifiers", "REL, CHID"),
    ("cards: whether one exists, its series, its states, the greatest number of active ones", "CHID"),
    ("which channels a source supports: any channel is stored for any source", "SLATE"),
    ("rules of single extended fields (comparisons, regular expressions) and the verticals of an organisation", "EF"),
    ("country rules for mobile numbers other than India's and the generic one", "SETUP"),
    ("generated external ids that replace the one sent", "SETUP"),
    ("`mlp_single_enroll`, `SKIP-DOWNSTREAM`, `USER-CONTEXT-…` and the attribution of an update to a till", "UPD, ADD"),
    ("the loyalty engine: tiers, expiry and rules; points are a number that is counted", "LOOKUP"),
    ("`embed` and the other parameters of customerDetails; its answer holds what is stored", "GETID"),
    ("caching of field definitions, access groups, daily quotas, TLS", "UPSERT, AUTHZ, RATE-new"),
    ("POST, changeIdentifier, subscriptions, status and every bulk call", "ADD, CHID, BULK"),
)

INTRODUCTION = """\
# The emulator

A local Capillary for tests, demos and rehearsals. It is written from Capillary's public documents alone and imports
nothing of the importer, so that the two can disagree; `tests/contract/` puts the documented examples to it, or to another
host. It listens on loopback only. This page is written from the program: `make docs`.

Keys such as LOOKUP or CODES name the document that a line comes from; *not public* marks a guess that is a
switch for that reason; – marks what belongs to the emulator itself.

`importer emulator` serves it in the foreground, `importer run … --to emulator` for the length of a run. In Python:

```python
from importer.emulator import Emulator, EmulatorConfig, Fault

with Emulator(EmulatorConfig(population="seeded")) as emulator:
    emulator.seed([{"mobile": "919876543210", "firstName": "Tom"}])
    emulator.script(Fault(kind="drop", attempts=(1,), after_write=True))
    ...  # requests to emulator.url, signed with emulator.config.till and .password
    emulator.record.updates()  # what was received: status, applied, points, overlapped, ignored …
    emulator.statistics()  # overlaps, reorderings, double credits …
```
"""


SWITCHES_ARE_SET = """\
In a TOML or JSON file (`importer emulator --config FILE`), in Python, or by PATCH on the control surface; limits, faults
and the seed also on the command line (`--limit 100/min --fault drop,share=0.01,after_write --seed 7`).
"""
FAULTS_ARE_TOLD = """\
A list under `faults`, or `--fault KIND,FIELD=VALUE…` as often as needed (several values of a list are joined by `+`). Every
selector that is given must hold. Delays add up; of the others the first one strikes.
"""


def emulator_page() -> str:
    """The whole page, ending with a line end."""
    config = EmulatorConfig.model_fields
    sections = [
        INTRODUCTION,
        "## Routes\n",
        table(
            ("call", "fault route", "source"),
            ((f"{m} `{path}`", route, source) for (m, path), (route, source) in ROUTES.items()),
        ),
        (
            "Checks come in this order: credentials (401, 498), access (403 with 4000, 503 with 4001), rate (429), path, method and\n"
            "content type (404, 405, 415), JSON and shape (400), source (8001, 8003), identifier (8013, 8002), account (8045, 8127),\n"
            "customer (8015, 8065, 8069), then the body: identifiers, channels, fields, loyalty, programs. An error stores nothing.\n"
        ),
        "## Switches\n",
        SWITCHES_ARE_SET,
        table(
            ("switch", "values", "default", "meaning", "source"),
            (
                (f"`{name}`", values(field), default(field), field.description, source_of(field))
                for name, field in config.items()
            ),
        ),
        f"Presets of `limits`: {', '.join(f'`{name}` = {limit}' for name, limit in PRESETS.items())} (RATE-old, RATE-new).\n",
        "### The organisation\n",
        table(
            ("switch", "values", "meaning"),
            (
                (f"`organisation.{name}`", values(field), field.description or "")
                for name, field in Organisation.model_fields.items()
            ),
        ),
        (
            f"It begins with the sources {', '.join(defaults()['sources'])} (OAS) and these extended fields (EF): "
            f"{', '.join(f'`{name}` {kind}' for name, kind in defaults()['extended_fields'].items())}.\n"
        ),
        "## Seeded customers\n",
        "A JSON list, JSON lines or CSV with a header. Keys: "
        + ", ".join(f"`{key}`" for key in sorted(SEED_KEYS))
        + ".\n"
        "`programs` maps program ids to points; `refuse` is a code with which every update ends (618 fraud, 8026 deleted);\n"
        "`mergedInto` makes a merge victim.\n",
        "## Faults\n",
        FAULTS_ARE_TOLD,
        table(
            ("`kind`", "what happens", "data written"),
            ((f"`{kind.value}`", kind.meaning, written(kind)) for kind in FaultKind),
        ),
        table(
            ("field", "values", "default", "meaning"),
            (
                (f"`{name}`", values(field), default(field), field.description)
                for name, field in Fault.model_fields.items()
                if name != "kind"
            ),
        ),
        "### Profiles\n",
        table(("`--profile`", "what it is for"), ((f"`{name}`", one["about"]) for name, one in profiles().items())),
        "## Control surface\n",
        table(("call", "does"), control_calls().items()),
        "## Codes\n",
        "The emulator's own table; the importer has another.\n",
        table(("code", "sentence"), ((code, text.replace("{}", "…")) for code, text in sorted(sentences().items()))),
        "## What is not imitated\n",
        table(("left out", "source"), LEFT_OUT),
    ]
    return "\n".join(sections)


def control_calls() -> Mapping[str, str]:
    """Every call of the control surface and what it does."""
    control = Control(Service(EmulatorConfig()))
    return {f"`{call}`": does for call, does in control.index().items()}


def table(header: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def written(kind: FaultKind) -> str:
    """Whether the data is written under this fault."""
    if kind in NEVER_WRITES:
        return "no"
    probe = Fault(kind=kind)
    return "yes" if probe.strikes_after_write else "by `after_write`"


def source_of(field: FieldInfo) -> str:
    """The document behind a switch."""
    extra = field.json_schema_extra
    return str(extra["source"]) if isinstance(extra, dict) else ""


def values(field: FieldInfo) -> str:
    """What a switch may be, in words."""
    kind: Any = field.annotation
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(kind))
    text = kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)
    for old, new in (
        ("typing.", ""), ("importer.emulator.faults.", ""), ("pathlib.", ""), (", ...]", "]"), (" | None", ""),
        ("tuple[", "list ["), ("dict[", "table ["), ("str", "text"), ("bool", "true, false"), ("int", "integer"),
        ("float", "number"),
    ):  # fmt: skip
        text = text.replace(old, new)
    return text


def default(field: FieldInfo) -> str:
    """A switch's default as it is written in a file."""
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Organisation):
        return "below"
    if value is None or value in ("", (), math.inf):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value)
    return f"`{value}`"
