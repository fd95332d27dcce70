"""`casemgr doctor`: looks at everything an installation stands on, and says what to do about it."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import make_url

from casemgr import clock, db
from casemgr.audit import queries
from casemgr.cli.answering import JSON_OPTION, give_json, say
from casemgr.cli.installation import Installation, Unreachable
from casemgr.cli.program import FOUND_PROBLEMS
from casemgr.cli.serving import refuse_open_address
from casemgr.cli.spoken import SpokenCommand
from casemgr.cli.words import word
from casemgr.cli.wrong_settings import described
from casemgr.crypto.keyfiles import read_key_file
from casemgr.db import Base, migrate
from casemgr.errors import CasemgrError, Locked, Refused
from config import SettingsError

OTHERS = 0o077
LEAST_FREE = 1024**3
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that runs right shows an earlier time than that of this program."""

LONGEST_WITHOUT_BACKUP = timedelta(days=8)
NETWORK_FILES = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding; `ok` is None for what is worth knowing but no fault."""

    check: str
    ok: bool | None
    text: str


@click.command(cls=SpokenCommand, help="help.doctor")
@JSON_OPTION
@click.pass_obj
def doctor(installation: Installation, *, as_json: bool) -> int:
    """Look at settings, files, keys, tables, clock, disk, log and backups; 1 when something is wrong."""
    found = list(examine(installation))
    if as_json:
        give_json([asdict(one) for one in found])
    else:
        for one in found:
            mark = word("doctor.look" if one.ok is None else "doctor.ok" if one.ok else "doctor.bad")
            click.echo(f"{mark}  {one.text}")
    bad = sum(one.ok is False for one in found)
    if not as_json:
        say("doctor.some" if bad else "doctor.none", count=bad)
    return FOUND_PROBLEMS if bad else 0


def examine(installation: Installation) -> Iterator[Found]:
    """Look at one thing after the other; nothing is changed."""
    try:
        settings = installation.settings
    except SettingsError as error:
        for problem in error.problems:
            yield Found(check="settings", ok=False, text=described(problem))
        return
    yield _good("settings", "doctor.settings")
    yield _address(settings.address, settings.proxy_hops)
    yield from _files(installation)
    yield _keys(installation)
    yield _clock()
    yield _space(settings.directory)
    yield from _database(installation)
    yield _backup(installation)


def _address(address: str, proxy_hops: int) -> Found:
    try:
        refuse_open_address(address, proxy_hops)
    except Refused:
        return Found(check="address", ok=False, text=word("refused.address_open"))
    return _good("address", "doctor.address")


def _files(installation: Installation) -> Iterator[Found]:
    places = installation.places
    if not places.directory.is_dir():
        yield Found(check="files", ok=False, text=word("doctor.no_directory", file=places.directory))
        return
    files = [places.directory, places.root_keys, places.identity, installation.settings.passphrase_file]
    files.append(_database_file(installation))
    is_open = [path for path in files if path and path.exists() and _is_open(path)]
    for path in is_open:
        yield Found(check="files", ok=False, text=word("doctor.open_file", file=path))
    if not is_open:
        yield _good("files", "doctor.files")


def _is_open(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & OTHERS) and not _is_guarded(path)


def _is_guarded(path: Path) -> bool:
    """Whether the folder around a file keeps others out already."""
    return path.is_file() and not path.parent.stat().st_mode & OTHERS


def _keys(installation: Installation) -> Found:
    settings = installation.settings
    try:
        if settings.key_provider == "file" or settings.passphrase_file is not None:
            _ = installation.provider
            return _good("keys", "doctor.keys_open")
        read_key_file(installation.places.root_keys)
    except Locked:
        return Found(check="keys", ok=False, text=word("doctor.no_keys"))
    except (CasemgrError, OSError) as error:
        reason = error.reason if isinstance(error, Refused) else type(error).__name__
        return Found(check="keys", ok=False, text=word("doctor.keys_closed", reason=reason))
    return _good("keys", "doctor.keys_there")


def _clock() -> Found:
    if clock.now() < FIRST_DAY:
        return Found(check="clock", ok=False, text=word("doctor.clock_early", now=clock.now()))
    return _good("clock", "doctor.clock", now=f"{clock.local(clock.now()):%d/%m/%Y %H:%M}")


def _space(directory: Path) -> Found:
    place = directory if directory.exists() else directory.absolute().anchor
    free = shutil.disk_usage(place).free
    key = "doctor.space" if free >= LEAST_FREE else "doctor.little_space"
    return Found(check="space", ok=free >= LEAST_FREE, text=word(key, free=f"{free / 1024**3:.1f}"))


def _database(installation: Installation) -> Iterator[Found]:
    file = _database_file(installation)
    if file is not None:
        yield _local_disk(file)
        if not file.exists():
            yield Found(check="tables", ok=False, text=word("refused.database_not_set_up"))
            return
    try:
        installation.require_current_tables()
    except Unreachable:
        yield Found(check="tables", ok=False, text=word("unreachable"))
        return
    except Refused as error:
        yield Found(check="tables", ok=False, text=word(f"refused.{error.reason}"))
        return
    yield _good("tables", "doctor.tables", revision=migrate.head())
    yield _log(installation)


def _log(installation: Installation) -> Found:
    """The end of the log as its head says must be the last entry, and not lie in the future."""
    entries = Base.metadata.tables["audit_entry"]
    with db.work(installation.database, None, write=False) as session:
        head = queries.find_head(session)
        last = (
            session.execute(entries.select().order_by(entries.c.seq.desc()).limit(1)).mappings().one_or_none()
        )
    if head is None and last is None:
        return _good("log", "doctor.log_empty")
    if head is None or last is None or head != (last["seq"], last["entry_hash"]):
        return Found(check="log", ok=False, text=word("doctor.log_torn"))
    if last["at"] > clock.now() + timedelta(minutes=1):
        return Found(check="log", ok=False, text=word("doctor.clock_back", at=last["at"]))
    return _good("log", "doctor.log", size=head[0])


def _local_disk(file: Path) -> Found:
    kind = _file_system(file)
    if kind in NETWORK_FILES:
        return Found(check="disk", ok=False, text=word("doctor.network_disk", kind=kind))
    return _good("disk", "doctor.local_disk")


def _file_system(path: Path) -> str:
    """Return the kind of file system under a path, as far as this system tells."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    around = [line for line in lines if path.absolute().is_relative_to(line[1].replace("\\040", " "))]
    return max(around, key=lambda line: len(line[1]))[2] if around else ""


def _backup(installation: Installation) -> Found:
    path = installation.places.last_backup
    if not path.exists():
        return Found(check="backup", ok=None, text=word("doctor.no_backup"))
    at = datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["at"])
    day = f"{clock.local(at):%d/%m/%Y}"
    if clock.now() - at > LONGEST_WITHOUT_BACKUP:
        return Found(check="backup", ok=None, text=word("doctor.old_backup", day=day))
    return _good("backup", "doctor.backup", day=day)


def _database_file(installation: Installation) -> Path | None:
    url = make_url(installation.settings.database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Path(str(url.database)) if is_file else None


def _good(check: str, key: str, **values: object) -> Found:
    return Found(check=check, ok=True, text=word(key, **values))
