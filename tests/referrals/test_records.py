"""What a referral becomes where it is accepted: a child record or support, and who learns what of whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from casemgr import clock
from casemgr.audit.models import AuditEntry
from casemgr.cases.service import bar_account
from casemgr.children import queries as children
from casemgr.children import service as child_service
from casemgr.children import words as child_words
from casemgr.children.models import ChildLink, ChildRecord
from casemgr.errors import InvalidState, NotFound, Refused
from casemgr.facts.models import Fact
from casemgr.policy import Actor, Role
from casemgr.referrals import queries, service
from casemgr.referrals.models import Referral
from casemgr.referrals.rules import Sending
from casemgr.support import queries as programme
from casemgr.support import service as support_service
from casemgr.support.models import SupportAction, SupportLink
from casemgr.support.rules import LIVE
from casemgr.survivors.service import refuse
from tests.referrals.conftest import NOW
from tests.referrals.test_service import open_tasks
from tests.rig.network import CONTENT, build_network, consented_case
from tests.rig.office import add_account, add_unit

SECRETS = ("chè xanh", "Cổng sau", "Cần chỗ ở", "+84912345678")


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The network with a women's union that keeps a list and a social-work centre that protects children."""

    worker: Actor
    case_id: UUID
    union: Actor
    officer: Actor
    union_id: UUID
    child_worker: Actor
    centre_id: UUID


def build_town() -> Town:
    office = build_network().office
    union = add_unit("hoi_lhpn", "Hội Liên hiệp Phụ nữ", "15148", office.unit_id).id
    centre = add_unit("trung_tam_ctxh", "Trung tâm công tác xã hội", "15148").id
    case = consented_case(office, "sinh_ke", "bvte", "phap_ly", "y_te")
    return Town(
        worker=office.worker,
        case_id=case.id,
        union=add_account(union, Role.RECIPIENT, "Phương"),
        officer=add_account(union, Role.PROGRAMME_OFFICER, "Kế"),
        union_id=union,
        child_worker=add_account(centre, Role.CHILD_WORKER, "Bé"),
        centre_id=centre,
    )


@pytest.fixture
def town(session) -> Iterator[Town]:
    return build_town()


OFFER: dict[str, Any] = {"urgency": "ba_ngay", "danger_level": "cao", "adults": 1, "children": 0}


def send(
    town: Town, code: str, to: UUID, *, excluded: frozenset[UUID] = frozenset(), **offer: Any
) -> Referral:
    sending = Sending(
        to_unit_id=to,
        offer={**OFFER, "service": code, **offer},
        content=CONTENT,
        note="Chỉ ghi trong hồ sơ",
        excluded=excluded,
        relation="tre_trong_nha" if code == "bvte" else None,
    )
    return service.send_referral(town.worker, town.case_id, sending)


def taken_on(town: Town, **offer: Any) -> tuple[Referral, SupportAction]:
    referral = send(town, "sinh_ke", town.union_id, **offer)
    service.accept(town.union, referral.bundle_id)
    (row,) = programme.list_support(town.officer, LIVE)
    return referral, programme.get_support(town.officer, row.id)


def version_of(officer: Actor, action_id: UUID) -> int:
    return programme.get_support(officer, action_id).version


def test_support_that_is_accepted_is_one_more_line_of_the_programme(session, town) -> None:
    _, action = taken_on(town, aid="vay_von", beneficiary_group="ngheo")

    assert (action.unit_id, action.state, action.beneficiary) == (town.union_id, "planned", "Chị Hoa")
    assert action.known == {"kind": "vay_von", "group": "ngheo", "programme": "khac"}
    everything = f"{action.known} {action.beneficiary} {action.outcome}"
    assert not [secret for secret in SECRETS if secret in everything]
    assert [row.code for row in programme.list_support_of(town.worker, town.case_id)] == [action.code]


def test_nobody_gets_a_record_before_the_yes_or_after_a_no(session, town) -> None:
    referral = send(town, "sinh_ke", town.union_id)
    assert session.scalar(select(func.count(SupportAction.id))) == 0
    service.decline(town.union, referral.bundle_id, "qua_kha_nang")
    assert session.scalar(select(func.count(SupportAction.id))) == 0
    assert session.scalar(select(func.count(SupportLink.id))) == 0


