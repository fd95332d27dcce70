"""She says later who must not know: what runs already closes for them at once, and only for them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from casemgr import clock
from casemgr.audit.models import AuditEntry
from casemgr.cases.service import open_case
from casemgr.children import queries as children
from casemgr.children.models import ChildBar
from casemgr.errors import NotFound
from casemgr.policy import Role
from casemgr.referrals import queries, service
from casemgr.referrals.models import BundleExclusion
from casemgr.referrals.rules import Sending
from casemgr.support import queries as programme
from casemgr.support.rules import LIVE
from casemgr.survivors.service import record_consent
from tests.referrals.conftest import NOW
from tests.referrals.test_named_and_left_out import every_way_in, finds
from tests.referrals.test_records import build_town
from tests.referrals.test_records import send as send_for_record
from tests.referrals.test_service import entries, open_tasks
from tests.rig.network import OFFER, build_network, consented_case, send, sending_to
from tests.rig.office import add_account

STEPS = {
    "sent": (),
    "seen": (service.see,),
    "accepted": (service.accept,),
    "arrived": (service.accept, service.record_arrival),
}


def leave_out(worker, case_id, *people, code="tam_lanh", minute=1, **more):
    """Record the consent that she gives anew, for everybody but some."""
    with clock.frozen(NOW + timedelta(minutes=minute)):
        record_consent(
            worker,
            case_id,
            purpose="chuyen_gui",
            service=code,
            how="loi_noi",
            limits_read=True,
            exclusions=tuple(str(person.account_id) for person in people),
            **more,
        )


@pytest.mark.parametrize("state", STEPS)
def test_a_live_request_exists_no_more_for_whom_she_leaves_out_now(session, network, state) -> None:
    kin, keeper = network.second_keeper, network.keeper
    referral = send(network, adults=1, children=0)
    for step in STEPS[state]:
        step(keeper, referral.bundle_id)
    assert finds(kin), "it was there for her until now"

    leave_out(network.office.worker, network.case_id, kin)

    assert finds(kin) == []
    assert every_way_in(kin, referral.bundle_id) == []
    assert queries.open_bundle(keeper, referral.bundle_id).state == state
    assert entries(session, network.case_id).count("referral_left_out") == 1
    row = queries.open_referral(network.office.worker, network.case_id, referral.id)
    assert row.request["excluded"] == [str(kin.account_id)], "whoever is asked next leaves her out too"


def test_other_services_other_cases_and_what_is_over_stay_as_they_were(session, network) -> None:
    worker, kin = network.office.worker, network.second_keeper
    over, other_case = send(network), send(network, consented_case(network.office).id)
    service.recall(worker, network.case_id, over.id)
    police = service.send_referral(worker, network.case_id, sending_to(network.police_id, service="cong_an"))

    leave_out(worker, network.case_id, kin, network.police)

    assert session.scalars(select(BundleExclusion.bundle_id)).all() == []
    assert [row.bundle_id for row in queries.list_inbox(kin)] == [other_case.bundle_id]
    assert [row.bundle_id for row in queries.list_inbox(network.police)] == [police.bundle_id]


def test_who_was_left_out_before_stays_out_though_the_new_consent_does_not_say_so(session, network) -> None:
    worker, kin = network.office.worker, network.second_keeper
    leave_out(worker, network.case_id, kin)
    with clock.frozen(NOW + timedelta(minutes=2)):
        referral = send(network)
    leave_out(worker, network.case_id, kin, minute=3)
    leave_out(worker, network.case_id, minute=4)
    assert finds(kin) == []
    assert session.scalar(select(func.count(BundleExclusion.id))) == 1
    assert every_way_in(kin, referral.bundle_id) == []


def test_a_request_that_nobody_there_may_open_any_more_is_called_about(session, network) -> None:
    worker, case_id = network.office.worker, network.case_id
    send(network)
    leave_out(worker, case_id, network.second_keeper)
    assert open_tasks(session, case_id) == ["referral_answer"]
    leave_out(worker, case_id, network.second_keeper, network.keeper, minute=2)
    assert open_tasks(session, case_id) == ["referral_answer", "referral_unread"]


def test_the_one_person_it_was_for_is_left_out_and_nobody_else_is_let_in(session, network) -> None:
    worker, keeper, colleague = network.office.worker, network.keeper, network.second_keeper
    sending = sending_to(network.address_id)
    named = Sending(
        to_unit_id=sending.to_unit_id, offer=OFFER, content=sending.content, named=keeper.account_id
    )
    referral = service.send_referral(worker, network.case_id, named)
    leave_out(worker, network.case_id, keeper)
    assert finds(keeper) == []
    assert finds(colleague) == []
    assert not queries.open_referral(worker, network.case_id, referral.id).has_staff
    assert "referral_unread" in open_tasks(session, network.case_id)


def test_the_log_keeps_who_closed_it_for_whom_and_no_word_of_hers(work) -> None:
    with clock.frozen(NOW), work():
        network = build_network()
        referral = send(network)
    with work():
        leave_out(network.office.worker, network.case_id, network.second_keeper, note="Em chồng tôi")
    with work(write=False) as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.object_id == referral.bundle_id))
        told = [row.actor_id for row in rows if row.action == "referral:leave_out"]
    assert told == [network.office.worker.account_id]


def test_the_childs_record_closes_for_them_too_and_whose_it_is_must_change(session) -> None:
    town = build_town()
    other = add_account(town.centre_id, Role.CHILD_WORKER, "An")
    referral = send_for_record(town, "bvte", town.centre_id, child_danger="yes")
    service.accept(town.child_worker, referral.bundle_id)
    (row,) = children.list_children(town.child_worker)

    leave_out(town.worker, town.case_id, other, code="bvte")
    assert "referral_unread" not in open_tasks(session, town.case_id)
    leave_out(town.worker, town.case_id, other, town.child_worker, code="bvte", minute=2)

    assert set(session.scalars(select(ChildBar.account_id))) == {
        other.account_id,
        town.child_worker.account_id,
    }
    with pytest.raises(NotFound):
        children.get_child(town.child_worker, row.id)
    assert "referral_unread" in open_tasks(session, town.case_id)


def test_a_line_of_a_list_closes_for_whoever_reads_that_list(session) -> None:
    town = build_town()
    referral = send_for_record(town, "sinh_ke", town.union_id, aid="vay_von")
    service.accept(town.union, referral.bundle_id)
    (line,) = programme.list_support(town.officer, LIVE)
    leave_out(town.worker, town.case_id, town.officer, code="sinh_ke")
    assert list(programme.list_support(town.officer, LIVE)) == []
    with pytest.raises(NotFound):
        programme.get_support(town.officer, line.id)


def test_what_the_law_let_go_without_consent_closes_for_them_and_runs_on_for_the_others(
    session, network
) -> None:
    worker = network.office.worker
    case_id = open_case(worker, summary={}).id
    law = {"exception": "de_doa_tinh_mang", "exception_reason": "Đang bất tỉnh"}
    sending = replace(sending_to(network.address_id), **law)
    referral = service.send_referral(worker, case_id, sending)
    leave_out(worker, case_id, network.second_keeper, fields=("called_name",))
    assert finds(network.second_keeper) == []
    service.accept(network.keeper, referral.bundle_id)
    assert "situation" in queries.open_bundle(network.keeper, referral.bundle_id).content
