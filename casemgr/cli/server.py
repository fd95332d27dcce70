"""The server that speaks HTTP: waitress with an end that loses nothing, and what ends it."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from waitress import wasyncore
from waitress.server import create_server

from casemgr.cli.answering import tell
from casemgr.cli.installation import Installation
from casemgr.cli.tls_front import TlsFront
from casemgr.cli.working import WorkerBeside
from casemgr.db import Database, migrate

THREADS = 8
FINISH_SECONDS = 25.0
LARGEST_BODY = 11 * 1024 * 1024
LARGEST_ANSWER = 64 * 1024 * 1024
"""Up to these bytes a form or an answer stays in memory: waitress would lay more into a file in the clear."""

_TICK_SECONDS = 0.5
_WATCH_SECONDS = 2.0
_HANDOVER_SECONDS = 5.0
"""So long an outdated process goes on: the new one looks for its tables, and then opens its keys."""

_LOOPBACK = "127.0.0.1"


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


def wait_for_tables(installation: Installation) -> None:
    """Wait until the tables are those of this program, where they are older; somebody else renews them."""
    database = installation.database
    if not migrate.is_older(database):
        return
    tell("serve.waits")
    while migrate.is_older(database):
        sleep(_TICK_SECONDS)


def tell_ready() -> None:
    """Tell systemd that requests are taken from now on, where it asked to be told."""
    place = os.environ.get("NOTIFY_SOCKET")
    if not place:
        return
    address = f"\0{place[1:]}" if place.startswith("@") else place
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.sendto(b"READY=1", address)


class TablesWatch:
    """Looks from time to time whether a newer program has changed the tables, or all was moved elsewhere."""

    def __init__(self, database: Database, moved: Path) -> None:
        self._database = database
        self._moved = moved
        self._due = monotonic() + _WATCH_SECONDS

    def is_outdated(self) -> bool:
        """Say whether another program owns the tables now; a database that is away says nothing."""
        if self._database.expected is None or monotonic() < self._due:
            return False
        self._due = monotonic() + _WATCH_SECONDS
        if self._moved.exists():
            return True
        try:
            return migrate.current(self._database) != self._database.expected
        except SQLAlchemyError:
            return False


class Server:
    """Waitress with an end that loses nothing."""

    def __init__(
        self,
        app: Callable[..., Any],
        listening: socket.socket,
        front: TlsFront | None,
    ) -> None:
        self._channels: dict[int, Any] = {}
        self._front = front
        inner = listen(_LOOPBACK, 0) if front else listening
        self._server = create_server(
            front.wrap(app) if front else app,
            map=self._channels,
            sockets=[inner],
            threads=THREADS,
            ident="",
            # What a request says about proxies is judged, and taken out of it, by casemgr.web.proxies.
            clear_untrusted_proxy_headers=False,
            inbuf_overflow=LARGEST_BODY,
            outbuf_overflow=LARGEST_ANSWER,
        )
        if front:
            front.start(inner.getsockname()[1])
        self._told = threading.Event()
        # A request that waits a moment is no news; what waits long shows in the clock of the user.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)

    def run(self, worker: WorkerBeside | None, watch: TablesWatch) -> bool:
        """Serve until told to stop or outdated, which is what it returns; keep a worker beside, if any."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._told.set())
        is_outdated = False
        while not self._told.is_set() and not is_outdated:
            if worker is not None:
                worker.keep()
            wasyncore.loop(timeout=_TICK_SECONDS, map=self._channels, count=1)
            is_outdated = watch.is_outdated()
        if is_outdated:
            self._hand_over()
        self._finish()
        return is_outdated

    def _hand_over(self) -> None:
        """Answer until the new program has had time to listen; what would write is refused meanwhile."""
        end = monotonic() + _HANDOVER_SECONDS
        while not self._told.is_set() and monotonic() < end:
            wasyncore.loop(timeout=_TICK_SECONDS, map=self._channels, count=1)

    def _finish(self) -> None:
        if self._front:
            self._front.close()
        wasyncore.dispatcher.close(self._server)
        end = monotonic() + FINISH_SECONDS
        while self._is_busy() and monotonic() < end:
            wasyncore.loop(timeout=_TICK_SECONDS, map=self._channels, count=1)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._channels)
        if self._front:
            self._front.end()

    def _is_busy(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len for channel in channels)
