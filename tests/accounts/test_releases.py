"""What an administrator who wants to read in somebody's place runs into."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.accounts import queries, service
from casemgr.accounts.models import Account, AccountRequest, Factor, HeldPost
from casemgr.audit.models import AuditEntry
from casemgr.errors import Conflict, Forbidden, InvalidState, NotFound, Refused
from casemgr.policy import Role
from tests.rig import office, staff

DAYS = timedelta(days=1)


@pytest.fixture
def town(work, app):
    """A commune of three, somebody at the province, and somebody of another commune."""
    with work():
        here = office.add_unit("ubnd_xa", "UBND xã Cẩm Tú", "15148").id
        above = office.add_unit("so", "Sở của tỉnh", "15148")
        above.commune_code = None
        there = office.add_unit("ubnd_xa", "UBND xã Khác", "15151").id
        return {
            "here": here,
            "administrator": staff.add_staff("quan.tri", Role.ADMINISTRATOR, unit_id=here),
            "worker": staff.add_staff("lan", Role.CASE_WORKER, unit_id=here),
            "supervisor": staff.add_staff("thu", Role.SUPERVISOR, unit_id=here),
            "above": staff.add_staff("tinh", Role.SUPERVISOR, unit_id=above.id),
            "elsewhere": staff.add_staff("xa", Role.SUPERVISOR, unit_id=there),
            "officer": staff.add_staff("bao.ve", Role.DATA_PROTECTION, unit_id=there),
        }


def ask(town):
    chief, worker = town["administrator"].actor, town["worker"].actor
    return service.reset_account(chief, worker.account_id)


def enters(name, code):
    return service.redeem_invitation(name, code, address="t", user_agent="").stage == "enrol"


def test_until_somebody_else_releases_it_a_reset_changes_nothing(browser, work, town):
    staff.sign_in(browser, town["worker"])
    with work():
        given = ask(town)

    assert given.waits
    browser.open("/account")
    assert browser.status == 200
    with work():
        assert not enters("lan", given.code)
    with work() as session:
        assert session.get_one(Account, town["worker"].actor.account_id).state == "active"


def test_neither_half_of_the_code_lets_anybody_in_and_both_together_do(work, town):
    with work():
        first = ask(town).code
        request = queries.list_requests(town["supervisor"].actor)[0]
        second = service.release(town["supervisor"].actor, request.request_id).code

    assert first != second
    for half in (first, second, second + first):
        with work():
            assert not enters("lan", half)
    with work():
        assert enters("lan", first + second)


def test_after_the_release_no_half_is_left_in_the_table(work, town):
    with work() as session:
        given = ask(town)
        waiting = session.scalars(select(AccountRequest)).one()
        assert waiting.first_half == given.code.replace("-", "")
        staff.released(given, town["supervisor"].actor)
        session.flush()
        assert waiting.first_half is None
        assert waiting.state == "released"


@pytest.mark.parametrize("who", ["supervisor", "above", "officer"])
def test_a_supervisor_of_the_commune_or_above_or_the_officer_releases(work, town, who):
    with work():
        code = staff.released(ask(town), town[who].actor)
    with work():
        assert enters("lan", code)


@pytest.mark.parametrize(("who", "error"), [("worker", Forbidden), ("elsewhere", NotFound)])
def test_nobody_else_sees_or_releases_it(work, town, who, error):
    with work() as session:
        ask(town)
        request_id = session.scalars(select(AccountRequest.id)).one()
        for act in (service.release, service.refuse):
            with pytest.raises(error):
                act(town[who].actor, request_id)


def test_an_administrator_releases_nothing_not_even_with_a_role_that_could(work, town):
    with work() as session:
        ask(town)
        request_id = session.scalars(select(AccountRequest.id)).one()
        chief = town["administrator"].actor
        both = type(chief)(
            account_id=town["officer"].actor.account_id,
            unit_id=chief.unit_id,
            roles=frozenset({Role.ADMINISTRATOR, Role.DATA_PROTECTION}),
        )
        with pytest.raises(Forbidden):
            service.release(chief, request_id)
        with pytest.raises(NotFound):
            service.release(both, request_id)


def test_nobody_releases_what_is_about_their_own_account(work, town):
    with work():
        service.reset_account(town["administrator"].actor, town["supervisor"].actor.account_id)
        assert queries.list_requests(town["supervisor"].actor) == []
        assert len(queries.list_requests(town["officer"].actor)) == 1


def test_the_person_herself_is_told_and_stops_it(browser, work, town):
    with work():
        ask(town)
    staff.sign_in(browser, town["worker"])
    assert "Người quản trị đã đề nghị thay đổi tài khoản của bạn" in browser.page
    browser.send(to="/account/request/refuse")

    assert "Đã dừng" in browser.page
    with work(write=False) as session:
        assert session.scalars(select(AccountRequest.state)).all() == ["refused"]
    with work():
        service.refuse_own(town["worker"].actor)
        assert queries.list_requests(town["officer"].actor) == []


def test_a_decision_is_made_once(work, town):
    with work():
        ask(town)
        request = queries.list_requests(town["officer"].actor)[0]
        service.refuse(town["officer"].actor, request.request_id)
        with pytest.raises(InvalidState):
            service.release(town["supervisor"].actor, request.request_id)


def test_a_new_colleague_with_case_roles_waits_too(work, town):
    with work():
        chief = town["administrator"].actor
        account_id = service.add_account(
            chief, sign_in_name="bu.nhin", name="Bù Nhìn", unit_id=town["here"], roles={Role.SUPERVISOR}
        )
        given = service.invite(chief, account_id)
        assert given.waits
        assert not enters("bu.nhin", given.code)


def test_a_puppet_without_case_roles_does_not_grow_into_one_that_the_administrator_holds(work, town):
    chief = town["administrator"].actor
    with work():
        account_id = service.add_account(
            chief, sign_in_name="bu.nhin", name="Bù Nhìn", unit_id=town["here"], roles={Role.REPORT_OFFICER}
        )
        service.enrol("bu.nhin", service.invite(chief, account_id).code, staff.PASSWORD)
    with work() as session:
        given = service.change_roles(chief, account_id, {Role.SUPERVISOR})
        assert given.waits
        assert session.get_one(Account, account_id).roles == {Role.REPORT_OFFICER}
        staff.released(given, town["officer"].actor)
        puppet = session.get_one(Account, account_id)
        assert puppet.roles == {Role.SUPERVISOR}
        assert (puppet.state, puppet.password_hash) == ("invited", None)
    with work():
        assert not enters("bu.nhin", given.code)


def test_taking_her_roles_away_first_does_not_open_her_account(work, town):
    chief, worker = town["administrator"].actor, town["worker"].actor
    with work() as session:
        service.hold_post(worker, endpoint="x", place={}, fields=[("text", "lời kể")], had_files=False)
        service.change_roles(chief, worker.account_id, {Role.REPORT_OFFICER})
        code = service.reset_account(chief, worker.account_id).code
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            service.enrol("lan", code, staff.PASSWORD)
        assert session.scalars(select(HeldPost)).all() == []
    with work() as session:
        assert service.change_roles(chief, worker.account_id, {Role.CASE_WORKER}).waits
        assert session.get_one(Account, worker.account_id).roles == {Role.REPORT_OFFICER}


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.SUPERVISOR, Role.DATA_PROTECTION, Role.LEADER])
def test_the_service_itself_keeps_administration_and_cases_apart(work, town, role):
    roles = {Role.ADMINISTRATOR, role}
    with work():
        with pytest.raises(Conflict):
            service.add_account(
                town["administrator"].actor, sign_in_name="m", name="M", unit_id=town["here"], roles=roles
            )
        with pytest.raises(Conflict):
            service.change_roles(town["administrator"].actor, town["worker"].actor.account_id, roles)


def test_as_long_as_somebody_can_release_it_no_waiting_lets_the_administrator_do_it(work, town):
    with work():
        ask(town)
    with clock.frozen(clock.now() + 30 * DAYS), work(), pytest.raises(Refused) as refused:
        service.carry_out_unreleased(
            town["administrator"].actor, town["worker"].actor.account_id, conflicted=()
        )
    assert refused.value.reason == "second_person"


def test_where_nobody_is_left_it_waits_three_days_and_is_on_record(work, town):
    chief, worker = town["administrator"].actor, town["worker"].actor
    with work():
        for who in ("supervisor", "above", "officer"):
            service.disable_account(chief, town[who].actor.account_id)
        ask(town)
    for days, reason in ((0, "still_waiting"), (2, "still_waiting")):
        with clock.frozen(clock.now() + days * DAYS), work(), pytest.raises(Refused) as refused:
            service.carry_out_unreleased(chief, worker.account_id, conflicted=())
        assert refused.value.reason == reason
    with clock.frozen(clock.now() + 3 * DAYS):
        with work():
            code = service.carry_out_unreleased(chief, worker.account_id, conflicted=()).code
        with work():
            assert enters("lan", code)
    with work(write=False) as session:
        found = select(AuditEntry.actor_id).where(AuditEntry.action == "account:unreleased")
        assert session.scalars(found).all() == [chief.account_id]


def test_somebody_from_whom_one_of_her_files_is_kept_does_not_count_as_left(work, town):
    chief, worker = town["administrator"].actor, town["worker"].actor
    with work():
        for who in ("above", "officer"):
            service.disable_account(chief, town[who].actor.account_id)
        ask(town)
    kin = {town["supervisor"].actor.account_id}
    with clock.frozen(clock.now() + 3 * DAYS), work():
        assert service.carry_out_unreleased(chief, worker.account_id, conflicted=kin).code


def test_shutting_an_account_ends_what_was_asked_so_that_no_release_opens_it(work, town):
    with work():
        ask(town)
        request = queries.list_requests(town["officer"].actor)[0]
        service.disable_account(town["administrator"].actor, town["worker"].actor.account_id)
        with pytest.raises(InvalidState):
            service.release(town["officer"].actor, request.request_id)


def test_asking_again_makes_the_first_half_before_void(work, town):
    with work() as session:
        old = ask(town).code
        code = staff.released(ask(town), town["officer"].actor)
        session.flush()
        states = session.scalars(select(AccountRequest.state).order_by(AccountRequest.state)).all()
    assert states == ["released", "withdrawn"]
    with work():
        assert not enters("lan", old + code[len(old) :])


def test_the_founder_lets_the_first_supervisor_in_and_nobody_after_her(work, app):
    with work():
        here = staff.add_unit()
        chief = staff.add_staff("quan.tri", Role.ADMINISTRATOR, unit_id=here).actor
        ids = {
            name: service.add_account(chief, sign_in_name=name, name=name, unit_id=here, roles={role})
            for name, role in (
                ("thu", Role.SUPERVISOR),
                ("vệ", Role.DATA_PROTECTION),
                ("lan", Role.CASE_WORKER),
            )
        }
        assert service.invite(chief, ids["lan"]).waits
        given = service.invite(chief, ids["thu"])
        assert not given.waits
        service.enrol("thu", given.code, staff.PASSWORD)
        assert service.invite(chief, ids["vệ"]).waits


def test_taking_roles_away_does_not_make_an_installation_new(work, town):
    chief = town["administrator"].actor
    with work():
        for who in ("worker", "supervisor", "above", "officer", "elsewhere"):
            service.change_roles(chief, town[who].actor.account_id, {Role.REPORT_OFFICER})
        account_id = service.add_account(
            chief, sign_in_name="bu.nhin", name="Bù Nhìn", unit_id=town["here"], roles={Role.SUPERVISOR}
        )
        assert service.invite(chief, account_id).waits


def test_release_leaves_one_invitation_and_no_old_factor(work, town):
    with work() as session:
        staff.released(ask(town), town["officer"].actor)
        session.flush()
        kinds = select(Factor.kind).where(Factor.account_id == town["worker"].actor.account_id)
        assert session.scalars(kinds).all() == ["invitation"]
