"""`make bench`: fills databases on both engines and prints what each page costs, signed in and audited."""

import argparse
import http.client
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import psycopg

from benchmarks.filling import Filled, fill
from benchmarks.load import Point, Request, cpu_of_family, form, measure, memory_of
from benchmarks.server import Unsealed
from tests.rig import databases, postgresql

TOP = Path(__file__).parents[1]
SAFE = (
    "-c listen_addresses='' -c jit=off -c autovacuum=off -c max_parallel_workers_per_gather=0 "
    "-c shared_buffers=256MB -k "
)
"""As a real server, fsync on; nothing in the background may take CPU that is not the pages' own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that somebody does, and how often it is measured."""

    name: str
    who: str
    requests: Callable[[Filled, str], list[Request]]
    share: float = 1.0


def _emergency(_: Filled, token: str) -> list[Request]:
    body = form(csrf_token=token, danger_now="yes", phone="0912345678", adults="1", consent="given")
    return [("POST", "/emergency", body)]


TASKS = (
    Task(name="home", who="worker", requests=lambda *_: [("GET", "/", "")]),
    Task(name="list 50", who="worker", requests=lambda *_: [("GET", "/cases", "")]),
    Task(
        name="open one",
        who="worker",
        requests=lambda filled, _: [("GET", f"/cases/{case_id}", "") for case_id in filled.case_ids],
    ),
    Task(name="create", who="worker", requests=_emergency),
    Task(
        name="exact ID",
        who="worker",
        requests=lambda filled, token: [
            ("POST", "/search", form(csrf_token=token, text=number)) for number in filled.numbers
        ],
    ),
    Task(
        name="name, own cases",
        who="worker",
        requests=lambda filled, token: [
            ("POST", "/search", form(csrf_token=token, text=name)) for name in filled.names
        ],
    ),
    Task(
        name="name, whole unit",
        who="supervisor",
        requests=lambda filled, token: [
            ("POST", "/search", form(csrf_token=token, text=name)) for name in filled.names
        ],
        share=0.1,
    ),
    Task(name="list 50, whole unit", who="supervisor", requests=lambda *_: [("GET", "/cases", "")]),
    Task(name="referral inbox", who="keeper", requests=lambda *_: [("GET", "/referrals", "")]),
)


