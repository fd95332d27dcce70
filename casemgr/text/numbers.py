"""Numbers as Vietnamese offices write them: 1.234,5 and whole đồng."""

import re
import unicodedata
from decimal import Decimal

from casemgr.text.invalid import InvalidText

_LONGEST = 24
_PLAIN = re.compile(r"-?[0-9]+(?:,[0-9]+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")


def parse_number(text: str) -> Decimal:
    """Read a number with decimal comma and, where used, dots between thousands.

    Raises InvalidText with reason `empty`, `long`, `separator` (as in 1.5 and 1,234.5) or `characters`.
    """
    typed = "".join(unicodedata.normalize("NFKC", text).split()).replace("−", "-")
    if not typed:
        raise InvalidText("empty")
    if len(typed) > _LONGEST:
        raise InvalidText("long")
    if _PLAIN.fullmatch(typed) or _GROUPED.fullmatch(typed):
        return Decimal(typed.replace(".", "").replace(",", "."))
    raise InvalidText("separator" if set(typed) <= set("-0123456789.,") else "characters")


def parse_whole_number(text: str) -> int:
    """Read a whole number, as for people and for money.

    Raises InvalidText with the reasons of `parse_number`, or `fraction`.
    """
    number = parse_number(text)
    if number != number.to_integral_value():
        raise InvalidText("fraction")
    return int(number)


def display_number(value: int | Decimal, *, places: int | None = None, locale: str = "vi") -> str:
    """Write a number: 1.234,5 in Vietnamese, 1,234.5 in English, with `places` digits after the comma."""
    written = f"{value:,.{places}f}" if places is not None else f"{value:,}"
    if locale != "vi":
        return written
    return written.translate(str.maketrans(",.", ".,"))


def display_money(dong: int, *, locale: str = "vi") -> str:
    """Write an amount of money: 1.500.000 đồng, or VND 1,500,000."""
    amount = display_number(dong, locale=locale)
    return f"{amount} đồng" if locale == "vi" else f"VND {amount}"
