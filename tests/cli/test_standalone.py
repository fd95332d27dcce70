"""One laptop: TLS with a certificate of its own, and a start by double click."""

import hashlib
import http.client
import os
import shlex
import signal
import socket
import ssl
import subprocess
import sys
from datetime import timedelta

import pytest

from casemgr import clock
from casemgr.backups.places import Places
from casemgr.cli import shortcut
from casemgr.cli.server import listen
from casemgr.cli.shortcut import desktop_entry, windows_script
from casemgr.cli.tls_front import CERTIFICATE, KEY, TlsFront, own_context
from casemgr.crypto.certificates import VALID_DAYS, fingerprint_of, is_usable, new_certificate
from casemgr.crypto.providers import PassphraseProvider
from tests.cli.conftest import ADMIN, COMMUNE, PASSPHRASE

NAMES = ("localhost", "127.0.0.1")


@pytest.fixture
def places(tmp_path):
    places = Places(directory=tmp_path / "home")
    places.prepare()
    return places


@pytest.fixture
def served(sqlite_shell, tmp_path):
    """A laptop that serves by TLS: its port, the fingerprint it printed, and its folder."""
    sqlite_shell.run("init", *COMMUNE, *ADMIN, typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE, encoding="utf-8")
    file.chmod(0o600)
    environment = {**os.environ, **sqlite_shell.environment, "CASEMGR_PASSPHRASE_FILE": str(file)}
    command = [sys.executable, "-m", "casemgr", "serve", "--tls", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        said = ""
        while "https://" not in said:
            said += process.stderr.readline()
        port = int(said.rsplit(":", 1)[1])
        fingerprint = next(word for word in said.split() if word.count(":") == 31)
        yield port, fingerprint, sqlite_shell.directory
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def test_a_telephone_gets_the_certificate_whose_fingerprint_was_printed(served):
    port, fingerprint, directory = served
    stalled = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(20)]
    trust = ssl.create_default_context(cafile=directory / CERTIFICATE)
    connection = http.client.HTTPSConnection("localhost", port, timeout=30, context=trust)

    connection.request("GET", "/sign-in")
    seen = connection.sock.getpeercert(binary_form=True)
    answer = connection.getresponse()

    assert answer.status == 200
    assert "Đăng nhập" in answer.read().decode()
    assert ":".join(f"{byte:02X}" for byte in hashlib.sha256(seen).digest()) == fingerprint
    connection.close()
    for one in stalled:
        one.close()
    in_the_clear = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    in_the_clear.request("GET", "/sign-in")
    with pytest.raises((http.client.HTTPException, OSError)):
        in_the_clear.getresponse()
    in_the_clear.close()


def test_the_key_of_the_certificate_opens_with_the_root_keys_alone(places, keys):
    own_context(places, keys, NAMES)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    with pytest.raises(ssl.SSLError):
        context.load_cert_chain(places.directory / CERTIFICATE, places.directory / KEY, password="guessed")

    assert b"ENCRYPTED PRIVATE KEY" in (places.directory / KEY).read_bytes()


def test_the_fingerprint_stays_until_a_name_is_added_or_the_end_is_near(places, keys):
    now = clock.now()
    with clock.frozen(now):
        _, first = own_context(places, keys, NAMES)
        assert own_context(places, keys, NAMES)[1] == first
        _, second = own_context(places, keys, (*NAMES, "192.168.1.5"))
        assert second != first
        assert own_context(places, keys, NAMES)[1] == second
    with clock.frozen(now + timedelta(days=VALID_DAYS - 29)):
        assert own_context(places, keys, NAMES)[1] != second


def test_a_certificate_covers_its_names_alone():
    _, certificate = new_certificate(("laptop.xa", "192.168.1.5"), b"password", clock.now())

    assert is_usable(certificate, ("laptop.xa",), clock.now())
    assert not is_usable(certificate, ("evil.example",), clock.now())
    assert not is_usable(certificate, ("192.168.1.6",), clock.now())
    assert fingerprint_of(certificate).count(":") == 31


