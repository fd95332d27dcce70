"""Runs kinds of jobs in processes that are killed before each of their commits in turn, until one ends.

Usage: python interrupted.py URL HOME MOMENT KIND…; the keys lie in HOME. Prints how many were killed of each.
"""

import os
import signal
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from casemgr import clock
from casemgr.crypto.providers import FileProvider
from casemgr.db import Database
from casemgr.db.migrate import load_models
from casemgr.jobs.kinds import Surroundings
from casemgr.keys.service import Keyring
from casemgr.kinds import KINDS, make_worker

LONGER_THAN_A_LEASE = timedelta(minutes=2)


def work_until_commit(url: str, home: Path, kind: str, moment: datetime, number: int) -> None:
    """Do what is due of the kind and kill this process right before a commit, if it comes so far."""
    commits = count(1)

    def kill(_: Session) -> None:
        if next(commits) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Session, "before_commit", kill)
    surroundings = Surroundings(directory=home, backup_directory=home / "stick", is_plain_key=True)
    worker = make_worker(Database(url), Keyring(FileProvider(home / "root.keys").root_keys()), surroundings)
    worker.kinds = {kind: replace(KINDS[kind], most_attempts=1000)}
    with clock.frozen(moment):
        worker.run_due()


def main() -> None:
    """Kill before the first commit, then before the second…; each goes on where the last one died."""
    url, home, moment, *kinds = sys.argv[1:]
    load_models()
    for kind in kinds:
        number = killed(url, Path(home), kind, datetime.fromisoformat(moment))
        print(kind, number, flush=True)  # noqa: T201 - it tells the test


def killed(url: str, home: Path, kind: str, moment: datetime) -> int:
    """Return how many processes were killed until one came to the end; -1 when one broke off by itself."""
    for number in count(1):
        child = os.fork()
        if not child:
            work_until_commit(url, home, kind, moment + LONGER_THAN_A_LEASE * number, number)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return number - 1 if os.WEXITSTATUS(status) == 0 else -1
    raise AssertionError


if __name__ == "__main__":
    main()
