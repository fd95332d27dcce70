"""The hosted profile as it is shipped: nginx with TLS before two processes on PostgreSQL."""

import re
import shutil
import threading
import tomllib
from configparser import RawConfigParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from casemgr import db
from casemgr.accounts.models import Throttle
from casemgr.cli.profile import filled
from casemgr.errors import OtherTables
from casemgr.factory import create_app
from tests.cli.conftest import ADMIN, COMMUNE, PASSPHRASE, Shell
from tests.rig import source
from tests.rig.authority import issue
from tests.rig.browsing import Browser
from tests.rig.databases import open_database
from tests.rig.hosted import HOST, Hosted, find_nginx
from tests.rig.staff import settings_for

NEXT_STEP = '''"""A step of the next version."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit", sa.Column("of_tomorrow", sa.String(10), nullable=True))


def downgrade() -> None:
    op.drop_column("unit", "of_tomorrow")
'''


@pytest.fixture
def hosted(cluster, tmp_path):
    """Two processes behind nginx, ready."""
    nginx = find_nginx()
    if nginx is None:
        pytest.skip("no nginx here; sudo apt-get install nginx")
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE, encoding="utf-8")
    file.chmod(0o600)
    environment = {
        "CASEMGR_DATABASE_URL": cluster.create("hosted"),
        "CASEMGR_DIRECTORY": str(tmp_path / "home"),
        "CASEMGR_PASSPHRASE_FILE": str(file),
    }
    Shell(environment=environment, directory=tmp_path / "home").run("init", *COMMUNE, *ADMIN)
    hosted = Hosted(folder=tmp_path, environment=environment, issued=issue(tmp_path, HOST))
    hosted.start_nginx(nginx)
    yield hosted
    hosted.end()
    cluster.drop("hosted")


def next_version(folder: Path, before: str) -> Path:
    """The program of tomorrow: this one with one step more."""
    for name in ("casemgr", "migrations", "templates"):
        shutil.copytree(source.ROOT / name, folder / name)
    shutil.copy(source.ROOT / "config.py", folder)
    (folder / "migrations/versions/9999_tomorrow.py").write_text(NEXT_STEP.format(before=before), "utf-8")
    return folder


def try_to_sign_in(hosted: Hosted, forged: str) -> int:
    page = hosted.ask(X_Forwarded_For=forged)
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    form = {
        "csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1],
        "name": "quantri",
        "password": "một mật khẩu sai",
    }
    headers = {"Cookie": cookie, "X-Forwarded-For": forged, "X-Forwarded-Proto": "http", "Forwarded": "for=1"}
    headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
    return hosted.ask(method="POST", body=urlencode(form), **headers).status


def test_pages_come_by_tls_and_forged_headers_change_nothing(hosted):
    processes = [hosted.serve(0), hosted.serve(1)]
    hosted.wait_until_asked()
    assert all(process.poll() is None for process in processes)

    page = hosted.ask()
    forged = [try_to_sign_in(hosted, f"192.0.2.{number}") for number in range(3)]

    assert page.headers["Strict-Transport-Security"]
    assert "nginx/" not in page.headers["Server"]
    assert set(forged) <= {200, 422, 429}
    database = open_database(hosted.environment["CASEMGR_DATABASE_URL"])
    with db.work(database, None, write=False) as session:
        counters = session.scalar(select(func.count()).select_from(Throttle))
    database.close()
    assert counters == 2, "one counter for the name and one for the one true address"
    assert hosted.ask("/healthz").status == 404
    true_headers = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "https"}
    assert hosted.ask_past_nginx(0) == 400
    assert hosted.ask_past_nginx(0, **true_headers) == 200
    assert hosted.ask_past_nginx(0, **true_headers | {"X_Forwarded_For": "192.0.2.1, 203.0.113.9"}) == 400


def test_large_forms_are_laid_into_no_file(hosted):
    hosted.serve(0)
    hosted.wait_until_asked()

    answer = hosted.ask(
        method="POST",
        body="text=" + "x" * 3_000_000,
        **{"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"},
    )

    assert answer.status in {400, 413}
    assert not [path for name in ("bodies", "answers") for path in (hosted.folder / name).rglob("*")]
    assert "buffered to a temporary file" not in (hosted.folder / "error.log").read_text()


