"""Pages for programs on this machine: is the process alive, is it ready, what is measured.

They stand in front of the pages of people, since they need neither a session nor a language, and `/healthz`
not even the database. Whoever asks from elsewhere, or through a proxy, finds nothing here. What they say is
a few fixed words: neither who works nor what on.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from casemgr import clock, db
from casemgr.db import Database, migrate
from casemgr.health.looking import look
from casemgr.health.metrics import Metrics
from casemgr.health.rules import is_late
from casemgr.web.headers import HEADERS
from casemgr.web.proxies import is_loopback, is_said_by_proxies

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Answer = tuple[HTTPStatus, str]

ALIVE, READY, METRICS = "/healthz", "/readyz", "/metrics"
NEEDED = ("database", "tables", "keys")
"""Without these no page can be answered; of all else the administrator is warned."""


class LocalPages:
    """Answers programs on this machine, and lets everything else pass to the pages, measured where wanted."""

    def __init__(
        self, application: Application, database: Database, directory: Path, *, has_keys: bool, measures: bool
    ) -> None:
        self._application = application
        self._database = database
        self._directory = directory
        self._has_keys = has_keys
        self._expected = migrate.head()
        self._metrics = Metrics(database, directory) if measures else None

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO")
        if path not in (ALIVE, READY, METRICS):
            return self._measured(environ, start_response)
        status, text = self._answer(str(path), environ)
        body = text.encode() if environ.get("REQUEST_METHOD") != "HEAD" else b""
        head = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text.encode())))]
        start_response(
            f"{status.value} {status.phrase}", [*head, ("Cache-Control", "no-store"), *HEADERS.items()]
        )
        return [body]

    def _answer(self, path: str, environ: Environ) -> Answer:
        is_local = is_loopback(environ.get("REMOTE_ADDR", "")) and not is_said_by_proxies(environ)
        if not is_local or (path == METRICS and self._metrics is None):
            return HTTPStatus.NOT_FOUND, "not found\n"
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            return HTTPStatus.METHOD_NOT_ALLOWED, "GET\n"
        if path == ALIVE:
            return HTTPStatus.OK, "ok\n"
        if path == METRICS and self._metrics is not None:
            return HTTPStatus.OK, self._metrics.written()
        return self._readiness()

    def _readiness(self) -> Answer:
        found = {"database": "ok", "tables": "other", "keys": "ok" if self._has_keys else "away"}
        try:
            found["tables"] = "ok" if migrate.current(self._database) == self._expected else "other"
            if found["tables"] == "ok":
                found |= self._look()
        except SQLAlchemyError:
            found |= {"database": "away", "tables": "unknown"}
        is_ready = all(found[name] == "ok" for name in NEEDED)
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        return status, "".join(f"{name} {word}\n" for name, word in found.items())

    def _look(self) -> dict[str, str]:
        with db.work(self._database, None, write=False):
            signs = look(self._database, self._directory)
        return {
            "worker": "ok" if signs.queue.workers else "none",
            "jobs": "late" if is_late(signs.queue.waiting_since, clock.now()) else "ok",
            "disk": "short" if any(disk.is_short for disk in signs.disks) else "ok",
        }

    def _measured(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        metrics = self._metrics
        if metrics is None:
            return self._application(environ, start_response)
        begun = perf_counter()

        def start(status: str, *rest: Any) -> Any:
            metrics.note(int(status[:3]), perf_counter() - begun)
            return start_response(status, *rest)

        return self._application(environ, start)
