"""A throw-away PostgreSQL server on a socket of its own; it ends when the tests end, however they end."""

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

SCRIPT = """
set -e
{binaries}/initdb -D {home}/data -U casemgr --auth=trust --no-sync -E UTF8 --locale=C.UTF-8 >{home}/log 2>&1
{binaries}/pg_ctl -D {home}/data -w -s -l {home}/log -o {options} start >>{home}/log 2>&1 </dev/null
echo ready
read _ || true
{binaries}/pg_ctl -D {home}/data -m immediate -s stop >/dev/null 2>&1 || true
rm -rf {home}
"""
OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off "
    "-c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off -c shared_buffers=64MB -k "
)


def find_binaries() -> Path | None:
    """Return the folder of the newest server on this machine, or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if debian:
        return debian[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


EMPTY = """
DO $$ DECLARE place record; BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR place IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM %I', place.tablename);
  END LOOP;
  FOR place IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', place.sequencename);
  END LOOP;
END $$
"""
"""Ends what a failed test left open and empties every table; much faster than a copy of the database."""


class Cluster:
    """A running server with databases that live as long as the tests do."""

    def __init__(self, binaries: Path) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="casemgr-pg-"))
        script = SCRIPT.format(
            binaries=shlex.quote(str(binaries)),
            home=self._home,
            options=shlex.quote(OPTIONS + str(self._home)),
        )
        command = ["sh", "-c", script]
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root.
            account = pwd.getpwnam("postgres")
            os.chown(self._home, account.pw_uid, account.pw_gid)
            command = ["runuser", "-u", "postgres", "--", *command]
        # The shell waits on this pipe: it closes when the tests are killed, and the server is stopped.
        self._shell = subprocess.Popen(
            command, cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        if not self._shell.stdout or self._shell.stdout.readline() != b"ready\n":
            log = (self._home / "log").read_text(errors="replace")
            raise RuntimeError(f"PostgreSQL did not start:\n{log}")

    def url(self, name: str) -> str:
        """Return the address of a database in this server."""
        return f"postgresql+psycopg://casemgr@/{name}?host={self._home}"

    def create(self, name: str) -> str:
        """Create an empty database and return its address."""
        self._execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def empty(self, name: str) -> None:
        """Remove every row of a database, past all triggers, and end every connection to it."""
        self._execute(EMPTY, database=name)

    def drop(self, name: str) -> None:
        """Drop a database, even one that a failed test still holds."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._shell.communicate(b"\n", timeout=60)

    def _execute(self, statement: str, *, database: str = "postgres") -> None:
        address = f"host={self._home} user=casemgr dbname={database}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())