def test_another_program_on_the_laptop_cannot_come_in_behind_tls(places, keys):
    context, _ = own_context(places, keys, NAMES)
    listening = listen("127.0.0.1", 0)
    answered = []
    behind = TlsFront(listening, context).wrap(lambda *_: [b"page"])

    body = behind({"REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "50123"}, lambda *said: answered.append(said))

    listening.close()
    assert body == []
    assert answered[0][0].startswith("403")


@pytest.mark.parametrize("path", ["/home/mai/casemgr.toml", '/home/an\'s/100% "thư" $HOME `x` \\ .toml'])
def test_the_entry_of_the_desktop_carries_any_path_unharmed(path, tmp_path):
    entry = desktop_entry({"CASEMGR_CONFIG": path})
    command = next(line for line in entry.splitlines() if line.startswith("Exec=")).removeprefix("Exec=")
    # What a desktop does: undo the escapes of the value, then those of the quoted argument.
    argument = command.replace("\\\\", "\\").replace("%%", "%").removeprefix('bash -c "').removesuffix('"')
    for sign in ("`", "$", '"', "\\"):
        argument = argument.replace(f"\\{sign}", sign)
    words = shlex.split(argument.partition(" && ")[2])

    assert words[0] == f"CASEMGR_CONFIG={path}"
    assert words[1:][:4] == [".venv/bin/python", "-m", "casemgr", "serve"]


def test_the_script_for_windows_keeps_percent_signs_and_shows_refusals():
    script = windows_script({"CASEMGR_DIRECTORY": r"C:\hồ sơ\100%"})

    assert 'set "CASEMGR_DIRECTORY=C:\\hồ sơ\\100%%"' in script
    assert script.splitlines()[0] == "@echo off"
    assert "chcp 65001" in script.splitlines()[1]
    assert script.rstrip().endswith("pause")


def test_on_windows_it_lies_on_the_desktop_that_is_seen(monkeypatch, tmp_path):
    monkeypatch.setattr(shortcut.Path, "home", lambda: tmp_path)
    monkeypatch.setenv("ONEDRIVE", str(tmp_path / "OneDrive"))

    assert shortcut._desktop(is_windows=True) == tmp_path / "Desktop"
    (tmp_path / "OneDrive" / "Desktop").mkdir(parents=True)
    assert shortcut._desktop(is_windows=True) == tmp_path / "OneDrive" / "Desktop"


def test_the_windows_script_survives_paths_as_they_are_there(monkeypatch):
    monkeypatch.setattr(shortcut, "PROGRAM", r"D:\Hồ sơ (mật) & việc^1\ca 100%")
    script = windows_script({"CASEMGR_CONFIG": r"C:\Users\Lò Thị Mai\casemgr & co.toml"})
    lines = script.splitlines()

    # Inside quotation marks & ^ ( ) are plain signs; outside of them each would end or change the command.
    assert 'cd /d "D:\\Hồ sơ (mật) & việc^1\\ca 100%%"' in lines
    assert 'set "CASEMGR_CONFIG=C:\\Users\\Lò Thị Mai\\casemgr & co.toml"' in lines
    assert all(line.isascii() for line in lines[: lines.index("title casemgr")]), (
        "read before the code page is set"
    )
    assert not script.startswith("\ufeff"), "cmd.exe would take the mark for a command"
    assert "Activate" not in script, "PowerShell may forbid scripts; this one needs none"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_settings_and_passphrase_may_be_written_with_notepad(sqlite_shell, tmp_path, mark, end):
    file, passphrase = tmp_path / "hồ sơ ca.toml", tmp_path / "mật khẩu.txt"
    values = {"database_url": sqlite_shell.environment["CASEMGR_DATABASE_URL"]}
    values |= {"directory": str(sqlite_shell.directory), "passphrase_file": str(passphrase)}
    text = end.join(f'{name} = "{value}"' for name, value in values.items())
    file.write_bytes(mark + text.encode() + end.encode())
    passphrase.write_bytes(mark + PASSPHRASE.encode() + end.encode())
    passphrase.chmod(0o600)
    sqlite_shell.environment.clear()

    sqlite_shell.run("--config", str(file), "init", *COMMUNE, *ADMIN)

    found = PassphraseProvider(sqlite_shell.directory / "root.keys", PASSPHRASE)
    assert found.root_keys().current_id


def test_settings_in_another_encoding_are_refused_in_words(sqlite_shell, tmp_path):
    file = tmp_path / "casemgr.toml"
    file.write_bytes('directory = "/home/mai"'.encode("utf-16"))

    sqlite_shell.run("--config", str(file), "config", "check", code=2)

    assert "CASEMGR_CONFIG" in sqlite_shell.output


def test_a_shortcut_is_written_for_a_laptop_and_not_for_a_server(sqlite_shell, tmp_path):
    sqlite_shell.run("shortcut", "--windows", "--into", str(tmp_path))
    sqlite_shell.run("shortcut", "--linux", "--into", str(tmp_path))
    url = "postgresql+psycopg://casemgr@/casemgr"
    sqlite_shell.run("shortcut", "--into", str(tmp_path), code=3, CASEMGR_DATABASE_URL=url)

    script = (tmp_path / "casemgr.cmd").read_bytes()
    assert script.count(b"\r\n") == script.count(b"\n")
    assert str(sqlite_shell.directory).encode() in script
    assert "Terminal=true" in (tmp_path / "casemgr.desktop").read_text(encoding="utf-8")
