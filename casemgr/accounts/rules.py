"""Rules of sign-in as plain Python: names, passwords, waiting times, ends of sessions."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "common_passwords.txt"

SHORTEST = 12
SHORTEST_ADMINISTRATOR = 15
LONGEST = 256
_LEAST_LEFT = 5
_LEAST_DIFFERENT = 5

TOO_SHORT, TOO_LONG, TOO_COMMON = "too_short", "too_long", "too_common"

ACCOUNT_TRIES, ACCOUNT_QUIET = 5, timedelta(minutes=15)
ADDRESS_TRIES, ADDRESS_WINDOW = 30, timedelta(minutes=1)
LONGEST_WAIT_SECONDS = 60
MOST_FAILURES = 100
"""Wrong tries in a row after which a password is off until an administrator resets the account."""

UNLOCK_TRIES = 5
CODE_MINUTES = 10
ENROL_MINUTES = 60
INVITATION_DAYS = 14
UNRELEASED_WAIT = timedelta(days=3)
"""How long an account waits where nobody is left who could release what an administrator asks for it."""

HELD_DAYS = 3
MOST_HELD = 20
MOST_SESSIONS = 3

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_LEET = str.maketrans("013457@$!", "oieastasi")
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"))
_MORE_SYSTEMS = (("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))
_BROWSERS = (("Edg", "Edge"), ("coc_coc", "Cốc Cốc"), ("Firefox", "Firefox"), ("OPR", "Opera"))
_MORE_BROWSERS = (("Chrome", "Chrome"), ("Safari", "Safari"))


def fold_name(name: str) -> str:
    """Bring a sign-in name to one form: small letters without the marks that a Telex keyboard may add."""
    return bare(name).replace(" ", "")


def is_sign_in_name(name: str) -> bool:
    """Say whether a name can be given to an account: 2 to 40 letters, digits, dots, hyphens."""
    return _NAME.fullmatch(fold_name(name)) is not None


def bare(text: str) -> str:
    """Return small letters without any mark, for comparing."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(sign for sign in folded if not unicodedata.combining(sign)).strip()


def password_problem(password: str, *, is_administrator: bool, context: Iterable[str]) -> str | None:
    """Return why a password is refused (`too_short`, `too_long`, `too_common`), or None when it may be used.

    No kinds of signs are demanded. A password is common when next to nothing is left of it once words,
    keyboard rows, years and what everybody knows about the person (`context`) are taken out.
    """
    length = len(unicodedata.normalize("NFC", password))
    if length < (SHORTEST_ADMINISTRATOR if is_administrator else SHORTEST):
        return TOO_SHORT
    if length > LONGEST:
        return TOO_LONG
    return TOO_COMMON if _is_common(password, context) else None


def _is_common(password: str, context: Iterable[str]) -> bool:
    form = bare(password).replace(" ", "")
    known = {*common_words(), *(part for text in context for part in _parts(text))}
    left = _without_words(form, sorted(known, key=len, reverse=True))
    left = re.sub(r"(19|20)\d\d|(.)\2{2,}", " ", left)
    left = _without_runs(re.sub(r"[\W_]", "", left))
    return len(left) < _LEAST_LEFT or len(set(form)) < _LEAST_DIFFERENT


def _without_words(form: str, words: list[str]) -> str:
    """Take out words, also where digits stand for letters as in p4ssw0rd."""
    plain, disguised = form, form.translate(_LEET)
    for word in words:
        for start in range(len(form)):
            end = start + len(word)
            if word in (plain[start:end], disguised[start:end]):
                gap = " " * len(word)
                plain = plain[:start] + gap + plain[end:]
                disguised = disguised[:start] + gap + disguised[end:]
    return plain


def _without_runs(text: str) -> str:
    """Take out runs such as 4567, cdef or 9876."""
    kept, start = [], 0
    for place in range(1, len(text) + 1):
        if place < len(text) and _continues(text, start, place):
            continue
        run = text[start:place]
        kept.append("" if len(run) >= 4 else run)
        start = place
    return "".join(kept)


def _continues(text: str, start: int, place: int) -> bool:
    step = ord(text[place]) - ord(text[place - 1])
    return abs(step) == 1 and (place - start == 1 or step == ord(text[start + 1]) - ord(text[start]))


def _parts(text: str) -> list[str]:
    words = re.split(r"[\W_]+", bare(text))
    return [part for part in [*words, "".join(words)] if len(part) >= 3]


@cache
def common_words() -> frozenset[str]:
    """Read the packaged list of what passwords are commonly made of, Vietnamese habits included."""
    lines = WORDS.read_text(encoding="utf-8").split()
    return frozenset(bare(line) for line in lines)


def wait_after(failures: int) -> timedelta:
    """Return how long an account waits after so many failures: nothing, then 2, 4, 8… up to 60 seconds."""
    over = failures - ACCOUNT_TRIES
    if over < 0:
        return timedelta()
    return timedelta(seconds=min(LONGEST_WAIT_SECONDS, 2 ** min(over + 1, 10)))


def is_idle(last_seen_at: datetime, now: datetime, idle_minutes: int) -> bool:
    """Say whether nobody has used a session for so long that it is locked."""
    return now - last_seen_at >= timedelta(minutes=idle_minutes)


def is_over(stage: str, started_at: datetime, now: datetime, session_hours: int) -> bool:
    """Say whether a session is past its absolute end; half-finished sign-ins end much sooner."""
    ends = {"code": timedelta(minutes=CODE_MINUTES), "enrol": timedelta(minutes=ENROL_MINUTES)}
    return now - started_at >= ends.get(stage, timedelta(hours=session_hours))


def device_words(user_agent: str) -> str:
    """Describe a browser so that its owner knows it again, without version numbers."""
    browser = _first(user_agent, (*_BROWSERS, *_MORE_BROWSERS))
    system = _first(user_agent, (*_SYSTEMS, *_MORE_SYSTEMS))
    return " · ".join(part for part in (browser, system) if part)


def _first(text: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((words for mark, words in known if mark in text), "")
