"""What is left of a mapping without its wrong parts, so that one look finds everything else that is wrong."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel, ValidationError

from importer.mapping.document import Listing, Place, Section, Text, written
from importer.mapping.findings import dotted

MOST_ROUNDS = 12  # taking a part out may make its parent wrong
STAND_INS = {"version": "1", "name": "unnamed"}
Path = tuple[str | int, ...]


def sound_part(
    model: type[BaseModel], document: Section, error: ValidationError, context: Any
) -> tuple[Any, Section, tuple[str, ...]]:
    """(the file's model or None, the part of the document that it was made of, what was taken out as dotted paths)."""
    removed: list[str] = []
    for _ in range(MOST_ROUNDS):
        wrong = {written(document, tuple(one["loc"])): one for one in error.errors(include_url=False)}
        stand_ins = {
            str(one["loc"][0]): STAND_INS[str(one["loc"][0])]
            for one in error.errors(include_url=False)
            if len(one["loc"]) == 1 and one["loc"][0] in STAND_INS
        }
        gone = {path for path in wrong if path and path[0] not in stand_ins}
        if not gone and not stand_ins:
            return None, document, tuple(removed)
        removed += [dotted(path) for path in gone]
        document = _without(document, gone, ())
        for name, text in stand_ins.items():
            document[name] = Text(text, document.place, plain=True)
            document.keys_at[name] = document.place
        try:
            return model.model_validate(document, context=context), document, tuple(removed)
        except ValidationError as again:
            error = again
    return None, document, tuple(removed)


def concerns(path: str, removed: Collection[str]) -> bool:
    """Whether a finding at this path may be nothing but the want of a part that was taken out."""
    return any(one == path or one.startswith((path + ".", path + "[")) or not path for one in removed)


def _without(node: Any, gone: Collection[Path], path: Path) -> Any:
    """A copy without these paths; every part that stays keeps its place."""
    if isinstance(node, Section):
        section = Section(Place(*node.place))
        for key, value in node.items():
            if (*path, key) not in gone:
                section[key] = _without(value, gone, (*path, key))
                section.keys_at[key] = node.keys_at[key]
        return section
    if isinstance(node, Listing):
        listing = Listing(node.place)
        listing.extend(
            _without(one, gone, (*path, number)) for number, one in enumerate(node) if (*path, number) not in gone
        )
        return listing
    return node
