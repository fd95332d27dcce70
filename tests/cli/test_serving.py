import http.client
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from casemgr.cli.demo import Demonstration, make
from casemgr.cli.server import listen
from casemgr.cli.serving import refuse_open_address
from casemgr.demo import content
from casemgr.errors import Refused
from tests.cli.conftest import PASSPHRASE

LONGEST_START = 60


@pytest.fixture
def start(request):
    """Starts a command in a process of its own and ends it after the test."""

    def begin(*words, environment):
        process = subprocess.Popen(
            [sys.executable, "-m", "casemgr", *words],
            env={**os.environ, **environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        request.addfinalizer(process.stderr.close)
        request.addfinalizer(process.stdout.close)
        request.addfinalizer(process.wait)
        request.addfinalizer(process.kill)
        return process

    return begin


def answer_of(port, path="/sign-in"):
    """Ask until the server answers."""
    deadline = time.monotonic() + LONGEST_START
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except OSError:
            if time.monotonic() > deadline:
                raise
        finally:
            connection.close()


def test_an_installation_is_served_and_ends_when_told(set_up, start, tmp_path):
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE, encoding="utf-8")
    file.chmod(0o600)
    server = start(
        "serve",
        *("--port", "0"),
        environment={**set_up.environment, "CASEMGR_PASSPHRASE_FILE": str(file)},
    )
    port = int(server.stderr.readline().rsplit(":", 1)[1])

    status, headers, _ = answer_of(port)
    server.send_signal(signal.SIGTERM)
    _, said = server.communicate(timeout=60)

    assert status == 200
    assert headers["Server"] is None
    assert headers["Cache-Control"] == "no-store"
    assert server.returncode == 0
    assert "Đã dừng" in said
    assert list((set_up.directory / "checkpoints").iterdir())
    assert set_up.json("audit", "verify", typed=f"{PASSPHRASE}\n")["proven"] > 0


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "::", "example.vn"])  # noqa: S104
def test_an_address_that_others_reach_needs_a_proxy(address):
    with pytest.raises(Refused, match="address_open"):
        refuse_open_address(address, 0)

    refuse_open_address(address, 1)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_this_machine_alone_needs_none(address):
    refuse_open_address(address, 0)


def test_the_refusal_says_why_in_plain_words(set_up):
    set_up.run("serve", code=3, CASEMGR_ADDRESS="0.0.0.0")  # noqa: S104

    assert "không có TLS" in set_up.output
    assert "serve --tls" in set_up.output


def test_a_port_that_is_taken_is_told(set_up):
    taken = listen("127.0.0.1", 0)
    port = str(taken.getsockname()[1])

    set_up.run("serve", "--port", port, typed=f"{PASSPHRASE}\n", code=4)

    taken.close()
    assert "Lỗi hệ thống" in set_up.output


def test_tables_of_another_version_are_not_served(sqlite_shell):
    sqlite_shell.directory.mkdir(mode=0o700)

    sqlite_shell.run("serve", code=3)

    assert "casemgr init" in sqlite_shell.output


def test_the_demonstration_is_served_with_its_first_line_in_json(start, tmp_path, monkeypatch):
    monkeypatch.setattr(content, "fill", lambda *_, **__: None)
    place = Demonstration(tmp_path / "demo")
    make(place)
    place.close()
    demo = start("demo", "--dir", str(tmp_path / "demo"), "--port", "8050", "--json", environment={})
    told = json.loads(demo.stdout.readline())

    status, _, page = answer_of(int(told["address"].rsplit(":", 1)[1]))
    demo.send_signal(signal.SIGTERM)
    demo.communicate(timeout=60)

    assert status == 200
    assert "Dữ liệu giả định".encode() in page
    assert demo.returncode == 0
