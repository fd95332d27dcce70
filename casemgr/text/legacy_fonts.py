"""Tell Vietnamese text that was typed for an old font (TCVN3/ABC, VNI) from Unicode text.

Such text looks right only in its own font: "NguyÔn ThÞ" is TCVN3 and "Nguyeãn Thò" is VNI for Nguyễn Thị. Not
every old text can be told apart, for some of it is also possible Unicode; what is found here is certain.
"""

import unicodedata
from itertools import pairwise

# Signs that TCVN3 fonts draw as letters. The soft hyphen is their "ư", hence never dropped silently.
_TCVN3_SIGNS = frozenset("¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾×÷Þþ")
_TCVN3_CAPITALS = frozenset("ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞ")

_VNI_TONES_A = "âàáåãäêéèúüùøûõï"
_VNI_TONES_O = "âåäùøûõ"
_VNI_PAIRS = frozenset(
    [f"a{mark}" for mark in _VNI_TONES_A]
    + [f"e{mark}" for mark in "âàáåãäùøûõï"]
    + [f"o{mark}" for mark in _VNI_TONES_O]
    + [f"u{mark}" for mark in "ùøûõï"]
    + [f"ô{mark}" for mark in "ùøûõï"]
    + [f"ö{mark}" for mark in "ôùøûõï"]
)


def looks_legacy(text: str) -> bool:
    """Say whether text was certainly typed for a TCVN3 or VNI font."""
    composed = unicodedata.normalize("NFC", text)
    if any(character in _TCVN3_SIGNS for character in composed):
        return True
    return any(_is_tcvn3_word(word) or _is_vni_word(word.lower()) for word in composed.split())


def _is_tcvn3_word(word: str) -> bool:
    """Old fonts put small letters where Unicode has capitals: a marked capital inside small letters."""
    return any(before.islower() and after in _TCVN3_CAPITALS for before, after in pairwise(word))


def _is_vni_word(word: str) -> bool:
    if word.startswith("ñ"):
        return True
    return any(before + after in _VNI_PAIRS for before, after in pairwise(word))
