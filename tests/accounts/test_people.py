import pytest
from sqlalchemy import select

from casemgr.accounts import queries, service
from casemgr.accounts.models import Account
from casemgr.audit.models import AuditEntry
from casemgr.errors import Conflict, Forbidden, InvalidState, NotFound, Refused
from casemgr.policy import Role
from tests.rig import staff

ROLES = {Role.CASE_WORKER, Role.KEEPER}


def add(name="lan.tran", roles=ROLES):
    chief = staff.administrator()
    account_id = service.add_account(
        chief, sign_in_name=name, name="Trần Thị Lan", unit_id=staff.add_unit(), roles=roles
    )
    return chief, account_id


def test_only_administrators_manage_accounts(work, worker):
    with work():
        _, account_id = add()
        acts = [
            lambda: service.invite(worker.actor, account_id),
            lambda: service.reset_account(worker.actor, account_id),
            lambda: service.disable_account(worker.actor, account_id),
            lambda: service.enable_account(worker.actor, account_id),
            lambda: service.change_roles(worker.actor, account_id, ROLES),
            lambda: queries.list_accounts(worker.actor),
            lambda: queries.get_account(worker.actor, account_id),
        ]
        for act in acts:
            with pytest.raises(Forbidden):
                act()


def test_two_accounts_cannot_share_a_name_however_it_is_written(work):
    with work():
        add("lan.tran")
        with pytest.raises(Conflict) as caught:
            add("Lân.Trần")
    assert (caught.value.field, caught.value.reason) == ("sign_in_name", "taken")


@pytest.mark.parametrize(
    ("name", "roles", "field"), [("x", ROLES, "sign_in_name"), ("lan.tran", set(), "roles")]
)
def test_an_account_needs_a_usable_name_and_a_role(work, name, roles, field):
    with work(), pytest.raises(Conflict) as caught:
        add(name, roles)
    assert caught.value.field == field


def test_names_are_sealed_in_the_table(work):
    with work() as session:
        add()
        row = session.scalars(select(Account)).one()
        stored = row._sealed_sign_in_name + row._sealed_name + row.name_digest
    assert b"lan" not in stored.lower()


def test_disabling_and_changed_roles_end_sessions_at_once(browser, work, worker):
    staff.sign_in(browser, worker)
    with work():
        service.change_roles(staff.administrator(), worker.actor.account_id, {Role.REPORT_OFFICER})
    browser.open("/account")
    assert browser.path.startswith("/sign-in")
    with work():
        service.disable_account(staff.administrator(), worker.actor.account_id)
        with pytest.raises(InvalidState):
            service.invite(staff.administrator(), worker.actor.account_id)


def test_a_disabled_account_is_opened_again_by_a_new_invitation(browser, work, worker):
    with work():
        service.disable_account(staff.administrator(), worker.actor.account_id)
        officer = staff.add_staff("bao.ve", Role.DATA_PROTECTION)
        given = service.enable_account(staff.administrator(), worker.actor.account_id)
        code = staff.released(given, officer.actor)
    browser.open("/first")
    browser.send(name=worker.name, code=code)
    assert browser.path == "/first/password"


def test_nobody_resets_disables_or_promotes_themselves(work):
    with work():
        chief = staff.add_staff("chief", Role.ADMINISTRATOR)
        for act in (
            lambda: service.reset_account(chief.actor, chief.actor.account_id),
            lambda: service.disable_account(chief.actor, chief.actor.account_id),
            lambda: service.change_roles(chief.actor, chief.actor.account_id, ROLES),
        ):
            with pytest.raises(Refused):
                act()


def test_a_missing_account_is_not_found(work, worker):
    with work(), pytest.raises(NotFound):
        service.invite(staff.administrator(), staff.administrator().account_id)


def test_colleagues_of_the_unit_are_listed_by_role_and_named(work):
    with work():
        unit = staff.add_unit()
        first = staff.add_staff("one.worker", Role.CASE_WORKER, unit_id=unit, shown_name="Lò Thị Mai")
        staff.add_staff("two.chief", Role.SUPERVISOR, unit_id=unit, shown_name="Quàng Văn Sơn")
        staff.add_staff("far.away", Role.CASE_WORKER, shown_name="Vì Thị Hoa")
        assert [person.name for person in queries.list_staff(first.actor, Role.CASE_WORKER)] == ["Lò Thị Mai"]
        assert len(queries.list_staff(first.actor)) == 2
        names = queries.list_names(first.actor, [first.actor.account_id])
    assert names == {first.actor.account_id: "Lò Thị Mai"}


def test_each_act_of_administration_is_written_down(work, worker):
    with work():
        chief, account_id = add(roles={Role.REPORT_OFFICER})
        service.invite(chief, account_id)
        service.change_roles(chief, account_id, {Role.LEADER})
        service.withdraw(chief, account_id)
        service.disable_account(chief, account_id)
        service.enable_account(chief, account_id)
    with work(write=False) as session:
        found = (
            select(AuditEntry.action).where(AuditEntry.actor_id == chief.account_id).order_by(AuditEntry.seq)
        )
        actions = list(session.scalars(found))
    assert actions == [
        "account:add",
        "account:invite",
        "account:ask",
        "account:withdraw",
        "account:disable",
        "account:enable",
    ]
