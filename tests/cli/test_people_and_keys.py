from contextlib import contextmanager
from datetime import timedelta

import pytest

from casemgr import clock, db
from casemgr.accounts import service as accounts
from casemgr.accounts.models import AccountSession
from casemgr.audit.models import AuditEntry
from casemgr.crypto import onetime
from casemgr.crypto.providers import PassphraseProvider
from casemgr.keys.service import Keyring
from casemgr.policy import Role
from casemgr.units.models import Unit
from tests.cli.conftest import PASSPHRASE, words_after
from tests.rig import databases, staff

PASSWORD = "mười hai con trâu trắng"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
UNLOCK = f"{PASSPHRASE}\n"


@pytest.fixture
def admin(set_up):
    """The installation with its administrator enrolled, some minutes ago."""
    code = words_after(set_up.output, "trong 14 ngày):")
    with clock.frozen(minutes_from_now(-10)), open_work(set_up):
        accounts.enrol("quantri", code, PASSWORD, seed=SEED)
    return set_up


def minutes_from_now(minutes):
    return clock.now() + timedelta(minutes=minutes)


@contextmanager
def open_work(shell):
    database = databases.open_database(shell.environment["CASEMGR_DATABASE_URL"])
    keyring = Keyring(PassphraseProvider(shell.directory / "root.keys", PASSPHRASE).root_keys())
    with db.work(database, keyring, write=True) as session:
        yield session
    database.close()


def proof():
    return {"CASEMGR_PASSWORD": PASSWORD, "CASEMGR_CODE": onetime.current_code(SEED, clock.now())}


def test_an_administrator_adds_lists_and_closes_accounts(admin):
    made = admin.json(
        *("user", "add", "canbo.mau", "--name", "Cán bộ Mẫu", "--unit", "UBND xã Cẩm Tú"),
        *("--role", "report_officer", "--as", "quantri"),
        typed=UNLOCK,
        **proof(),
    )

    assert made["sign_in_name"] == "canbo.mau"
    with open_work(admin):
        actor, _ = accounts.enrol("canbo.mau", made["invitation"], PASSWORD)
    assert actor.roles == {"report_officer"}


def test_a_command_asks_for_password_and_code(admin):
    code = onetime.current_code(SEED, clock.now())

    listed = admin.run("user", "list", "--as", "quantri", typed=f"{UNLOCK}{PASSWORD}\n{code}\n")

    assert "Quản trị Mẫu" in listed
    assert PASSWORD not in admin.output


