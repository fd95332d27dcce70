"""Keyed digests of names, addresses and codes, and password checks that cost the same for nobody."""

import hmac
import secrets
from hashlib import sha256
from uuid import UUID

from casemgr.accounts.models import Account
from casemgr.accounts.rules import fold_name
from casemgr.crypto import onetime, passwords
from casemgr.crypto.framing import lp
from casemgr.db import current
from casemgr.db.sealed import keyring_of

COST = passwords.STANDARD
"""What a password hash costs; tests put a cheap one here."""

INVITATION_SIGNS = 16


def name_digest(name: str) -> bytes:
    """Return the lookup value of a sign-in name, however it was typed."""
    return hmac.digest(_key("account-name"), lp(fold_name(name).encode()), "sha256")


def throttle_key(kind: str, value: bytes) -> bytes:
    """Return the row under which failures of a name or an address are counted."""
    return hmac.digest(_key("throttle"), lp(kind.encode(), value), "sha256")


def token_digest(token: str) -> bytes:
    """Return what the table keeps of a session token."""
    return sha256(token.encode()).digest()


def new_token() -> str:
    """Draw a session token of 256 bits."""
    return secrets.token_urlsafe(32)


def code_digest(kind: str, code: str, account_id: UUID) -> bytes:
    """Return the digest of a one-time code as typed: keyed, but for recovery codes, which are long."""
    if kind == "recovery":
        return onetime.recovery_digest(code)
    return onetime.sheet_digest(code, pepper=_key("pepper"), account_id=account_id)


def password_hash(password: str) -> str:
    """Hash a password for storage."""
    return passwords.hash_password(password, pepper=_key("pepper"), cost=COST)


def is_password(account: Account | None, password: str) -> bool:
    """Check a password; without an account, or one without a password, the same work ends in a no."""
    stored = account.password_hash if account is not None else None
    pepper = _key("pepper")
    if account is None or stored is None:
        return passwords.verify_nobody(password, pepper=pepper, cost=COST)
    matches = passwords.verify_password(password, stored, pepper=pepper)
    if matches and passwords.needs_rehash(stored, cost=COST):
        account.password_hash = password_hash(password)
    return matches


def _key(purpose: str) -> bytes:
    return keyring_of(current()).derive(purpose)
