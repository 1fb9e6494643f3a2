"""Headers and words compared without case, accents, blanks and punctuation, in any script."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_APART = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "_": " ", "’": " ", "'": " "})
_TRADITIONAL = (
    "會員號碼機電話點數級別門鋪編戶郵遞區備註國語證積餘額動聯絡縣銀鑽黃錄帳寫種類稱謂婚姻狀態職業發來幣歲軟體顧紀賣買"
)
_SIMPLIFIED = (
    "会员号码机电话点数级别门铺编户邮递区备注国语证积余额动联络县银钻黄录账写种类称谓婚姻状态职业发来币岁软体顾纪卖买"
)
_ONE_CHINESE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_CAMEL = re.compile(r"(?<=[a-zà-þ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=[0-9])|(?<=[0-9])(?=[^\W\d_])")
_SEPARATORS = re.compile(r"[^\w〒\u0900-\u0dff\u0e00-\u0eff\u064b-\u0652]+|_")
_ASCII_LETTERS = re.compile(r"[a-z]+")
LATIN_END = 0x250


def plain(text: str) -> str:
    """Case folded, in compatibility form, Latin letters without accents, Chinese simplified; marks of other scripts stay."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_APART).translate(_ONE_CHINESE)
    pieces = unicodedata.normalize("NFD", folded)
    kept, latin = [], False
    for one in pieces:
        if unicodedata.category(one) == "Mn" and latin:
            continue
        latin = ord(one) < LATIN_END
        kept.append(one)
    return unicodedata.normalize("NFC", "".join(kept))


@cache
def words(text: str) -> tuple[str, ...]:
    """The words of a header: `custPhone_No2` is cust, phone, no, 2."""
    spread = _CAMEL.sub(" ", unicodedata.normalize("NFKC", text))
    return tuple(part for part in _SEPARATORS.sub(" ", plain(spread)).split() if part)


@cache
def compact(text: str) -> str:
    """The words without anything between them."""
    return "".join(words(text))


def is_ascii_letters(text: str) -> bool:
    """Whether nothing but a to z is in it."""
    return _ASCII_LETTERS.fullmatch(text) is not None


def skeleton(text: str) -> str:
    """The consonants: `frstnm` of firstname; "" where that says too little."""
    if not is_ascii_letters(text):
        return ""
    bare = text[0] + re.sub("[aeiou]", "", text[1:])
    return bare if len(bare) >= 4 else ""  # noqa: PLR2004 - fewer consonants fit too many words


def snake(text: str, longest: int) -> str:
    """A header as the name of a field: `Favourite Store` is favourite_store; "" where no Latin letter or digit is left."""
    parts = [part for part in words(text) if part.isascii()]
    if len("".join(parts)) < max(1, len(compact(text)) // 2):
        return ""
    name = "_".join(parts)
    while len(name) > longest and len(parts) > 1:
        parts.pop()
        name = "_".join(parts)
    return name[:longest].strip("_")
