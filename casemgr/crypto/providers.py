"""Where the root keys come from: a plain file for the demo, or a file sealed under a passphrase.

A provider is asked once, at unlock; sealing and opening never call it again.
"""

import json
import os
import secrets
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from casemgr.crypto.boxes import close_box, open_box
from casemgr.crypto.derivation import KEY_LENGTH
from casemgr.crypto.framing import lp
from casemgr.crypto.keyfiles import create_key_file, read_key_file, replace_key_file
from casemgr.crypto.kit import kit_text, new_kit_key, read_kit
from casemgr.crypto.passwords import Cost
from casemgr.crypto.rootkeys import RootKeys, dump_root_keys, load_root_keys, new_root_keys
from casemgr.errors import Refused, SealError

PASSPHRASE_COST = Cost(memory_kib=256 * 1024, passes=3, lanes=1)
SHORTEST_PASSPHRASE = 12
TOO_SHORT = "passphrase_too_short"
_FORMAT = "casemgr-root-keys-1"
_SALT_LENGTH = 16
_CEILING = Cost(memory_kib=2 * 1024 * 1024, passes=20, lanes=16)


class RootKeyProvider(Protocol):
    """Holds the root keys and hands them out when the system is unlocked."""

    @property
    def name(self) -> str:
        """What kind of provider this is, for status pages."""

    def root_keys(self) -> RootKeys:
        """The opened root keys."""


class FileProvider:
    """Root keys in a plain file, for the demo and for tests: whoever has the disk has the keys."""

    name = "file"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._root_keys = load_root_keys(read_key_file(path))

    @classmethod
    def create(cls, path: Path, *, root_keys: RootKeys | None = None) -> Self:
        """Draw root keys into a new file, or put given ones there; raises Refused("key_file_exists")."""
        create_key_file(path, dump_root_keys(root_keys or new_root_keys()))
        return cls(path)

    def root_keys(self) -> RootKeys:
        """The root keys as the file had them."""
        return self._root_keys

    def add_root_key(self) -> str:
        """Add a root key, make it the current one and return its id."""
        self._keep(self._root_keys.with_new_version())
        return self._root_keys.current_id

    def remove_root_key(self, root_key_id: str) -> None:
        """Destroy an old root key; whatever is still wrapped under it is lost."""
        self._keep(self._root_keys.without_version(root_key_id))

    def _keep(self, root_keys: RootKeys) -> None:
        replace_key_file(self._path, dump_root_keys(root_keys))
        self._root_keys = root_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lock:
    """The vault key wrapped for the passphrase: the salt and cost that stretch it, and the box."""

    salt: bytes
    cost: Cost
    box: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _SealedFile:
    """A passphrase file: two boxes for the vault key, and the root keys in a box under it."""

    lock: _Lock
    recovery: bytes
    vault: bytes


class PassphraseProvider:
    """Root keys in a file that opens with a passphrase, or with the printed recovery key.

    The root keys are sealed under a random vault key; passphrase and recovery key each open that one, so keys
    that are added later are covered by the recovery key that was printed at the start.
    """

    name = "passphrase"

    def __init__(self, path: Path, passphrase: str) -> None:
        """Open the file; raises SealError for a wrong passphrase and Locked when there is no file."""
        self._path = path
        self._file = _read(path)
        self._vault_key = _open_lock(self._file.lock, passphrase)
        self._root_keys = load_root_keys(open_box(self._vault_key, self._file.vault, _context(b"vault")))

    @classmethod
    def create(
        cls, path: Path, passphrase: str, *, cost: Cost = PASSPHRASE_COST, root_keys: RootKeys | None = None
    ) -> tuple[Self, str]:
        """Draw root keys into a new file, or put given ones there.

        Returns the provider and, this once, the recovery key to print.

        Raises Refused("key_file_exists") or Refused("passphrase_too_short").
        """
        vault_key, kit_key = secrets.token_bytes(KEY_LENGTH), new_kit_key()
        sealed = _SealedFile(
            lock=_close_lock(vault_key, passphrase, cost),
            recovery=_close_recovery(vault_key, kit_key),
            vault=close_box(vault_key, dump_root_keys(root_keys or new_root_keys()), _context(b"vault")),
        )
        create_key_file(path, _dump(sealed))
        return cls(path, passphrase), kit_text(kit_key)

    @classmethod
    def recover(cls, path: Path, kit: str, new_passphrase: str, *, cost: Cost = PASSPHRASE_COST) -> Self:
        """Set a new passphrase with the printed recovery key, which stays valid.

        Raises MistypedKit with the groups to look at again, and SealError for the key of another system.
        """
        kit_key = read_kit(kit)
        sealed = _read(path)
        vault_key = open_box(_recovery_key(kit_key), sealed.recovery, _context(b"recovery"))
        lock = _close_lock(vault_key, new_passphrase, cost)
        replace_key_file(path, _dump(_SealedFile(lock=lock, recovery=sealed.recovery, vault=sealed.vault)))
        return cls(path, new_passphrase)

    def root_keys(self) -> RootKeys:
        """The root keys as the file had them when it was opened."""
        return self._root_keys

    def add_root_key(self) -> str:
        """Add a root key, make it the current one and return its id."""
        self._keep_root_keys(self._root_keys.with_new_version())
        return self._root_keys.current_id

    def remove_root_key(self, root_key_id: str) -> None:
        """Destroy an old root key; whatever is still wrapped under it is lost."""
        self._keep_root_keys(self._root_keys.without_version(root_key_id))

    def change_passphrase(self, passphrase: str, *, cost: Cost = PASSPHRASE_COST) -> None:
        """Let another passphrase open the file instead; the recovery key stays valid."""
        lock = _close_lock(self._vault_key, passphrase, cost)
        self._keep(_SealedFile(lock=lock, recovery=self._file.recovery, vault=self._file.vault))

    def renew_recovery_kit(self) -> str:
        """Make the printed recovery key void and return, this once, a new one."""
        kit_key = new_kit_key()
        recovery = _close_recovery(self._vault_key, kit_key)
        self._keep(_SealedFile(lock=self._file.lock, recovery=recovery, vault=self._file.vault))
        return kit_text(kit_key)

    def _keep_root_keys(self, root_keys: RootKeys) -> None:
        vault = close_box(self._vault_key, dump_root_keys(root_keys), _context(b"vault"))
        self._keep(_SealedFile(lock=self._file.lock, recovery=self._file.recovery, vault=vault))
        self._root_keys = root_keys

    def _keep(self, sealed: _SealedFile) -> None:
        replace_key_file(self._path, _dump(sealed))
        self._file = sealed


