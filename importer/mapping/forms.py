"""The forms in which a target is written, and the conditions and converters inside them, as pydantic models.

Short forms become long ones before validation: a bare string is a column (a constant where the target is `source`,
`accountId` or `type`), a bare boolean or number a constant, a list a choice of alternatives.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from importer.mapping.conditions import Condition
from importer.mapping.converters import BadConverter, Converter, make
from importer.mapping.converters.own import Functions
from importer.mapping.document import Text

NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)  # YAML 1.2 core, decimal
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Model(BaseModel):
    """Unknown keys are errors; names in YAML may be Python words."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False, arbitrary_types_allowed=True, frozen=True)


def is_bare_constant(value: Any) -> bool:
    """Whether a scalar stands there as a boolean or a number, without quotes."""
    return isinstance(value, Text) and value.plain and (value in BOOLEANS or NUMBER.fullmatch(value) is not None)


def source_text(value: Any) -> Any:
    """A scalar as it was written; anything else as it is (its model will complain)."""
    return str(value) if isinstance(value, str) else value


def regular_expression(value: str) -> str:
    """Refuse what is no regular expression."""
    try:
        re.compile(value, re.ASCII)
    except re.error as error:
        raise ValueError(
            f"{value!r} is no regular expression: {error}; a backslash makes a sign stand for itself"
        ) from error
    return value


def one_or_many(value: Any) -> Any:
    """A single text as a list of one."""
    return [value] if isinstance(value, str) else value


SourceText = Annotated[str, BeforeValidator(source_text)]
Regex = Annotated[SourceText, AfterValidator(regular_expression)]
Texts = Annotated[list[SourceText], BeforeValidator(one_or_many), Field(min_length=1)]


class When(Model):
    """A condition: one test on a column, or `all`, `any`, `not` of conditions."""

    column: SourceText | None = None
    equals: SourceText | None = None
    in_: Texts | None = Field(None, alias="in")
    matches: Regex | None = None
    blank: bool | None = None
    all_: list[When] | None = Field(None, alias="all", min_length=1)
    any_: list[When] | None = Field(None, alias="any", min_length=1)
    not_: When | None = Field(None, alias="not")

    @model_validator(mode="after")
    def one_test(self) -> When:
        """Exactly one test on a column, or exactly one combination."""
        tests = [name for name in ("equals", "in_", "matches", "blank") if getattr(self, name) is not None]
        groups = [name for name in ("all_", "any_", "not_") if getattr(self, name) is not None]
        if self.column is not None and len(tests) == 1 and not groups:
            return self
        if self.column is None and not tests and len(groups) == 1:
            return self
        raise ValueError("a condition is a `column` with one of equals, in, matches, blank; or one of all, any, not")

    def condition(self) -> Condition:
        """The same for the compiler."""
        return Condition(
            column=self.column or "",
            equals=self.equals,
            in_=tuple(self.in_) if self.in_ else None,
            matches=re.compile(self.matches, re.ASCII) if self.matches is not None else None,
            blank=self.blank,
            all_=tuple(one.condition() for one in self.all_ or ()),
            any_=tuple(one.condition() for one in self.any_ or ()),
            not_=self.not_.condition() if self.not_ else None,
        )


class Step(Model):
    """One converter: its name, and its argument as text, list or map."""

    name: str
    argument: Any = None
    _own: Functions = PrivateAttr(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def spelled(cls, value: Any) -> Any:
        """`trim`, or a map of one key: `{phone: IN}`."""
        if isinstance(value, str):
            return {"name": str(value)}
        if isinstance(value, dict) and len(value) == 1:
            ((name, argument),) = value.items()
            return {"name": str(name), "argument": unmarked(argument)}
        raise ValueError("a converter is a name, or a map of one name and its argument")

    @model_validator(mode="after")
    def exists(self, info: ValidationInfo) -> Step:
        """Build it once, so that a wrong argument is found where it stands. The context holds the mapping's own ones."""
        self._own = info.context or {}
        try:
            self.build()
        except BadConverter as error:
            raise ValueError(str(error)) from error
        return self

    def build(self) -> Converter:
        """A converter of its own for each form. Raises BadConverter."""
        return make(self.name, self.argument, self._own)


def unmarked(value: Any) -> Any:
    """Plain Python data: maps, lists and texts, without places."""
    if isinstance(value, dict):
        return {str(key): unmarked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [unmarked(inner) for inner in value]
    return str(value) if isinstance(value, str) else value


def json_value(value: Any) -> Any:
    """The JSON that a part of the file stands for: plain booleans and numbers are such, plain null and nothing are null."""
    if isinstance(value, dict):
        return {str(key): json_value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [json_value(inner) for inner in value]
    if is_bare_constant(value):
        return BOOLEANS[value] if value in BOOLEANS else json.loads(value.removeprefix("+"))
    if isinstance(value, Text) and value.plain and value in {"null", "~"}:
        return None
    return str(value) if isinstance(value, str) else value


def long_form(value: Any) -> Any:
    """A target's short form as its long one."""
    if is_bare_constant(value):
        return {"constant": str(value)}
    if isinstance(value, str):
        return {"column": str(value)}
    if isinstance(value, list):
        return {"alternatives": value}
    if isinstance(value, dict):
        if "convert" in value and isinstance(value["convert"], str | dict):
            value = {**value, "convert": [value["convert"]]}
        if "alternatives" in value:
            raise ValueError("write alternatives as a list")
        return value
    raise ValueError("a target is filled by a column's name, a constant, a list of alternatives or a map")


class Form(Model):
    """What fills a target: `column`, `columns`, `constant` or alternatives, with `convert`, `blank` and `when`."""

    column: SourceText | None = None
    columns: Texts | None = None
    join: SourceText | None = None
    constant: SourceText | None = None
    alternatives: list[Form] | None = Field(None, min_length=1)
    convert: list[Step] = []
    blank: Literal["leave", "reject", "clear"] = "leave"
    when: When | None = None

    @model_validator(mode="before")
    @classmethod
    def spelled(cls, value: Any) -> Any:
        """Short forms as long ones."""
        return long_form(value)

    @model_validator(mode="after")
    def one_source(self) -> Form:
        """Exactly one of the four, and `join` beside `columns` only."""
        given = [name for name in ("column", "columns", "constant", "alternatives") if getattr(self, name) is not None]
        if len(given) != 1:
            said = f"here are {' and '.join(given)}" if given else "here is none of them"
            raise ValueError(f"a target is filled by exactly one of column, columns, constant; {said}")
        if self.join is not None and self.columns is None:
            raise ValueError("`join` goes with `columns: [A, B]`; a single column has nothing to join")
        if self.constant is not None and (self.convert or self.blank != "leave"):
            raise ValueError("a constant takes neither `convert` nor `blank`; write it as it is to be sent")
        return self

    def alternatives_or_self(self) -> list[Form]:
        """The alternatives in order; a form without any is its only one."""
        return (
            [inner for one in self.alternatives for inner in one.alternatives_or_self()]
            if self.alternatives
            else [self]
        )


class ConstantForm(Form):
    """A form whose bare string is a constant: `source`, `accountId`, `type`."""

    @model_validator(mode="before")
    @classmethod
    def spelled(cls, value: Any) -> Any:
        """A bare scalar is a constant."""
        return {"constant": str(value)} if isinstance(value, str) else long_form(value)
