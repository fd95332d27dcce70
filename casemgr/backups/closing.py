"""Closing an installation that moves elsewhere: its last backup, then nothing works here any more.

Two installations that both went on would each hold half of the truth about somebody. So the passphrase is
voided too; only the printed recovery kit opens this one again, for the case that the move is undone.
"""

import json
from collections.abc import Callable
from pathlib import Path

from casemgr import clock
from casemgr.audit import queries
from casemgr.audit import service as audit
from casemgr.backups.making import Backup, make_backup
from casemgr.backups.places import Places
from casemgr.backups.restoring import BROKEN_LOG
from casemgr.crypto.keyfiles import create_key_file
from casemgr.db import Database, wait_for_writers, work
from casemgr.errors import Refused
from casemgr.jobs import queries as queue
from casemgr.keys.service import Keyring

STILL_WORKING = "close_still_working"
NOT_CLOSED = "not_closed"
_OWN_ENTRIES = 1
"""What making the last backup writes into the log after its copy was taken."""


def close_installation(
    database: Database,
    keyring: Keyring,
    places: Places,
    target: Path,
    void_passphrase: Callable[[], None],
    *,
    is_plain_key: bool,
    door: str,
) -> Backup:
    """Make the last backup and close the installation; as it was before when anything goes wrong.

    Raises Refused("close_still_working") while a worker lives or when somebody wrote meanwhile, and
    Refused("backup_log_broken") where the log has faults: nobody could take such a backup in.
    """
    with work(database, keyring, write=False):
        if queue.get_health().workers:
            raise Refused(STILL_WORKING)
    # From here on servers that still run end by themselves.
    create_key_file(places.moved, json.dumps({"at": clock.now().isoformat(timespec="seconds")}).encode())
    try:
        with work(database, keyring, write=True):
            # Whoever begins to write later sees the file and is refused, so the copy holds everything.
            wait_for_writers()
            audit.noted(None, "transfer:leave", "system", door=door)
        made = make_backup(database, keyring, places, target, is_plain_key=is_plain_key, door=door)
        _require_whole(database, keyring, made)
        void_passphrase()
    except BaseException:
        places.moved.unlink()
        raise
    return made


def _require_whole(database: Database, keyring: Keyring, made: Backup) -> None:
    """Refuse a backup with a broken log, and one after which something else was written."""
    if made.log.findings:
        raise Refused(BROKEN_LOG)
    with work(database, keyring, write=False) as session:
        head = queries.find_head(session)
    if head is None or head[0] != made.log.size + _OWN_ENTRIES:
        raise Refused(STILL_WORKING)


def reopen_installation(database: Database, keyring: Keyring, places: Places, *, door: str) -> None:
    """Let a closed installation work again and put that on record; raises Refused("not_closed")."""
    if not places.moved.exists():
        raise Refused(NOT_CLOSED)
    with work(database, keyring, write=True):
        audit.noted(None, "transfer:undone", "system", door=door)
    places.moved.unlink()
