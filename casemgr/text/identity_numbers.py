"""Numbers of Vietnamese identity cards: the twelve-digit personal number and the old nine-digit one.

The twelve digits are three for the place of birth registration, one for century and sex, two for the year of
birth and six at random; there is no check digit. Numbers are issued anew when sex or year of birth is
corrected, and people keep old ones, so what does not fit is a warning and never an error.
"""

import unicodedata
from dataclasses import dataclass

from casemgr.text.invalid import InvalidText

_SEPARATORS = str.maketrans("", "", " .-\u00a0\u202f")
_FIRST_CODE_ABROAD = 100
_FIRST_CENTURY = 1900

# The 63 provinces before the mergers of 2025; their codes stay on the numbers that were issued.
PROVINCES = {
    "001": "Hà Nội", "002": "Hà Giang", "004": "Cao Bằng", "006": "Bắc Kạn", "008": "Tuyên Quang",
    "010": "Lào Cai", "011": "Điện Biên", "012": "Lai Châu", "014": "Sơn La", "015": "Yên Bái",
    "017": "Hòa Bình", "019": "Thái Nguyên", "020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang",
    "025": "Phú Thọ", "026": "Vĩnh Phúc", "027": "Bắc Ninh", "030": "Hải Dương", "031": "Hải Phòng",
    "033": "Hưng Yên", "034": "Thái Bình", "035": "Hà Nam", "036": "Nam Định", "037": "Ninh Bình",
    "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Bình", "045": "Quảng Trị",
    "046": "Thừa Thiên Huế", "048": "Đà Nẵng", "049": "Quảng Nam", "051": "Quảng Ngãi", "052": "Bình Định",
    "054": "Phú Yên", "056": "Khánh Hòa", "058": "Ninh Thuận", "060": "Bình Thuận", "062": "Kon Tum",
    "064": "Gia Lai", "066": "Đắk Lắk", "067": "Đắk Nông", "068": "Lâm Đồng", "070": "Bình Phước",
    "072": "Tây Ninh", "074": "Bình Dương", "075": "Đồng Nai", "077": "Bà Rịa - Vũng Tàu",
    "079": "Hồ Chí Minh", "080": "Long An", "082": "Tiền Giang", "083": "Bến Tre", "084": "Trà Vinh",
    "086": "Vĩnh Long", "087": "Đồng Tháp", "089": "An Giang", "091": "Kiên Giang", "092": "Cần Thơ",
    "093": "Hậu Giang", "094": "Sóc Trăng", "095": "Bạc Liêu", "096": "Cà Mau",
}  # fmt: skip


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


def identity_warnings(
    number: IdentityNumber, *, this_year: int, sex: str | None = None, birth_year: int | None = None
) -> tuple[str, ...]:
    """List what looks odd about a number, as short codes.

    Codes: `legacy`, `province_unknown`, `sex_differs`, `birth_year_differs`, `birth_year_future`.
    `sex` is "male" or "female" as recorded elsewhere; anything else is not compared.
    """
    if number.is_legacy:
        return ("legacy",)
    odd = {
        "province_unknown": not _is_known_place(number.province_code or ""),
        "sex_differs": sex in ("male", "female") and sex != number.sex,
        "birth_year_differs": birth_year is not None and birth_year != number.birth_year,
        "birth_year_future": (number.birth_year or 0) > this_year,
    }
    return tuple(reason for reason, holds in odd.items() if holds)


def mask_identity_number(digits: str) -> str:
    """Hide all but the first three and the last two digits: 038*******12."""
    return digits[:3] + "*" * (len(digits) - 5) + digits[-2:]


def _is_known_place(code: str) -> bool:
    return code in PROVINCES or int(code) >= _FIRST_CODE_ABROAD
