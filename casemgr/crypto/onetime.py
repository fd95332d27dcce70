"""One-time codes: TOTP without replay, recovery codes, and the sheet for staff without a smartphone."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

import pyotp

from casemgr.crypto.framing import lp
from casemgr.crypto.readable import grouped, new_code, typed_code

STEP_SECONDS = 30
RECOVERY_CODES = 10
SHEET_CODES = 40
_DIGITS = 6
_WINDOW = 1
_RECOVERY_SIGNS = 28
_SHEET_SIGNS = 8


def new_secret() -> str:
    """Draw a TOTP secret of 160 bits, in base32 as authenticator apps expect it."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, *, account: str, issuer: str) -> str:
    """Give the address behind the QR code; account and issuer show on a phone, so both must be neutral."""
    return _totp(secret).provisioning_uri(name=account, issuer_name=issuer)


def current_code(secret: str, at: datetime) -> str:
    """Compute the code that an authenticator shows at an aware moment."""
    return _totp(secret).generate_otp(_step(at))


def verify(secret: str, code: str, last_step: int | None, at: datetime) -> int | None:
    """Return the time step that a code belongs to, or None when it is wrong, too old or was used before.

    One step early or late is accepted. The caller keeps the returned step and passes it as `last_step` next
    time; a step that is not later than that one is refused, so no code works twice.
    """
    typed = "".join(code.split()).encode()
    steps = range(_step(at) - _WINDOW, _step(at) + _WINDOW + 1)
    matches = [step for step in steps if step >= 0 and _is_code(secret, step, typed)]
    fresh = [step for step in matches if last_step is None or step > last_step]
    return max(fresh, default=None)


def new_recovery_codes(count: int = RECOVERY_CODES) -> list[str]:
    """Draw recovery codes of 126 bits, as they are printed."""
    return [grouped(new_code(_RECOVERY_SIGNS)) for _ in range(count)]


def recovery_digest(code: str) -> bytes:
    """Digest of a recovery code as typed; the code is long enough for a digest without a key."""
    return hashlib.sha256(lp(b"gbv/1/recovery", typed_code(code).encode())).digest()


def new_sheet_codes(count: int = SHEET_CODES) -> list[str]:
    """Draw the short codes of a printed sheet, all different, as they are printed."""
    codes: dict[str, None] = {}
    while len(codes) < count:
        codes[grouped(new_code(_SHEET_SIGNS))] = None
    return list(codes)


def sheet_digest(code: str, *, pepper: bytes, account_id: UUID) -> bytes:
    """Digest of a sheet code as typed; keyed, because a short code could be guessed from a plain digest."""
    message = lp(b"gbv/1/sheet", str(account_id).encode(), typed_code(code).encode())
    return hmac.digest(pepper, message, "sha256")


def _totp(secret: str) -> pyotp.TOTP:
    return pyotp.TOTP(secret, digits=_DIGITS, interval=STEP_SECONDS)


def _step(at: datetime) -> int:
    if at.tzinfo is None:
        raise ValueError("naive datetime")
    return int(at.timestamp()) // STEP_SECONDS


def _is_code(secret: str, step: int, typed: bytes) -> bool:
    return hmac.compare_digest(_totp(secret).generate_otp(step).encode(), typed)
