"""Writes the three sample sheets again: seeded, so that the same data comes out each time.

    python sample_data/generate.py

Everything in them is made up: names are words for "example" in many languages, mail addresses lie under
example.com, phone numbers count up from 90000 00000.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
MADE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - workbook properties carry no zone

NAMES = [
    ("Anna", "Muster"), ("Ravi", "Namuna"), ("José", "Ejemplo"), ("Zoë", "Voorbeeld"), ("Łucja", "Przykład"),
    ("नमूना", "उदाहरण"), ("示例", "样本"), ("Пример", "Образец"), ("Ørjan", "Eksempel"), ("Ayşe", "Örnek"),
    ("مثال", "نموذج"), ("예시", "견본"), ("Έλλη", "Παράδειγμα"), ("Seán", "O'Sampla"), ("Mary-Jane", "Example"),
]  # fmt: skip
CITIES = ["Bengaluru", "Mumbai", "Chennai", "Pune", "Kochi", ""]


# ── legacy_customers.xlsx: a migration ─────────────────────────────────────────────────

LEGACY_HEADER = [
    "Customer Code", "First Name", "Middle Name", "Last Name", "Mobile No", "Mobile 2", "E-mail", "Sex",
    "Birth date", "City", "PIN", "Store", "Loyalty card", "Series", "Newsletter", "Status",
]  # fmt: skip


def mobile_spelling(number: int, style: int) -> str | int:
    """One number in the spellings that a till's free-text field collects."""
    digits = f"90000{number:05d}"
    return [
        f"{digits[:5]} {digits[5:]}",
        f"0{digits}",
        f"+91 {digits[:5]}-{digits[5:]}",
        int(digits),
        f"0091{digits}",
        f"91{digits}",
    ][style % 6]


def legacy_rows(rng: random.Random) -> list[list[object]]:
    """120 rows of an old till: zeros to lose, dates of two kinds, and some rows that are broken."""
    rows: list[list[object]] = []
    for number in range(1, 121):
        first, last = NAMES[number % len(NAMES)]
        born = dt.date(1950, 1, 1) + dt.timedelta(days=rng.randrange(20_000))
        card = f"{rng.randrange(1_000_000):010d}" if number % 4 == 0 else None
        rows.append(
            [
                f"AB{number:08d}",
                f" {first} " if number % 7 == 0 else first,
                "Q." if number % 5 == 0 else None,
                last,
                mobile_spelling(number, number),
                mobile_spelling(50_000 + number, number + 1) if number % 9 == 0 else None,
                f"Customer.{number}@Example.com" if number % 3 else None,
                rng.choice(["M", "F", "M", "F", None]),
                born if number % 2 else born.strftime("%d/%m/%Y"),
                rng.choice(CITIES) or None,
                f"{rng.choice([56, 40, 60, 0])}{rng.randrange(10_000):04d}",
                f"{rng.randrange(1, 40):04d}",
                card,
                17 if card else None,
                rng.choice(["yes", "no", "Y", "N", None]),
                "Active",
            ]
        )
    column = {name: index for index, name in enumerate(LEGACY_HEADER)}
    for number, name, value in [
        (11, "Mobile No", "12"),  # no phone number at all
        (23, "E-mail", "customer.23(at)example.com"),
        (31, "Birth date", "31/02/1980"),  # no such day
        (37, "Mobile No", "9.19E+11"),  # Excel has eaten the digits
        (41, "Customer Code", "AB00000040"),  # the code of the row above
        (52, "Sex", "X"),  # not in the list
        (64, "Birth date", "#N/A"),  # a lookup that found nothing
        (77, "Status", "Deleted"),
        (78, "Status", "Test"),
        (90, "E-mail", "customer.89@example.com"),  # belongs to row 89's customer: Capillary refuses
        (96, "Customer Code", "AB00000404"),  # not registered: Capillary does not know it
    ]:
        rows[number - 1][column[name]] = value
    rows[95][column["Mobile No"]] = None
    rows.insert(100, [None] * len(LEGACY_HEADER))  # a blank row in the middle
    return rows


def write_legacy(path: Path) -> None:
    """A workbook with two title-less sheets: customers, and a hidden list that nobody means."""
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = MADE
    sheet = book.create_sheet("Customers")
    assert isinstance(sheet, Worksheet) or hasattr(sheet, "append")
    sheet.append([styled(sheet, name) for name in LEGACY_HEADER])
    for row in legacy_rows(random.Random(1)):
        sheet.append([dated(sheet, value) if isinstance(value, dt.date) else value for value in row])
    stores = book.create_sheet("Stores")
    stores.sheet_state = "hidden"
    stores.append(["Store", "Name"])
    stores.append(["0001", "High Street"])
    book.save(path)


