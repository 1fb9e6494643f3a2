"""From what a workbook stores to what a person sees: by tables, a reason beside each case."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.sheets.workbook.cells import moment_cell, number_cell
from importer.sheets.workbook.formats import NumberFormat, Shape, padded, read_format

GENERAL = NumberFormat(Shape.PLAIN)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("42", "42"),
        ("42.0", "42"),  # no program shows the .0
        ("007", "7"),  # leading zeros of a number are none
        ("-0", "0"),
        ("919876543210", "919876543210"),  # the program shows 9.19877E+11, the file holds every digit
        ("9.1987654321E+11", "919876543210"),  # the same, written by another program
        ("999999999999999", "999999999999999"),  # 15 digits: exact
        ("4111111111111111", "4111111111111111"),  # 16 digits below 2^53 that were not cut: a library wrote them
        ("0.1", "0.1"),
        ("0.10000000000000001", "0.1"),  # 17 digits stored, 15 shown
        ("0.30000000000000004", "0.3"),
        ("1234.5", "1234.5"),
        ("1E-3", "0.001"),  # no e-notation
        ("-12.50", "-12.5"),
    ],
)
def test_a_number_is_shown_with_every_digit_that_is_certain(raw, shown):
    assert number_cell(raw, GENERAL, epoch_1904=False) == (shown, "", "")


@pytest.mark.parametrize(
    ("raw", "slug"),
    [
        ("4111111111111110", "excel-rounded"),  # 16 digits that end in 0: what a program makes of …1111
        ("9007199254740993", "excel-rounded"),  # beyond 2^53 a double does not hold every number
        ("1.2345678901234567E+19", "excel-rounded"),
        ("1e999999", "excel-error"),  # no double, and a million digits to write out
        ("9" * 500, "excel-error"),
        ("nan", "excel-error"),
        ("INF", "excel-error"),
        ("1_000", "excel-error"),  # Python's way of writing, nobody else's
        ("twelve", "excel-error"),
        ("१२", "excel-error"),  # digits, but not those of the format
    ],
)
def test_a_number_that_is_none_or_was_cut_is_named(raw, slug):
    assert number_cell(raw, GENERAL, epoch_1904=False).slug == slug


@pytest.mark.parametrize(
    ("code", "raw", "shown"),
    [
        ("00000", "405", "00405"),  # postcodes
        ("00000", "123456", "123456"),  # no digit is lost where the format is too narrow
        ("00000", "12.5", "12.5"),  # a fraction is kept, though the program would show 00013
        ("00000", "-3", "-3"),
        ("000-000", "400001", "400-001"),
        ("(000) 000-0000", "9876543210", "(987) 654-3210"),
        ("0000 0000 0000 0000", "1234567890", "0000 0012 3456 7890"),
        ('"EMP-"0000', "42", "EMP-0042"),  # text of a code
        ('"0"##########', "9876543210", "09876543210"),  # a zero put in front
        ('"+91 "00000-00000', "9876543210", "+91 98765-43210"),
        (r"\000", "7", "007"),
        ('0" pts"', "5", "5"),  # a unit is dress
        ('"Rs. "#,##0.00', "1234.5", "1234.5"),  # currency and thousands too
        ("[$₹-4009] #,##0.00", "99", "99"),
        ("[Red]0;[Blue]-0", "7", "7"),
        ("0.00", "7", "7"),
        ("0.00E+00", "123456", "123456"),
        ("0%", "0.5", "50%"),
        ("0.00%", "0.125", "12.5%"),
        ("#,##0_);(#,##0)", "1234", "1234"),
        ("@", "12", "12"),
        ("General", "12", "12"),
        ('0 "days"', "12", "12"),  # letters in quotes make no date
        (r"0\d", "12", "12"),
        # sections that the value chooses from
        ("[>9999999999]0000000000000;0000000000", "9876543210", "9876543210"),  # the second one: no zeros in front
        ("[<=9999999]###-####;(###) ###-####", "5551234", "555-1234"),
        ("[<=9999999]###-####;(###) ###-####", "2125551234", "(212) 555-1234"),
        ("[<100]00000;[<1000]0000;0", "50", "00050"),
        ("[<100]00000;[<1000]0000;0", "500", "0500"),
        ("[<100]00000;[<1000]0000;0", "5000", "5000"),
        ("[>100]0%", "5", "5"),  # no section: a program shows ####
        ("00000;-00000", "-405", "-405"),  # a negative number is no code
        ("0;-0;;@", "0", "0"),  # hidden, and not lost
        # texts in a number's stead
        ('[=1]"Yes";[=0]"No";0', "1", "Yes"),
        ('[=1]"Yes";[=0]"No";0', "0", "No"),
        ('[=1]"Yes";[=0]"No";0', "7", "7"),
        ('"Yes";"Yes";"No"', "0", "No"),
        ('"Active"', "1", "Active"),
        ('_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', "0", "0"),  # a dash is dress
        # codes and what only looks so
        ('"Cust-"0', "42", "Cust-42"),
        ('"C"#', "42", "C42"),
        ('#"/"24', "42", "42"),  # not all of it is places
        (r'0"-24"', "42", "42-24"),
        ('"INR"0', "42", "42"),  # a currency
        ('"Rs."0', "42", "42"),
        ('"A$"0', "42", "42"),
        ('"Day "0', "42", "42"),  # set off by a blank
        ('0"m2"', "42", "42"),  # a unit
        ("##-##", "1234", "12-34"),
        ("# ##0", "1234567", "1234567"),  # thousands
        ('#"."##0', "1234567", "1234567"),
        ("# ?/?", "0.5", "0.5"),  # a fraction
        ("# #/#", "1.5", "1.5"),
        ("00/00", "1234", "1234"),  # a fraction too: an unquoted stroke
        (r"00\/00", "1234", "12/34"),
        ("00:00", "930", "09:30"),
        ("+0", "919876543210", "+919876543210"),
        ('"+"0', "919876543210", "+919876543210"),
        ("#,##0,", "1234567", "1234567"),  # shown in thousands, kept whole
    ],
)
def test_a_number_is_shown_by_its_format(code, raw, shown):
    assert number_cell(raw, read_format(code), epoch_1904=False) == (shown, "", "")


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        ("dd/mm/yyyy", Shape.DATE),
        ("[$-409]d-mmm-yy;@", Shape.DATE),  # with a locale
        ("[$-F800]dddd, mmmm dd, yyyy", Shape.DATE),  # the system's long date
        ('yyyy"年"m"月"d"日"', Shape.DATE),
        ("mmm-yy", Shape.DATE),
        ("mm", Shape.DATE),  # months, where there are no hours
        ("[Red]dd.mm.yyyy", Shape.DATE),
        ("h:mm", Shape.TIME),
        ("mm:ss.0", Shape.TIME),
        ("[$-F400]h:mm:ss AM/PM", Shape.TIME),
        ("e", Shape.DATE),  # the year of an emperor
        ("[$-D07041E]bbbb", Shape.DATE),  # the year of Buddha
        ("[$-411]aaaa", Shape.DATE),  # the name of a day
        ("Standard", Shape.PLAIN),  # General, as German programs write it
        ("dd/mm/yyyy hh:mm", Shape.DATETIME),
        ("[h]:mm:ss", Shape.ELAPSED),
        ("[mm]:ss", Shape.ELAPSED),
        ("[Red]General", Shape.PLAIN),
        ("#,##0", Shape.PLAIN),
        ("_(* #,##0.00_)", Shape.PLAIN),
        ("", Shape.PLAIN),
    ],
)
def test_a_format_is_known_for_what_it_shows(code, shape):
    assert read_format(code).shape is shape


def test_13_a_format_of_absurd_length_takes_no_time():
    assert read_format("[" * 1_000_000).shape is Shape.PLAIN


@pytest.mark.parametrize(
    ("serial", "shape", "shown"),
    [
        (45123, Shape.DATE, "2023-07-16"),
        (45123.75, Shape.DATE, "2023-07-16T18:00:00"),  # a time that the format hides is not lost
        (45123, Shape.DATETIME, "2023-07-16T00:00:00"),
        (45123.5, Shape.DATETIME, "2023-07-16T12:00:00"),
        (0.5, Shape.TIME, "12:00:00"),
        (0, Shape.TIME, "00:00:00"),
        (0.999999999, Shape.TIME, "00:00:00"),  # a tenth of a millisecond before midnight
        (45123.123456, Shape.DATETIME, "2023-07-16T02:57:46.598"),  # fractions of a second are kept
        (1.5, Shape.ELAPSED, "36:00:00"),  # beyond a day
        (1, Shape.DATE, "1900-01-01"),
        (59, Shape.DATE, "1900-02-28"),
        (61, Shape.DATE, "1900-03-01"),
        (2_958_465, Shape.DATE, "9999-12-31"),
    ],
)
def test_a_serial_becomes_iso_text(serial, shape, shown):
    assert moment_cell(str(serial), serial, shape, epoch_1904=False) == (shown, "", "")


@pytest.mark.parametrize(
    ("serial", "shape"),
    [
        (60, Shape.DATE),  # 1900-02-29, which a famous program believes in
        (0, Shape.DATE),  # 1900-01-00
        (-1, Shape.DATE),
        (-0.5, Shape.ELAPSED),
        (2_958_466, Shape.DATE),  # 10000-01-01
        (9.876543210e9, Shape.DATE),  # a phone number under a date format
    ],
)
def test_a_date_outside_the_calendar_is_named(serial, shape):
    cell = moment_cell(str(serial), serial, shape, epoch_1904=False)
    assert (cell.text, cell.slug) == (str(serial), "date-impossible")


@given(st.datetimes(dt.datetime(1904, 1, 2), dt.datetime(9999, 12, 31, 23, 59, 59)), st.booleans())  # noqa: DTZ001
def test_every_second_of_both_calendars_comes_back(moment, epoch_1904):
    moment = moment.replace(microsecond=0)
    days = moment - (dt.datetime(1904, 1, 1) if epoch_1904 else dt.datetime(1899, 12, 30))  # noqa: DTZ001
    serial = days / dt.timedelta(days=1)
    assert moment_cell("", serial, Shape.DATETIME, epoch_1904=epoch_1904).text == moment.isoformat()


@given(st.integers(0, 10**15 - 1))
def test_every_integer_of_fifteen_digits_comes_back(value):
    assert number_cell(repr(float(value)), GENERAL, epoch_1904=False) == (str(value), "", "")
    assert number_cell(str(value), GENERAL, epoch_1904=False) == (str(value), "", "")


@given(st.integers(0, 10**15 - 1), st.text("0#-/ x", min_size=1).filter(lambda places: set(places) & set("0#")))
def test_places_lose_no_digit(value, places):
    shown = padded(str(value), places)
    digits = "".join(letter for letter in shown if letter.isdigit())
    assert digits.lstrip("0") == str(value).lstrip("0")
