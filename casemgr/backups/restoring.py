"""Bringing a backup back: opened and checked first, then put in place, then erased again what was erased."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casemgr.accounts.service import end_all_sessions
from casemgr.audit import service as audit
from casemgr.audit.rules import INSTALLATION
from casemgr.backups import container, copying, ledger
from casemgr.backups.checking import Checked, check_copy
from casemgr.backups.identity import open_identity
from casemgr.backups.making import CHECKPOINTS, COPY, KEYS, read_manifest, staging
from casemgr.backups.places import Places
from casemgr.crypto.keyfiles import create_key_file, read_key_file
from casemgr.crypto.providers import RootKeyProvider
from casemgr.db import Database, migrate, work
from casemgr.errors import Refused
from casemgr.keys.service import Keyring
from casemgr.policy import Actor, Role

DATABASE_EXISTS = "database_exists"
BROKEN_LOG = "backup_log_broken"
KEYS_NEEDED = "backup_keys_needed"
CLOSED = "backup_closed"
OWNER = frozenset({Role.ADMINISTRATOR})

OpenProvider = Callable[[Path], RootKeyProvider]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back, and how many of its data keys the erasure ledger destroyed again."""

    checked: Checked
    revision: str
    erased: int
    ledgers: int
    keyring: Keyring


def restore_backup(
    path: Path,
    url: str,
    places: Places,
    open_provider: OpenProvider,
    *,
    accept_broken_log: bool = False,
    door: str,
) -> Restored:
    """Restore a backup into an installation that has no data yet.

    `open_provider` opens a key file with what its owner typed. An existing key file is kept and used, since
    it may be newer. Raises Refused when there is data, or when the backup is damaged, opens with other keys,
    has a broken log or was the last one of an installation that moved; SealError for a wrong passphrase.
    """
    _refuse_overwriting(url)
    places.prepare()
    head = container.read_head(path)
    with staging(places) as folder:
        key_file = _key_file(places, head, folder.parent)
        keyring = Keyring(open_provider(key_file).root_keys())
        container.unpack(path, folder, open_identity(head.identity, keyring))
        manifest: dict[str, Any] = read_manifest(folder)
        if manifest.get("closed"):
            # Its file still opens with the passphrase that closing has voided; it only leads to a new place.
            raise Refused(CLOSED)
        checked = check_copy(folder / COPY, folder / CHECKPOINTS, manifest["counts"], keyring)
        if checked.log.findings and not accept_broken_log:
            raise Refused(BROKEN_LOG)
        _put_files(places, folder, key_file, head)
        _put_database(folder / COPY, url, manifest)
    erased, ledgers = _erase_again(path, url, places, keyring, door)
    return Restored(
        checked=checked, revision=manifest["revision"], erased=erased, ledgers=ledgers, keyring=keyring
    )


def _refuse_overwriting(url: str) -> None:
    database = Database(url)
    try:
        if database.is_sqlite and not _file_of(database).exists():
            return
        if copying.has_rows(database):
            raise Refused(DATABASE_EXISTS)
    finally:
        database.close()


def _file_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def _key_file(places: Places, head: container.Head, folder: Path) -> Path:
    if places.root_keys.exists():
        return places.root_keys
    if not head.keys:
        raise Refused(KEYS_NEEDED)
    staged = folder / KEYS
    create_key_file(staged, head.keys.encode())
    return staged


def _put_files(places: Places, folder: Path, key_file: Path, head: container.Head) -> None:
    if not places.root_keys.exists():
        create_key_file(places.root_keys, read_key_file(key_file))
    if not places.identity.exists():
        create_key_file(places.identity, head.identity.encode())
    if not places.recipients.exists():
        create_key_file(places.recipients, (folder / places.recipients.name).read_bytes())
    for note in (folder / CHECKPOINTS).iterdir():
        if not (places.checkpoints / note.name).exists():
            shutil.copyfile(note, places.checkpoints / note.name)


def _put_database(copy: Path, url: str, manifest: dict[str, Any]) -> None:
    database = Database(url)
    try:
        if database.is_sqlite and manifest["engine"] == "sqlite":
            file = _file_of(database)
            database.close()
            for leftover in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
                leftover.unlink(missing_ok=True)
            copying.copy_file_in(copy, file)
            return
        migrate.upgrade(database, manifest["revision"])
        copying.copy_rows_in(copy, database)
    finally:
        database.close()


def _erase_again(path: Path, url: str, places: Places, keyring: Keyring, door: str) -> tuple[int, int]:
    found = [file for file in (places.ledger, path.parent / ledger.NAME) if file.exists()]
    listed = frozenset[Any]().union(*(ledger.read(file) for file in found))
    database = Database(url)
    try:
        with work(database, keyring, write=True) as session:
            destroyed = keyring.destroy_listed(session, sorted(listed)) if listed else ()
            # Whose session was open on the day of the backup may have been shut out since.
            end_all_sessions(Actor(account_id=INSTALLATION, unit_id=INSTALLATION, roles=OWNER, door=door))
            audit.noted(None, "backup:restore", "backup", door=door, erased=len(destroyed))
    finally:
        database.close()
    ledger.add(places.ledger, listed)
    return len(destroyed), len(found)