def styled(sheet: Worksheet, text: str) -> WriteOnlyCell:
    """A header cell in bold."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def dated(sheet: Worksheet, day: dt.date) -> WriteOnlyCell:
    """A real Excel date, shown as day/month/year."""
    cell = WriteOnlyCell(sheet, value=day)
    cell.number_format = "dd/mm/yyyy"
    return cell


# ── nightly_loyalty.csv: a nightly load ────────────────────────────────────────────────

NIGHTLY_HEADER = [
    "Member",
    "Customer type",
    "Enrol",
    "Programme",
    "Tier",
    "Tier until",
    "Points",
    "Points until",
    "Batch",
]


def nightly_rows(rng: random.Random) -> list[list[str]]:
    """300 members: tiers, points with thousands separators, expiry dates; a few that Capillary refuses."""
    rows = []
    for number in range(1, 301):
        enrols = number % 10 != 0
        rows.append(
            [
                f"{number:07d}",
                "loyalty",
                "Y" if enrols else "N",
                "973" if enrols else "",
                rng.choice(["Silver", "Gold", "Platinum"]) if enrols else "",
                f"{rng.randrange(1, 29):02d}-{rng.randrange(1, 13):02d}-2027" if enrols else "",
                f"{rng.randrange(0, 20_000):,}" if enrols else "",
                f"{rng.randrange(1, 29):02d}-{rng.randrange(1, 13):02d}-2027" if enrols else "",
                "20260101",
            ]
        )
    for number in (40, 130, 220):  # loyalty customers cannot become non-loyalty: refused with 8018
        rows[number - 1][1] = "non_loyalty"
    rows[403 % 300][0] = "0000404"  # not registered: refused with 8015
    rows[57][6] = "1.5"  # half a point
    rows[58][4] = "Bronze"  # no such tier
    return rows


# ── backfill_channels.csv: a data team's backfill ──────────────────────────────────────

BACKFILL_HEADER = [
    "customer_id", "emails", "email_verified", "mobile", "android_token", "ios_token", "push_token", "push_last_seen",
    "line_id", "wechat_id", "opted_type",
]  # fmt: skip
BACKFILL_ROWS = 5_000


def token(rng: random.Random) -> str:
    """Something that looks like a push token, and is none."""
    return "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", k=24)) + ":EXAMPLE"


def backfill_rows(rng: random.Random) -> list[list[str]]:
    """5,000 rows: several channels a customer, some customers on several rows, some addresses that are none."""
    rows = []
    for number in range(1, BACKFILL_ROWS + 1):
        customer = number - 1 if number % 50 == 0 else number  # every 50th row tells more of the customer above
        mails = [f"c{customer}@example.com"] + ([f"c{customer}.work@example.com"] if rng.random() < 0.3 else [])
        seen = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) - dt.timedelta(seconds=rng.randrange(30_000_000))
        rows.append(
            [
                f"EXT{customer:06d}",
                "; ".join(mails) if rng.random() < 0.8 else "",
                rng.choice(["true", "false", ""]),
                f"9190001{number:05d}" if rng.random() < 0.7 else "",
                token(rng) if rng.random() < 0.3 else "",
                token(rng) if rng.random() < 0.2 else "",
                token(rng) if rng.random() < 0.4 else "",
                seen.strftime("%Y-%m-%dT%H:%M:%S+00:00") if rng.random() < 0.5 else seen.strftime("%Y-%m-%d"),
                f"line-{number}" if rng.random() < 0.1 else "",
                f"wx_{number}" if rng.random() < 0.1 else "",
                "loyalty" if number % 3 == 0 else "",
            ]
        )
    for number in (700, 1_400, 2_100):
        rows[number - 1][3] = "919000"  # too short for a mobile number
    return rows


def write_csv(path: Path, header: list[str], rows: list[list[str]], delimiter: str) -> None:
    """Delimited UTF-8 text with the line ends of its kind of user."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n" if delimiter == ";" else "\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    """Write all three beside this file."""
    write_legacy(HERE / "legacy_customers.xlsx")
    write_csv(HERE / "nightly_loyalty.csv", NIGHTLY_HEADER, nightly_rows(random.Random(2)), ";")
    write_csv(HERE / "backfill_channels.csv", BACKFILL_HEADER, backfill_rows(random.Random(3)), ",")
    for path in sorted([*HERE.glob("*.xlsx"), *HERE.glob("*.csv")]):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
