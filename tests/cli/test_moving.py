"""From a laptop to a server as people type it: the old one is closed, and only the kit leads back."""

import http.client
import json
import os
import re
import subprocess
import sys
from uuid import uuid4

import pytest

from casemgr import db
from casemgr.audit import service as audit
from casemgr.audit.models import AuditEntry
from casemgr.backups import closing
from casemgr.crypto.providers import PassphraseProvider
from casemgr.jobs import service as jobs
from casemgr.keys.service import Keyring
from tests.cli.conftest import ADMIN, COMMUNE, PASSPHRASE, Shell
from tests.rig import databases

NEW = "song dai bien rong"
TYPED = f"{PASSPHRASE}\n"


@pytest.fixture
def laptop(sqlite_shell):
    said = sqlite_shell.run("init", *COMMUNE, *ADMIN, typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    sqlite_shell.kit = re.search(r"(\w{5}-){8}\w{5}", said).group()
    return sqlite_shell


@pytest.fixture
def server(cluster, tmp_path):
    environment = {
        "CASEMGR_DATABASE_URL": cluster.create("moved"),
        "CASEMGR_DIRECTORY": str(tmp_path / "server"),
    }
    yield Shell(environment=environment, directory=tmp_path / "server")
    cluster.drop("moved")


def work(shell, passphrase=PASSPHRASE):
    database = databases.open_database(shell.environment["CASEMGR_DATABASE_URL"])
    root_keys = PassphraseProvider(shell.directory / "root.keys", passphrase).root_keys()
    return database, Keyring(root_keys)


def actions(shell, passphrase):
    database, keyring = work(shell, passphrase)
    with db.work(database, keyring, write=False) as session:
        found = [entry.action for entry in session.query(AuditEntry).order_by(AuditEntry.seq)]
    database.close()
    return found


def test_a_closed_laptop_works_no_more_and_the_server_has_everything(laptop, server, tmp_path):
    closed = laptop.json("close", str(tmp_path / "stick"), "--yes", typed=TYPED)

    for command in (("serve",), ("worker", "--once"), ("backup", str(tmp_path)), ("audit", "verify")):
        laptop.run(*command, typed=TYPED, code=3)
        assert "đã đóng để chuyển" in laptop.output
    assert "moved" in {one["check"] for one in laptop.json("doctor", code=1)}

    said = server.run("transfer", closed["file"], "--json", typed=f"{TYPED}{NEW}\n{NEW}\n")
    moved = json.loads(said.splitlines()[-1])
    # The move itself is two entries: sessions ended, arrival.
    assert (moved["rows"], moved["log_faults"]) == (closed["rows"] + 2, 0)
    found = actions(server, NEW)
    assert found[:1] == ["system:init"]
    assert found.index("transfer:leave") < found.index("transfer:arrive")
    assert server.json("audit", "verify", "--deep", typed=f"{NEW}\n")["findings"] == []


def test_the_passphrase_alone_opens_a_closed_laptop_no_more_even_without_its_mark(laptop, tmp_path):
    laptop.run("close", str(tmp_path / "stick"), "--yes", typed=TYPED)
    (laptop.directory / "moved-away").unlink()

    laptop.run("audit", "verify", typed=TYPED, code=3)

    assert "sai mật khẩu khóa" in laptop.output


def test_the_recovery_kit_opens_it_again_and_that_is_on_record(laptop, tmp_path):
    laptop.run("close", str(tmp_path / "stick"), "--yes", typed=TYPED)

    laptop.run("recover", typed=f"{laptop.kit}\n{NEW}\n{NEW}\n")

    assert "được mở lại" in laptop.output
    assert actions(laptop, NEW)[-1] == "transfer:undone"
    assert laptop.json("audit", "verify", "--deep", typed=f"{NEW}\n")["findings"] == []
    laptop.run("worker", "--once", typed=f"{NEW}\n")


def test_the_last_backup_brings_no_second_laptop_to_life_with_the_voided_passphrase(laptop, tmp_path):
    closed = laptop.json("close", str(tmp_path / "stick"), "--yes", typed=TYPED)
    folder = tmp_path / "again"
    url = f"sqlite:///{tmp_path / 'again.db'}"
    again = Shell(
        environment={"CASEMGR_DATABASE_URL": url, "CASEMGR_DIRECTORY": str(folder)}, directory=folder
    )
    again.run("restore", closed["file"], typed=TYPED, code=3)
    assert "casemgr transfer" in again.output
    assert not (tmp_path / "again.db").exists()


def test_it_is_not_closed_while_anything_works_on_it(laptop, tmp_path, monkeypatch):
    database, keyring = work(laptop)
    with db.work(database, keyring, write=True):
        worker_id = uuid4()
        jobs.show_alive(worker_id)
    laptop.run("close", str(tmp_path / "stick"), "--yes", typed=TYPED, code=3)
    assert "đang chạy" in laptop.output
    with db.work(database, keyring, write=True):
        jobs.sign_off(worker_id)

    make_backup = closing.make_backup

    def write_meanwhile(*asked, **given):
        made = make_backup(*asked, **given)
        with db.work(database, keyring, write=True):
            audit.noted(None, "tip:record", "tip")
        return made

    monkeypatch.setattr(closing, "make_backup", write_meanwhile)
    laptop.run("close", str(tmp_path / "stick"), "--yes", typed=TYPED, code=3)
    database.close()
    assert not (laptop.directory / "moved-away").exists()
    laptop.run("audit", "verify", typed=TYPED)


def test_nothing_is_closed_without_a_yes(laptop, tmp_path):
    laptop.run("close", str(tmp_path / "stick"), typed=f"{TYPED}n\n", code=3)

    laptop.run("audit", "verify", typed=TYPED)


def test_a_server_that_still_runs_ends_by_itself_in_plain_words(laptop, tmp_path):
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE, encoding="utf-8")
    file.chmod(0o600)
    environment = {**os.environ, **laptop.environment, "CASEMGR_PASSPHRASE_FILE": str(file)}
    command = [sys.executable, "-m", "casemgr", "serve", "--no-worker", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            port = int(process.stderr.readline().rsplit(":", 1)[1])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            # It answers once it has written down that it began.
            connection.request("GET", "/healthz")
            assert connection.getresponse().read() == b"ok\n"
            connection.close()
            laptop.run("close", str(tmp_path / "stick"), "--yes", typed=TYPED)
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 3
    assert "đã đóng để chuyển" in said
