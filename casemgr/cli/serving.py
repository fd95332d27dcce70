"""`casemgr serve`: the web server, until it is told to stop; then it finishes what was begun."""

import ipaddress
import logging
import signal
import socket
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import click
from waitress import wasyncore
from waitress.server import create_server

from casemgr import db
from casemgr.audit import service as audit
from casemgr.backups.making import put_checkpoint
from casemgr.cli.acting import door
from casemgr.cli.answering import tell
from casemgr.cli.installation import Installation
from casemgr.cli.spoken import SpokenCommand
from casemgr.cli.working import WorkerBeside
from casemgr.errors import Refused
from casemgr.factory import create_app

THREADS = 8
FINISH_SECONDS = 25.0
_TICK_SECONDS = 0.5


@click.command(cls=SpokenCommand, help="help.serve")
@click.option("--port", type=click.IntRange(0, 65535), help="help.serve.port")
@click.option("--worker/--no-worker", "has_worker", default=None, help="help.serve.worker")
@click.pass_obj
def serve(installation: Installation, port: int | None, *, has_worker: bool | None) -> None:
    """Serve the pages until SIGTERM or Ctrl-C."""
    settings = installation.settings
    refuse_open_address(settings.address, settings.proxy_hops)
    installation.require_current_tables()
    _ = installation.keyring
    listening = listen(settings.address, settings.port if port is None else port)
    tell("serve.at", address=f"http://{settings.address}:{listening.getsockname()[1]}")
    is_alone = installation.database.is_sqlite if has_worker is None else has_worker
    serve_until_told(installation, listening, WorkerBeside(installation) if is_alone else None)
    tell("serve.ended")


def refuse_open_address(address: str, proxy_hops: int) -> None:
    """Refuse to be reached from other machines without TLS in front."""
    if not proxy_hops and not _is_loopback(address):
        raise Refused("address_open")


def listen(address: str, port: int) -> socket.socket:
    """Take a port; 0 takes any free one. Raises OSError when somebody else has it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def serve_until_told(
    installation: Installation, listening: socket.socket, worker: WorkerBeside | None
) -> None:
    """Answer requests; on SIGTERM take no more, finish those that were begun, sign the audit log."""
    settings, database, keyring = installation.settings, installation.database, installation.keyring
    app = create_app(settings, database, keyring)
    _note(installation, "system:start")

    try:
        _Server(app, listening, trusts_proxy=settings.proxy_hops > 0).run(worker)
    finally:
        if worker is not None:
            worker.end()
    _note(installation, "system:stop")
    put_checkpoint(database, keyring, installation.places)


class _Server:
    """Waitress with an end that loses nothing."""

    def __init__(self, app: Callable[..., Any], listening: socket.socket, *, trusts_proxy: bool) -> None:
        self._channels: dict[int, Any] = {}
        self._server = create_server(
            app,
            map=self._channels,
            sockets=[listening],
            threads=THREADS,
            ident="",
            clear_untrusted_proxy_headers=not trusts_proxy,
        )
        self._told = threading.Event()
        # A request that waits a moment is no news; what waits long shows in the clock of the user.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)

    def run(self, worker: WorkerBeside | None) -> None:
        """Serve until told to stop, with a worker beside where there is to be one."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._told.set())
        while not self._told.is_set():
            if worker is not None:
                worker.keep()
            wasyncore.loop(timeout=_TICK_SECONDS, map=self._channels, count=1)
        self._finish()

    def _finish(self) -> None:
        wasyncore.dispatcher.close(self._server)
        end = monotonic() + FINISH_SECONDS
        while self._is_busy() and monotonic() < end:
            wasyncore.loop(timeout=_TICK_SECONDS, map=self._channels, count=1)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._channels)

    def _is_busy(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len for channel in channels)


def _note(installation: Installation, action: str) -> None:
    with db.work(installation.database, installation.keyring, write=True):
        audit.noted(None, action, "system", door=door())


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
