"""What is wrong with a mapping's own tests themselves: columns that nothing reads, problems that there are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importer.errors import Finding
from importer.mapping.document import Place, Section, locate
from importer.mapping.expected import WHOLE_ROW
from importer.mapping.findings import finding, nearest
from importer.mapping.mapping import Mapping
from importer.problems import kinds

SPECIALS = ("$file", "$sheet", "$row")


def test_findings(mapping: Mapping) -> Iterator[Finding]:
    """Errors and warnings about `tests:`."""
    read = mapping.columns()
    for number, test in enumerate(mapping.tests):
        here = ("tests", number)
        for name in test.given:
            if name not in read and name not in SPECIALS:
                message = f"nothing in the mapping reads a column {name!r}{nearest(name, read, what='it reads')}"
                yield finding(mapping.document, (*here, "given", name), message, warning=True, key=True)
        for name, slugs in (test.problems or {}).items():
            if name not in read and name not in test.given and name != WHOLE_ROW and ", " not in name:
                message = (
                    f"no problem can be about {name!r}, which nothing reads{nearest(name, read, what='it reads')} "
                    f"({WHOLE_ROW} stands for the row as a whole)"
                )
                yield finding(mapping.document, (*here, "problems", name), message, key=True)
            for slug in slugs:
                if slug not in kinds():
                    message = f"there is no problem {slug!r}{nearest(slug, kinds())}"
                    yield finding(mapping.document, (*here, "problems", name), message)


def place_of_test(mapping: Mapping, number: int) -> Place:
    """Where the test with this number begins; the first is 1."""
    document: Section = mapping.document
    tests: Any = document.get("tests")
    place = getattr(tests[number - 1], "place", None)
    return place or locate(document, ("tests", number - 1))