def test_a_yes_that_is_sent_twice_makes_one_record(session, town) -> None:
    referral, _ = taken_on(town)
    with pytest.raises(InvalidState):
        service.accept(town.union, referral.bundle_id)
    with pytest.raises(InvalidState):
        service.record_phone_acceptance(town.worker, town.case_id, referral.id)
    assert session.scalar(select(func.count(SupportAction.id))) == 1


def test_the_danger_is_not_told_to_a_unit_that_shall_know_a_beneficiary(session, town) -> None:
    referral = send(town, "sinh_ke", town.union_id)
    view = queries.open_bundle(town.union, referral.bundle_id)
    assert "danger_level" not in view.offer
    assert queries.open_referral(town.worker, town.case_id, referral.id).request["danger_level"] == "cao"


def test_a_correction_tells_no_danger_either_and_the_case_keeps_it(session, town) -> None:
    referral = send(town, "sinh_ke", town.union_id, aid="vay_von")
    service.correct(
        town.worker, town.case_id, referral.id, {**CONTENT, "danger_level": "thap", "from_when": "Từ thứ Hai"}
    )
    offer = queries.open_bundle(town.union, referral.bundle_id).offer
    assert (offer["from_when"], offer["aid"], "danger_level" in offer) == ("Từ thứ Hai", "vay_von", False)
    assert referral.request["danger_level"] == "cao"


def test_what_she_did_not_agree_to_share_is_not_in_the_record(session, town) -> None:
    sending = Sending(
        to_unit_id=town.union_id, offer={**OFFER, "service": "sinh_ke"}, content={"meeting_at": "8:00"}
    )
    referral = service.send_referral(town.worker, town.case_id, sending)
    service.accept(town.union, referral.bundle_id)
    (row,) = programme.list_support(town.officer, LIVE)
    assert programme.get_support(town.officer, row.id).beneficiary is None


def test_how_far_the_support_is_comes_back_and_says_whether_it_helped(session, town) -> None:
    referral, action = taken_on(town)
    assert service.gather_answers(town.worker) == 0

    support_service.start_support(town.officer, action.id, version=version_of(town.officer, action.id))
    assert referral.state == "accepted"
    assert service.gather_answers(town.worker) == 1
    assert referral.state == "in_service"

    support_service.finish_support(
        town.officer,
        action.id,
        version=version_of(town.officer, action.id),
        outcome="hoan_thanh",
        finished_on=clock.today(),
        amount_paid=5_000_000,
        needs_met="mot_phan",
    )
    assert service.gather_answers(town.worker) == 1
    assert (referral.state, referral.outcome["needs_met"]) == ("completed", "mot_phan")
    assert "5000000" not in str(referral.outcome)
    assert service.gather_answers(town.worker) == 0
    counted = [dict(fact.content) for fact in session.scalars(select(Fact))]
    assert [fact["needs_met"] for fact in counted if fact["kind"] == "service"] == ["mot_phan"]


def test_support_that_was_not_taken_up_is_somebody_who_did_not_come(session, town) -> None:
    referral, action = taken_on(town)
    support_service.finish_support(
        town.officer, action.id, version=action.version, outcome="khong_nhan", finished_on=clock.today()
    )
    service.gather_answers(town.worker)
    assert referral.state == "did_not_come"


def test_nothing_goes_from_the_case_into_the_record(session, town) -> None:
    referral, action = taken_on(town)
    before = (action.version, action.state, action.known, action.beneficiary)
    service.record_phone_arrival(town.worker, town.case_id, referral.id)
    service.withdraw(town.worker, town.case_id, referral.id, "Không muốn nữa")
    after = programme.get_support(town.officer, action.id)
    assert (after.version, after.state, after.known, after.beneficiary) == before


def test_a_referral_that_is_over_no_longer_follows_its_record(session, town) -> None:
    referral, action = taken_on(town)
    service.recall(town.worker, town.case_id, referral.id)
    support_service.start_support(town.officer, action.id, version=action.version)
    assert service.gather_answers(town.worker) == 0
    assert referral.state == "recalled"


def test_only_those_on_the_case_take_the_answers_over(session, town) -> None:
    referral, action = taken_on(town)
    support_service.start_support(town.officer, action.id, version=action.version)
    for outsider in (town.officer, town.union, town.child_worker):
        assert service.gather_answers(outsider) == 0
        with pytest.raises(NotFound):
            programme.find_progress(outsider, town.case_id, action.id)
    with pytest.raises(NotFound):
        programme.find_progress(town.worker, town.case_id, uuid4())
    assert referral.state == "accepted"


