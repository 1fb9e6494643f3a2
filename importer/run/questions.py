"""The open questions of a mapping: `plan` and `preview` work with them, `run` does not."""

from __future__ import annotations

from pathlib import Path

from importer.apis import capillary
from importer.errors import WrongUse
from importer.mapping import Mapping, load


def require_answers(mapping: Mapping) -> None:
    """Raises WrongUse with every open question, where it stands and how to answer it."""
    if mapping.questions:
        raise WrongUse(
            "\n  ".join([f"{mapping.path} has open questions; nothing was sent.", *_placed(mapping)]),
            advice="Answer each by editing the mapping where it says so, then take the question out; "
            "`importer plan` and `importer preview` work meanwhile.",
        )


def questions(path: Path) -> tuple[str, ...]:
    """What is open in a mapping, in lines for people; none where nothing is. Raises MappingError."""
    mapping = load(path, capillary.endpoint().catalog)
    if not mapping.questions:
        return ()
    return (
        f"Open questions in {path}; `importer run` waits for the answers:",
        *(f"  {one}" for one in _placed(mapping)),
    )


def _placed(mapping: Mapping) -> list[str]:
    """Each question with its line."""
    return [f"line {text.place.line}: {text}" for text in mapping.document["questions"]]
