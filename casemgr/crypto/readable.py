"""Codes that people read from paper and type: one alphabet, forgiving input.

The 23 signs hold no lookalikes, and no vowel, D, W or Y, because Vietnamese keyboards (Telex, VNI) would turn
those into accented letters while a code is being typed.
"""

import secrets

ALPHABET = "0123456789CFHJKMNPQRTVX"
GROUP_LENGTH = 4
_LOOKALIKES = str.maketrans("OILZSBG", "0112586")


def new_code(length: int) -> str:
    """Draw a random code; each sign carries 4.5 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_digits(length: int) -> str:
    """Draw random digits, which alone are said and heard alike in every dialect over a bad line."""
    return "".join(secrets.choice("0123456789") for _ in range(length))


def grouped(code: str, size: int = GROUP_LENGTH) -> str:
    """Write a code in groups joined by hyphens, as it is printed."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def typed_code(text: str) -> str:
    """Read a code as people type it: any case, spaces and hyphens anywhere, lookalikes put right."""
    signs = (sign for sign in text.upper() if not sign.isspace() and sign not in "-–—.")
    return "".join(signs).translate(_LOOKALIKES)
