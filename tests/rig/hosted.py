"""A hosted installation for tests: processes of casemgr behind a real nginx, as shipped files set it up."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from casemgr.cli.profile import filled
from tests.rig.authority import Issued

HOST = "casemgr.test"
LONGEST_START = 60
MAIN = """daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/bodies; proxy_temp_path {folder}/answers; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/site.conf;
}}
"""


def find_nginx() -> str | None:
    """Return the program, or None."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def free_port() -> int:
    """Return a port that nobody has at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class Hosted:
    """What runs, and how a browser elsewhere asks it."""

    folder: Path
    environment: dict[str, str]
    issued: Issued
    ports: list[int] = field(default_factory=lambda: [free_port(), free_port()])
    tls_port: int = field(default_factory=free_port)
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def start_nginx(self, program: str) -> None:
        """Start nginx with the site that `casemgr profile nginx` prints."""
        site = filled(
            "nginx.conf",
            ports=self.ports,
            host=HOST,
            certificate=str(self.issued.certificate),
            key=str(self.issued.key),
            plain_port=str(free_port()),
            tls_port=str(self.tls_port),
            error_log=str(self.folder / "site-error.log"),
        )
        lines = [line for line in site.splitlines() if "listen [::]" not in line]
        (self.folder / "site.conf").write_text("\n".join(lines), encoding="utf-8")
        (self.folder / "nginx.conf").write_text(MAIN.format(folder=self.folder), encoding="utf-8")
        command = [program, "-e", str(self.folder / "early.log"), "-c", str(self.folder / "nginx.conf")]
        self._run(command, environment={})

    def start(self, *words: str, root: Path | None = None) -> subprocess.Popen[str]:
        """Start a command, of this program or of the one in another folder."""
        environment = {**self.environment, "PYTHONUNBUFFERED": "1", "CASEMGR_PROXY_HOPS": "1"}
        environment |= {"CASEMGR_HOSTS": HOST} | ({"PYTHONPATH": str(root)} if root else {})
        return self._run([sys.executable, "-m", "casemgr", *words], environment=environment, home=root)

    def serve(self, place: int, root: Path | None = None) -> subprocess.Popen[str]:
        """Start the first or the second process, waiting for older tables as the unit does."""
        return self.start("serve", "--port", str(self.ports[place]), "--wait", root=root)

    def ask(
        self, path: str = "/sign-in", method: str = "GET", body: str | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        """Ask as a browser elsewhere does: by TLS, trusting the local authority alone."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.tls_port, timeout=30)
        raw = socket.create_connection(("127.0.0.1", self.tls_port), timeout=30)
        connection.sock = self.issued.trust.wrap_socket(raw, server_hostname=HOST)
        said = {"Host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers=said)
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        connection.close()
        return answer

    def ask_past_nginx(self, place: int, path: str = "/sign-in", **headers: str) -> int:
        """Ask a process itself, as another program on the machine could, and return the status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[place], timeout=30)
        said = {"Host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=said)
        status = connection.getresponse().status
        connection.close()
        return status

    def wait_until_asked(self) -> None:
        """Wait until a page comes."""
        _wait_for(lambda: self.ask().status)

    def wait_until_each_answers(self) -> None:
        """Wait until both processes give pages: one that is told to end before that has nothing to finish."""
        told = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "https"}
        for place in range(len(self.ports)):
            _wait_for(partial(self.ask_past_nginx, place, **told))

    def end(self) -> None:
        """End everything that was started."""
        for process in self.running:
            if process.poll() is None:
                process.terminate()
        for process in self.running:
            process.communicate(timeout=60)

    def _run(
        self, command: list[str], environment: dict[str, str], home: Path | None = None
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            cwd=home,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.running.append(process)
        return process


def _wait_for(ask: Callable[[], int]) -> None:
    deadline = time.monotonic() + LONGEST_START
    while True:
        try:
            if ask() == 200:
                return
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise TimeoutError("nothing answered")
        time.sleep(0.1)
