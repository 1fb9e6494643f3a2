"""From a file to a mapping, with everything that is wrong with it, at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from importer.endpoint import Catalog
from importer.errors import Finding, MappingError
from importer.mapping import checks
from importer.mapping.converters import NAMES, BadConverter
from importer.mapping.converters.own import from_file
from importer.mapping.document import Section, Text, read
from importer.mapping.findings import finding, from_validation, in_file_order
from importer.mapping.mapping import Mapping
from importer.mapping.model import mapping_model
from importer.mapping.pruning import concerns, sound_part
from importer.mapping.slots import Walk
from importer.mapping.tested import test_findings

OWN_FIELDS = {"extendedFields": "extendedFields", "fields": "profile.fields"}  # by section of `declare`


@dataclass(frozen=True, slots=True)
class Examined:
    """A file and what was found in it. `mapping`: made of its sound part; None where there is too little of that."""

    path: Path
    text: str
    findings: tuple[Finding, ...]  # in file order, warnings among them
    mapping: Mapping | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be mended."""
        return tuple(one for one in self.findings if not one.warning)


def load(path: Path, catalog: Catalog) -> Mapping:
    """Read and check a mapping file. Raises MappingError with every error."""
    found = examine(path, catalog)
    if found.errors or found.mapping is None:
        raise MappingError(str(path), found.errors, source=found.text)
    return found.mapping


def examine(path: Path, catalog: Catalog) -> Examined:
    """Read a mapping file and find everything that is wrong or doubtful, without stopping at the first."""
    try:
        root, text, twice = read(path)
    except MappingError as error:
        return Examined(path, error.source, error.findings, None)
    model = mapping_model(catalog)
    own, broken = _own_converters(root, path.resolve().parent)
    wrong = [*twice, *broken]
    removed: tuple[str, ...] = ()
    file: Any
    try:
        file, sound = model.model_validate(root, context=own), root
    except ValidationError as error:
        wrong += from_validation(error, model, root)
        file, sound, removed = sound_part(model, root, error, own)
    if file is None:
        return Examined(path, text, tuple(in_file_order(wrong)), None)
    filled = Walk(file, sound, catalog).slots()
    further = [one for one in checks.findings(file, sound, filled, catalog) if not _follows(one, removed)]
    warnings = tuple(one for one in further if one.warning)
    digest = hashlib.sha256(text.encode()).hexdigest()
    mapping = Mapping(path, text, digest, file, sound, tuple(filled), warnings)
    further += test_findings(mapping)
    return Examined(path, text, tuple(in_file_order([*wrong, *further])), mapping)


def _follows(one: Finding, removed: tuple[str, ...]) -> bool:
    """Whether this finding is but a consequence of a part that was taken out."""
    return concerns(one.path, removed) or any(one.path.casefold().startswith(field) for field in _undeclared(removed))


def _undeclared(removed: tuple[str, ...]) -> Iterator[str]:
    """Own fields (as paths, case folded) whose declaration was taken out, so that nobody knows their types."""
    for gone in removed:
        section, _, name = gone.removeprefix("declare").lstrip(".").partition(".")
        if gone.startswith("declare"):
            for key, target in OWN_FIELDS.items():
                if section in {"", key}:
                    yield f"{target}.{name.partition('.')[0]}".rstrip(".").casefold()


def _own_converters(root: Section, folder: Path) -> tuple[dict[str, Callable[..., Any]], list[Finding]]:
    """The functions that `converters:` names; one that cannot be had is told, and stands there as one that changes nothing."""
    section = root.get("converters")
    functions: dict[str, Callable[..., Any]] = {}
    findings = []
    for name, place in section.items() if isinstance(section, Section) else ():
        if not isinstance(place, Text):
            continue  # the model says so
        try:
            functions[name] = from_file(folder, name, place, NAMES)
        except BadConverter as error:
            functions[name] = lambda cells, *_: cells
            findings.append(finding(root, ("converters", name), str(error)))
    return functions, findings
