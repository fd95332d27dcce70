"""Who reaches which case: assignment, unit, bars; refused looks like missing."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from casemgr import clock, policy
from casemgr.cases import queries, service
from casemgr.cases.models import Assignment
from casemgr.db import current
from casemgr.errors import Forbidden, NotFound, Refused
from casemgr.policy import GRANTS, Actor, Permission, Reach, Role
from tests.rig.office import add_account, open_office


@pytest.fixture
def office(work):
    with work():
        office = open_office()
        office_case = service.open_case(office.worker, summary={})
        yield office, office_case.id


def reaches(actor: Actor, case_id) -> bool:
    try:
        queries.get_case(actor, case_id)
    except NotFound:
        return False
    return True


def test_the_owner_reaches_her_case(office):
    people, case_id = office
    assert reaches(people.worker, case_id)


def test_a_colleague_of_the_same_unit_does_not(office):
    people, case_id = office
    assert not reaches(people.colleague, case_id)


def test_the_supervisor_of_the_unit_does(office):
    people, case_id = office
    assert reaches(people.supervisor, case_id)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CASE_WORKER, Role.SUPERVISOR}))
def test_no_other_role_reaches_a_case_even_when_assigned(office, role):
    people, case_id = office
    other = add_account(people.unit_id, role, f"Người {role}")
    current().add(
        Assignment(case_id=case_id, account_id=other.account_id, kind="assigned", from_day=date(2026, 1, 1))
    )
    current().flush()
    assert not reaches(other, case_id)


def test_another_unit_does_not_reach_it(office):
    people, case_id = office
    assert not reaches(people.stranger, case_id)
    foreign = add_account(people.stranger.unit_id, Role.SUPERVISOR, "Giám sát xã khác")
    assert not reaches(foreign, case_id)


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.SUPERVISOR])
def test_a_bar_beats_ownership_and_rank(office, role):
    people, case_id = office
    barred = people.worker if role is Role.CASE_WORKER else people.supervisor
    barrier = people.supervisor if role is Role.CASE_WORKER else people.worker
    service.bar_account(barrier, case_id, barred.account_id, "Người nhà")
    assert not reaches(barred, case_id)
    assert case_id not in [row.id for row in queries.list_cases(barred)]


def test_a_barred_colleague_cannot_be_given_the_case(office):
    people, case_id = office
    service.bar_account(people.supervisor, case_id, people.colleague.account_id, "Em trai người gây bạo lực")
    with pytest.raises(Refused):
        service.assign(people.supervisor, case_id, people.colleague.account_id)


def test_cover_ends_with_its_last_day(office):
    people, case_id = office
    service.assign(
        people.supervisor, case_id, people.colleague.account_id, kind="covering", until_day=clock.today()
    )
    assert reaches(people.colleague, case_id)
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert not reaches(people.colleague, case_id)


def test_a_new_owner_takes_the_place_of_the_old_one(office):
    people, case_id = office
    service.assign(people.supervisor, case_id, people.colleague.account_id)
    assert reaches(people.colleague, case_id)
    assert not reaches(people.worker, case_id)


def test_a_case_out_of_reach_and_a_case_that_never_was_raise_the_same(office):
    people, case_id = office
    for case in (case_id, uuid4()):
        with pytest.raises(NotFound) as refused:
            queries.get_case(people.colleague, case)
        assert refused.value.args == ()


def test_the_check_of_one_row_and_the_filter_of_many_are_the_same_rule(office):
    people, case_id = office
    everybody = (people.worker, people.colleague, people.supervisor, people.leader, people.stranger)
    for actor in everybody:
        for permission in Permission:
            if not permission.startswith("case:"):
                continue
            case = queries.get_case(people.worker, case_id)
            listed = policy.visible(actor, permission, type(case))
            shown = current().scalar(queries.select(type(case).id).where(listed, type(case).id == case_id))
            assert policy.allows(actor, permission, case) == (shown is not None)


def test_an_administrator_has_no_permission_on_cases_survivors_or_referrals():
    content = ("case:", "identity:", "referral:", "child:", "support:", "tip:", "shelter:")
    assert not [permission for permission in GRANTS[Role.ADMINISTRATOR] if permission.startswith(content)]


def test_the_data_protection_officer_reads_the_log_and_no_case():
    grants = GRANTS[Role.DATA_PROTECTION]
    assert grants[Permission.AUDIT_READ] is Reach.ALL
    assert Permission.CASE_READ not in grants


def test_somebody_without_roles_may_nothing():
    nobody = Actor(account_id=uuid4(), unit_id=uuid4(), roles=frozenset())
    assert not [permission for permission in Permission if policy.may(nobody, permission)]
    with pytest.raises(Forbidden):
        policy.require_role(nobody, Permission.HOME)
