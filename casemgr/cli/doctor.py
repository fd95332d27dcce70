"""`casemgr doctor`: looks at everything an installation stands on, and says what to do about it."""

import os
import shutil
from collections.abc import Generator, Iterator
from dataclasses import asdict
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
from casemgr.cli.signs import Found, backup_of, bad, examine_disk, examine_signs, good
from casemgr.cli.spoken import SpokenCommand
from casemgr.cli.words import word
from casemgr.cli.wrong_settings import described
from casemgr.crypto.keyfiles import read_key_file
from casemgr.db import Base, migrate
from casemgr.errors import CasemgrError, Locked, Refused
from casemgr.health.looking import Disk, find_last_backup
from casemgr.health.rules import LEAST_FREE
from config import PREFIX, SettingsError

OTHERS = 0o077
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that runs right shows an earlier time than that of this program."""

NETWORK_FILES = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs")


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
    faults = sum(one.ok is False for one in found)
    if not as_json:
        say("doctor.some" if faults else "doctor.none", count=faults)
    return FOUND_PROBLEMS if faults else 0


def examine(installation: Installation) -> Iterator[Found]:
    """Look at one thing after the other; nothing is changed."""
    try:
        settings = installation.settings
    except SettingsError as error:
        for problem in error.problems:
            yield Found(check="settings", ok=False, text=described(problem))
        return
    yield good("settings", "doctor.settings")
    if installation.places.moved.exists():
        yield bad("moved", "refused.moved_away")
        return
    yield _address(settings.address, settings.proxy_hops)
    yield from _files(installation)
    yield _keys(installation)
    yield _clock()
    if (yield from _database(installation)):
        yield from examine_signs(installation)
    else:
        yield from _without_tables(installation)


def _address(address: str, proxy_hops: int) -> Found:
    try:
        refuse_open_address(address, proxy_hops)
    except Refused:
        return bad("address", "refused.address_open")
    return good("address", "doctor.address")


def _files(installation: Installation) -> Iterator[Found]:
    places = installation.places
    if not places.directory.is_dir():
        yield bad("files", "doctor.no_directory", file=places.directory)
        return
    faults = [*_open_to_others(installation), *_of_others(places.directory)]
    yield from faults
    if not faults:
        yield good("files", "doctor.files")


def _open_to_others(installation: Installation) -> Iterator[Found]:
    """Find what other accounts of this machine can read: keys, notes, database, passphrase, settings."""
    directory, settings = installation.places.directory, installation.settings
    config = installation.environment.get(f"{PREFIX}CONFIG")
    has_password = make_url(settings.database_url).password is not None
    elsewhere = [settings.passphrase_file, _database_file(installation)]
    elsewhere += [Path(config) if config and has_password else None]
    for path in (directory, *sorted(directory.iterdir()), *elsewhere):
        if path and path.exists() and _is_open(path):
            yield bad("files", "doctor.open_file", file=path)


def _of_others(directory: Path) -> Iterator[Found]:
    """Find files of another account, such as those that root left: the service cannot use them."""
    owner = directory.stat().st_uid
    for path in sorted(directory.iterdir()):
        if path.stat().st_uid != owner:
            yield bad("files", "doctor.other_owner", file=path)


def _is_open(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & OTHERS) and not _is_guarded(path)


def _is_guarded(path: Path) -> bool:
    """Whether the folder around it keeps others out already."""
    return not path.parent.stat().st_mode & OTHERS


def _keys(installation: Installation) -> Found:
    settings = installation.settings
    try:
        if settings.key_provider == "file" or settings.passphrase_file is not None:
            _ = installation.provider
            return good("keys", "doctor.keys_open")
        read_key_file(installation.places.root_keys)
    except Locked:
        return bad("keys", "doctor.no_keys")
    except (CasemgrError, OSError) as error:
        reason = error.reason if isinstance(error, Refused) else type(error).__name__
        return bad("keys", "doctor.keys_closed", reason=reason)
    return good("keys", "doctor.keys_there")


def _clock() -> Found:
    if clock.now() < FIRST_DAY:
        return bad("clock", "doctor.clock_early", now=clock.now())
    return good("clock", "doctor.clock", now=f"{clock.local(clock.now()):%d/%m/%Y %H:%M}")


def _without_tables(installation: Installation) -> Iterator[Found]:
    """Where the database cannot be asked, look at what lies beside it."""
    directory = installation.settings.directory
    usage = shutil.disk_usage(directory if directory.exists() else directory.absolute().anchor)
    yield examine_disk(Disk(folder=directory, free=usage.free, total=usage.total, needed=LEAST_FREE))
    yield backup_of(find_last_backup(directory))


def _database(installation: Installation) -> Generator[Found, None, bool]:
    """Look at the database; returns whether its tables can be asked."""
    file = _database_file(installation)
    if file is not None:
        yield _local_disk(file)
        if not file.exists():
            yield bad("tables", "refused.database_not_set_up")
            return False
    try:
        installation.require_current_tables()
    except Unreachable:
        yield bad("tables", "unreachable")
        return False
    except Refused as error:
        yield bad("tables", f"refused.{error.reason}")
        return False
    yield good("tables", "doctor.tables", revision=migrate.head())
    yield _log(installation)
    return True


def _log(installation: Installation) -> Found:
    """The end of the log as its head says must be the last entry, and not lie in the future."""
    entries = Base.metadata.tables["audit_entry"]
    with db.work(installation.database, None, write=False) as session:
        head = queries.find_head(session)
        last = (
            session.execute(entries.select().order_by(entries.c.seq.desc()).limit(1)).mappings().one_or_none()
        )
    if head is None and last is None:
        return good("log", "doctor.log_empty")
    if head is None or last is None or head != (last["seq"], last["entry_hash"]):
        return bad("log", "doctor.log_torn")
    if last["at"] > clock.now() + timedelta(minutes=1):
        return bad("log", "doctor.clock_back", at=last["at"])
    return good("log", "doctor.log", size=head[0])


def _local_disk(file: Path) -> Found:
    kind = _file_system(file)
    if kind in NETWORK_FILES:
        return bad("disk", "doctor.network_disk", kind=kind)
    return good("disk", "doctor.local_disk")


def _file_system(path: Path) -> str:
    """Return the kind of file system under a path, as far as this system tells."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    around = [line for line in lines if path.absolute().is_relative_to(line[1].replace("\\040", " "))]
    return max(around, key=lambda line: len(line[1]))[2] if around else ""


def _database_file(installation: Installation) -> Path | None:
    url = make_url(installation.settings.database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Path(str(url.database)) if is_file else None
