"""Making a backup while people work, and opening it again before it is called one."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.audit.checkpoints import opened_note, public_key_from, put_note
from casemgr.audit.verify import Verdict
from casemgr.backups import container, copying, ledger
from casemgr.backups.checking import Checked, check_copy
from casemgr.backups.identity import open_identity, read_recipients
from casemgr.backups.places import Places
from casemgr.crypto.keyfiles import read_key_file, replace_key_file
from casemgr.crypto.signing import Checkpoint
from casemgr.db import Database, migrate, work
from casemgr.errors import Refused
from casemgr.keys.service import Keyring

NOT_SET_UP = "database_not_set_up"
COPY = "copy.db"
KEYS = "root.keys"
MANIFEST = "manifest.json"
CHECKPOINTS = "checkpoints"
SUFFIX = ".backup"
STAGING = ".backup-"
ABANDONED = timedelta(hours=6)
"""A copy that is being made for longer belongs to a process that was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was written and opened again."""

    path: Path
    size: int
    sha256: str
    checked: Checked

    @property
    def log(self) -> Verdict:
        """The verdict on the audit log as the backup holds it."""
        return self.checked.log


def make_backup(
    database: Database, keyring: Keyring, places: Places, target: Path, *, is_plain_key: bool, door: str
) -> Backup:
    """Write a backup into a folder and check it by opening it.

    Raises Refused when the database was never set up or when what was written does not open. With a plain key
    file (the demonstration) the keys are inside only, so that the backup opens nowhere but here.
    """
    if migrate.current(database) is None:
        raise Refused(NOT_SET_UP)
    target.mkdir(parents=True, exist_ok=True)
    put_checkpoint(database, keyring, places)
    path = target / f"casemgr-{clock.local(clock.now()):%Y%m%d-%H%M%S}{SUFFIX}"
    with staging(places) as folder:
        _gather(database, places, folder)
        head = container.Head(
            made_at=clock.now().isoformat(timespec="seconds"),
            keys="" if is_plain_key else read_key_file(places.root_keys).decode(),
            identity=read_key_file(places.identity).decode(),
        )
        container.pack(folder, path, head, read_recipients(places))
    checked = check_file(path, keyring, places)
    with work(database, keyring, write=True) as session:
        erased = ledger.add(places.ledger, ledger.list_erased(session))
        digest = _digest(path)
        audit.noted(None, "backup:make", "backup", door=door, sha256=digest, rows=checked.rows)
    ledger.add(target / ledger.NAME, erased)
    _remember(places, path)
    return Backup(path=path, size=path.stat().st_size, sha256=digest, checked=checked)


def check_file(path: Path, keyring: Keyring, places: Places) -> Checked:
    """Open a backup with this installation's keys and check what it holds."""
    with staging(places) as folder:
        container.unpack(path, folder, open_identity(container.read_head(path).identity, keyring))
        manifest = read_manifest(folder)
        return check_copy(folder / COPY, folder / CHECKPOINTS, manifest["counts"], keyring)


def put_checkpoint(database: Database, keyring: Keyring, places: Places) -> Checkpoint | None:
    """Sign the audit log as it stands and lay the note among the checkpoints of the installation."""
    places.prepare()
    with work(database, keyring, write=True):
        note = audit.checkpoint()
    if note is None:
        return None
    found = opened_note(note, public_key_from(keyring))
    try:
        put_note(places.checkpoints, found.size, note)
    except FileExistsError:
        return found
    return found


@contextmanager
def staging(places: Places) -> Iterator[Path]:
    """Give an empty folder on the disk of the installation, and remove it with all it then holds."""
    outer = Path(mkdtemp(prefix=STAGING, dir=places.directory))
    folder = outer / "content"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(outer)


def sweep(places: Places, target: Path) -> None:
    """Remove what a killed backup left behind: its copy on this disk, the unfinished file in the folder."""
    before = clock.now().timestamp() - ABANDONED.total_seconds()
    for path in (*places.directory.glob(f"{STAGING}*"), *target.glob(f".casemgr-*{SUFFIX}.part")):
        if path.stat().st_mtime < before:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def read_manifest(folder: Path) -> dict[str, dict[str, int]]:
    """Return what the maker of a backup wrote down about it; raises Refused("backup_unreadable")."""
    try:
        manifest: dict[str, dict[str, int]] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Refused(container.UNREADABLE) from None
    return manifest


def _gather(database: Database, places: Places, folder: Path) -> None:
    copy = folder / COPY
    copying.copy_out(database, copy)
    engine = "sqlite" if database.is_sqlite else "postgresql"
    revision, counts = copying.revision_of(copy), copying.count_rows(copy)
    manifest = {"engine": engine, "revision": revision, "counts": counts, "closed": places.moved.exists()}
    (folder / MANIFEST).write_text(json.dumps(manifest, sort_keys=True), encoding="utf-8")
    shutil.copyfile(places.root_keys, folder / KEYS)
    shutil.copyfile(places.recipients, folder / places.recipients.name)
    shutil.copytree(places.checkpoints, folder / CHECKPOINTS)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remember(places: Places, path: Path) -> None:
    content = {"at": clock.now().isoformat(timespec="seconds"), "path": str(path.resolve())}
    replace_key_file(places.last_backup, json.dumps(content).encode())
