"""Of which country the phone numbers of a column are: by the numbers that say it, and those that fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import phonenumbers

MOBILE_KINDS = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})
HALF = 0.5
BARE = 11  # digits from which a number may begin with its country code though no + says so
SCREENED = 16  # national numbers on which every country is tried
COMMON = ("IN", "ID", "MY", "SG", "TH", "PH", "VN", "AE", "SA", "CN", "JP", "KR", "HK", "TW", "GB", "US", "CA", "DE", "FR", "ES",
          "PT", "IT", "NL", "BE", "PL", "TR", "RU", "SE", "CH", "AT", "BR", "MX", "AR", "CO", "ZA", "AU", "NZ", "EG", "KW",
          "QA", "OM", "BH", "LK", "BD", "PK", "NP", "KE", "NG")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Region:
    """Where numbers without country code belong. `doubt`: what to ask; `valid`: share of the sample that is valid so."""

    code: str
    evidence: str
    doubt: str = ""
    valid: float = 1.0
    mobile: float = 1.0  # share of the valid ones that may be mobile


def region_of(values: list[str], likely: tuple[str, ...] = ()) -> Region | None:
    """The region of a sample of values; None where they are no phone numbers. `likely`: regions to try first."""
    stated, national = _sorted_out(values)
    named = [code for code, _ in Counter(stated).most_common(3)]
    fits = _fitting(national, (*named, *likely)) if national else {}
    if not fits:
        return _abroad(stated, len(values)) if stated else None
    best = max(share for share, _ in fits.values())
    rivals = {code: mobile for code, (share, mobile) in fits.items() if share >= best - 0.02}
    told = next((code for code in named if code in rivals), "") if best > HALF else ""
    code = told or _first(rivals, likely)
    share, mobile = fits[code]
    valid = (len(stated) + share * len(national)) / (len(stated) + len(national))
    if told:
        said = f"valid in {code}, as the numbers with country code say ({share:.0%})"
        return Region(code, said, valid=valid, mobile=mobile)
    shown = ", ".join(sorted(rivals.keys() - {code}, key=lambda one: (one not in COMMON, one))[:6])
    confirmed = f", as many in {shown}" if shown else ", which nothing else in the sheet confirms"
    doubt = f"which country are the numbers without country code of? {share:.0%} are valid in {code}{confirmed}"
    return Region(code, f"{share:.0%} valid in {code}", doubt, valid, mobile)


def _first(rivals: Mapping[str, float], likely: tuple[str, ...]) -> str:
    """Of countries that fit alike: one of the headers' language; else a common one, where the numbers may be mobile."""
    told = [code for code in likely if code in rivals]
    of = told or list(rivals)
    mobile = [code for code in of if rivals[code] >= max(rivals[one] for one in of) - 0.05]
    return next((code for code in (*told, *COMMON) if code in mobile), min(mobile))


def _sorted_out(values: list[str]) -> tuple[list[str], list[str]]:
    """(regions of numbers with country code, the other numbers)."""
    stated, national, bare = [], [], []
    for value in values:
        text = "+" + value[2:] if value.startswith("00") else value
        if text.startswith("+"):
            if code := _code(text):
                stated.append(code)
        elif value.isdigit() and value[0] != "0" and len(value) >= BARE and (code := _code("+" + value)):
            bare.append(code)
            national.append(value)
        elif sum(map(str.isdigit, value)) >= 7:  # noqa: PLR2004 - shorter ones are no phone numbers
            national.append(value)
    if bare and len(bare) >= 0.95 * len(national) and Counter(bare).most_common(1)[0][1] >= 0.8 * len(bare):
        return [*stated, *bare], []  # country code and number, only the + is missing
    return stated, national


def _code(text: str) -> str:
    """The region of a number with country code; "" where it is none."""
    number = _number(text, None)
    return phonenumbers.region_code_for_number(number) or "" if number else ""


def _abroad(stated: list[str], of: int) -> Region:
    (code, count), *_ = Counter(stated).most_common(1)
    share = len(stated) / of
    return Region(
        code,
        f"{share:.0%} carry their country code, most often that of {code} ({count / len(stated):.0%})",
        valid=share,
    )


def _fitting(national: list[str], named: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Regions with the share of numbers that are valid there, and of those the share that may be mobile."""
    few = national[:SCREENED]
    candidates = dict.fromkeys([*named, *COMMON])
    screened = {code: _share(few, code) for code in candidates if code in phonenumbers.SUPPORTED_REGIONS}
    top = max((share for share, _ in screened.values()), default=0.0)
    if top < 0.8:  # noqa: PLR2004 - none of the common ones fits well
        screened |= {code: _share(few, code) for code in phonenumbers.SUPPORTED_REGIONS - screened.keys()}
        top = max(share for share, _ in screened.values())
    near = [code for code, (share, _) in screened.items() if share and share >= top - 0.1]
    if len(near) > 12:  # noqa: PLR2004 - undecided in any case; the screening says enough
        return {code: screened[code] for code in near}
    return {code: _share(national[:200], code) for code in near}


def _share(values: list[str], code: str) -> tuple[float, float]:
    valid = mobile = 0
    for value in values:
        number = _number(value, code) or (_number("+" + value, None) if value.isdigit() else None)
        if number is None:
            continue
        there = phonenumbers.region_code_for_number(number)
        if there != code:
            continue
        valid += 1
        mobile += phonenumbers.number_type(number) in MOBILE_KINDS
    return valid / len(values), mobile / valid if valid else 0.0


def _number(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        found = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return found if phonenumbers.is_valid_number(found) else None
