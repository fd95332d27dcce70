"""Moving an installation: a backup of the old becomes the new one, under new root keys, whole or not at all.

Everything is made ready and checked in a copy on the side; the new database gets it in one transaction, in
which every table is compared with that copy. After a kill the same command begins anew.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from casemgr.accounts.service import end_all_sessions
from casemgr.audit import service as audit
from casemgr.audit.checkpoints import public_key_from
from casemgr.audit.rules import INSTALLATION
from casemgr.audit.verify import Verdict, verify
from casemgr.backups import comparing, container, copying, ledger
from casemgr.backups.checking import check_copy
from casemgr.backups.identity import open_identity
from casemgr.backups.making import CHECKPOINTS, COPY, KEYS, read_manifest, staging
from casemgr.backups.places import Places
from casemgr.backups.restoring import BROKEN_LOG, DATABASE_EXISTS, KEYS_NEEDED, OWNER, OpenProvider
from casemgr.crypto.keyfiles import create_key_file
from casemgr.crypto.rootkeys import RootKeys
from casemgr.db import Database, migrate, work
from casemgr.errors import Refused
from casemgr.keys.service import Keyring
from casemgr.policy import Actor

ALREADY_SET_UP = "already_set_up"
OTHER_VERSION = "transfer_other_version"
OTHER_KEYS = "transfer_keys_left"
STILL_OPEN = "transfer_still_open"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """What arrived: rows by table, data keys under the new root key, and the verdict on the whole log."""

    counts: dict[str, int]
    cells: int
    rewrapped: int
    erased: int
    log: Verdict


def transfer(
    path: Path,
    url: str,
    places: Places,
    open_old: OpenProvider,
    keep_new: Callable[[Path, RootKeys], None],
    *,
    door: str,
    is_old_gone: bool = False,
) -> Transferred:
    """Bring a backup of another installation into an empty database and an empty folder.

    `open_old` opens the old key file, `keep_new` writes the new root keys into a new one. The derivation key
    comes along, because passwords, indexes and the signatures of the log were made with it. Raises Refused
    when there is anything here already, for tables of another version, for a backup not wholly good, and for
    one of an installation that was not closed, unless that one is gone.
    """
    database = Database(url)
    try:
        _make_room(database, places)
        head = container.read_head(path)
        with staging(places) as folder:
            old = _open(head, folder.parent, open_old)
            container.unpack(path, folder, open_identity(head.identity, Keyring(old)))
            if not (is_old_gone or read_manifest(folder).get("closed")):
                raise Refused(STILL_OPEN)
            return _move(database, places, folder, old, keep_new, _listed(path), head, door)
    finally:
        database.close()


def _make_room(database: Database, places: Places) -> None:
    """Refuse what is in use; take away what a transfer that was killed has left."""
    if not (database.is_sqlite and not Path(str(database.engine.url.database)).exists()) and copying.has_rows(
        database
    ):
        raise Refused(DATABASE_EXISTS)
    if places.root_keys.exists() and not places.unfinished.exists():
        raise Refused(ALREADY_SET_UP)
    places.prepare()
    for leftover in (places.root_keys, places.identity, places.recipients, places.ledger):
        leftover.unlink(missing_ok=True)
    for note in places.checkpoints.iterdir():
        note.unlink()
    places.unfinished.touch()


def _open(head: container.Head, folder: Path, open_old: OpenProvider) -> RootKeys:
    staged = folder / KEYS
    if head.keys:
        create_key_file(staged, head.keys.encode())
    try:
        return open_old(staged).root_keys()
    except FileNotFoundError:
        raise Refused(KEYS_NEEDED) from None


def _listed(path: Path) -> frozenset[Any]:
    return ledger.read(path.parent / ledger.NAME)


def _move(
    database: Database,
    places: Places,
    folder: Path,
    old: RootKeys,
    keep_new: Callable[[Path, RootKeys], None],
    listed: frozenset[Any],
    head: container.Head,
    door: str,
) -> Transferred:
    manifest: dict[str, Any] = read_manifest(folder)
    if manifest["revision"] != migrate.head():
        raise Refused(OTHER_VERSION)
    copy, notes = folder / COPY, folder / CHECKPOINTS
    if check_copy(copy, notes, manifest["counts"], Keyring(old)).log.findings:
        raise Refused(BROKEN_LOG)
    new, rewrapped, erased = _renew(copy, old, listed, door)
    counts = copying.count_rows(copy)
    checked = check_copy(copy, notes, counts, Keyring(new))
    if checked.log.findings:
        raise Refused(BROKEN_LOG)
    _put_files(places, folder, head, listed)
    keep_new(places.root_keys, new)
    migrate.upgrade(database, manifest["revision"])
    copying.copy_rows_in(copy, database, comparing.require_same)
    keyring = Keyring(new)
    log = verify(database, keyring, public_keys=[public_key_from(cast("Any", keyring))], deep=True)
    places.unfinished.unlink()
    return Transferred(counts=counts, cells=checked.cells, rewrapped=rewrapped, erased=erased, log=log)


def _renew(copy: Path, old: RootKeys, listed: frozenset[Any], door: str) -> tuple[RootKeys, int, int]:
    """Put all data keys of a copy under a new root key, erase what was erased, and write down the move."""
    both = old.with_new_version()
    new = both
    for root_key_id in old.versions:
        new = new.without_version(root_key_id)
    database = Database(f"sqlite:///{copy}")
    try:
        keyring, rewrapped = Keyring(both), 0
        with work(database, keyring, write=True) as session:
            erased = len(keyring.destroy_listed(session, sorted(listed))) if listed else 0
            while moved := keyring.rewrap(session, _AT_ONCE):
                rewrapped += moved
            counts = keyring.status(session)
            if any(one.root_key_id != new.current_id and one.state != "destroyed" for one in counts):
                raise Refused(OTHER_KEYS)
            end_all_sessions(Actor(account_id=INSTALLATION, unit_id=INSTALLATION, roles=OWNER, door=door))
            audit.noted(None, "transfer:arrive", "system", door=door, rewrapped=rewrapped, erased=erased)
    finally:
        database.close()
    return new, rewrapped, erased


def _put_files(places: Places, folder: Path, head: container.Head, listed: frozenset[Any]) -> None:
    create_key_file(places.identity, head.identity.encode())
    create_key_file(places.recipients, (folder / places.recipients.name).read_bytes())
    for note in (folder / CHECKPOINTS).iterdir():
        shutil.copyfile(note, places.checkpoints / note.name)
    ledger.add(places.ledger, listed)
