import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from casemgr import clock, db
from casemgr.accounts import service as accounts
from casemgr.accounts.models import Account
from casemgr.cli import main
from casemgr.cli.demo import Demonstration
from casemgr.cli.serving import listen
from casemgr.crypto import onetime
from casemgr.demo import content
from casemgr.demo.organisation import HAMLETS, begin_day
from casemgr.policy import Role
from casemgr.units.models import Unit
from tests.rig import databases

STEP = 1_800_000_000 // onetime.STEP_SECONDS


def run(*words, code=0):
    result = CliRunner().invoke(main, words)
    assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
    return result.stdout


@pytest.fixture(autouse=True)
def few_cases(monkeypatch):
    """What the demonstration holds has tests of its own."""
    monkeypatch.setattr(content, "CASES", 0)


@pytest.fixture
def without_a_story(monkeypatch):
    """Demonstrations are made with their organisations alone."""
    monkeypatch.setattr(content, "fill", lambda *_, **__: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "demo"


@pytest.fixture
def demo(folder):
    """What the first line of JSON tells; made once for all these tests."""
    told = run("demo", "--dir", str(folder), "--no-serve", "--json").splitlines()
    return json.loads(told[0])


@pytest.fixture
def opened(demo, folder):
    """A unit of work on the demonstration."""
    demonstration = Demonstration(folder)
    database = databases.open_database(demonstration.settings.database_url)
    with db.work(database, demonstration.keyring, write=True) as session:
        yield session
    database.close()


def test_every_role_has_an_account_that_can_sign_in(demo, opened):
    assert {role for one in demo["accounts"] for role in one["roles"]} == {str(role) for role in Role}
    assert {account.state for account in opened.query(Account)} == {"active"}


def test_names_are_obviously_invented(demo):
    assert all("Mẫu" in one["name"] for one in demo["accounts"])


def test_an_account_signs_in_with_its_password_and_code(demo, opened):
    one = demo["accounts"][0]

    attempt = accounts.sign_in(one["sign_in_name"], one["password"], address="t", user_agent="")
    actor = accounts.find_standing(attempt.token, idle_minutes=15, session_hours=10).actor
    code = onetime.current_code(one["totp_secret"], clock.now())

    assert accounts.enter_code(actor, code, address="t").stage == "open"


def test_the_commune_has_its_organisations(demo, opened):
    units = opened.query(Unit).all()
    kinds = [unit.kind for unit in units if unit.commune_code == "15148"]

    assert kinds.count("thon") == len(HAMLETS) == 6
    assert {"ubnd_xa", "phong_vhxh", "tram_y_te", "cong_an_xa", "truong_hoc", "hoi_lhpn"} <= set(kinds)
    addresses = [unit for unit in units if unit.kind == "dia_chi_tin_cay"]
    assert sorted(unit.is_public for unit in addresses) == [False, True]
    assert all(unit.duty_phone is None for unit in units if not unit.is_public)
    assert {"nha_tam_lanh", "tro_giup_phap_ly"} <= {unit.kind for unit in units if not unit.commune_code}
    assert len({unit.commune_code for unit in units if unit.kind == "ubnd_xa"}) == 2


def test_a_second_start_keeps_everything(demo, folder):
    again = json.loads(run("demo", "--dir", str(folder), "--no-serve", "--json").splitlines()[0])

    assert again["accounts"] == demo["accounts"]


def test_the_next_free_port_is_taken(demo, folder):
    taken = listen("127.0.0.1", 0)
    port = taken.getsockname()[1]

    told = run("demo", "--dir", str(folder), "--no-serve", "--json", "--port", str(port))

    taken.close()
    assert port < int(json.loads(told.splitlines()[0])["address"].rsplit(":", 1)[1]) < port + 50


def test_a_reader_gets_a_table_instead(demo, folder):
    told = run("demo", "--dir", str(folder), "--no-serve")

    assert "DỮ LIỆU GIẢ ĐỊNH" in told
    assert all(one["password"] in told for one in demo["accounts"])


def test_a_code_that_was_used_is_followed_by_the_next_without_waiting(demo, folder):
    at = datetime.fromtimestamp(STEP * onetime.STEP_SECONDS + 3, UTC)
    one = demo["accounts"][1]
    given = []
    with clock.frozen(at):
        for _ in range(2):
            code = run("demo", "--dir", str(folder), "code", one["sign_in_name"]).strip()
            use(folder, one, code)
            given.append(code)
        later = json.loads(run("demo", "code", one["sign_in_name"], "--dir", str(folder), "--json"))

    steps = [datetime.fromtimestamp((STEP + ahead) * onetime.STEP_SECONDS, UTC) for ahead in range(3)]
    assert [*given, later["code"]] == [onetime.current_code(one["totp_secret"], step) for step in steps]
    assert datetime.fromisoformat(later["usable_at"]) == steps[1]
    with clock.frozen(steps[1]):
        use(folder, one, later["code"])


def use(folder, one, code):
    """Sign in with a code; it must be taken."""
    demonstration = Demonstration(folder)
    database = databases.open_database(demonstration.settings.database_url)
    with db.work(database, demonstration.keyring, write=True):
        attempt = accounts.sign_in(one["sign_in_name"], one["password"], address="t", user_agent="")
        actor = accounts.find_standing(attempt.token, idle_minutes=15, session_hours=10).actor
        assert accounts.enter_code(actor, code, address="t").stage == "open"
    database.close()


def test_a_command_asks_for_no_password_here(demo):
    listed = run("--config", demo["config"], "user", "list", "--as", "quantri", "--json")

    assert len(json.loads(listed)) == len(demo["accounts"])
    run("--config", demo["config"], "user", "list", "--as", "canbo1", code=3)
    run("--config", demo["config"], "user", "list", "--as", "khongco", code=3)


def test_the_password_is_asked_for_where_the_list_of_accounts_is_gone(demo, folder, monkeypatch):
    monkeypatch.setenv("CASEMGR_PASSWORD", "x")
    listing = folder / "demo.json"
    listing.rename(folder / "away.json")

    try:
        run("--config", demo["config"], "user", "list", "--as", "quantri", code=3)
    finally:
        (folder / "away.json").rename(listing)


def test_reset_makes_another_demonstration(without_a_story, tmp_path):
    place = str(tmp_path / "again")
    first = json.loads(run("demo", "--dir", place, "--no-serve", "--json").splitlines()[0])
    second = json.loads(run("demo", "--dir", place, "--no-serve", "--json", "--reset").splitlines()[0])

    assert first["accounts"][0]["password"] != second["accounts"][0]["password"]


def test_a_folder_with_something_else_is_never_removed(tmp_path):
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")

    run("demo", "--dir", str(tmp_path), "--no-serve", "--reset", code=3)
    run("demo", "--dir", str(tmp_path), "--no-serve", code=3)

    assert (tmp_path / "letter.txt").exists()


def test_a_demonstration_that_was_broken_off_is_made_anew(without_a_story, tmp_path):
    place = tmp_path / "demo"
    place.mkdir()
    (place / "demo.toml").write_text("", encoding="utf-8")
    (place / "root.keys").write_text("half", encoding="utf-8")

    run("demo", "--dir", str(place), "--no-serve", "--json")

    assert (place / "demo.json").exists()


def test_a_code_needs_a_demonstration_and_a_name_in_it(demo, folder, tmp_path):
    run("demo", "--dir", str(tmp_path), "code", "canbo1", code=3)
    run("demo", "--dir", str(folder), "code", "khongco", code=3)


@pytest.mark.parametrize(
    ("today", "begin"),
    [
        (date(2026, 11, 22), date(2025, 6, 1)),
        (date(2026, 5, 31), date(2024, 12, 1)),
        (date(2026, 12, 1), date(2025, 12, 1)),
    ],
)
def test_the_story_spans_three_half_years(today, begin):
    assert begin_day(today) == begin
    assert today - begin > timedelta(days=360)
