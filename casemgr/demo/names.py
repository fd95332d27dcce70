"""Names, numbers and places that nobody bears: every name says that it is an example."""

from casemgr.demo.chance import Chance

MARKERS = ("Mẫu", "Giả Định")
"""Each name holds one of these words."""

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Bùi", "Trương", "Hà", "Cao", "Quách", "Đinh", "Lò", "Vi")
DIGITS = ("Không", "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín")
_NUMBERS = 1000


class Names:
    """Gives each person another number, spelt out because names hold no digits."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._numbers = iter(chance.shuffled(range(_NUMBERS)))

    def person(self, sex: str) -> str:
        """Return the name of somebody who is helped."""
        return self._name(sex, "Mẫu")

    def other(self, sex: str) -> str:
        """Return the name of somebody who is only told of: an alleged perpetrator, a reporter."""
        return self._name(sex, "Giả Định")

    def phone(self) -> str:
        """Return a number of the block 0300, which no operator has."""
        return f"+84300{self._chance.number(0, 999_999):06d}"

    def _name(self, sex: str, marker: str) -> str:
        number = next(self._numbers, 0)
        spelt = " ".join(DIGITS[int(digit)] for digit in f"{number:03d}")
        middle = "Thị" if sex == "nu" else "Văn"
        return f"{self._chance.pick(FAMILIES)} {middle} {marker} {spelt}"
