"""Opaque codes of persons, files, incidents and others: random, easy to read aloud, with a check character.

A code says nothing about the person, the day or the place. The alphabet leaves out 0, 1, I, L and O. It
has 31 signs, a prime number, so the weighted check character finds every wrong sign and every exchange of
neighbours.
"""

import secrets
from collections.abc import Callable, Iterable
from enum import StrEnum

from casemgr.text.invalid import InvalidText

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_RANDOM_SIGNS = 5


class CodeKind(StrEnum):
    """What a code stands for; the value is its beginning."""

    SURVIVOR = "NBL"
    CASE_FILE = "HS"
    INCIDENT = "VV"
    TIP = "TB"
    CHILD = "TE"
    SUPPORT = "HT"
    CONFERENCE = "HC"


def new_code(kind: CodeKind) -> str:
    """Draw a new code, such as NBL-7F3K2Q.

    Two draws can be equal: whoever stores a code keeps it unique and draws again.
    """
    signs = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_SIGNS))
    return f"{kind.value}-{signs}{_check_sign(kind, signs)}"


def draw_codes(kind: CodeKind, count: int, find_taken: Callable[[set[str]], Iterable[str]]) -> list[str]:
    """Draw new codes, unlike one another and unlike those that `find_taken` finds in use among them."""
    drawn: set[str] = set()
    while len(drawn) < count:
        fresh = {new_code(kind) for _ in range(count - len(drawn))} - drawn
        drawn |= fresh - set(find_taken(fresh))
    return list(drawn)


def normalise_code(text: str) -> str:
    """Return a typed code in its written form: capitals, no spaces, one hyphen after the beginning.

    Raises InvalidText with reason `empty`, `kind`, `characters`, `length` or `check` (a slip).
    """
    typed = "".join(character for character in text.upper() if character.isalnum())
    if not typed:
        raise InvalidText("empty")
    kind = next((kind for kind in CodeKind if typed.startswith(kind.value)), None)
    if kind is None:
        raise InvalidText("kind")
    signs = typed.removeprefix(kind.value)
    if any(sign not in ALPHABET for sign in signs):
        raise InvalidText("characters")
    if len(signs) != _RANDOM_SIGNS + 1:
        raise InvalidText("length")
    if _check_sign(kind, signs[:-1]) != signs[-1]:
        raise InvalidText("check")
    return f"{kind.value}-{signs}"


def is_code(text: str, kind: CodeKind) -> bool:
    """Say whether text is a well-formed code of this kind, however it was spaced."""
    try:
        return normalise_code(text).startswith(f"{kind.value}-")
    except InvalidText:
        return False


def _check_sign(kind: CodeKind, signs: str) -> str:
    # The kind takes part, so that the signs of a person do not pass as those of an incident.
    start = list(CodeKind).index(kind) + 1
    total = start + sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=2))
    return ALPHABET[total % len(ALPHABET)]
