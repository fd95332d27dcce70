"""The pair under which backups are encrypted: public half in a file, secret half sealed under the root keys.

So the passphrase and the printed recovery key both lead back into a backup, and nothing else has to be kept.
"""

from casemgr.backups.places import Places
from casemgr.crypto.archive import new_identity
from casemgr.crypto.boxes import close_box, open_box
from casemgr.crypto.framing import lp
from casemgr.crypto.keyfiles import create_key_file
from casemgr.keys.service import Keyring

_PURPOSE = "backup-identity"
_CONTEXT = lp(b"casemgr-backup-identity-1")


def create_identity(places: Places, keyring: Keyring) -> None:
    """Draw the pair of an installation; raises Refused("key_file_exists") when it has one."""
    identity = new_identity()
    box = close_box(keyring.derive(_PURPOSE), identity.secret.encode(), _CONTEXT)
    create_key_file(places.identity, box.hex().encode())
    create_key_file(places.recipients, f"{identity.recipient}\n".encode())


def open_identity(box: str, keyring: Keyring) -> str:
    """Return the secret half from its box; raises SealError for other root keys."""
    return open_box(keyring.derive(_PURPOSE), bytes.fromhex(box), _CONTEXT).decode()


def read_recipients(places: Places) -> tuple[str, ...]:
    """Return to whom backups are encrypted; empty lines and remarks after # are passed over."""
    lines = places.recipients.read_text(encoding="ascii").splitlines()
    bare = (line.partition("#")[0].strip() for line in lines)
    return tuple(line for line in bare if line)
