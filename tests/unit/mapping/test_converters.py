"""Each converter by a table: what it takes, what it refuses, which arguments it is content with."""

from __future__ import annotations

import json
import re

import pytest

from importer.mapping.converters import NAMES, make
from importer.mapping.converters.reference import converters_page
from importer.mapping.document import parse
from importer.mapping.forms import Step
from importer.problems import kinds

EXAMPLES = [
    pytest.param(name, one, id=f"{name}-{one.argument}-{one.cell}")
    for name, kind in NAMES.items()
    for one in kind.examples
]


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_every_example_of_the_reference_page_holds(convert, name, example):
    assert convert(name, example.argument, example.cell) == (
        f"<{example.problem}>" if example.problem else example.value
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_converter_says_what_it_takes_and_shows_an_example(name):
    kind = NAMES[name]
    assert kind.help.endswith(".")
    assert kind.examples
    assert set(kind.slugs) <= set(kinds())
    shown = {one.problem for one in kind.examples if one.problem}
    assert shown <= set(kind.slugs)
    assert bool(shown) is bool(kind.slugs)


STEP = re.compile(r"^\| `(.+?)` \| `(.+?)` \| (problem )?`(.+)` \|$", re.MULTILINE)


def test_every_example_of_the_page_may_be_copied_into_a_mapping(convert):
    """As it stands there, read by YAML: the same value, or the same problem."""
    page = converters_page()
    found = STEP.findall(page)
    assert len(found) == sum(len(kind.examples) for kind in NAMES.values())
    for text, cell, problem, gives in found:
        section = parse(f"convert: [{text}]\n".replace("\\|", "|"), "page").root
        step = Step.model_validate(section["convert"][0])
        assert convert(step.name, step.argument, cell) == (f"<{gives}>" if problem else json.loads(gives)), text


TABLES = {
    ("trim", None): [("  Tom\t", "Tom"), ("\u00a0Tom\u2003", "Tom"), ("To m", "To m")],
    ("squeeze", None): [(" Mary \n Jane ", "Mary Jane")],
    ("upper", None): [("straße", "STRASSE"), ("ab1", "AB1")],
    ("lower", None): [("ÀB", "àb")],
    ("title", None): [("JEAN-LUC d'arc", "Jean-Luc D'Arc")],
    ("digits", None): [("(022) 12-34", "0221234"), ("none", None), ("٣4", "4"), ("9.19877E+11", "<excel-rounded>")],
    ("phone", "IN"): [
        ("9876543210", "919876543210"),
        ("098765-43210", "919876543210"),
        ("+91 (98765) 43210", "919876543210"),
        ("919876543210", "919876543210"),  # bare, with country code
        ("00 44 7400 123456", "447400123456"),
        ("447400123456", "447400123456"),
        ("98765", "<phone-invalid>"),
        ("98765 4321O", "<phone-invalid>"),  # a letter O
        ("1034567890", "<phone-invalid>"),  # no Indian number begins so
        ("9876543210 x5", "<phone-extension>"),
        ("9876543210#12", "<phone-extension>"),
        ("919876543210.0", "<excel-rounded>"),
        ("9,19877E+11", "<excel-rounded>"),
        ("9876543210 / 9876543211", "<phone-invalid>"),
        ("-", "<phone-invalid>"),
    ],
    ("phone", ("region", "US")): [("(202) 555-0143", "12025550143"), ("919876543210", "919876543210")],
    ("phone", ("region", "IN", "check", "possible")): [("1034567890", "911034567890"), ("12", "<phone-invalid>")],
    ("email", None): [
        ("Tom.Lee@Example.COM", "Tom.Lee@example.com"),
        ("a+b_c@sub.example.org", "a+b_c@sub.example.org"),
        ("tom@example", "<email-invalid>"),
        ("tom@@example.com", "<email-invalid>"),
        ("tom@exa mple.com", "<email-invalid>"),
        ("tom..lee@example.com", "<email-invalid>"),
        ("töm@example.com", "<email-invalid>"),
        ("a@example.com, b@example.com", "<email-invalid>"),
        ("x" * 65 + "@example.com", "<email-invalid>"),
    ],
    ("integer", None): [
        ("42", 42),
        ("-0042", -42),
        ("+7", 7),
        ("42.0", "<integer-invalid>"),
        ("1,000", "<integer-invalid>"),
        ("٤٢", "<integer-invalid>"),
        ("1E5", "<excel-rounded>"),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", "<integer-invalid>"),
        ("9" * 5000, "<integer-invalid>"),
    ],
    ("integer", ("thousands", ",")): [
        ("1,000,000", 1_000_000),
        ("12,34,567", 1_234_567),  # as in India
        ("1,00", "<integer-invalid>"),
        ("1000", 1000),
    ],
    ("decimal", None): [
        ("12.50", 12.5),
        ("-0.1", -0.1),
        ("7", 7.0),
        (".5", "<decimal-invalid>"),
        ("12,5", "<decimal-invalid>"),
        ("1.5E3", "<excel-rounded>"),
        ("1234567890.123456", "<decimal-invalid>"),  # more digits than a double keeps
    ],
    ("decimal", ("point", ",", "thousands", ".")): [("1.234,5", 1234.5), ("1234,5", 1234.5), ("1.23", "<decimal-invalid>")],
    ("boolean", None): [
        ("YES", True),
        (" n ", False),
        ("1", True),
        ("0", False),
        ("True", True),
        ("ja", "<boolean-invalid>"),
    ],
    ("boolean", ("true", ("J", "X"), "false", ("N",))): [("X", True), ("x", "<boolean-invalid>"), ("yes", "<boolean-invalid>")],
    ("date", "%d/%m/%Y"): [
        ("01/02/1980", "1980-02-01"),
        ("1/2/1980", "1980-02-01"),
        ("1980-02-01", "1980-02-01"),  # a typed date of a workbook
        ("1980-02-01 00:00:00", "1980-02-01"),
        ("1980-02-01T10:00:00", "<date-invalid>"),  # a time would be lost
        ("29/02/2023", "<date-invalid>"),
        ("29/02/2024", "2024-02-29"),
        ("02/13/1980", "<date-invalid>"),
        ("٠١/٠٢/١٩٨٠", "<date-invalid>"),
        ("29252", "<date-invalid>"),  # a serial number: never guessed
    ],
    ("date", ("%d/%m/%Y", "%m/%d/%Y")): [
        ("31/12/1980", "1980-12-31"),  # only one of them fits
        ("12/31/1980", "1980-12-31"),
        ("05/05/1980", "1980-05-05"),  # both say the same
        ("05/06/1980", "<date-ambiguous>"),
    ],
    ("date", ("%d/%m/%Y", "%d-%b-%Y", "%d.%m.%y")): [
        ("31-Dec-1980", "1980-12-31"),
        ("31.12.69", "1969-12-31"),
        ("31.12.68", "2068-12-31"),
    ],
    ("date", "%Y-%d-%m"): [("2024-02-01", "<date-ambiguous>"), ("2024-13-01", "2024-01-13")],  # ISO is always read too
    ("choice", ("M", "Male", "F", "Female")): [(" M ", "Male"), ("m", "<choice-unknown>"), ("Male", "<choice-unknown>")],
    ("replace", ("from", ".", "to", "")): [("1.2.3", "123"), ("...", None)],
    ("replace", ("from", r"^(\d)(\d)", "to", r"\2\1", "regex", "true")): [("12x", "21x"), ("x12", "x12")],
    ("pad", ("to", "5", "with", "x")): [("ab", "xxxab"), ("abcde", "abcde"), ("abcdef", "<pad-too-long>")],
    ("prefix", "AB"): [("1", "AB1")],
    ("suffix", "-X"): [("1", "1-X")],
    ("part", ("chars", "2-")): [("abcdef", "bcdef"), ("a", None)],
    ("part", ("chars", "3")): [("abcdef", "c")],
    ("part", ("split", ",", "take", "2")): [("a,b,c", "b"), ("a", None)],
    ("part", ("split", ",", "take", "last")): [("a,b,c", "c")],
    ("part", ("split", ",", "take", "rest")): [("a,b,c", "b,c"), ("a", None)],
    ("part", ("regex", r"(\d+)")): [("load_12.csv", "12"), ("load.csv", "<part-no-match>"), ("load_١٢", "<part-no-match>")],
    ("split", ";"): [("a; b;;", ["a", "b"]), (" ; ", None), ("a", ["a"])],
}  # fmt: skip


def argument_of(key: object) -> object:
    """A table's key as an argument: pairs as a map, formats as a list."""
    if not isinstance(key, tuple):
        return key
    if "%" in key[0]:
        return list(key)
    return {
        name: list(inner) if isinstance(inner, tuple) else inner
        for name, inner in zip(key[::2], key[1::2], strict=True)
    }


CASES = [
    pytest.param(name, argument_of(key), cell, expected, id=f"{name}-{key}-{cell[:30]!r}")
    for (name, key), table in TABLES.items()
    for cell, expected in table
]


@pytest.mark.parametrize(("name", "argument", "cell", "expected"), CASES)
def test_a_converter_yields_the_value_or_its_own_problem(convert, name, argument, cell, expected):
    found = convert(name, argument, cell)
    assert found == expected
    assert type(found) is type(expected)


def test_every_converter_has_a_table():
    assert {name for name, _ in TABLES} | {"datetime"} == set(NAMES)


BAD = [
    # a converter and an argument that makes no sense, and what the sentence must name
    ("trim", "x", "no argument"),
    ("phone", None, "REGION"),
    ("phone", "XX", "'XX'"),
    ("phone", "in", "two capitals"),
    ("phone", ["IN"], "REGION"),
    ("phone", {"region": ["IN"]}, "region"),
    ("phone", {"region": "IN", "check": "hard"}, "valid or possible"),
    ("phone", {"regoin": "IN"}, "'regoin'"),
    ("integer", {"thousands": "ab"}, "one character"),
    ("integer", {"thousands": "1"}, "no letter or digit"),
    ("integer", "x", "needs a map"),
    ("decimal", {"point": ",", "thousands": ","}, "must differ"),
    ("boolean", {"true": ["J"]}, "`false`"),
    ("boolean", {"true": ["J"], "false": ["J"]}, "'J'"),
    ("boolean", {"true": {"J": "x"}, "false": ["N"]}, "`true`"),
    ("date", None, "format"),
    ("date", [], "format"),
    ("date", "dd/mm/yyyy", "%d is the day"),
    ("date", "%d/%m", "whole day"),
    ("date", "%m/%Y", "whole day"),
    ("date", "%Y", "whole day"),
    ("date", "%d/%m/%Y %Q", "%Q"),
    ("date", "%x", "spell it out"),
    ("date", "%d/%m/%Y %I:%M", "%p"),
    ("date", "%d/%m/%Y %Y", "twice"),
    ("datetime", {"format": "%d/%m/%Y"}, "zone"),
    ("datetime", {"format": "%d/%m/%Y", "zone": "Kolkata"}, "'Kolkata'"),
    ("datetime", {"format": "%d/%m/%Y", "zone": ["UTC"]}, "IANA"),
    ("datetime", {"format": "%d/%m/%Y", "zone": "UTC", "at": "25:00"}, "23:59:59"),
    ("datetime", {"format": "%d/%m/%Y", "zone": "UTC", "at": "10:00+05:30"}, "23:59:59"),
    ("datetime", {"format": "%d/%m/%Y", "zone": "UTC", "fold": "both"}, "earlier or later"),
    ("datetime", {"format": "%d/%m/%Y", "zone": "UTC", "gap": "skip"}, "earlier or later"),
    ("datetime", {"format": "%d/%m/%Y %Z", "zone": "UTC"}, "%z"),
    ("choice", None, "map"),
    ("choice", {}, "map"),
    ("choice", {"M": ["Male"]}, "one value"),
    ("choice", {"map": {"a": "1", "A": "2"}, "ignore_case": "true"}, "the same"),
    ("choice", {"map": {"a": "1"}, "otherwise": "x"}, "'otherwise'"),
    ("choice", {"map": {"a": "1"}, "ignore_case": "yes"}, "true or false"),
    ("replace", {"from": "a"}, "both texts"),
    ("replace", {"from": "(", "to": "", "regex": "true"}, "no regular expression"),
    ("replace", {"from": "(a)", "to": r"\2", "regex": "true"}, "does not fit"),
    ("pad", {"to": "ten"}, "whole number"),
    ("pad", {"to": "--5"}, "whole number"),
    ("pad", {"to": "-5"}, "1 to"),
    ("pad", {"to": "9999999"}, "1 to"),
    ("pad", {"to": "5", "with": "ab"}, "one character"),
    ("prefix", None, "a text"),
    ("part", {"chars": "0-3"}, "from 1"),
    ("part", {"chars": "5-3"}, "before it begins"),
    ("part", {"split": ","}, "one of"),
    ("part", {"split": ",", "take": "0"}, "from 1"),
    ("part", {"split": ",", "take": "second"}, "whole number"),
    ("part", {"regex": r"\d+"}, "parentheses"),
    ("part", {"chars": "1", "regex": "(a)"}, "one of"),
    ("split", "", "not empty"),
    ("split", None, "separator"),
]


@pytest.mark.parametrize(("name", "argument", "names"), BAD)
def test_an_argument_that_makes_no_sense_is_refused_in_words(bad_argument, name, argument, names):
    said = bad_argument(name, argument)
    assert names in said
    assert f"`{name}`" in said


@pytest.mark.parametrize(
    ("name", "hint"),
    [("trimm", "did you mean 'trim'?"), ("Phone", "did you mean 'phone'?"), ("xyzzy", "there are: trim")],
)
def test_a_converter_that_there_is_not_is_named_with_the_nearest(bad_argument, name, hint):
    assert hint in bad_argument(name, None)


def test_else_of_a_choice_says_what_any_other_text_becomes(convert):
    table = {"M": "Male"}
    assert convert("choice", {"map": table, "else": "Other"}, "X") == "Other"
    assert convert("choice", {"map": table, "else": "keep"}, " X ") == " X "
    assert convert("choice", {"map": table, "else": "leave"}, "X") is None


def test_an_unknown_choice_names_the_nearest_and_some_of_the_known():
    unknown = make("choice", {f"Store {number}": str(number) for number in range(20)})
    reason = unknown.many(["Store 07"])[0]
    assert "did you mean 'Store 7'?" in reason.detail
    assert reason.detail.endswith("…")
