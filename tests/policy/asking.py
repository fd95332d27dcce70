"""Asks for pages fast, always from the same browsers, and puts the database back afterwards."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casemgr.web.application import CaseApplication
from tests.rig.browsing import ORIGIN, Browser
from tests.rig.staff import Staff, sign_in

UNCOUNTED = re.compile(r"audit_|account_session$|throttle$|answered_post$")
"""Tables in which a refusal may leave its trace."""

TELLING = re.compile(
    r"(?:(?:owner|author|account|assignee|sender|supervisor|approver|unit|from_unit|to_unit)_id|roles_text|state|kind"
    r"|tier|version|\w+_day|\w+_beds|is_public)$"
)
"""Columns that say whose a row is and how it stands."""

TOKENS = re.compile(rb'(name="(?:csrf_token|once|back)" value=")[^"]*')


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a browser sends along: cookies and the token of its forms."""

    cookies: str
    token: str


class Desk:
    """Asks for pages in the name of somebody, as often as wanted, always from the same browser."""

    def __init__(self, app: CaseApplication) -> None:
        self.app = app
        self._client: FlaskClient = app.test_client(use_cookies=False)
        self._passes: dict[str, Pass] = {"signed_out": _pass_of(Browser(app))}

    def seat(self, name: str, person: Staff) -> None:
        """Sign somebody in for good."""
        browser = Browser(self.app)
        sign_in(browser, person)
        assert browser.status == 200, browser.page
        self._passes[name] = _pass_of(browser)

    def ask(self, name: str, method: str, path: str, form: Mapping[str, Any] | None = None) -> TestResponse:
        """Send one request; a form goes with a valid token."""
        mine = self._passes[name]
        data = {**(form or {}), "csrf_token": mine.token} if method == "POST" else None
        headers = {"Cookie": mine.cookies, "User-Agent": "Firefox Windows"}
        return self._client.open(
            path,
            method=method,
            data=data,
            base_url=ORIGIN,
            headers=headers,
            environ_base={"REMOTE_ADDR": "192.0.2.1"},
            buffered=True,
        )


def _pass_of(browser: Browser) -> Pass:
    browser.open("/help")
    cookies = {name: browser.cookie(name) for name in ("__Host-s", "__Host-p")}
    sent = "; ".join(f"{name}={value}" for name, value in cookies.items() if value)
    return Pass(cookies=sent, token=browser.form_token())


def sanitised(answer: TestResponse) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """Return an answer without the tokens of its forms and the cookie that carries them."""
    headers = sorted(one for one in answer.headers if one[0] not in {"Set-Cookie", "Content-Length"})
    return answer.status_code, TOKENS.sub(rb"\1", answer.get_data()), tuple(headers)


def verdict(answer: TestResponse) -> str:
    """Put an answer into one of the words of the table."""
    away = answer.status_code in {301, 302, 303}
    if away and answer.headers["Location"].startswith(("/sign-in", "/unlock", "/first")):
        return "sign-in"
    if answer.status_code >= 500:
        return f"broke with {answer.status_code}"
    return str(answer.status_code) if answer.status_code in {403, 404, 405} else "ok"


class SqliteStore:
    """A SQLite file that is put back in one piece."""

    def __init__(self, path: Path) -> None:
        self._kept, self._live = sqlite3.connect(":memory:"), sqlite3.connect(path)
        self._live.backup(self._kept)
        named = self._live.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        self._tables = [name for (name,) in named if not UNCOUNTED.match(name)]
        columns = {table: self._live.execute(f'PRAGMA table_info("{table}")') for table in self._tables}
        telling = {
            table: [row[1] for row in rows if TELLING.match(row[1])] for table, rows in columns.items()
        }
        self._telling = {table: found for table, found in telling.items() if found}

    def restore(self) -> None:
        """Put everything back as it was."""
        self._kept.backup(self._live)

    def digests(self) -> dict[str, str]:
        """Return a digest of each table in which a refusal must leave nothing."""
        asked = {table: f'SELECT * FROM "{table}"' for table in self._tables}  # noqa: S608
        return {table: _digest(self._live.execute(query).fetchall()) for table, query in asked.items()}

    def shape(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return of each table, row by row, whose it is and how it stands; nothing drawn by chance."""
        asked = {
            table: f'SELECT {", ".join(columns)} FROM "{table}"'  # noqa: S608
            for table, columns in self._telling.items()
        }
        return {table: sorted(self._live.execute(query), key=repr) for table, query in asked.items()}

    def count_refusals(self) -> int:
        """Return how many refusals are in the log."""
        counted = self._live.execute("SELECT count(*) FROM audit_entry WHERE outcome = 'refused'")
        return int(counted.fetchone()[0])

    def close(self) -> None:
        """Forget what was kept."""
        self._kept.close()
        self._live.close()


def _digest(rows: list[Any]) -> str:
    return hashlib.blake2b(repr(rows).encode(), digest_size=16).hexdigest()


class PostgresqlStore:
    """A PostgreSQL database that is put back table by table, past triggers and foreign keys."""

    def __init__(self, address: str) -> None:
        self._live = psycopg.connect(address, autocommit=True)
        names = self._live.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        ).fetchall()
        self._tables = [name for (name,) in names if not name.startswith("audit_")]
        self._kept = {table: self._copy_out(table) for table in self._tables}
        self._wanted = self._all_digests()

    def restore(self) -> None:
        """Put back the tables that have changed; the log goes on."""
        found = self._all_digests()
        with self._live.transaction():
            self._live.execute("SET LOCAL session_replication_role = replica")
            for table in (name for name in self._tables if found[name] != self._wanted[name]):
                self._live.execute(f'DELETE FROM "{table}"')  # noqa: S608
                with self._live.cursor().copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(self._kept[table])

    def digests(self) -> dict[str, str]:
        """Return a digest of each table in which a refusal must leave nothing."""
        return {table: found for table, found in self._all_digests().items() if not UNCOUNTED.match(table)}

    def close(self) -> None:
        """End the connection."""
        self._live.close()

    def count_refusals(self) -> int:
        """Return how many refusals are in the log."""
        counted = self._live.execute("SELECT count(*) FROM audit_entry WHERE outcome = 'refused'").fetchone()
        return int(counted[0]) if counted else 0

    def _copy_out(self, table: str) -> bytes:
        with self._live.cursor().copy(f'COPY "{table}" TO STDOUT') as copy:
            return b"".join(bytes(part) for part in copy)

    def _all_digests(self) -> dict[str, str]:
        digest = "coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '')"
        each = (f"SELECT '{table}', {digest} FROM \"{table}\" t" for table in self._tables)  # noqa: S608
        return dict(self._live.execute(" UNION ALL ".join(each)).fetchall())


Store = SqliteStore | PostgresqlStore


@contextmanager
def opened_store(url: str, path: Path) -> Iterator[Store]:
    """Keep the database as it stands while the block runs."""
    store: Store = (
        SqliteStore(path) if url.startswith("sqlite") else PostgresqlStore(url.replace("+psycopg", "", 1))
    )
    try:
        yield store
    finally:
        store.close()
