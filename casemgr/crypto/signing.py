"""Ed25519 signatures, and the signed checkpoint by which the audit log is anchored outside the machine.

A checkpoint is a C2SP signed note (tlog-checkpoint): origin, size and base64 Merkle root on a line each, an
empty line, then one line per signature.
"""

import base64
import hashlib
import secrets
from binascii import Error as NotBase64
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casemgr.errors import SealError

_ROOT_LENGTH = 32
_KEY_HASH_LENGTH = 4
_ED25519 = b"\x01"
_DASH = "\u2014"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a log: its origin (a name without spaces), number of entries and Merkle root."""

    origin: str
    size: int
    root: bytes


def new_signing_key() -> bytes:
    """Draw a private signing key, 32 bytes."""
    return secrets.token_bytes(32)


def public_key_of(signing_key: bytes) -> bytes:
    """Public half of a private signing key, 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(signing_key).public_key().public_bytes_raw()


def sign(signing_key: bytes, message: bytes) -> bytes:
    """Sign a message."""
    return Ed25519PrivateKey.from_private_bytes(signing_key).sign(message)


def verify(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Raise SealError unless the signature was made over this message by the owner of the key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise SealError from None


def sign_checkpoint(checkpoint: Checkpoint, signing_key: bytes) -> str:
    """Write a checkpoint as a signed note; the key's name is the origin, as C2SP advises."""
    if not _is_name(checkpoint.origin) or checkpoint.size < 0 or len(checkpoint.root) != _ROOT_LENGTH:
        raise ValueError("not a checkpoint")
    text = _text_of(checkpoint)
    key_hash = _key_hash(checkpoint.origin, public_key_of(signing_key))
    signature = base64.b64encode(key_hash + sign(signing_key, text.encode())).decode()
    return f"{text}\n{_DASH} {checkpoint.origin} {signature}\n"


def open_checkpoint(note: str, public_key: bytes, *, origin: str) -> Checkpoint:
    """Read a signed checkpoint of this origin.

    Raises SealError when it is malformed, from another origin, or not signed by the key. Signatures of others
    (witnesses) may stand beside it and are passed over.
    """
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    expected = _key_hash(origin, public_key)
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        raw = _decoded(encoded)
        if (dash, name, raw[:_KEY_HASH_LENGTH]) == (_DASH, origin, expected):
            verify(public_key, text.encode(), raw[_KEY_HASH_LENGTH:])
            return _parsed(text, origin)
    raise SealError


def verifier_line(origin: str, public_key: bytes) -> str:
    """Write a public key as others expect it for checking notes (`name+hash+key`)."""
    encoded = base64.b64encode(_ED25519 + public_key).decode()
    return f"{origin}+{_key_hash(origin, public_key).hex()}+{encoded}"


def _text_of(checkpoint: Checkpoint) -> str:
    root = base64.b64encode(checkpoint.root).decode()
    return f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n"


def _parsed(text: str, origin: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 4 or not (lines[1].isascii() and lines[1].isdigit()):
        raise SealError
    checkpoint = Checkpoint(origin=lines[0], size=int(lines[1]), root=_decoded(lines[2]))
    if _text_of(checkpoint) != text or checkpoint.origin != origin or len(checkpoint.root) != _ROOT_LENGTH:
        raise SealError
    return checkpoint


def _key_hash(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:_KEY_HASH_LENGTH]


def _decoded(encoded: str) -> bytes:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (NotBase64, ValueError):
        raise SealError from None
    if base64.b64encode(raw).decode() != encoded:
        raise SealError
    return raw


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(sign.isspace() for sign in name)