@pytest.mark.parametrize("name", ["quantri", "khongco"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(admin, name):
    admin.run("user", "list", "--as", name, typed=UNLOCK, code=3, CASEMGR_PASSWORD="x", CASEMGR_CODE="000000")

    assert "không đúng" in admin.output


def test_a_code_works_once(admin):
    given = proof()
    admin.run("user", "list", "--as", "quantri", typed=UNLOCK, **given)

    admin.run("user", "list", "--as", "quantri", typed=UNLOCK, code=3, **given)


def test_a_command_leaves_no_session_open_and_is_on_record_with_its_door(admin):
    admin.run("user", "list", "--as", "quantri", typed=UNLOCK, **proof())

    with open_work(admin) as session:
        assert session.query(AccountSession).filter(AccountSession.ended_at.is_(None)).count() == 0
        entry = session.query(AuditEntry).filter(AuditEntry.action == "account:list").one()
        assert entry.door.startswith("command:")


def test_somebody_who_is_not_an_administrator_is_refused(admin):
    made = admin.json(
        *("user", "add", "canbo.mau", "--name", "Cán bộ", "--unit", "UBND xã Cẩm Tú"),
        *("--role", "report_officer", "--as", "quantri"),
        typed=UNLOCK,
        **proof(),
    )
    with clock.frozen(minutes_from_now(-10)), open_work(admin):
        accounts.enrol("canbo.mau", made["invitation"], PASSWORD, seed=SEED)

    commands = (("user", "list"), ("keys", "status"), ("keys", "rewrap"))
    for minutes, command in enumerate(commands):
        with clock.frozen(minutes_from_now(minutes)):
            admin.run(*command, "--as", "canbo.mau", typed=UNLOCK, code=3, **proof())
        assert "không có quyền" in admin.output


def test_a_unit_that_does_not_exist_is_told_so(admin):
    admin.run(
        *("user", "add", "canbo", "--name", "Cán bộ", "--unit", "Không có", "--role", "leader"),
        *("--as", "quantri"),
        typed=UNLOCK,
        code=3,
        **proof(),
    )

    assert "đơn vị" in admin.output


def test_in_an_emergency_whoever_holds_the_passphrase_lets_the_administrator_in_again(admin):
    admin.run("user", "reset", "quantri", typed=UNLOCK, code=3)

    code = admin.json("user", "reset", "quantri", "--emergency", typed=UNLOCK)["invitation"]

    with open_work(admin) as session:
        assert accounts.redeem_invitation("quantri", code, address="t", user_agent="").stage == "enrol"
        actions = {entry.action for entry in session.query(AuditEntry)}
        assert "account:emergency_reset" in actions


def test_a_command_lets_no_administrator_in_alone_and_a_supervisor_releases_it(admin):
    with clock.frozen(minutes_from_now(-10)), open_work(admin) as session:
        here = session.query(Unit.id).scalar()
        for name, role in (("giamsat", Role.SUPERVISOR), ("canbo", Role.CASE_WORKER)):
            account_id = accounts.add_account(
                staff.founder(), sign_in_name=name, name=name, unit_id=here, roles=[role]
            )
            code = accounts.invite(staff.founder(), account_id).code
            accounts.enrol(name, code, PASSWORD, seed=SEED)

    asked = admin.json("user", "reset", "canbo", "--emergency", typed=UNLOCK)
    admin.run("user", "reset", "canbo", "--emergency", typed=UNLOCK, code=3)
    assert "ba ngày" in admin.output
    given = admin.json("user", "release", "canbo", "--as", "giamsat", typed=UNLOCK, **proof())

    assert asked["waits"]
    assert set(asked) == {"sign_in_name", "first_half", "waits"}
    with open_work(admin) as session:
        both = asked["first_half"] + given["second_half"]
        assert accounts.redeem_invitation("canbo", both, address="t", user_agent="").stage == "enrol"
        acts = [entry.action for entry in session.query(AuditEntry).order_by(AuditEntry.seq)]
        assert acts.count("account:emergency_reset") == 1
        assert "account:release" in acts


def test_the_second_person_refuses_by_command(admin):
    with clock.frozen(minutes_from_now(-10)), open_work(admin) as session:
        here = session.query(Unit.id).scalar()
        account_id = accounts.add_account(
            staff.founder(), sign_in_name="giamsat", name="Giám sát", unit_id=here, roles=[Role.SUPERVISOR]
        )
        accounts.enrol("giamsat", accounts.invite(staff.founder(), account_id).code, PASSWORD, seed=SEED)
    made = admin.json(
        *("user", "add", "bu.nhin", "--name", "Bù Nhìn", "--unit", "UBND xã Cẩm Tú"),
        *("--role", "supervisor", "--as", "quantri"),
        typed=UNLOCK,
        **proof(),
    )
    assert made["waits"]
    with clock.frozen(minutes_from_now(1)):
        admin.run("user", "release", "bu.nhin", "--refuse", "--as", "giamsat", typed=UNLOCK, **proof())
    assert "từ chối" in admin.output


def test_nobody_closes_their_own_account(admin):
    admin.run("user", "disable", "quantri", "--as", "quantri", typed=UNLOCK, code=3, **proof())

    assert "chính mình" in admin.output


def test_data_keys_are_moved_under_a_new_root_key(admin):
    answer = admin.json("keys", "rewrap", "--new", "--as", "quantri", typed=UNLOCK, **proof())

    assert answer["current_root_key"] == "k2"
    assert answer["moved"] > 0
    with clock.frozen(minutes_from_now(5)):
        status = admin.json("keys", "status", "--as", "quantri", typed=UNLOCK, **proof())
    assert {row["root_key"] for row in status["data_keys"]} == {"k2"}
    assert status["root_keys"] == ["k1", "k2"]


def test_nobody_learns_of_an_unfinished_account(set_up):
    set_up.run("user", "list", "--as", "quantri", typed=UNLOCK, code=3, CASEMGR_PASSWORD=PASSWORD)

    assert "không đúng" in set_up.output
