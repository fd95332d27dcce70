"""`casemgr worker`: does what is in the queue, in its own process; and how `serve` starts one beside it."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from time import monotonic

import click

from casemgr.cli.answering import tell
from casemgr.cli.installation import Installation
from casemgr.cli.logs import log_as_json
from casemgr.cli.spoken import SpokenCommand
from casemgr.crypto.rootkeys import dump_root_keys, load_root_keys
from casemgr.jobs.kinds import Surroundings
from casemgr.jobs.worker import Worker
from casemgr.keys.service import Keyring
from casemgr.kinds import make_worker

FINISH_SECONDS = 25.0
_RESTART_SECONDS = 10.0


@click.command(cls=SpokenCommand, help="help.worker")
@click.option("--once", is_flag=True, help="help.worker.once")
@click.option("--keys-from-parent", "is_child", is_flag=True, hidden=True)
@click.pass_obj
def worker(installation: Installation, *, once: bool, is_child: bool) -> None:
    """Work on jobs until SIGTERM or Ctrl-C, or once through what is due."""
    log_as_json()
    if is_child:
        installation.keyring = Keyring(load_root_keys(sys.stdin.buffer.readline()))
    installation.require_current_tables()
    installation.database.closed = installation.places.moved
    made = make_worker(installation.database, installation.keyring, surroundings_of(installation))
    if once:
        tell("worker.done", count=made.run_due())
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: made.told.set())
    if is_child:
        threading.Thread(target=_end_with_parent, args=(made,), daemon=True).start()
    tell("worker.works")
    made.run()
    tell("worker.ended")


def surroundings_of(installation: Installation) -> Surroundings:
    """Return what jobs may know of an installation."""
    settings = installation.settings
    return Surroundings(
        directory=settings.directory,
        backup_directory=settings.backup_directory,
        backups_kept=settings.backups_kept,
        is_plain_key=settings.key_provider == "file",
    )


def _end_with_parent(made: Worker) -> None:
    """End when the other end of the pipe is closed, which the system does even when the parent is killed."""
    sys.stdin.buffer.read()
    made.told.set()


class WorkerBeside:
    """A worker in a process beside the server, so that computing slows no page; begun anew if it dies."""

    def __init__(self, installation: Installation) -> None:
        self._environment: Mapping[str, str] = installation.child_environment()
        self._keys: Callable[[], bytes] = lambda: dump_root_keys(installation.provider.root_keys())
        self._process: subprocess.Popen[bytes] | None = None
        self._next_try = 0.0

    def keep(self) -> None:
        """Start the worker where there is none, not more often than every ten seconds."""
        if self._process is not None and self._process.poll() is None:
            return
        if monotonic() < self._next_try:
            return
        self._next_try = monotonic() + _RESTART_SECONDS
        self._close_pipe()
        command = [sys.executable, "-m", "casemgr", "worker", "--keys-from-parent"]
        # The keys go through a pipe that nobody else can read; neither files nor the environment hold them.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, env=dict(self._environment))  # noqa: S603
        pipe = self._process.stdin
        if pipe is not None:
            pipe.write(self._keys() + b"\n")
            pipe.flush()

    def end(self) -> None:
        """Let the worker put back what it has begun, and end it when it does not."""
        if self._process is None:
            return
        self._close_pipe()
        try:
            self._process.wait(FINISH_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _close_pipe(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
