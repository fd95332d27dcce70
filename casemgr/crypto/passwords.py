"""Password hashes: Argon2id over a peppered digest, with a bound on how many are computed at once.

The pepper is kept outside the database, so a stolen table of hashes cannot be guessed at. Passwords are
brought to NFC first, because Windows and macOS type the same Vietnamese letters as different bytes.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casemgr.errors import Refused

BUSY = "too_busy"
_AT_ONCE = 4
_LONGEST_WAIT_SECONDS = 5.0
_slots = BoundedSemaphore(_AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one hash costs: memory in KiB, passes over it, and lanes."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


STANDARD = Cost()


def hash_password(password: str, *, pepper: bytes, cost: Cost = STANDARD) -> str:
    """Hash a password for storage; raises Refused("too_busy") when no slot comes free within 5 seconds."""
    with _slot():
        return _hasher(cost).hash(_peppered(password, pepper))


def verify_password(password: str, stored: str, *, pepper: bytes) -> bool:
    """Tell whether a password belongs to a stored hash; raises Refused("too_busy") like `hash_password`."""
    with _slot():
        try:
            return PasswordHasher().verify(stored, _peppered(password, pepper))
        except (VerificationError, InvalidHashError):
            return False


def verify_nobody(password: str, *, pepper: bytes, cost: Cost = STANDARD) -> bool:
    """Spend the time of a verification for a name that does not exist; the answer is always False."""
    verify_password(password, _hash_of_nobody(cost), pepper=pepper)
    return False


def needs_rehash(stored: str, *, cost: Cost = STANDARD) -> bool:
    """Tell whether a stored hash was made at another cost than today's."""
    try:
        return _hasher(cost).check_needs_rehash(stored)
    except InvalidHashError:
        return True


def _hasher(cost: Cost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)


@lru_cache(maxsize=4)
def _hash_of_nobody(cost: Cost) -> str:
    return hash_password(secrets.token_hex(), pepper=secrets.token_bytes(32), cost=cost)


def _peppered(password: str, pepper: bytes) -> bytes:
    return hmac.digest(pepper, unicodedata.normalize("NFC", password).encode(), "sha256")


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=_LONGEST_WAIT_SECONDS):
        raise Refused(BUSY)
    try:
        yield
    finally:
        _slots.release()