def test_a_list_that_somebody_reads_who_must_not_know_gets_no_line(session, town) -> None:
    kin = add_account(town.union_id, Role.PROGRAMME_OFFICER, "Em chồng")
    referral = send(town, "sinh_ke", town.union_id, excluded=frozenset({kin.account_id}))
    service.accept(town.union, referral.bundle_id)
    assert referral.state == "accepted"
    assert session.scalar(select(func.count(SupportAction.id))) == 0

    other = send(town, "sinh_ke", town.union_id)
    bar_account(town.worker, town.case_id, town.officer.account_id, "Anh của người gây bạo lực")
    service.accept(town.union, other.bundle_id)
    assert session.scalar(select(func.count(SupportAction.id))) == 0


def test_a_bar_that_comes_later_takes_the_line_from_the_officer(session, town) -> None:
    _, action = taken_on(town)
    bar_account(town.worker, town.case_id, town.officer.account_id, "Anh của người gây bạo lực")
    with pytest.raises(NotFound):
        programme.get_support(town.officer, action.id)


def test_a_unit_that_keeps_no_list_simply_accepts(session, town) -> None:
    law = add_unit("tro_giup_phap_ly", "Trung tâm trợ giúp pháp lý", "15148").id
    lawyer = add_account(law, Role.RECIPIENT, "Luật")
    referral = send(town, "phap_ly", law)
    service.accept(lawyer, referral.bundle_id)
    assert not queries.open_bundle(lawyer, referral.bundle_id).has_record
    assert queries.list_recorded(town.worker) == []


def test_a_kind_of_support_of_another_service_is_refused(session, town) -> None:
    with pytest.raises(Refused, match="other_service"):
        send(town, "sinh_ke", town.union_id, aid="tro_giup_pl")


def test_the_log_of_a_yes_by_telephone_and_of_its_answers_names_no_action(work) -> None:
    with clock.frozen(NOW):
        with work():
            town = build_town()
            referral, action = taken_on(town)
        with work():
            support_service.start_support(town.officer, action.id, version=action.version)
        with work():
            service.gather_answers(town.worker)
        with work(write=False) as session:
            named = session.scalars(select(AuditEntry).where(AuditEntry.object_id == action.id))
            assert [entry.action for entry in named] == ["support:start"]
            assert session.get(Referral, referral.id).state == "in_service"


def test_a_child_referral_becomes_a_record_of_whoever_accepts_and_its_clocks_run(session, town) -> None:
    referral = send(town, "bvte", town.centre_id, child_danger="yes")
    assert session.scalar(select(func.count(ChildRecord.id))) == 0
    service.accept(town.child_worker, referral.bundle_id)

    (row,) = children.list_children(town.child_worker)
    child = children.get_child(town.child_worker, row.id)
    assert (child.owner_id, child.unit_id) == (town.child_worker.account_id, town.centre_id)
    assert child.known == {"immediate_danger": "yes", "origin": "Cần chỗ ở vài đêm"}
    assert child.name is None
    assert child.risk_level == "cao"
    assert row.next_due is not None
    link = session.scalars(select(ChildLink)).one()
    assert (link.case_id, link.relation, link.basis) == (town.case_id, "tre_trong_nha", {"agreed": "yes"})
    assert len(children.list_children_of(town.worker, town.case_id)) == 1
    with pytest.raises(NotFound):
        children.get_child(town.worker, child.id)


def test_a_record_taken_on_without_consent_keeps_the_reason_of_the_law(session, town) -> None:
    office = town.worker
    case = town.case_id
    sending = Sending(
        to_unit_id=town.centre_id,
        offer={**OFFER, "service": "bvte", "danger_level": "thap"},
        content=CONTENT,
        exception="tre_em_nguy_hiem",
        exception_reason="Cháu bị đánh gãy tay",
    )
    refuse(office, case, purpose="chuyen_gui", service="bvte")
    referral = service.send_referral(office, case, sending)
    service.accept(town.child_worker, referral.bundle_id)
    link = session.scalars(select(ChildLink)).one()
    assert link.basis == {"agreed": "no", "reason": "Cháu bị đánh gãy tay"}
    (row,) = children.list_children(town.child_worker)
    assert children.get_child(town.child_worker, row.id).known["immediate_danger"] == "yes"


