"""Numbers of Vietnamese identity cards: the twelve-digit personal number and the old nine-digit one.

The twelve digits are three for the place of birth registration, one for century and sex, two for the year of
birth and six at random; there is no check digit. Numbers are issued anew when sex or year of birth is
corrected, and people keep old ones, so a number that does not fit is no error.
"""

import unicodedata
from dataclasses import dataclass

from casemgr.text.invalid import InvalidText

_SEPARATORS = str.maketrans("", "", " .-\u00a0\u202f")
_FIRST_CENTURY = 1900


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityNumber:
    """A number and what its digits say; a nine-digit number says nothing about sex and year of birth."""

    digits: str
    province_code: str | None = None
    sex: str | None = None
    birth_year: int | None = None

    @property
    def is_legacy(self) -> bool:
        """Say whether this is a nine-digit number, not valid on its own since 2025."""
        return len(self.digits) == 9


def parse_identity_number(text: str) -> IdentityNumber:
    """Read a number and decode it.

    Raises InvalidText with reason `empty`, `characters` or `length`.
    """
    digits = unicodedata.normalize("NFKC", text).translate(_SEPARATORS)
    if not digits:
        raise InvalidText("empty")
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidText("characters")
    if len(digits) == 9:
        return IdentityNumber(digits=digits)
    if len(digits) != 12:
        raise InvalidText("length")
    century, is_female = divmod(int(digits[3]), 2)
    return IdentityNumber(
        digits=digits,
        province_code=digits[:3],
        sex="female" if is_female else "male",
        birth_year=_FIRST_CENTURY + 100 * century + int(digits[4:6]),
    )


def mask_identity_number(digits: str) -> str:
    """Hide all but the first three and the last two digits: 038*******12."""
    return digits[:3] + "*" * (len(digits) - 5) + digits[-2:]
