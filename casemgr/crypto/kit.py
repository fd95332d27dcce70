"""The printed recovery key: nine groups of four signs, each with a sign that tells a typo."""

import secrets

from casemgr.crypto.readable import ALPHABET, grouped, typed_code
from casemgr.errors import CasemgrError

KIT_KEY_LENGTH = 20
_GROUPS = 9
_DATA_SIGNS = 4
_GROUP_SIGNS = _DATA_SIGNS + 1
_BASE = len(ALPHABET)


class MistypedKit(CasemgrError):
    """The recovery key was typed wrongly; `groups` numbers the wrong ones, none for a wrong length."""

    def __init__(self, groups: tuple[int, ...]) -> None:
        super().__init__(groups)
        self.groups = groups


def new_kit_key() -> bytes:
    """Draw a recovery key of 160 random bits."""
    return secrets.token_bytes(KIT_KEY_LENGTH)


def kit_text(kit_key: bytes) -> str:
    """Write a recovery key as the groups that are printed."""
    number = int.from_bytes(kit_key, "big")
    digits = []
    for _ in range(_GROUPS * _DATA_SIGNS):
        number, digit = divmod(number, _BASE)
        digits.append(digit)
    digits.reverse()
    groups = (digits[start : start + _DATA_SIGNS] for start in range(0, len(digits), _DATA_SIGNS))
    checked = [[*group, _check(group, number)] for number, group in enumerate(groups, 1)]
    return grouped("".join(ALPHABET[digit] for group in checked for digit in group), _GROUP_SIGNS)


def read_kit(text: str) -> bytes:
    """Read a recovery key as it was typed; raises MistypedKit with the numbers of the wrong groups."""
    code = typed_code(text)
    if len(code) != _GROUPS * _GROUP_SIGNS:
        raise MistypedKit(())
    groups = [code[start : start + _GROUP_SIGNS] for start in range(0, len(code), _GROUP_SIGNS)]
    wrong = tuple(number for number, group in enumerate(groups, 1) if not _is_right(group, number))
    if wrong:
        raise MistypedKit(wrong)
    value = 0
    for sign in "".join(group[:_DATA_SIGNS] for group in groups):
        value = value * _BASE + ALPHABET.index(sign)
    if value.bit_length() > KIT_KEY_LENGTH * 8:
        raise MistypedKit(())
    return value.to_bytes(KIT_KEY_LENGTH, "big")


def _check(digits: list[int], number: int) -> int:
    # The base is prime and the weights differ, so each single wrong sign and each swap inside a group shows.
    return (sum(weight * digit for weight, digit in enumerate(digits, 2)) + number) % _BASE


def _is_right(group: str, number: int) -> bool:
    digits = [ALPHABET.find(sign) for sign in group]
    return -1 not in digits and _check(digits[:_DATA_SIGNS], number) == digits[_DATA_SIGNS]