def _close_lock(vault_key: bytes, passphrase: str, cost: Cost) -> _Lock:
    if len(unicodedata.normalize("NFC", passphrase)) < SHORTEST_PASSPHRASE:
        raise Refused(TOO_SHORT)
    salt = os.urandom(_SALT_LENGTH)
    box = close_box(_stretched(passphrase, salt, cost), vault_key, _context(b"passphrase"))
    return _Lock(salt=salt, cost=cost, box=box)


def _open_lock(lock: _Lock, passphrase: str) -> bytes:
    return open_box(_stretched(passphrase, lock.salt, lock.cost), lock.box, _context(b"passphrase"))


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    secret = unicodedata.normalize("NFC", passphrase).encode()
    try:
        return hash_secret_raw(secret, salt, cost.passes, cost.memory_kib, cost.lanes, KEY_LENGTH, Type.ID)
    except HashingError:
        raise SealError from None


def _close_recovery(vault_key: bytes, kit_key: bytes) -> bytes:
    return close_box(_recovery_key(kit_key), vault_key, _context(b"recovery"))


def _recovery_key(kit_key: bytes) -> bytes:
    return HKDF(SHA256(), KEY_LENGTH, salt=None, info=lp(b"gbv/1", b"recovery kit")).derive(kit_key)


def _context(part: bytes) -> bytes:
    return lp(_FORMAT.encode(), part)


def _dump(sealed: _SealedFile) -> bytes:
    document = {
        "format": _FORMAT,
        "argon2id": asdict(sealed.lock.cost) | {"salt": sealed.lock.salt.hex()},
        "passphrase": sealed.lock.box.hex(),
        "recovery": sealed.recovery.hex(),
        "vault": sealed.vault.hex(),
    }
    return json.dumps(document, indent=1).encode()


def _read(path: Path) -> _SealedFile:
    content = read_key_file(path)
    try:
        document = json.loads(content)
        if document["format"] != _FORMAT:
            raise SealError
        boxes = {name: bytes.fromhex(document[name]) for name in ("passphrase", "recovery", "vault")}
        salt = bytes.fromhex(document["argon2id"]["salt"])
        cost = _checked_cost(document["argon2id"])
    except (ValueError, KeyError, TypeError):
        raise SealError from None
    lock = _Lock(salt=salt, cost=cost, box=boxes["passphrase"])
    return _SealedFile(lock=lock, recovery=boxes["recovery"], vault=boxes["vault"])


def _checked_cost(document: dict[str, Any]) -> Cost:
    # A forged file must not be able to exhaust the machine's memory before its passphrase is found wrong.
    cost = Cost(**{name: int(document[name]) for name in asdict(_CEILING)})
    pairs = zip(asdict(cost).values(), asdict(_CEILING).values(), strict=True)
    if not all(1 <= value <= ceiling for value, ceiling in pairs):
        raise SealError
    return cost
