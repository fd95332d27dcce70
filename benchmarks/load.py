"""Asks a server for pages, with one client or several, and says how long it took and what it cost."""

import http.client
import os
import re
import statistics
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

TICK = os.sysconf("SC_CLK_TCK")
DOOR = re.compile(r"unlock|sign-|code|login")
"""Addresses of those who must first show who they are."""

Request = tuple[str, str, str]
"""Method, address, body."""


@dataclass(slots=True)
class Point:
    """What one operation cost at a number of clients: times, and CPU a request, in milliseconds."""

    requests: int
    errors: int
    seconds: float
    cpu_app: float
    cpu_database: float
    times: list[float] = field(repr=False)

    @property
    def p50(self) -> float:
        """Half of the answers came faster."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """Nineteen of twenty answers came faster."""
        return sorted(self.times)[int(len(self.times) * 0.95)]


def cpu_of(pid: int) -> float:
    """Return the seconds of CPU that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def cpu_of_family(pid: int) -> float:
    """Return the seconds of CPU of a process and all its children, those that have ended included."""
    own = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    seconds = sum(int(field) for field in own[11:15]) / TICK
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            seconds += (int(fields[11]) + int(fields[12])) / TICK
    return seconds


def memory_of(pid: int) -> float:
    """Return the memory of a process in megabytes, its share of what is shared."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure(
    port: int,
    requests: list[Request],
    *,
    headers: dict[str, str],
    clients: int,
    count: int,
    pid: int,
    database_cpu: Callable[[], float],
    changes: bool = False,
) -> Point:
    """Send `count` requests in rotation by a number of clients that keep their connections.

    A page must come as a page, and a change must lead on to what it made: whoever is sent to the door,
    because the session was locked meanwhile, would otherwise be measured as a very fast answer.
    """
    shares = [cycle(requests[place::clients] or requests) for place in range(clients)]
    times: list[float] = []
    errors: list[int] = []
    threads = [
        threading.Thread(
            target=_ask,
            args=(port, share, headers, count // clients, times, errors),
            kwargs={"changes": changes},
        )
        for share in shares
    ]
    app_before, database_before, begun = cpu_of(pid), database_cpu(), perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = len(times)
    return Point(
        requests=done,
        errors=len(errors),
        seconds=perf_counter() - begun,
        cpu_app=1000 * (cpu_of(pid) - app_before) / done,
        cpu_database=1000 * (database_cpu() - database_before) / done,
        times=times,
    )


def _ask(
    port: int,
    requests: Iterator[Request],
    headers: dict[str, str],
    count: int,
    times: list[float],
    errors: list[int],
    *,
    changes: bool,
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for _ in range(count):
        method, path, body = next(requests)
        begun = perf_counter()
        status, way = send(connection, method, path, body, headers)
        times.append(1000 * (perf_counter() - begun))
        if not is_answered(status, way, changes=changes):
            errors.append(status)
    connection.close()


def send(
    connection: http.client.HTTPConnection, method: str, path: str, body: str, headers: dict[str, str]
) -> tuple[int, str]:
    """Send one request, read the whole answer and return its status and where it leads."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request(method, path, body=body.encode() or None, headers={**headers, **kind})
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Location") or ""


def is_answered(status: int, way: str, *, changes: bool) -> bool:
    """Say whether this is what was asked for: the page itself, or the way on to what was made."""
    return status in {302, 303} and not DOOR.search(way) if changes else status == 200


def form(**fields: str) -> str:
    """Return the body of a form."""
    return urlencode(fields)
