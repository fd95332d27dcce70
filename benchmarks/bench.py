"""`make bench`: fills databases on both engines and prints what pages cost, audited, beside peers.

Everything that is compared runs in one run, task by task in turn, so that what else the machine does falls on
all alike; what is compared is CPU a request, of the server's process and of the database's.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from benchmarks.filling import fill
from benchmarks.load import Point, measure, memory_of
from benchmarks.results import Run, ratios, tables_in_words, told
from benchmarks.server import Unsealed
from benchmarks.subjects import TASKS, TOP, Peer, Product, Subject, Task
from tests.rig import databases, postgresql

SAFE = (
    "-c listen_addresses='' -c jit=off -c autovacuum=off -c max_parallel_workers_per_gather=0 "
    "-c shared_buffers=256MB -k "
)
"""As a real server, fsync on; nothing in the background may take CPU that is not the pages' own."""

PEERS = {"django_admin": ".venv-django", "appbuilder": ".venv-appbuilder"}


@contextmanager
def engine_of(name: str, folder: Path, wanted: Sequence[str]) -> Iterator[dict[str, str]]:
    """Give the addresses of an empty database for each that is measured."""
    if name == "sqlite":
        yield {one: databases.sqlite_url(folder / one / "casemgr.db") for one in wanted}
        return
    postgresql.OPTIONS = SAFE
    binaries = postgresql.find_binaries()
    if binaries is None:
        sys.exit("no PostgreSQL server here; sudo apt-get install postgresql")
    cluster = postgresql.Cluster(binaries)
    try:
        yield {one: cluster.create(f"bench_{one}") for one in wanted}
    finally:
        cluster.stop()


def run(engine: str, count: int, chosen: argparse.Namespace) -> Run:
    """Fill all, measure them in turn, and return what was found; others stand beside at the smallest size."""
    others = [*([] if chosen.no_open else ["unsealed"]), *_peers(chosen)]
    wanted = ["casemgr", *(others if count == min(chosen.cases) else [])]
    found = Run(engine=engine, count=count)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for one in wanted:
            (folder / one).mkdir()
        urls = stack.enter_context(engine_of(engine, folder, wanted))
        subjects = [_begin(one, urls[one], folder / one, count) for one in wanted]
        for subject in subjects:
            stack.callback(subject.close)
            found.fillings[subject.name] = (subject.seconds, subject.cpu, _disk(subject.url))
        turns = [
            (task, one, clients) for task in TASKS for one in subjects if one.has(task) for clients in (1, 8)
        ]
        for number in range(chosen.rounds):
            print(f"{engine}, {count} cases, round {number + 1} of {chosen.rounds}", file=sys.stderr)
            for task, subject, clients in turns:
                found.add(task.name, subject.name, clients, _measure(subject, task, clients, chosen.requests))
        for subject in subjects:
            found.memory[subject.name] = memory_of(subject.process.pid)
        for product in [one for one in subjects if isinstance(one, Product)]:
            found.tables[product.name] = _make_tables(product)
    return found


def _begin(name: str, url: str, folder: Path, count: int) -> Subject:
    print(f"filling {name} with {count} cases", file=sys.stderr)
    if name in PEERS:
        return Peer(name, TOP / PEERS[name] / "bin" / "python", url, count)
    is_open = name == "unsealed"
    return Product(fill(url, folder, count, keyring=Unsealed if is_open else None), is_open=is_open)


def _peers(chosen: argparse.Namespace) -> list[str]:
    """Return the peers that are installed; one that is not is said, and left out."""
    found = [name for name, folder in PEERS.items() if (TOP / folder / "installed").exists()]
    for name in PEERS.keys() - set(found):
        print(f"{name} is not installed here (.ci/bench.sh makes its environment)", file=sys.stderr)
    return [] if chosen.no_peers else found


def _measure(subject: Subject, task: Task, clients: int, requests: int) -> Point:
    wanted, headers = subject.prepare(task)
    # The first answers compile pages and fill caches; they are sent and forgotten.
    for count in (clients, max(clients, int(requests * task.share))):
        point = measure(
            subject.port,
            wanted,
            headers=headers,
            clients=clients,
            count=count,
            pid=subject.process.pid,
            database_cpu=subject.database_cpu,
            changes=task.changes,
        )
        wanted = wanted[count:] + wanted[:count]
    return point


def _make_tables(product: Product) -> str:
    officer, settings = product.filled.officer, product.filled.settings
    command = [sys.executable, "-m", "benchmarks.tables", product.url, str(settings.directory)]
    command += [str(officer.account_id), str(officer.unit_id)]
    command += ["--open"] if product.name == "unsealed" else []
    before = product.database_cpu()
    answer = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
    return tables_in_words(answer.stdout, product.database_cpu() - before)


def _disk(url: str) -> float:
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*")) / 1e6
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        row = connection.execute(b"SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) / 1e6 if row else 0.0


def main() -> None:
    """Measure what was asked for and print it with machine, load and commit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--million", action="store_true", help="fill a million cases too; takes hours")
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--requests", type=int, default=60, help="of each kind, at 1 and at 8 clients")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-open", action="store_true", help="leave out what is measured without sealing")
    parser.add_argument("--no-peers", action="store_true", help="leave out the peers")
    parser.add_argument("--into", type=Path, help="write the figures into this file too")
    chosen = parser.parse_args()
    asked = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    what = f"Commit {commit}, Python {platform.python_version()}, {os.cpu_count()} cores"
    how = f"{chosen.rounds} rounds of {chosen.requests} requests"
    lines = [f"{what}, load {os.getloadavg()[0]:.1f} at the beginning; {how}."]
    print(lines[0], flush=True)
    runs: list[Run] = []
    for engine in chosen.engines:
        for count in [*chosen.cases, *([1_000_000] if chosen.million else [])]:
            runs.append(run(engine, count, chosen))
            lines.append(told(runs[-1]))
            print(lines[-1], flush=True)
    lines += [ratios(runs), f"Load {os.getloadavg()[0]:.1f} at the end."]
    print("\n".join(lines[-2:]))
    if chosen.into:
        chosen.into.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