class Served:
    """A server process with an installation, and who is signed in there."""

    def __init__(self, filled: Filled, *, is_open: bool) -> None:
        self.filled = filled
        command = [sys.executable, "-m", "benchmarks.server"]
        command += [filled.settings.database_url, str(filled.settings.directory)]
        command += ["--open"] if is_open else []
        self.process = subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.postmaster = _postmaster(filled.settings.database_url)

    def headers(self, who: str) -> tuple[dict[str, str], str]:
        """Return the cookies of somebody and the token of forms."""
        session = f"__Host-s={self.filled.tokens[who]}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": session, "Host": "localhost", "Sec-Fetch-Site": "same-origin"}
        connection.request("GET", "/help", headers=headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        visitor = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        return {**headers, "Cookie": f"{session}; {visitor}"}, token[1]

    def database_cpu(self) -> float:
        """Return the CPU seconds of all processes of the database; SQLite works inside the server."""
        return cpu_of_family(self.postmaster) if self.postmaster else 0.0

    def close(self) -> None:
        """Stop the server."""
        self.process.kill()
        self.process.wait()


def _postmaster(url: str) -> int:
    """Return the process that all processes of the database server come from; 0 for SQLite."""
    if url.startswith("sqlite"):
        return 0
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        backend = connection.info.backend_pid
        stat = Path(f"/proc/{backend}/stat").read_text(encoding="utf-8")
        return int(stat.rpartition(")")[2].split()[1])


@contextmanager
def engine_of(name: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database."""
    if name == "sqlite":
        yield databases.sqlite_url(folder / "casemgr.db")
        return
    postgresql.OPTIONS = SAFE
    binaries = postgresql.find_binaries()
    if binaries is None:
        sys.exit("no PostgreSQL server here; sudo apt-get install postgresql")
    cluster = postgresql.Cluster(binaries)
    try:
        yield cluster.create("bench")
    finally:
        cluster.stop()


def run(engine: str, count: int, requests: int, rounds: int, *, is_open: bool) -> dict[str, float]:
    """Fill, serve and measure once; print a table, and return the CPU of each task at one client."""
    cost: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name, engine_of(engine, Path(name)) as url:
        begun, cpu = perf_counter(), process_time()
        filled = fill(url, Path(name), count, keyring=Unsealed if is_open else None)
        print(f"\n### {engine}, {count} cases{', nothing sealed' if is_open else ''}\n")
        print(f"Filled in {perf_counter() - begun:.0f} s, {process_time() - cpu:.0f} s of CPU here; ", end="")
        print(f"{_disk(url, Path(name)):.0f} MB on disk.\n")
        print("| | clients | p50 ms | p95 ms | a second | CPU app | CPU database | errors |")
        print("|---|---|---|---|---|---|---|---|")
        served = Served(filled, is_open=is_open)
        try:
            for _ in range(rounds):
                for task in TASKS:
                    for clients in (1, 8):
                        point = _measure(served, task, clients, requests)
                        _print(task, clients, point)
                        if clients == 1:
                            cost.setdefault(task.name, []).append(point.cpu_app + point.cpu_database)
            print(f"\nMemory of the server after it: {memory_of(served.process.pid):.0f} MB (PSS).")
        finally:
            served.close()
    return {name: statistics.median(points) for name, points in cost.items()}


def _measure(served: Served, task: Task, clients: int, requests: int) -> Point:
    headers, token = served.headers(task.who)
    # The first answers compile pages and fill caches; they are sent and forgotten.
    points = [
        measure(
            served.port,
            task.requests(served.filled, token),
            headers=headers,
            clients=clients,
            count=count,
            pid=served.process.pid,
            database_cpu=served.database_cpu,
        )
        for count in (clients, max(clients, int(requests * task.share)))
    ]
    return points[-1]


def _print(task: Task, clients: int, point: Point) -> None:
    rate = point.requests / point.seconds
    print(
        f"| {task.name} | {clients} | {point.p50:.1f} | {point.p95:.1f} | {rate:.0f} "
        f"| {point.cpu_app:.2f} | {point.cpu_database:.2f} | {point.errors} |",
        flush=True,
    )


def _disk(url: str, folder: Path) -> float:
    if url.startswith("sqlite"):
        return sum(path.stat().st_size for path in folder.glob("casemgr.db*")) / 1e6
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        row = connection.execute(b"SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) / 1e6 if row else 0.0


def main() -> None:
    """Measure what was asked for and print it with machine, load and commit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--no-open", action="store_true", help="leave out the runs in which nothing is sealed"
    )
    chosen = parser.parse_args()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    print(
        f"Commit {commit.stdout.strip()}, Python {platform.python_version()}, {os.cpu_count()} cores, ",
        end="",
    )
    print(f"load {os.getloadavg()[0]:.1f} at the beginning.")
    costs: dict[tuple[str, int, bool], dict[str, float]] = {}
    for engine in chosen.engines:
        for count in chosen.cases:
            for is_open in (False,) if chosen.no_open else (False, True):
                costs[engine, count, is_open] = run(
                    engine, count, chosen.requests, chosen.rounds, is_open=is_open
                )
    _compare(costs)
    print(f"\nLoad {os.getloadavg()[0]:.1f} at the end.")


def _compare(costs: dict[tuple[str, int, bool], dict[str, float]]) -> None:
    """Print what sealing costs and what growth costs, as ratios of CPU a request at one client."""
    print("\n### Ratios of CPU a request, one client, medians of the rounds\n")
    print("| | " + " | ".join(task.name for task in TASKS) + " |")
    print("|---" * (len(TASKS) + 1) + "|")
    for (engine, count, is_open), cost in costs.items():
        first = min(size for name, size, opened in costs if (name, opened) == (engine, is_open))
        if not is_open and (engine, count, True) in costs:
            _ratio(f"{engine} {count}: sealed / not sealed", cost, costs[engine, count, True])
        if count != first:
            words = "not sealed" if is_open else "sealed"
            _ratio(f"{engine}, {words}: {count} / {first}", cost, costs[engine, first, is_open])


def _ratio(words: str, above: dict[str, float], below: dict[str, float]) -> None:
    cells = [f"{above[task.name] / below[task.name]:.2f}" if below[task.name] else "–" for task in TASKS]
    print(f"| {words} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
