"""What is measured: the product, the product with nothing sealed, and the peers, each in its own process."""

import http.client
import json
import re
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg

from benchmarks.filling import Filled
from benchmarks.load import Request, cpu_of_family, form

TOP = Path(__file__).parents[1]
PASSWORD = "measured, and thrown away"  # noqa: S105 - of databases that live as long as the measurement
TOKEN = re.compile(r'name="(csrfmiddlewaretoken|csrf_token)"[^>]*value="([^"]+)"')
ENOUGH = 100
"""How many different cases, numbers and names are asked for in turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that somebody does: how often, whether the peers have it too, whether it writes."""

    name: str
    who: str = "worker"
    share: float = 1.0
    peers: bool = False
    changes: bool = False


TASKS = (
    Task(name="list 50", peers=True),
    Task(name="open one", peers=True),
    Task(name="create", who="creator", peers=True, changes=True),
    Task(name="exact ID", peers=True),
    Task(name="name, own cases", peers=True),
    Task(name="home"),
    Task(name="person"),
    Task(name="incidents"),
    Task(name="list 50, whole unit", who="supervisor"),
    Task(name="name, whole unit", who="supervisor", share=0.05),
    Task(name="home of a supervisor", who="supervisor"),
    Task(name="referral inbox", who="keeper"),
    Task(name="tables", who="officer"),
)


class Subject(ABC):
    """A server process that answers tasks for people who are signed in."""

    def __init__(self, name: str, command: list[str], url: str) -> None:
        self.name = name
        self.process = subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.told = json.loads(line)
        self.port = int(self.told["port"])
        self.seconds = float(self.told.get("seconds", 0))
        self.cpu = float(self.told.get("cpu", 0))
        self.url = url
        self.postmaster = _postmaster(url)

    @abstractmethod
    def has(self, task: Task) -> bool:
        """Say whether the task can be done here."""

    @abstractmethod
    def prepare(self, task: Task) -> tuple[list[Request], dict[str, str]]:
        """Return what is asked for in turn, and with which headers."""

    def ask(self, headers: dict[str, str], path: str, body: str = "") -> tuple[str, list[str]]:
        """Ask for one page and return it with the cookies it set."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request("POST" if body else "GET", path, body=body or None, headers={**headers, **kind})
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
        assert answer.status < 400, (self.name, path, answer.status)
        cookies = [value for name, value in answer.getheaders() if name.lower() == "set-cookie"]
        return page, [value.partition(";")[0] for value in cookies]

    def database_cpu(self) -> float:
        """Return the CPU seconds of all processes of the database; SQLite works inside the server."""
        return cpu_of_family(self.postmaster) if self.postmaster else 0.0

    def close(self) -> None:
        """Stop the server."""
        self.process.kill()
        self.process.wait()


class Product(Subject):
    """Our own server; with `is_open` nothing is sealed, which only the benchmark can do."""

    def __init__(self, filled: Filled, *, is_open: bool) -> None:
        self.filled = filled
        url = filled.settings.database_url
        command = [sys.executable, "-m", "benchmarks.server", url, str(filled.settings.directory)]
        super().__init__("unsealed" if is_open else "casemgr", command + ["--open"] * is_open, url)
        self.seconds, self.cpu = filled.seconds, filled.cpu

    def has(self, _: Task) -> bool:
        """Everything can be done here."""
        return True

    def prepare(self, task: Task) -> tuple[list[Request], dict[str, str]]:
        """Return what is asked for in turn, and the cookies of who asks."""
        session = f"__Host-s={self.filled.tokens[task.who]}"
        headers = {"Cookie": session, "Host": "localhost", "Sec-Fetch-Site": "same-origin"}
        page, cookies = self.ask(headers, "/help")
        token = TOKEN.search(page)
        assert token is not None
        headers["Cookie"] = "; ".join([session, *cookies])
        return _OURS[task.name](self.filled, token[2]), headers


def _searches(texts: list[str], token: str) -> list[Request]:
    return [("POST", "/search", form(csrf_token=token, text=text)) for text in texts]


def _emergency(token: str) -> list[Request]:
    body = form(csrf_token=token, danger_now="yes", phone="0912345678", adults="1", consent="given")
    return [("POST", "/emergency", body)]


def _pages(pattern: str) -> Callable[[Filled, str], list[Request]]:
    return lambda filled, _: [("GET", pattern.format(case_id), "") for case_id in filled.case_ids]


_OURS: dict[str, Callable[[Filled, str], list[Request]]] = {
    "list 50": lambda *_: [("GET", "/cases", "")],
    "open one": _pages("/cases/{}"),
    "create": lambda _, token: _emergency(token),
    "exact ID": lambda filled, token: _searches(filled.numbers, token),
    "name, own cases": lambda filled, token: _searches(filled.names, token),
    "home": lambda *_: [("GET", "/", "")],
    "person": _pages("/cases/{}/identity"),
    "incidents": _pages("/cases/{}/incidents"),
    "list 50, whole unit": lambda *_: [("GET", "/cases", "")],
    "name, whole unit": lambda filled, token: _searches(filled.names, token),
    "home of a supervisor": lambda *_: [("GET", "/", "")],
    "referral inbox": lambda *_: [("GET", "/referrals", "")],
    "tables": lambda *_: [("GET", "/statistics", "")],
}


class Peer(Subject):
    """A peer in its own environment, signed in through its own form."""

    def __init__(self, name: str, python: Path, url: str, cases: int) -> None:
        super().__init__(name, [str(python), "-m", f"benchmarks.peers.{name}", url, str(cases)], url)
        self._numbers = count()
        self._headers, self._token = self._sign_in()

    def has(self, task: Task) -> bool:
        """Only what both have."""
        return task.peers

    def prepare(self, task: Task) -> tuple[list[Request], dict[str, str]]:
        """Return what is asked for in turn, and the cookies of who is signed in."""
        return self._requests(task.name), self._headers

    def _requests(self, name: str) -> list[Request]:
        told = self.told
        if name == "list 50":
            return [("GET", told["list"], "")]
        if name == "open one":
            return [("GET", path, "") for path in told["open"][:ENOUGH]]
        if name == "create":
            rows = ({**told["row"], "code": f"HS-N{next(self._numbers)}"} for _ in range(1000))
            return [("POST", told["add"], form(**{self._token[0]: self._token[1]}, **row)) for row in rows]
        pattern, texts = (
            (told["search_number"], told["numbers"])
            if name == "exact ID"
            else (told["search_name"], told["names"])
        )
        return [("GET", pattern.format(quote(text)), "") for text in texts]

    def _sign_in(self) -> tuple[dict[str, str], tuple[str, str]]:
        cookies: dict[str, str] = {}
        headers = {"Host": "localhost"}

        def ask(path: str, body: str = "") -> str:
            page, given = self.ask(headers, path, body)
            cookies.update(cookie.partition("=")[::2] for cookie in given)
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
            return page

        name, password = self.told["fields"]
        token = TOKEN.search(ask(self.told["sign_in"]))
        assert token is not None
        ask(self.told["sign_in"], form(**{token[1]: token[2], name: "worker0", password: PASSWORD}))
        token = TOKEN.search(ask(self.told["add"]))
        assert token is not None, f"{self.name}: not signed in"
        return headers, (token[1], token[2])


def _postmaster(url: str) -> int:
    """Return the process that all processes of the database server come from; 0 for SQLite."""
    if url.startswith("sqlite"):
        return 0
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        backend = connection.info.backend_pid
        stat = Path(f"/proc/{backend}/stat").read_text(encoding="utf-8")
        return int(stat.rpartition(")")[2].split()[1])
