"""Encrypted archives in the age format: backups and exports to recipients or under a passphrase.

Only the holder of a matching identity opens them; the machine that writes a backup cannot read it again.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyrage
from pyrage import passphrase as by_passphrase
from pyrage import x25519

from casemgr.errors import SealError

_OWNER_ONLY = 0o600
_SYSTEM_ERROR = "os error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A pair for archives: the secret opens them, the recipient is given to whoever writes them."""

    secret: str = field(repr=False)
    recipient: str


def new_identity() -> Identity:
    """Draw a new pair; the secret is kept away from the machine that writes the archives."""
    identity = x25519.Identity.generate()
    return Identity(secret=str(identity), recipient=str(identity.to_public()))


def encrypt_bytes(content: bytes, recipients: Sequence[str]) -> bytes:
    """Encrypt content to recipients; raises ValueError without any or for an unreadable one."""
    return bytes(pyrage.encrypt(content, _recipients(recipients)))


def decrypt_bytes(archive: bytes, secrets: Sequence[str]) -> bytes:
    """Decrypt an archive with the secret of one of its recipients; raises SealError when none fits."""
    try:
        return bytes(pyrage.decrypt(archive, _identities(secrets)))
    except (pyrage.DecryptError, ValueError):
        raise SealError from None


def encrypt_under_passphrase(content: bytes, passphrase: str) -> bytes:
    """Encrypt content for whoever is told the passphrase, which must be generated, never chosen."""
    return bytes(by_passphrase.encrypt(content, passphrase))


def decrypt_under_passphrase(archive: bytes, passphrase: str) -> bytes:
    """Decrypt an archive made under a passphrase; raises SealError for a wrong one."""
    try:
        return bytes(by_passphrase.decrypt(archive, passphrase))
    except pyrage.DecryptError:
        raise SealError from None


def encrypt_file(source: Path, target: Path, recipients: Sequence[str]) -> None:
    """Encrypt a file to recipients; the target appears whole or not at all, readable by its owner only."""
    parsed = _recipients(recipients)
    _write_whole(target, lambda part: pyrage.encrypt_file(str(source), part, parsed))


def decrypt_file(source: Path, target: Path, secrets: Sequence[str]) -> None:
    """Decrypt a file; raises SealError, and leaves no target, when no secret fits or a byte was changed."""
    identities = _identities(secrets)
    try:
        _write_whole(target, lambda part: pyrage.decrypt_file(str(source), part, identities))
    except pyrage.DecryptError:
        raise SealError from None
    except OSError as error:
        # The library reports a broken chunk as a nameless OSError; those of the system carry its number.
        if _SYSTEM_ERROR in str(error) or error.errno is not None:
            raise
        raise SealError from None


def _write_whole(target: Path, write: Callable[[str], None]) -> None:
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
    try:
        write(str(part))
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _recipients(recipients: Sequence[str]) -> list[x25519.Recipient]:
    if not recipients:
        raise ValueError("an archive needs a recipient")
    try:
        return [x25519.Recipient.from_str(recipient) for recipient in recipients]
    except pyrage.RecipientError:
        raise ValueError("not an age recipient") from None


def _identities(secrets: Sequence[str]) -> list[x25519.Identity]:
    try:
        return [x25519.Identity.from_str(secret) for secret in secrets]
    except pyrage.IdentityError:
        raise SealError from None
