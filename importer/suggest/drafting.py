"""The draft: choices become a mapping, each target with its confidence and evidence, each doubt a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from importer.suggest.belonging import check, declare, enrolments, extended, loyalty
from importer.suggest.choosing import Choice, Confidence
from importer.suggest.columns import Columns
from importer.suggest.converting import Conversion
from importer.suggest.layout import Page, flow, remark, scalar
from importer.suggest.person import profile
from importer.suggest.roles import ROLES
from importer.suggest.whom import lookup

PARTS: tuple[Callable[[Columns, Page], None], ...] = (lookup, profile, loyalty, extended, enrolments, declare, check)

UNREAD = "# Columns that nothing reads:"


@dataclass(frozen=True, slots=True)
class Placed:
    """A column and the target that it fills, for people and tests. `address` is "" where it fills none."""

    column: str
    role: str
    address: str
    confidence: Confidence
    reason: str


@dataclass
class Draft:
    """A mapping in the making. `text` is the file; `placed` says where each column went; `questions` are open."""

    name: str
    rows: int
    choices: Sequence[Choice]
    sheet: Mapping[str, str | int] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        self.columns = Columns(self.choices)
        self.text = self._write()

    @property
    def questions(self) -> tuple[str, ...]:
        """What only the user knows."""
        return tuple(self.columns.questions)

    def _write(self) -> str:
        body = Page()
        for part in PARTS:
            part(self.columns, body)
        head = Page()
        head.note(
            f"Drafted by `importer suggest` from {self.rows:,} rows. Beside each target: how sure it is, and why."
        )
        head.note(
            "Answer the questions by editing the mapping, and take each out once it is answered: `run` refuses the"
        )
        head.note("mapping while one is open, `plan` and `preview` work with it as it is.")
        head.add(0, "version: 1")
        head.add(0, f"name: {scalar(self.name)}")
        if self.columns.questions:
            head.section("questions")
            for question in self.columns.questions:
                head.add(1, f"- {scalar(remark(question))}")
        self._sheet(head)
        head.extend(body.lines)
        self._unmapped(head)
        return str(head)

    def _sheet(self, page: Page) -> None:
        blanks = sorted(
            {
                text
                for choice in self.choices
                if choice.column in self.columns.used
                for text in choice.facts.tally.blanks
            }
        )
        if not self.sheet and not blanks:
            return
        page.section("sheet")
        for key, value in self.sheet.items():
            page.add(1, f"{key}: {flow(value)}")
        if blanks:
            cells = sum(choice.facts.tally.blanks[text] for choice in self.choices for text in blanks)
            page.add(1, f"blanks: {flow(['', *blanks])}", f"{cells:,} cells say so; none of them is a value")

    def _unmapped(self, page: Page) -> None:
        lines = []
        for choice in self.choices:
            address = self.columns.used.get(choice.column, "")
            reason = (
                choice.evidence if address else _left(choice, self.columns.converted.get((choice.column, choice.role)))
            )
            own = next((one for one in self.columns.fields if one.column == choice.column), None)
            used = self.columns.chosen.get(choice.column, choice)
            confidence = Confidence.LOW if own or not used.role else used.confidence
            self.placed.append(Placed(choice.column, used.role, address, confidence, own.evidence if own else reason))
            if not address:
                lines.append(f"  {choice.column}: {reason}")
        if lines:
            page.extend(["", UNREAD])
            for line in lines:
                page.extend([f"#   {remark(line)}"])


def _left(choice: Choice, tried: Conversion | None) -> str:
    """Why nothing reads a column."""
    if tried and not tried.fills:
        return tried.question
    if choice.role == "rowStatus":
        return "the record's status; `rows.skip_when` can leave rows out by it"
    if choice.role in ROLES and not ROLES[choice.role].address:
        return ROLES[choice.role].label
    if choice.role:
        return f"{ROLES[choice.role].what} needs another column, which the sheet lacks"
    return choice.doubt
