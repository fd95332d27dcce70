"""Vietnamese names of people and places: clean them, compare them, sort them.

Names stay in NFC with one apostrophe. Two keys per word serve a search: `full` keeps vowel marks and moves
the tone to the end of the word, so that hoà equals hòa; `bare` has no marks at all.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from casemgr.text.invalid import InvalidText
from casemgr.text.legacy_fonts import looks_legacy

LONGEST_NAME = 100

_ZERO_WIDTH = dict.fromkeys([*range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF, 0x034F])
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʻ`´＇"), "'")
_ICELANDIC_D = re.compile(r"\bÐ")
_PUNCTUATION = frozenset("'.- ")
# Tones in the order of Vietnamese dictionaries: huyền, hỏi, ngã, sắc, nặng.
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_BEYOND_ALPHABET = 1000
_DIGITS_FIRST = -1

FULL_EQUAL, BARE_EQUAL, PREFIX, ONE_TYPO, I_FOR_Y = range(5)
_SHORTEST_WITH_TYPO = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """The search keys of a name, one of each kind per word, in the order of the words."""

    full: tuple[str, ...]
    bare: tuple[str, ...]


def tidy(text: str) -> str:
    """Bring text to NFC, drop zero-width characters and collapse white space."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_ZERO_WIDTH)).split())


def normalise_name(text: str) -> str:
    """Return a name as it is stored.

    Raises InvalidText with reason `empty`, `long`, `legacy_font` (TCVN3 or VNI, not Unicode) or `characters`.
    """
    # Old keyboards write the Icelandic Ð where Đ is meant.
    name = _ICELANDIC_D.sub("Đ", tidy(text).translate(_APOSTROPHES))
    if looks_legacy(name):
        raise InvalidText("legacy_font")
    if not name:
        raise InvalidText("empty")
    if len(name) > LONGEST_NAME:
        raise InvalidText("long")
    if not all(_belongs_in_name(character) for character in name):
        raise InvalidText("characters")
    if not any(character.isalpha() for character in name):
        raise InvalidText("characters")
    return name


def fold(name: str) -> Folded:
    """Return the search keys of a name or of a query."""
    words = _words(name)
    return Folded(full=tuple(map(_full_key, words)), bare=tuple(map(_bare_key, words)))


def match_rank(query: str, name: str) -> int | None:
    """Say how well a query fits a name: 0 is best, None is not at all.

    Every word of the query must fit another word of the name; the rank is that of the worst word.
    """
    return rank_folded(fold(query), fold(name))


def rank_folded(query: Folded, name: Folded) -> int | None:
    """Do what `match_rank` does, for keys that were made before."""
    if not query.bare:
        return None
    worst = _worst_word(query, name)
    # "HNhi" and "H'Nhi", "Hà My" and "Hàmy" are one name written in two ways.
    if (worst is None or worst > BARE_EQUAL) and "".join(query.bare) == "".join(name.bare):
        return BARE_EQUAL
    return worst


class Ranking:
    """Ranks many names against one query, as `match_rank` does; names share most of their words.

    What was found out about a word is remembered for as long as this lives: for one search. `folded` are
    words whose keys were made before, so that they need not be made for each search.
    """

    def __init__(self, query: str, folded: Mapping[str, Folded] | None = None) -> None:
        self._asked = fold(query)
        self._folded = folded or {}
        self._known: dict[str, tuple[Folded, str, tuple[bool, ...]]] = {}
        self.words = len(self._asked.bare)
        self.whole = "".join(self._asked.bare)

    def rank(self, name: str) -> int | None:
        """Say how well the query fits a name: 0 is best, None is not at all."""
        parts = [self._known.get(part) or self._learn(part) for part in name.split()]
        fits = map(any, zip(*(part[2] for part in parts), strict=True))
        if not all(fits) and "".join(part[1] for part in parts) != self.whole:
            return None
        return rank_folded(
            self._asked,
            Folded(
                full=tuple(word for part in parts for word in part[0].full),
                bare=tuple(word for part in parts for word in part[0].bare),
            ),
        )

    def fits(self, part: str) -> tuple[bool, ...]:
        """Say of each word of the query whether it fits a part of a name."""
        return (self._known.get(part) or self._learn(part))[2]

    def _learn(self, part: str) -> tuple[Folded, str, tuple[bool, ...]]:
        """Fold a part of a name and note which words of the query any of its words fits."""
        folded = self._folded.get(part) or fold(part)
        words, asked = range(len(folded.bare)), range(len(self._asked.bare))
        fits = tuple(
            any(_word_rank(self._asked, place, folded, word) is not None for word in words) for place in asked
        )
        self._known[part] = known = (folded, "".join(folded.bare), fits)
        return known


