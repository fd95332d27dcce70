"""Vietnamese telephone numbers: one stored form, one shown form.

Stored is E.164 (`+84912345678`) for what can be dialled from anywhere, and the digits as dialled for hotlines
(`18001744`) and short numbers (`111`), which have no international form.
"""

import re
import unicodedata
from enum import StrEnum

from casemgr.text.invalid import InvalidText

_SEPARATORS = str.maketrans("", "", " .-()/\u00a0\u202f\u2011\u2013")
_MOBILE = re.compile(r"0[35789][0-9]{8}")
_LANDLINE = re.compile(r"02[0-9]{9}")
_HOTLINE = re.compile(r"1[89]00[0-9]{4,6}")
_SHORT = re.compile(r"1[0-9]{2,3}")
_FOREIGN = re.compile(r"\+[1-9][0-9]{7,14}")
_OLD_MOBILE = re.compile(r"01[0-9]{9}")

# Mobile numbers of eleven digits became ten in 2018; paper from before still has the old ones.
_PREFIX_CHANGE_2018 = {
    **{f"016{digit}": f"03{digit}" for digit in "23456789"},
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


class PhoneKind(StrEnum):
    """What sort of number it is, which decides whether it can be messaged and how it is written."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    HOTLINE = "hotline"
    SHORT = "short"
    FOREIGN = "foreign"


def normalise_phone(text: str) -> str:
    """Return a number as it is stored.

    Raises InvalidText with reason `empty`, `characters`, `length` or `prefix`.
    """
    typed = unicodedata.normalize("NFKC", text).translate(_SEPARATORS)
    if not typed:
        raise InvalidText("empty")
    if not (typed.removeprefix("+").isascii() and typed.removeprefix("+").isdigit()):
        raise InvalidText("characters")
    national = _national(typed)
    if _HOTLINE.fullmatch(national) or _SHORT.fullmatch(national):
        return national
    if _MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national):
        return "+84" + national[1:]
    if _FOREIGN.fullmatch(national):
        return national
    raise InvalidText("prefix" if len(national) in (10, 11) else "length")


def phone_kind(stored: str) -> PhoneKind:
    """Say what sort of number a stored number is."""
    if stored.startswith("+84"):
        return PhoneKind.LANDLINE if stored[3] == "2" else PhoneKind.MOBILE
    if stored.startswith("+"):
        return PhoneKind.FOREIGN
    return PhoneKind.HOTLINE if _HOTLINE.fullmatch(stored) else PhoneKind.SHORT


def display_phone(stored: str) -> str:
    """Return a stored number as people write it: 0912 345 678, 0237 3851 234, 1800 1744."""
    match phone_kind(stored):
        case PhoneKind.MOBILE:
            return _grouped("0" + stored[3:], 4, 3, 3)
        case PhoneKind.LANDLINE if stored[3:5] in ("24", "28"):
            return _grouped("0" + stored[3:], 3, 4, 4)
        case PhoneKind.LANDLINE:
            return _grouped("0" + stored[3:], 4, 4, 3)
        case PhoneKind.HOTLINE:
            return f"{stored[:4]} {stored[4:]}"
        case PhoneKind.SHORT | PhoneKind.FOREIGN:
            return stored


def _national(typed: str) -> str:
    """Turn +84, 0084 and 84 into the leading 0, and an old eleven-digit mobile number into today's."""
    international = "+" + typed[2:] if typed.startswith("00") else typed
    if international.startswith("+84"):
        rest = international[3:]
        national = rest if rest.startswith("0") else "0" + rest
    elif international.startswith("84") and len(international) in (11, 12):
        national = "0" + international[2:]
    else:
        national = international
    if _OLD_MOBILE.fullmatch(national) and national[:4] in _PREFIX_CHANGE_2018:
        return _PREFIX_CHANGE_2018[national[:4]] + national[4:]
    return national


def _grouped(digits: str, *lengths: int) -> str:
    parts, start = [], 0
    for length in lengths:
        parts.append(digits[start : start + length])
        start += length
    return " ".join(parts)
