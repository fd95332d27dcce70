"""What is no longer well, in plain words, in the language of the page."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from casemgr import i18n
from casemgr.health.looking import Signs
from casemgr.health.rules import Jump, Trouble
from casemgr.i18n import gettext, ngettext
from casemgr.web.pages import show_moment

GRAVE = frozenset({Trouble.LITTLE_SPACE, Trouble.NO_WORKER, Trouble.JOBS_LATE, Trouble.CLOCK_SET})


def troubles_in_words(troubles: Iterable[Trouble], signs: Signs) -> list[tuple[str, str]]:
    """Return each trouble as a text with what to do, and the tone of its notice."""
    return [(str(_say(trouble, signs)), "danger" if trouble in GRAVE else "warn") for trouble in troubles]


def disks_in_words(signs: Signs) -> list[tuple[str, str]]:
    """Return name and room of each disk, the one of the installation first."""
    return [
        (
            gettext("Disk") if place == 0 else gettext("Disk %(number)s", number=place + 1),
            gettext("%(free)s free of %(total)s", free=gigabytes(disk.free), total=gigabytes(disk.total)),
        )
        for place, disk in enumerate(signs.disks)
    ]


def gigabytes(count: int) -> str:
    """Return a size on disk, with the decimal sign of the language."""
    return _decimal(f"{count / 1024**3:.1f} GB")


def _say(trouble: Trouble, signs: Signs) -> Any:
    match trouble:
        case Trouble.LITTLE_SPACE:
            fullest = min(signs.disks, key=lambda disk: disk.free - disk.needed)
            return gettext(
                "The disk has only %(free)s left and needs %(needed)s. Make room before it is full: "
                "then nothing can be saved any more.",
                free=gigabytes(fullest.free),
                needed=gigabytes(fullest.needed),
            )
        case Trouble.CLOCK_SET:
            return _say_jump(signs.jumps[-1])
        case Trouble.JOBS_FAILED:
            return ngettext("%(num)s job has failed.", "%(num)s jobs have failed.", signs.queue.failed)
        case Trouble.OLD_BACKUP:
            return gettext(
                "The last backup is of %(day)s. A lost disk would lose all since.",
                day=show_moment(signs.backup_at),
            )
        case Trouble.LOG_UNSIGNED:
            return gettext(
                "The access log is unsigned since %(time)s.", time=show_moment(signs.log.unsigned_since)
            )
        case _:
            return _say_plainly(trouble)


def _say_plainly(trouble: Trouble) -> Any:
    texts = {
        Trouble.NO_WORKER: gettext(
            "No worker is running: deadlines, backups and reports wait. "
            "Start one with the command casemgr worker."
        ),
        Trouble.JOBS_LATE: gettext(
            "Work behind the pages is late. If it stays so, restart casemgr worker, or the machine."
        ),
        Trouble.NO_BACKUP: gettext("No backup was made yet. A lost disk would be a lost file."),
        Trouble.LONG_WAL: gettext("The database does not tidy up its file. Restart casemgr serve."),
    }
    return texts[trouble]


def _say_jump(jump: Jump) -> Any:
    by = _decimal(f"{abs(jump.by) / timedelta(minutes=1):.1f}")
    at = show_moment(jump.noticed_at)
    if jump.by < timedelta(0):
        return gettext(
            "The clock of this machine was set back by %(minutes)s minutes (noticed %(time)s). Deadlines go "
            "by it: check day and hour, and who set it. Everybody signs in anew.",
            minutes=by,
            time=at,
        )
    return gettext(
        "The clock of this machine was set forward by %(minutes)s minutes (noticed %(time)s). Deadlines go "
        "by it: check day and hour, and who set it.",
        minutes=by,
        time=at,
    )


def _decimal(text: str) -> str:
    return text.replace(".", ",") if i18n.language() == "vi" else text