def phrase_key(text: str) -> tuple[tuple[int, ...], ...]:
    """Return the key that puts places and titles in Vietnamese order, Thôn 2 before Thôn 10."""
    parts: list[tuple[int, ...]] = []
    for word in _words(text):
        if word.isascii() and word.isdigit():
            parts += [(_DIGITS_FIRST, int(word)), ()]
        else:
            parts += [_letter_places(word), _tone_places(word)]
    return tuple(parts)


def _belongs_in_name(character: str) -> bool:
    return character in _PUNCTUATION or unicodedata.category(character)[0] in "LM"


def _words(name: str) -> list[str]:
    """Split at everything that is neither a letter, a mark nor a digit."""
    lowered = unicodedata.normalize("NFD", tidy(name).translate(_APOSTROPHES).lower())
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in lowered).split()


def _full_key(word: str) -> str:
    marks = "".join(sorted(c for c in word if c in _TONES))
    return unicodedata.normalize("NFC", "".join(c for c in word if c not in _TONES)) + marks


def _bare_key(word: str) -> str:
    return "".join(c for c in word if not unicodedata.combining(c)).replace("đ", "d")


def _worst_word(query: Folded, name: Folded) -> int | None:
    free = set(range(len(name.bare)))
    worst = FULL_EQUAL
    # Long words first, so that a short prefix does not take the word that a longer one needs.
    for place in sorted(range(len(query.bare)), key=lambda index: -len(query.bare[index])):
        tried = [(_word_rank(query, place, name, other), other) for other in free]
        ranked = [(rank, other) for rank, other in tried if rank is not None]
        if not ranked:
            return None
        rank, taken = min(ranked)
        free.discard(taken)
        worst = max(worst, rank)
    return worst


def _word_rank(query: Folded, place: int, name: Folded, other: int) -> int | None:
    asked, found = query.bare[place], name.bare[other]
    if asked == found:
        return FULL_EQUAL if query.full[place] == name.full[other] else BARE_EQUAL
    if found.startswith(asked):
        return PREFIX
    if _one_typo_apart(asked, found):
        return ONE_TYPO
    return I_FOR_Y if asked.replace("y", "i") == found.replace("y", "i") else None


def _one_typo_apart(asked: str, found: str) -> bool:
    if min(len(asked), len(found)) < _SHORTEST_WITH_TYPO:
        return False
    return OSA.distance(asked, found, score_cutoff=1) <= 1


def _letter_places(word: str) -> tuple[int, ...]:
    letters = unicodedata.normalize("NFC", "".join(c for c in word if c not in _TONES))
    return tuple(_letter_place(letter) for letter in letters if not unicodedata.combining(letter))


def _letter_place(letter: str) -> int:
    place = _ALPHABET.get(letter)
    if place is None:
        bare = unicodedata.normalize("NFD", letter)[0]
        place = _ALPHABET.get(bare, _BEYOND_ALPHABET + ord(bare))
    return place


def _tone_places(word: str) -> tuple[int, ...]:
    """Give one number per letter: 0 for no tone, otherwise the place of its tone."""
    places: list[int] = []
    for character in word:
        if character in _TONES and places:
            places[-1] = 1 + _TONES.index(character)
        elif not unicodedata.combining(character):
            places.append(0)
    return tuple(places)
