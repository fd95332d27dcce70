"""A referral from sending to its end: consent, what each side sees, facts, tasks, keys."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.audit.checkpoints import public_key_from
from casemgr.audit.notes import WAITING
from casemgr.audit.verify import verify
from casemgr.cases.models import Case, Task, TimelineEntry
from casemgr.cases.service import bar_account, open_case
from casemgr.errors import Conflict, InvalidState, NotFound, Refused, SealError
from casemgr.facts.models import Fact
from casemgr.keys.models import DataKey
from casemgr.policy import Role
from casemgr.referrals import queries, service
from casemgr.referrals.models import Bundle, Referral
from casemgr.referrals.rules import CONTENT as CONTENT_NAMES
from casemgr.referrals.service import clocks
from casemgr.shelters.models import Stay
from casemgr.survivors.queries import list_consents
from casemgr.survivors.service import record_consent, withdraw_consent
from tests.referrals.conftest import NOW
from tests.rig.network import CONTENT, OFFER, build_network, consented_case, send, sending_to
from tests.rig.office import add_account


def open_tasks(session, case_id):
    found = session.scalars(select(Task).where(Task.case_id == case_id, Task.state == "open"))
    return sorted(task.content["kind"] for task in found)


def entries(session, case_id):
    found = session.scalars(select(TimelineEntry).where(TimelineEntry.case_id == case_id))
    return [entry.content["kind"] for entry in sorted(found, key=lambda entry: entry.content["at"])]


def facts(session):
    return [dict(fact.content) for fact in session.scalars(select(Fact))]


def test_sending_makes_a_bundle_a_row_and_a_task(session, network) -> None:
    referral = send(network)

    row = queries.open_referral(network.office.worker, network.case_id, referral.id)
    assert (row.state, row.to_unit, row.has_staff) == ("sent", "Địa chỉ tin cậy Thôn Một", True)
    assert row.due_at - row.sent_at == timedelta(minutes=30)
    assert row.request["shared"] == sorted(CONTENT)
    assert row.traces == ()
    assert open_tasks(session, network.case_id) == ["referral_answer"]
    assert "referral_sent" in entries(session, network.case_id)


def test_before_a_yes_the_recipient_sees_the_offer_and_nothing_of_her(session, network) -> None:
    referral = send(network)

    (row,) = queries.list_inbox(network.keeper)
    view = queries.open_bundle(network.keeper, referral.bundle_id)

    assert queries.count_inbox(network.keeper) == 1
    assert row.offer == view.offer
    assert {name: value for name, value in view.offer.items() if name != "due_at"} == OFFER
    assert view.content == {}
    assert view.from_unit == "UBND xã Cẩm Tú"
    assert not set(CONTENT_NAMES) & set(view.offer)


def test_after_a_yes_the_recipient_sees_what_she_agreed_to_share(session, network) -> None:
    referral = send(network)

    service.accept(network.keeper, referral.bundle_id)

    view = queries.open_bundle(network.keeper, referral.bundle_id)
    assert view.content == CONTENT
    assert "Chỉ ghi trong hồ sơ" not in str(view)
    assert queries.count_inbox(network.keeper) == 0
    assert open_tasks(session, network.case_id) == ["referral_arrival"]


def test_the_log_stays_whole_when_the_keys_of_bundles_are_destroyed(work, database, keys) -> None:
    with clock.frozen(NOW):
        with work():
            network = build_network()
            first, second = send(network), send(network)
        with work():
            service.accept(network.keeper, first.bundle_id, note="Cửa sau")
        with work():
            service.recall(network.office.worker, network.case_id, first.id)
            service.decline(network.keeper, second.bundle_id, "het_cho")

    verdict = verify(database, keys, public_keys=[public_key_from(keys)], deep=True)

    assert verdict.findings == ()


def test_the_sender_sees_when_the_bundle_was_opened(work) -> None:
    with clock.frozen(NOW):
        with work():
            network = build_network()
            referral = send(network)
        with work():
            queries.open_bundle(network.keeper, referral.bundle_id)
        with work():
            view = queries.open_referral(network.office.worker, network.case_id, referral.id)

    (trace,) = view.traces
    assert (trace.at, trace.who, trace.fields) == (NOW, network.keeper.account_id, ("offer",))


def test_a_whole_stay_is_followed_and_counted(session, network) -> None:
    referral = send(network)
    service.accept(network.keeper, referral.bundle_id, note="Cổng sau mở đến 23 giờ")
    service.record_arrival(network.keeper, referral.bundle_id)
    with clock.frozen(NOW + timedelta(days=3)):
        service.complete(network.keeper, referral.bundle_id, left_to="nguoi_than")

    assert entries(session, network.case_id)[-4:] == [
        "referral_sent",
        "referral_accepted",
        "referral_arrived",
        "referral_completed",
    ]
    assert open_tasks(session, network.case_id) == []
    stay = session.scalars(select(Stay)).one()
    assert (stay.state, stay.leaving["nights"], stay.leaving["reason"]) == ("left", 3, "nguoi_than")
    day = {"registered_on": "2026-06-04"}
    assert sorted(facts(session), key=lambda fact: fact["kind"]) == [
        {
            **day,
            "kind": "service",
            "service": "tam_lanh",
            "outcome": "hoan_thanh",
            "unit_kind": "dia_chi_tin_cay",
            "answered": "trong_han",
        },
        {**day, "kind": "stay", "adults": 1, "children": 2, "nights": 3, "left_to": "nguoi_than"},
    ]
    units = {fact.unit_id for fact in session.scalars(select(Fact))}
    assert units == {network.office.unit_id}
    assert referral.fact_id is not None


def test_without_consent_nothing_is_sent(session, network) -> None:
    case = open_case(network.office.worker, summary={})

    with pytest.raises(Refused, match="no_consent"):
        send(network, case.id)

    assert session.scalars(select(Bundle)).all() == []


def test_consent_holds_for_its_service_alone_and_until_it_is_withdrawn(session, network) -> None:
    case = consented_case(network.office, "y_te")
    with pytest.raises(Refused, match="no_consent"):
        send(network, case.id)

    for consent in list_consents(network.office.worker, network.case_id):
        withdraw_consent(network.office.worker, network.case_id, consent.id, consent.version)
    with pytest.raises(Refused, match="no_consent"):
        send(network)


def test_a_consent_that_names_what_may_be_shared_lets_nothing_else_through(session, network) -> None:
    case = open_case(network.office.worker, summary={})
    record_consent(
        network.office.worker,
        case.id,
        purpose="chuyen_gui",
        service="tam_lanh",
        how="loi_noi",
        limits_read=True,
        fields=("called_name", "code_word"),
        exclusions=(str(network.second_keeper.account_id), "người nhà"),
    )
    with pytest.raises(Refused, match="not_agreed"):
        send(network, case.id)

    less = replace(sending_to(network.address_id), content={"called_name": "Chị Hoa", "meeting_at": "21:30"})
    referral = service.send_referral(network.office.worker, case.id, less)

    assert referral.request["excluded"] == [str(network.second_keeper.account_id)]


def test_an_exception_of_the_law_needs_its_reason_and_keeps_it(session, network) -> None:
    case = open_case(network.office.worker, summary={})
    bare = replace(sending_to(network.address_id), exception="de_doa_tinh_mang")
    with pytest.raises(Refused, match="no_consent"):
        service.send_referral(network.office.worker, case.id, bare)

    reasoned = replace(bare, exception_reason="Đang bất tỉnh, con nhỏ gọi")
    referral = service.send_referral(network.office.worker, case.id, reasoned)

    assert referral.request["exception"] == "de_doa_tinh_mang"
    assert referral.request["exception_reason"] == "Đang bất tỉnh, con nhỏ gọi"


def test_a_unit_that_does_not_give_the_service_cannot_be_asked(session, network) -> None:
    with pytest.raises(Conflict):
        service.send_referral(network.office.worker, network.case_id, sending_to(network.police_id))


def test_a_case_out_of_reach_cannot_be_referred(session, network) -> None:
    for actor in (network.office.colleague, network.office.stranger, network.keeper):
        with pytest.raises(NotFound):
            service.send_referral(actor, network.case_id, sending_to(network.address_id))


def attackers(session, network, referral):
    """Everybody who must not even learn that the bundle exists, each with the bundle that they ask for."""
    excluded = network.second_keeper
    barred = add_account(network.address_id, Role.KEEPER, "Kha")
    bar_account(network.office.worker, network.case_id, barred.account_id, "Em của người gây bạo lực")
    yield network.police, referral.bundle_id
    yield network.neighbour, referral.bundle_id
    yield network.office.worker, referral.bundle_id
    yield excluded, referral.bundle_id
    yield barred, referral.bundle_id
    yield network.keeper, uuid4()


def test_whoever_must_not_see_a_bundle_finds_none(session, network) -> None:
    sending = replace(sending_to(network.address_id), excluded=frozenset({network.second_keeper.account_id}))
    referral = service.send_referral(network.office.worker, network.case_id, sending)

    for actor, bundle_id in attackers(session, network, referral):
        with pytest.raises(NotFound):
            queries.open_bundle(actor, bundle_id)
        for act in (service.accept, service.record_arrival, service.record_no_show, service.complete):
            with pytest.raises(NotFound):
                act(actor, bundle_id)
        with pytest.raises(NotFound):
            service.decline(actor, bundle_id, "het_cho")
        if actor is not network.keeper:
            assert queries.count_inbox(actor) == 0
            assert queries.list_inbox(actor) == []
    assert queries.count_inbox(network.keeper) == 1


def test_a_bar_made_before_sending_is_kept_with_the_bundle(session, network) -> None:
    bar_account(network.office.worker, network.case_id, network.second_keeper.account_id, "Họ hàng")
    referral = send(network)

    with pytest.raises(NotFound):
        queries.open_bundle(network.second_keeper, referral.bundle_id)
    assert referral.request["excluded"] == [str(network.second_keeper.account_id)]


def test_an_expired_bundle_is_gone_for_the_recipient_and_ends_in_the_case(session, network) -> None:
    referral = send(network)
    with clock.frozen(NOW + timedelta(days=2)):
        with pytest.raises(NotFound):
            queries.open_bundle(network.keeper, referral.bundle_id)
        with pytest.raises(NotFound):
            service.accept(network.keeper, referral.bundle_id)
        assert queries.list_overdue_ids(network.office.worker, network.case_id) == [referral.id]
        assert service.expire_due(network.office.colleague) == 0
        assert service.expire_due(network.office.worker) == 1
        assert service.expire_due(network.office.worker) == 0

    assert referral.state == "expired"
    assert open_tasks(session, network.case_id) == ["referral_elsewhere"]
    assert [fact["outcome"] for fact in facts(session)] == ["het_han"]


ENDS = {
    "recall": lambda network, referral: service.recall(network.office.worker, network.case_id, referral.id),
    "withdraw": lambda network, referral: service.withdraw(
        network.office.worker, network.case_id, referral.id
    ),
    "decline": lambda network, referral: service.decline(network.keeper, referral.bundle_id, "het_cho"),
}


@pytest.mark.parametrize("name", ENDS)
def test_when_a_referral_ends_the_key_of_its_bundle_is_destroyed(session, network, name) -> None:
    referral = send(network)

    ENDS[name](network, referral)
    session.flush()
    session.expunge_all()

    bundle = session.scalars(select(Bundle)).one()
    with pytest.raises(SealError):
        _ = bundle.content
    with pytest.raises(SealError):
        _ = bundle.offer
    keys = session.scalars(select(DataKey).where(DataKey.purpose == "bundle")).all()
    assert [(key.state, key.wrapped) for key in keys] == [("destroyed", None)]
    with pytest.raises(NotFound):
        queries.open_bundle(network.keeper, bundle.id)
    kept = session.scalars(select(Referral)).one()
    assert kept.request["service"] == "tam_lanh"


def test_a_refusal_keeps_its_reason_in_the_case_and_asks_for_another_unit(session, network) -> None:
    referral = send(network)
    service.decline(network.keeper, referral.bundle_id, "quen_biet", "Tôi biết gia đình này")

    view = queries.open_referral(network.office.worker, network.case_id, referral.id)
    assert (view.outcome["reason"], view.outcome["text"]) == ("quen_biet", "Tôi biết gia đình này")
    assert open_tasks(session, network.case_id) == ["referral_elsewhere"]
    assert [fact["outcome"] for fact in facts(session)] == ["bi_tra_lai"]


def test_a_refusal_needs_a_reason_of_the_list(session, network) -> None:
    with pytest.raises(Conflict):
        service.decline(network.keeper, send(network).bundle_id, "vì sao")


def test_who_did_not_come_leaves_the_bed_and_a_task_to_look_for_her(session, network) -> None:
    referral = send(network)
    service.accept(network.keeper, referral.bundle_id)
    service.record_no_show(network.keeper, referral.bundle_id)

    assert session.scalars(select(Stay.state)).all() == ["released"]
    assert open_tasks(session, network.case_id) == ["referral_missing"]
    assert [fact["outcome"] for fact in facts(session)] == ["khong_den"]


def test_a_withdrawal_after_arrival_ends_the_stay_and_counts_it(session, network) -> None:
    referral = send(network)
    service.accept(network.keeper, referral.bundle_id)
    service.record_arrival(network.keeper, referral.bundle_id)
    service.withdraw(network.office.worker, network.case_id, referral.id, "Chị muốn về")

    assert session.scalars(select(Stay.state)).all() == ["left"]
    assert sorted(fact["kind"] for fact in facts(session)) == ["service", "stay"]


def test_a_yes_by_telephone_counts_like_one_on_the_page(session, network) -> None:
    referral = send(network)
    case_id, worker = network.case_id, network.office.worker

    service.record_phone_acceptance(worker, case_id, referral.id, spoke_with="Bà Bình")

    view = queries.open_referral(worker, case_id, referral.id)
    assert (view.state, view.outcome["by_phone"], view.outcome["spoke_with"]) == ("accepted", True, "Bà Bình")
    assert view.way == {
        "place": "Nhà ba gian cuối ngõ",
        "way": "Rẽ phải sau cầu",
        "travel": None,
        "contact_phone": "+84911222333",
    }
    service.record_phone_arrival(worker, case_id, referral.id)
    service.record_phone_end(worker, case_id, referral.id, left_to="ve_nha_an_toan")
    assert sorted(fact["kind"] for fact in facts(session)) == ["service", "stay"]


def test_a_no_by_telephone_is_a_refusal(session, network) -> None:
    referral = send(network)
    service.record_phone_refusal(network.office.worker, network.case_id, referral.id, "ngoai_gio")
    assert (referral.state, referral.outcome["by_phone"]) == ("declined", True)


def test_the_way_to_an_address_is_told_only_while_a_bed_is_promised(session, network) -> None:
    referral = send(network)
    worker, case_id = network.office.worker, network.case_id
    assert queries.open_referral(worker, case_id, referral.id).way is None

    service.accept(network.keeper, referral.bundle_id)
    assert queries.open_referral(worker, case_id, referral.id).way is not None

    service.recall(worker, case_id, referral.id)
    assert queries.open_referral(worker, case_id, referral.id).way is None


def test_a_step_out_of_order_is_refused_and_changes_nothing(session, network) -> None:
    referral = send(network)
    with pytest.raises(InvalidState):
        service.record_arrival(network.keeper, referral.bundle_id)
    service.accept(network.keeper, referral.bundle_id)
    with pytest.raises(InvalidState):
        service.accept(network.keeper, referral.bundle_id)
    assert session.scalars(select(Stay)).one().state == "promised"


def test_a_closed_case_sends_nothing(session, network) -> None:
    case = session.get(Case, network.case_id)
    case.state = "closed"
    session.flush()
    with pytest.raises(InvalidState):
        send(network)


def test_referrals_of_another_case_are_not_found(session, network) -> None:
    referral = send(network)
    other = consented_case(network.office)
    with pytest.raises(NotFound):
        queries.open_referral(network.office.worker, other.id, referral.id)
    with pytest.raises(NotFound):
        service.recall(network.office.worker, other.id, referral.id)


def test_the_recipient_cannot_read_the_answers_of_the_unit_back(session, network) -> None:
    referral = send(network)
    service.accept(network.keeper, referral.bundle_id, note="Chị ở phòng trong")

    assert "phòng trong" not in str(queries.open_bundle(network.second_keeper, referral.bundle_id))
    assert "phòng trong" not in str(queries.list_inbox(network.second_keeper))


def test_every_reading_of_a_bundle_is_noted(session, network) -> None:
    referral = send(network)
    session.info[WAITING].clear()

    queries.list_inbox(network.keeper)
    queries.open_bundle(network.keeper, referral.bundle_id)

    noted = [(note.action, note.scope) for note in session.info[WAITING]]
    assert noted == [("bundle:list", None), ("bundle:read", None)]


def test_choices_for_a_service_show_beds_and_telephone(session, network) -> None:
    (address,) = queries.list_choices(network.office.worker, "tam_lanh")
    assert (address.unit_id, address.beds.free.adults, address.beds.is_public) == (
        network.address_id,
        2,
        False,
    )
    assert (address.phone, address.has_staff) == ("+84911222333", True)
    (answerer,) = queries.list_answerers(network.office.worker, network.police_id)
    assert (answerer.account_id, answerer.name) == (network.police.account_id, "Dũng")
    assert not answerer.on_duty


def test_an_id_that_is_no_account_excludes_nobody_and_breaks_nothing(session, network) -> None:
    known = network.second_keeper.account_id
    sending = replace(sending_to(network.address_id), excluded=frozenset({uuid4(), known}))
    referral = service.send_referral(network.office.worker, network.case_id, sending)

    assert referral.request["excluded"] == [str(known)]


def test_an_answer_that_comes_while_a_page_waits_to_expire_it_is_kept(session, network, monkeypatch) -> None:
    referral = send(network)
    expire = clocks._expiry(network.office.worker, network.case_id, referral.id)
    service.recall(network.office.worker, network.case_id, referral.id)
    monkeypatch.setattr(clocks, "list_overdue_ids", lambda *_: [referral.id])

    expire()

    assert referral.state == "recalled"
