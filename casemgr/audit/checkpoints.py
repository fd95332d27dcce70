"""Signed checkpoints: how long the log was and what its root was, to be kept out of this computer's reach.

The chain alone shows nothing once somebody has written it anew; a checkpoint outside the machine does.
"""

from collections.abc import Iterator
from pathlib import Path

from casemgr.crypto.signing import Checkpoint, open_checkpoint, public_key_of, sign_checkpoint
from casemgr.db import Keyring

ORIGIN = "casemgr/audit"
KEY_LABEL = "audit-checkpoint"
SUFFIX = ".checkpoint"


def signing_key_of(keyring: Keyring) -> bytes:
    """Return the installation's own signing key."""
    return keyring.derive(KEY_LABEL)


def public_key_from(keyring: Keyring) -> bytes:
    """Return the public half of the installation's signing key, to be handed to those who check."""
    return public_key_of(signing_key_of(keyring))


def signed_note(size: int, root: bytes, signing_key: bytes) -> str:
    """Write and sign a checkpoint as a C2SP note."""
    return sign_checkpoint(Checkpoint(origin=ORIGIN, size=size, root=root), signing_key)


def opened_note(note: str, public_key: bytes) -> Checkpoint:
    """Read a note; raises `SealError` when it is malformed or signed by anybody else."""
    return open_checkpoint(note, public_key, origin=ORIGIN)


def put_note(directory: Path, size: int, note: str) -> Path:
    """Lay a note into a directory (a share, a stick, another machine's disk), never over an existing one."""
    path = directory / f"{size:010d}{SUFFIX}"
    with path.open("x", encoding="utf-8") as file:
        file.write(note)
    return path


def notes_in(directory: Path) -> Iterator[str]:
    """Read the notes of a directory, smallest first."""
    for path in sorted(directory.glob(f"*{SUFFIX}")):
        yield path.read_text(encoding="utf-8")