def test_whoever_is_left_out_of_the_referral_is_barred_from_the_record(session, town) -> None:
    kin = add_account(town.centre_id, Role.CHILD_WORKER, "An")
    referral = send(town, "bvte", town.centre_id, excluded=frozenset({kin.account_id}))
    service.record_phone_acceptance(town.worker, town.case_id, referral.id, spoke_with="Bé")
    child = session.scalars(select(ChildRecord)).one()
    assert child.owner_id == town.child_worker.account_id
    child.owner_id = kin.account_id
    session.flush()
    with pytest.raises(NotFound):
        children.get_child(kin, child.id)


def test_the_end_of_a_child_record_comes_back_to_the_case(session, town) -> None:
    referral = send(town, "bvte", town.centre_id, child_danger="no")
    service.accept(town.child_worker, referral.bundle_id)
    (row,) = children.list_children(town.child_worker)
    duty = children.list_duties(town.child_worker, row.id)[0]
    child_service.finish_task(town.child_worker, row.id, duty.id)
    service.gather_answers(town.worker)
    assert referral.state == "in_service"
    with clock.frozen(NOW + timedelta(days=9)):
        version = children.get_child(town.child_worker, row.id).version
        child_service.close_child(
            town.child_worker, row.id, version=version, outcome="an_toan", needs_met="du", note="Kín"
        )
        service.gather_answers(town.worker)
    assert (referral.state, referral.outcome["needs_met"]) == ("completed", "du")
    assert "Kín" not in str(referral.outcome)


def test_a_redirect_leaves_the_record_to_the_unit_that_says_yes(session, town) -> None:
    farmers = add_unit("hoi_nong_dan", "Hội Nông dân", "15148").id
    taker = add_account(farmers, Role.RECIPIENT, "Nông")
    keeper = add_account(farmers, Role.PROGRAMME_OFFICER, "Vụ")
    first = send(town, "sinh_ke", town.union_id, aid="dt_nghe")
    second = service.redirect(town.union, first.bundle_id, farmers)
    service.accept(taker, second.bundle_id)
    assert programme.list_support(town.officer, LIVE) == []
    (row,) = programme.list_support(keeper, LIVE)
    assert row.kind == "dt_nghe"


def test_a_child_record_stays_when_its_referral_is_taken_back_and_both_sides_are_told(session, town) -> None:
    referral = send(town, "bvte", town.centre_id, child_danger="yes")
    service.accept(town.child_worker, referral.bundle_id)
    (row,) = children.list_children(town.child_worker)
    legal = {duty.kind for duty in children.list_duties(town.child_worker, row.id)}
    service.withdraw(town.worker, town.case_id, referral.id, "Chị không muốn nữa")

    duties = {duty.kind: duty for duty in children.list_duties(town.child_worker, row.id)}
    assert set(duties) == legal | {"taken_back"}
    assert {duty.state for duty in duties.values()} == {"open"}, "the law's clocks go on"
    assert child_words.duty_in_words(duties["taken_back"])["title"] != "taken_back", "it is said in words"
    (link,) = children.list_children_of(town.worker, town.case_id)
    assert (link.taken_back_day, link.state) == (clock.today(), "open")
    assert referral.outcome["record"]
    assert "referral_record" in open_tasks(session, town.case_id)
    told = f"{session.get(ChildRecord, row.id).known} {[duty.kind for duty in duties.values()]}"
    assert "không muốn" not in told, "nor whose wish it was"


def test_a_line_in_a_list_hears_nothing_and_the_sender_has_to_call(session, town) -> None:
    referral, _ = taken_on(town)
    service.recall(town.worker, town.case_id, referral.id)
    assert open_tasks(session, town.case_id) == ["referral_record"]
    assert referral.outcome["record"]
    bare = send(town, "y_te", add_unit("tram_y_te", "Trạm y tế", "15148").id)
    service.recall(town.worker, town.case_id, bare.id)
    assert "record" not in bare.outcome


def test_a_record_that_is_closed_already_gets_no_duty(session, town) -> None:
    referral = send(town, "bvte", town.centre_id, child_danger="no")
    service.accept(town.child_worker, referral.bundle_id)
    (row,) = children.list_children(town.child_worker)
    version = children.get_child(town.child_worker, row.id).version
    child_service.close_child(town.child_worker, row.id, version=version, outcome="an_toan")
    service.recall(town.worker, town.case_id, referral.id)
    assert "taken_back" not in {one.kind for one in children.list_duties(town.child_worker, row.id)}
    assert children.list_children_of(town.worker, town.case_id)[0].taken_back_day == clock.today()