def test_a_new_version_comes_while_people_work(hosted, tmp_path):
    old = [hosted.serve(0), hosted.serve(1)]
    hosted.wait_until_each_answers()
    before = Shell(environment=hosted.environment, directory=tmp_path).json("db", "current")["head"]
    tomorrow = next_version(tmp_path / "tomorrow", before)
    answers, is_over = [], threading.Event()

    def look() -> None:
        while not is_over.wait(0.1):
            answers.append(hosted.ask().status)

    assert "Đang phục vụ" in old[1].stderr.readline()
    visitor = threading.Thread(target=look, daemon=True)
    visitor.start()
    old[0].terminate()
    old[0].wait(timeout=60)
    first = hosted.serve(0, root=tomorrow)
    assert "casemgr db upgrade" in first.stderr.readline()
    hosted.start("db", "upgrade", root=tomorrow).wait(timeout=60)
    _, said = old[1].communicate(timeout=60)
    assert first.stderr.readline().strip().endswith(str(hosted.ports[0]))
    second = hosted.serve(1, root=tomorrow)
    assert second.stderr.readline().strip().endswith(str(hosted.ports[1]))
    is_over.set()
    visitor.join()

    assert (old[0].returncode, old[1].returncode) == (0, 4)
    assert "phiên bản mới hơn" in said
    assert len(answers) > 5
    assert set(answers) == {200}


def test_an_old_program_writes_nothing_into_newer_tables_and_says_so(database, keys, engine_url, tmp_path):
    with database.engine.connect().execution_options(casemgr_writes=True) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("DELETE FROM alembic_version")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('9999')")
    database.expected = "0001"
    browser = Browser(create_app(settings_for(engine_url, tmp_path), database, keys))

    browser.open("/sign-in")
    browser.send(name="mai", password="một mật khẩu")

    assert browser.status == 503
    assert "đang được nâng cấp" in browser.page
    with pytest.raises(OtherTables), db.work(database, keys, write=True):
        pytest.fail("a writing block was entered")
    with database.engine.connect().execution_options(casemgr_writes=True) as connection, connection.begin():
        connection.exec_driver_sql("DROP TABLE alembic_version")


@pytest.mark.parametrize("name", ["casemgr@.service", "casemgr-worker.service"])
def test_services_may_touch_their_own_folder_alone(name):
    text = filled(name, ports=[8001], host=HOST, directory="/srv/casemgr")
    unit = RawConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(text)
    service = unit["Service"]

    assert "{{" not in text
    assert service["ReadWritePaths"] == "/srv/casemgr"
    assert service["LoadCredential"] == "passphrase:/etc/casemgr/passphrase"
    assert service["CapabilityBoundingSet"] == ""
    assert service["ProtectSystem"] == "strict"
    assert {"NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictNamespaces"} <= {
        key for key, value in service.items() if value == "yes"
    }
    assert (service["UMask"], service["LimitCORE"], service["User"]) == ("0077", "0", "casemgr")


def test_files_of_a_profile_are_never_written_over(sqlite_shell, tmp_path):
    sqlite_shell.run("profile", "systemd", "--host", HOST, "--into", str(tmp_path / "units"))
    sqlite_shell.run("profile", "systemd", "--host", HOST, "--into", str(tmp_path / "units"), code=3)

    assert "không ghi đè" in sqlite_shell.output
    assert "proxy_hops = 1" in (tmp_path / "units/casemgr.toml").read_text()


def test_the_worker_may_write_where_backups_are_wanted(sqlite_shell, tmp_path):
    words = ("--host", HOST, "--backups", "/srv/backups", "--into", str(tmp_path / "units"))
    sqlite_shell.run("profile", "systemd", *words)

    units = {path.name: path.read_text() for path in (tmp_path / "units").iterdir()}
    assert tomllib.loads(units["casemgr.toml"])["backup_directory"] == "/srv/backups"
    assert "\nReadWritePaths=-/srv/backups\n" in units["casemgr-worker.service"]
    assert "/srv/backups" not in units["casemgr@.service"]
