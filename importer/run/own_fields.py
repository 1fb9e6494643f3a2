"""The organisation's own fields, from the target system into a mapping."""

from __future__ import annotations

import codecs
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from importer.apis import capillary
from importer.apis.capillary.own_fields import CUSTOM_FIELDS, EXTENDED_FIELDS, custom_fields, extended_fields
from importer.errors import Finding, WrongUse
from importer.mapping import Declaration, declare_in, declare_text, examine
from importer.run.asking import ask
from importer.settings import TargetSystem


@dataclass(frozen=True, slots=True)
class Pulled:
    """The fields that may be mapped, and sentences about those that may not."""

    declarations: tuple[Declaration, ...]
    left_out: tuple[str, ...]

    @property
    def text(self) -> str:
        """The `declare:` section by itself."""
        return declare_text(self.declarations)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What was changed in a mapping, and what is wrong with it now; `text`: the file's, to show its lines."""

    changes: tuple[str, ...]
    errors: Sequence[Finding]
    text: str


def pull_fields(target: TargetSystem) -> Pulled:
    """Ask for extended and custom fields. Raises AccessRefused, ServiceDead; WrongUse where the reply is no such list."""
    addresses = (EXTENDED_FIELDS, CUSTOM_FIELDS)
    lists = []
    for address, reader, reply in zip(addresses, (extended_fields, custom_fields), ask(target, addresses), strict=True):
        listed = reader(reply.body)
        if listed is None:
            path = address.partition("?")[0]
            raise WrongUse(
                f"{target.name} answers {path} with something that is no list of fields.",
                advice="Check the host of this target; `declare:` can be written by hand meanwhile.",
            )
        lists.append(listed)
    return Pulled(
        tuple(
            Declaration(one.section, one.name, one.type, one.also, one.remark) for two in lists for one in two.fields
        ),
        tuple(sentence for listed in lists for sentence in listed.left_out),
    )


def declare_fields(pulled: Pulled, mapping: Path) -> Rewritten:
    """Write the fields into a mapping; only what differs changes. Raises MappingError; WrongUse where it cannot be written."""
    declared = declare_in(mapping, pulled.declarations)
    if declared.changes:
        write(mapping, declared.text)
    found = examine(mapping, capillary.endpoint().catalog)
    return Rewritten(declared.changes, found.errors, found.text)


def write(path: Path, text: str) -> None:
    """Put a text in the place of a file's: whole or not at all, with its mode and byte-order mark. Raises WrongUse."""
    place = path.resolve()
    draft = place.with_name(f".{place.name}.writing")
    try:
        mark = codecs.BOM_UTF8 if place.read_bytes().startswith(codecs.BOM_UTF8) else b""
        draft.write_bytes(mark + text.encode())
        shutil.copymode(place, draft)
        draft.replace(place)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise WrongUse(
            f"{path} cannot be written ({error.strerror}).", advice="Mend its rights, or copy it."
        ) from error
