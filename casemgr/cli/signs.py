"""What `casemgr doctor` says of a running installation: worker, queue, log, clock, disks, backups."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casemgr import clock, db
from casemgr.audit.checkpoints import SUFFIX
from casemgr.cli.installation import Installation
from casemgr.cli.words import word
from casemgr.health.looking import Disk, Signs, is_unsigned, look
from casemgr.health.rules import LARGEST_WAL, LONGEST_WITHOUT_BACKUP, is_late

MEBIBYTE, GIBIBYTE = 1024**2, 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding; `ok` is None for what is worth knowing but no fault."""

    check: str
    ok: bool | None
    text: str


def good(check: str, key: str, **values: object) -> Found:
    """Return a finding that is as it should be."""
    return Found(check=check, ok=True, text=word(key, **values))


def bad(check: str, key: str, **values: object) -> Found:
    """Return a finding that is not."""
    return Found(check=check, ok=False, text=word(key, **values))


def notable(check: str, key: str, **values: object) -> Found:
    """Return what is worth knowing but no fault."""
    return Found(check=check, ok=None, text=word(key, **values))


def examine_signs(installation: Installation) -> Iterator[Found]:
    """Look at what changes while the service runs; needs tables of this version, but no keys."""
    settings = installation.settings
    with db.work(installation.database, None, write=False):
        signs = look(installation.database, settings.directory, settings.backup_directory)
    yield _worker(signs, is_server=not installation.database.is_sqlite)
    yield _queue(signs)
    yield _checkpoint(signs, installation.places.checkpoints)
    if installation.database.is_sqlite:
        yield _wal(signs)
    yield _jumps(signs)
    yield from _disks(signs)
    yield backup_of(signs.backup_at)


def examine_disk(disk: Disk) -> Found:
    """Say how much room a disk has."""
    values = {"free": f"{disk.free / GIBIBYTE:.1f}", "needed": f"{disk.needed / GIBIBYTE:.1f}"}
    values |= {"folder": str(disk.folder)}
    return (
        bad("space", "doctor.little_space", **values)
        if disk.is_short
        else good("space", "doctor.space", **values)
    )


def backup_of(at: datetime | None) -> Found:
    """Say when the last backup was made."""
    if at is None:
        return notable("backup", "doctor.no_backup")
    is_old = clock.now() - at > LONGEST_WITHOUT_BACKUP
    say = notable if is_old else good
    return say(
        "backup", "doctor.old_backup" if is_old else "doctor.backup", day=f"{clock.local(at):%d/%m/%Y}"
    )


def _worker(signs: Signs, *, is_server: bool) -> Found:
    if signs.queue.workers:
        return good("worker", "doctor.worker", count=signs.queue.workers)
    if is_server and is_late(signs.queue.waiting_since, signs.at):
        return bad("worker", "doctor.worker_missing")
    return notable("worker", "doctor.worker_none")


def _queue(signs: Signs) -> Found:
    if signs.queue.workers and is_late(signs.queue.waiting_since, signs.at):
        return bad("jobs", "doctor.jobs_late", since=_moment(signs.queue.waiting_since))
    if signs.queue.failed:
        return notable("jobs", "doctor.jobs_failed", count=signs.queue.failed)
    return good("jobs", "doctor.jobs")


def _checkpoint(signs: Signs, folder: Path) -> Found:
    """The last signed state must lie in the folder too, and must not be longer than the log."""
    log = signs.log
    if log.signed_size > log.size:
        return bad("checkpoint", "doctor.checkpoint_longer", size=log.signed_size)
    if log.signed_size and not (folder / f"{log.signed_size:010d}{SUFFIX}").exists():
        return bad("checkpoint", "doctor.checkpoint_lost", size=log.signed_size)
    if is_unsigned(signs):
        return notable("checkpoint", "doctor.unsigned", since=_moment(log.unsigned_since))
    return good("checkpoint", "doctor.checkpoint", size=log.signed_size)


def _wal(signs: Signs) -> Found:
    values = {"size": f"{signs.wal_bytes / MEBIBYTE:.0f}"}
    return (
        bad("wal", "doctor.long_wal", **values)
        if signs.wal_bytes > LARGEST_WAL
        else good("wal", "doctor.wal", **values)
    )


def _jumps(signs: Signs) -> Found:
    if not signs.jumps:
        return good("clock_set", "doctor.clock_steady")
    last = signs.jumps[-1]
    key = "doctor.clock_set_back" if last.by.total_seconds() < 0 else "doctor.clock_set_forward"
    return bad(
        "clock_set", key, at=_moment(last.noticed_at), minutes=round(abs(last.by.total_seconds()) / 60, 1)
    )


def _disks(signs: Signs) -> Iterator[Found]:
    short = [disk for disk in signs.disks if disk.is_short]
    for disk in short or signs.disks[:1]:
        yield examine_disk(disk)


def _moment(at: datetime | None) -> str:
    return f"{clock.local(at):%d/%m/%Y %H:%M}" if at else "–"
