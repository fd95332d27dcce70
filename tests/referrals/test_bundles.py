"""A bundle from the attacker's side: who reads it when, what is left of it, and what its sender learns."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.audit.models import AuditEntry
from casemgr.cases.service import bar_account, open_case
from casemgr.errors import Conflict, InvalidState, NotFound, Refused, SealError
from casemgr.policy import Role
from casemgr.referrals import queries, service
from casemgr.referrals.models import Bundle, BundleExclusion, Referral
from casemgr.referrals.rules import (
    CORRECTABLE,
    SHELTER,
    TAKEN_BACK_DAYS,
    WAITING,
    ReferralState,
    correctable_in,
)
from casemgr.survivors.queries import list_consents
from casemgr.survivors.service import record_consent, refuse, withdraw_consent
from tests.referrals.conftest import NOW
from tests.referrals.test_clocks import second_address
from tests.referrals.test_service import entries, open_tasks
from tests.rig.network import CONTENT, OFFER, build_network, consented_case, send, sending_to
from tests.rig.office import add_account


def told(network, bundle_id):
    return queries.open_bundle(network.keeper, bundle_id)


def refer(network, case_id, **more):
    sending = replace(sending_to(network.address_id), **more)
    return service.send_referral(network.office.worker, case_id, sending)


def narrow_case(network, *fields, exclusions=()):
    """Open a case whose survivor agrees to share a few things with a shelter."""
    case = open_case(network.office.worker, summary={})
    agree(network, case.id, *fields, exclusions=exclusions)
    return case.id


def agree(network, case_id, *fields, service_code="tam_lanh", exclusions=()):
    record_consent(
        network.office.worker,
        case_id,
        purpose="chuyen_gui",
        service=service_code,
        how="loi_noi",
        limits_read=True,
        fields=fields,
        exclusions=exclusions,
    )


def test_the_sender_reads_who_opened_which_half_when_and_still_does_when_the_key_is_gone(work) -> None:
    with clock.frozen(NOW), work():
        network = build_network()
        referral = send(network)
    for minute, act in (
        (1, lambda: queries.open_bundle(network.second_keeper, referral.bundle_id)),
        (2, lambda: service.accept(network.keeper, referral.bundle_id)),
        (3, lambda: queries.open_bundle(network.keeper, referral.bundle_id)),
        (4, lambda: service.make_copy(network.keeper, referral.bundle_id)),
        (5, lambda: service.recall(network.office.worker, network.case_id, referral.id)),
    ):
        with clock.frozen(NOW + timedelta(minutes=minute)), work():
            act()
    with clock.frozen(NOW + timedelta(minutes=6)), work():
        traces = queries.open_referral(network.office.worker, network.case_id, referral.id).traces

    keeper, second = network.keeper.account_id, network.second_keeper.account_id
    reads = [(trace.at.minute, trace.who, trace.fields) for trace in traces if trace.act == "bundle:read"]
    both = ("content", "offer")
    assert reads == [(4, keeper, both), (3, keeper, both), (1, second, ("offer",))]
    (copy,) = [trace for trace in traces if trace.act == "bundle:copy"]
    assert (copy.at.minute, copy.who) == (4, keeper)
    assert len(copy.number) == len("1234-5678")


def test_a_copy_is_marked_with_unit_person_time_and_a_number_of_its_own(session, network) -> None:
    referral = send(network)
    with pytest.raises(InvalidState):
        service.make_copy(network.keeper, referral.bundle_id)
    service.accept(network.keeper, referral.bundle_id)

    first, second = (service.make_copy(network.keeper, referral.bundle_id) for _ in range(2))

    assert (first.unit, first.person, first.at) == ("Địa chỉ tin cậy Thôn Một", "Bình", NOW)
    assert first.number != second.number
    assert first.bundle.content == CONTENT


def test_a_correction_reaches_the_unit_with_a_mark_and_the_case_keeps_the_old_words(session, network) -> None:
    referral = send(network)
    service.accept(network.keeper, referral.bundle_id)
    before = told(network, referral.bundle_id)
    values = {**OFFER, **CONTENT, "meeting_point": "Cổng trước", "safe_phone": "", "adults": 7}

    changed = service.correct(network.office.worker, network.case_id, referral.id, values)

    after = told(network, referral.bundle_id)
    assert changed == {"meeting_point", "safe_phone"}
    assert before.corrected == {}
    assert after.corrected == {"meeting_point": NOW, "safe_phone": NOW}
    assert after.content["meeting_point"] == "Cổng trước"
    assert "safe_phone" not in after.content
    assert after.offer["adults"] == OFFER["adults"], "a promised bed is not changed behind the keeper"
    view = queries.open_referral(network.office.worker, network.case_id, referral.id)
    (trace,) = [trace for trace in view.traces if trace.act == "referral:correct"]
    assert trace.before == {"meeting_point": "Cổng sau trạm y tế", "safe_phone": "+84912345678"}
    assert "safe_phone" not in view.request["shared"]
    assert entries(session, network.case_id)[-1] == "referral_corrected"
    assert open_tasks(session, network.case_id) == ["referral_arrival"]


def test_a_correction_before_the_yes_tells_the_unit_nothing_of_her(session, network) -> None:
    referral = send(network)

    service.correct(
        network.office.worker,
        network.case_id,
        referral.id,
        {**OFFER, **CONTENT, "children": 1, "called_name": "Em Lan"},
    )

    view = told(network, referral.bundle_id)
    assert (view.offer["children"], list(view.corrected), view.content) == (1, ["children"], {})
    row = queries.open_referral(network.office.worker, network.case_id, referral.id)
    assert row.request["children"] == 1, "whoever is asked next is asked for the corrected group"


def test_a_correction_stays_within_the_consent_and_within_the_life_of_the_referral(session, network) -> None:
    case_id = narrow_case(network, "called_name")
    referral = refer(network, case_id, content={"called_name": "Chị Hoa"})
    correct = service.correct
    with pytest.raises(Refused, match="not_agreed"):
        correct(
            network.office.worker, case_id, referral.id, {**OFFER, "called_name": "Hoa", "situation": "Kể"}
        )
    for stranger in (network.office.colleague, network.office.stranger, network.keeper):
        with pytest.raises(NotFound):
            correct(stranger, case_id, referral.id, {**OFFER, "called_name": "Hoa"})

    assert correct(network.office.worker, case_id, referral.id, {**OFFER, "called_name": "Chị Hoa"}) == set()
    service.recall(network.office.worker, case_id, referral.id)
    with pytest.raises(InvalidState):
        correct(network.office.worker, case_id, referral.id, {**OFFER, "called_name": "Hoa"})


def test_service_and_urgency_are_never_corrected_and_the_group_only_until_the_yes() -> None:
    assert not {"service", "urgency"} & set(CORRECTABLE)
    for state in ReferralState:
        assert ("adults" in correctable_in(state, SHELTER)) == (state in WAITING)


def test_of_what_was_taken_back_only_that_is_left_and_only_for_those_who_had_it(session, network) -> None:
    excluded = network.second_keeper
    barred = add_account(network.address_id, Role.KEEPER, "Kha")
    bar_account(network.office.worker, network.case_id, barred.account_id, "Em của người gây bạo lực")
    referral = refer(network, network.case_id, excluded=frozenset({excluded.account_id}))
    service.accept(network.keeper, referral.bundle_id)
    service.recall(network.office.worker, network.case_id, referral.id)
    session.flush()
    session.expunge_all()

    assert queries.list_taken_back(network.keeper) == [("UBND xã Cẩm Tú", clock.today())]
    assert queries.is_taken_back(network.keeper, referral.bundle_id)
    for actor in (excluded, barred, network.police, network.neighbour, network.office.worker):
        assert queries.list_taken_back(actor) == []
        assert not queries.is_taken_back(actor, referral.bundle_id)
    assert not queries.is_taken_back(network.keeper, uuid4())
    bundle = session.get(Bundle, referral.bundle_id)
    for name in ("offer", "content", "answer"):
        with pytest.raises(SealError):
            getattr(bundle, name)
    with clock.frozen(NOW + timedelta(days=TAKEN_BACK_DAYS + 1)):
        assert queries.list_taken_back(network.keeper) == []


ENDED = {
    "recalled": lambda network, one: service.recall(network.office.worker, network.case_id, one.id),
    "withdrawn": lambda network, one: service.withdraw(network.office.worker, network.case_id, one.id),
    "declined": lambda network, one: service.decline(network.keeper, one.bundle_id, "het_cho"),
    "missed": lambda network, one: (
        service.accept(network.keeper, one.bundle_id),
        service.record_no_show(network.keeper, one.bundle_id),
    ),
    "completed": lambda network, one: (
        service.accept(network.keeper, one.bundle_id),
        service.record_arrival(network.keeper, one.bundle_id),
        service.complete(network.keeper, one.bundle_id, left_to="nguoi_than", note="Chị đã về quê"),
    ),
}


@pytest.mark.parametrize("name", ENDED)
def test_after_the_end_the_unit_reads_neither_the_bundle_nor_its_own_answers(session, network, name) -> None:
    referral = send(network)
    ENDED[name](network, referral)
    session.flush()
    session.expunge_all()

    for act in (
        lambda: queries.open_bundle(network.keeper, referral.bundle_id),
        lambda: service.make_copy(network.keeper, referral.bundle_id),
        lambda: service.accept(network.keeper, referral.bundle_id),
        lambda: service.complete(network.keeper, referral.bundle_id),
        lambda: service.redirect(network.keeper, referral.bundle_id, network.police_id),
        lambda: queries.list_onward(network.keeper, referral.bundle_id),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(SealError):
        _ = session.get(Bundle, referral.bundle_id).answer


def test_the_words_of_a_unit_land_in_the_case_and_nobody_of_any_unit_reads_them_back(
    session, network
) -> None:
    referral = send(network)
    service.accept(network.keeper, referral.bundle_id, note="Cửa sau, gõ ba tiếng")

    seen = [told(network, referral.bundle_id), queries.open_bundle(network.second_keeper, referral.bundle_id)]
    assert "gõ ba tiếng" not in str(seen)
    assert "gõ ba tiếng" not in str(session.get(Bundle, referral.bundle_id).answer)
    row = queries.open_referral(network.office.worker, network.case_id, referral.id)
    assert row.outcome["text"] == "Cửa sau, gõ ba tiếng"
    for stranger in (network.keeper, network.police, network.office.colleague, network.office.stranger):
        with pytest.raises(NotFound):
            queries.open_referral(stranger, network.case_id, referral.id)


def test_a_recipient_can_refer_on_only_by_pointing_and_never_to_who_is_left_out(session, network) -> None:
    other, _ = second_address(network)
    kin = add_account(other.id, Role.KEEPER, "Kha")
    case_id = narrow_case(network, "called_name", "code_word", exclusions=(str(kin.account_id),))
    referral = refer(network, case_id, content={"called_name": "Chị Hoa", "code_word": "chè"})

    with pytest.raises(NotFound):
        service.send_referral(network.keeper, case_id, sending_to(other.id))
    with pytest.raises(Conflict):
        service.redirect(network.keeper, referral.bundle_id, network.police_id)
    with clock.frozen(NOW + timedelta(minutes=1)):
        agree(network, case_id, "called_name", exclusions=(str(kin.account_id),))
    onward = service.redirect(network.keeper, referral.bundle_id, other.id)

    assert session.get(Bundle, onward.bundle_id).content == {"called_name": "Chị Hoa"}
    left_out = session.scalars(
        select(BundleExclusion.account_id).where(BundleExclusion.bundle_id == onward.bundle_id)
    )
    assert list(left_out) == [kin.account_id]
    for actor in (network.keeper, kin):
        with pytest.raises(NotFound):
            queries.open_bundle(actor, onward.bundle_id)


def test_when_she_takes_her_consent_back_the_units_have_nothing_any_more(session, network) -> None:
    waiting, promised = send(network), send(network)
    service.accept(network.keeper, promised.bundle_id)
    other_service = consented_case(network.office).id
    kept = send(network, other_service)

    consent = next(
        one
        for one in list_consents(network.office.worker, network.case_id)
        if one.document["service"] == "tam_lanh"
    )
    withdraw_consent(network.office.worker, network.case_id, consent.id, consent.version)

    assert [one.state for one in (waiting, promised, kept)] == ["withdrawn", "withdrawn", "sent"]
    assert queries.count_inbox(network.keeper) == 1
    for one in (waiting, promised):
        with pytest.raises(NotFound):
            told(network, one.bundle_id)


def test_a_refusal_while_she_stays_puts_nobody_on_the_street_but_is_talked_over(session, network) -> None:
    referral = send(network)
    service.accept(network.keeper, referral.bundle_id)
    service.record_arrival(network.keeper, referral.bundle_id)

    refuse(network.office.worker, network.case_id, purpose="chuyen_gui", service="tam_lanh")

    assert referral.state == "arrived"
    assert open_tasks(session, network.case_id) == ["referral_unwanted"]


def test_a_narrower_consent_takes_its_fields_from_units_that_have_them(session, network) -> None:
    referral = send(network)
    service.accept(network.keeper, referral.bundle_id)

    with clock.frozen(NOW + timedelta(minutes=1)):
        agree(network, network.case_id, "called_name", "code_word")

    view = told(network, referral.bundle_id)
    assert not {"safe_phone", "situation"} & view.content.keys()
    assert {"called_name", "code_word", "meeting_point"} <= view.content.keys()
    assert set(view.corrected) == {"safe_phone", "situation"}


def test_what_the_law_let_go_without_consent_is_not_stopped_by_a_no(session, network) -> None:
    case_id = open_case(network.office.worker, summary={}).id
    referral = refer(
        network, case_id, exception="de_doa_tinh_mang", exception_reason="Đang bất tỉnh, con nhỏ gọi"
    )

    refuse(network.office.worker, case_id, purpose="chuyen_gui", service="tam_lanh")

    assert session.get(Referral, referral.id).state == "sent"


def test_no_reading_of_a_bundle_stands_in_the_log_with_a_value(work) -> None:
    with clock.frozen(NOW):
        with work():
            network = build_network()
            referral = send(network)
            service.accept(network.keeper, referral.bundle_id)
        with work():
            service.make_copy(network.keeper, referral.bundle_id)
        with work() as session:
            rows = list(session.scalars(select(AuditEntry).where(AuditEntry.object_id == referral.bundle_id)))
    assert {row.scope_id for row in rows} == {None}
    assert {row.action for row in rows} >= {"bundle:copy", "referral:accepted"}
