"""A child record has its own owner and key; both sides know of the link, neither reads the other."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from casemgr.audit.models import AuditEntry
from casemgr.cases import queries as cases
from casemgr.cases import service as case_service
from casemgr.children import queries, service
from casemgr.children.models import ChildBar, ChildLink, ChildRecord, ChildTask
from casemgr.errors import InvalidState, NotFound, Refused, StaleVersion
from casemgr.facts.models import Fact
from casemgr.keys.models import DataKey
from casemgr.policy import Permission

ORIGIN = "Bé kể với cô giáo rằng sợ về nhà"
VALUES = {
    "immediate_danger": "yes",
    "risk_level": "cao",
    "name": "Cao Văn Tí",
    "birth": "2015",
    "sex": "nam",
    "abuse": ["bao_luc"],
    "origin": ORIGIN,
}
BASIS = {"agreed": "no", "reason": "Trẻ bị đánh hằng đêm", "told": "yes"}


def link(commune, actor=None, **changed):
    given = {
        "owner_id": commune.child_worker.actor.account_id,
        "relation": "tre_trong_nha",
        "basis": BASIS,
        "values": VALUES,
        **changed,
    }
    return service.link_child(actor or commune.worker.actor, commune.case_id, **given)


@pytest.fixture
def child_id(commune, work):
    with work():
        return link(commune).id


def attackers(commune):
    return {
        "another child-protection worker": commune.other_child_worker,
        "a child-protection worker of another unit": commune.child_stranger,
        "the owner of the case": commune.worker,
        "a colleague": commune.colleague,
        "the supervisor of the case": commune.supervisor,
        "the programme's officer": commune.officer,
    }


def test_the_record_belongs_to_its_owner_and_opens_for_nobody_else(commune, work, child_id):
    with work():
        child = queries.open_page(commune.child_worker.actor, child_id, "answers")
        assert child.known["origin"] == ORIGIN
        for who, person in attackers(commune).items():
            for permission in (Permission.CHILD_READ, Permission.CHILD_CHANGE):
                with pytest.raises(NotFound):
                    queries.get_child(person.actor, child_id, permission)
                    pytest.fail(who)


def test_the_record_has_a_key_of_its_own(work, child_id):
    with work(write=False) as session:
        scopes = session.execute(select(DataKey.purpose, DataKey.scope_id)).all()
        assert ("child", child_id) in scopes


def test_the_case_knows_code_owner_risk_and_state_of_the_record_and_no_more(commune, work, child_id):
    with work():
        [seen] = queries.list_children_of(commune.worker.actor, commune.case_id)

    assert seen.code.startswith("TE-")
    assert (seen.risk_level, seen.state, seen.relation) == ("cao", "open", "tre_trong_nha")
    assert seen.owner_id == commune.child_worker.actor.account_id
    assert not seen.is_reachable
    assert not {"name", "answers", "known", "birth"} & set(seen.__slots__)


def test_the_record_knows_code_and_owner_of_the_case_and_no_more(commune, work, child_id):
    with work():
        [side] = queries.list_cases_of(commune.child_worker.actor, child_id)

    assert side.code == commune.case_code
    assert side.owner_id == commune.worker.actor.account_id
    assert set(side.__slots__) == {"code", "owner_id", "linked_day"}


def test_the_owner_of_the_record_does_not_reach_the_case(commune, work, child_id):
    with work(), pytest.raises(NotFound):
        cases.get_case(commune.child_worker.actor, commune.case_id)


def test_relation_and_reason_are_sealed_in_the_case(commune, work, child_id):
    with work(write=False) as session:
        found = session.scalar(select(ChildLink))
        assert found.basis == BASIS
        key = session.scalar(select(DataKey).where(DataKey.scope_id == commune.case_id))
        assert found._sealed_relation.find(key.id.bytes) >= 0


def test_nothing_said_of_the_child_is_in_the_table_in_the_clear(work, child_id):
    with work(write=False) as session:
        stored = b"".join(
            repr(row).encode()
            for table in ("child_record", "child_link", "child_task", "fact", "timeline_entry")
            for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        )
    assert not [
        word for word in (ORIGIN, "Cao Văn Tí", "tre_trong_nha", "bao_luc") if word.encode() in stored
    ]


def test_without_consent_and_without_danger_nothing_is_linked(commune, work):
    with work() as session:
        with pytest.raises(Refused, match="consent_missing"):
            link(commune, values={"immediate_danger": "no"})
        assert session.scalar(select(ChildRecord.id)) is None


@pytest.mark.parametrize("who", ["colleague", "stranger", "child_worker", "officer"])
def test_nobody_links_to_a_case_out_of_reach(commune, work, who):
    with work(), pytest.raises(NotFound):
        link(commune, actor=getattr(commune, who).actor)


@pytest.mark.parametrize("who", ["child_stranger", "colleague", "worker"])
def test_only_child_protection_workers_of_the_unit_may_own_a_record(commune, work, who):
    with work(), pytest.raises(Refused, match="conflict_of_interest"):
        link(commune, owner_id=getattr(commune, who).actor.account_id)


def bar(commune, person):
    case_service.bar_account(commune.worker.actor, commune.case_id, person.actor.account_id, "Họ hàng")


def test_whoever_the_case_is_kept_from_cannot_be_given_the_record(commune, work):
    with work():
        bar(commune, commune.child_worker)
        offered = {
            person.account_id for person in queries.list_workers(commune.worker.actor, commune.case_id)
        }
        assert offered == {commune.other_child_worker.actor.account_id}
        with pytest.raises(Refused, match="conflict_of_interest"):
            link(commune)


def test_bars_of_the_case_are_copied_to_the_record(commune, work):
    with work() as session:
        bar(commune, commune.other_child_worker)
        child = link(commune)
        [copied] = session.scalars(select(ChildBar).where(ChildBar.child_id == child.id))
        assert copied.account_id == commune.other_child_worker.actor.account_id


def test_a_bar_copied_to_the_record_beats_ownership(commune, work, child_id):
    with work() as session:
        session.add(
            ChildBar(
                child_id=child_id,
                account_id=commune.child_worker.actor.account_id,
                made_day=session.scalar(select(ChildLink.linked_day)),
            )
        )
        session.flush()
        with pytest.raises(NotFound):
            queries.get_child(commune.child_worker.actor, child_id)


def test_a_later_bar_of_the_case_ends_the_reach_of_the_owner(commune, work, child_id):
    with work():
        bar(commune, commune.child_worker)
        with pytest.raises(NotFound):
            queries.get_child(commune.child_worker.actor, child_id)
        assert queries.list_children(commune.child_worker.actor) == []


def test_an_owner_who_moved_to_another_unit_no_longer_reaches_the_record(commune, work, child_id):
    moved = replace(commune.child_worker.actor, unit_id=commune.child_stranger.actor.unit_id)
    with work(), pytest.raises(NotFound):
        queries.get_child(moved, child_id)


def test_opening_starts_the_clocks_of_the_law(commune, work, child_id):
    with work():
        duties = queries.list_duties(commune.child_worker.actor, child_id)

    assert [duty.kind for duty in duties] == ["emergency_measures", "plan"]
    assert {duty.state for duty in duties} == {"open"}


def test_danger_found_later_starts_its_clock_once(commune, work):
    owner = commune.child_worker.actor
    calm = {**VALUES, "immediate_danger": "no", "abuse": []}
    with work():
        child = link(commune, basis={"agreed": "yes", "told": "yes"}, values=calm)
        service.change_child(owner, child.id, version=child.version, values=VALUES)
        service.change_child(owner, child.id, version=child.version, values=calm)
        service.change_child(owner, child.id, version=child.version, values=VALUES)
        kinds = sorted(duty.kind for duty in queries.list_duties(owner, child.id))
    assert kinds == ["emergency_measures", "plan"]


def test_a_finished_plan_starts_the_clock_of_its_approval(commune, work, child_id):
    owner = commune.child_worker.actor
    with work():
        plan = next(duty for duty in queries.list_duties(owner, child_id) if duty.kind == "plan")
        service.finish_task(owner, child_id, plan.id)
        assert {duty.kind: duty.state for duty in queries.list_duties(owner, child_id)} == {
            "emergency_measures": "open",
            "plan": "done",
            "approval": "open",
        }
        with pytest.raises(InvalidState):
            service.finish_task(owner, child_id, plan.id)


def test_a_duty_of_another_record_is_not_found(commune, work, child_id):
    owner = commune.child_worker.actor
    with work() as session:
        other = link(commune)
        task_id = session.scalar(select(ChildTask.id).where(ChildTask.child_id == other.id))
        with pytest.raises(NotFound):
            service.finish_task(owner, child_id, task_id)
        with pytest.raises(NotFound):
            service.finish_task(owner, child_id, uuid4())


def facts(session):
    return [fact.content for fact in session.scalars(select(Fact)) if fact.content["kind"] == "child"]


def test_opening_writes_one_fact_and_a_change_corrects_it(commune, work, child_id):
    owner = commune.child_worker.actor
    with work() as session:
        assert facts(session) == [
            {
                "kind": "child",
                "registered_on": "2026-06-05",
                "risk_level": "cao",
                "sex": "nam",
                "age_band_vn": "a6_10",
            }
        ]
        child = queries.get_child(owner, child_id)
        service.change_child(owner, child_id, version=child.version, values={**VALUES, "risk_level": "thap"})
        assert [fact["risk_level"] for fact in facts(session)] == ["thap"]


def test_an_entry_in_error_is_not_counted_until_it_is_opened_again(commune, work, child_id):
    owner = commune.child_worker.actor
    with work() as session:
        child = queries.get_child(owner, child_id)
        service.close_child(owner, child_id, version=child.version, outcome="nhap_trung")
        session.flush()
        assert facts(session) == []
        service.reopen_child(owner, child_id, version=child.version)
        session.flush()
        assert len(facts(session)) == 1


def test_closing_drops_open_duties_and_shows_on_the_case_as_a_state_alone(commune, work, child_id):
    owner = commune.child_worker.actor
    with work():
        child = queries.get_child(owner, child_id)
        service.close_child(owner, child_id, version=child.version, outcome="an_toan", note="Đã về với bà")
        assert {duty.state for duty in queries.list_duties(owner, child_id)} == {"dropped"}
        [seen] = queries.list_children_of(commune.worker.actor, commune.case_id)
        assert seen.state == "closed"
        with pytest.raises(InvalidState):
            service.change_child(owner, child_id, version=child.version, values=VALUES)


def test_a_change_on_an_old_version_is_refused(commune, work, child_id):
    owner = commune.child_worker.actor
    with work():
        child = queries.get_child(owner, child_id)
        old = child.version
        service.change_child(owner, child_id, version=old, values=VALUES)
        with pytest.raises(StaleVersion):
            service.change_child(owner, child_id, version=old, values=VALUES)


def test_a_change_without_a_name_keeps_the_name(commune, work, child_id):
    owner = commune.child_worker.actor
    with work():
        child = queries.get_child(owner, child_id)
        unnamed = {name: value for name, value in VALUES.items() if name != "name"}
        service.change_child(owner, child_id, version=child.version, values=unnamed)
        assert child.name == "Cao Văn Tí"


def test_reading_from_the_case_is_on_the_record_of_both_sides(commune, work, child_id):
    with work():
        queries.list_children_of(commune.worker.actor, commune.case_id)
    with work(write=False) as session:
        reads = session.execute(
            select(AuditEntry.object_kind, AuditEntry.object_id).where(AuditEntry.outcome == "seen")
        ).all()
    assert ("case", commune.case_id) in reads
    assert ("child", child_id) in reads


def test_the_name_is_only_read_when_it_is_asked_for(commune, work, child_id):
    with work():
        child = queries.open_page(commune.child_worker.actor, child_id, "answers")
        assert child.known
        assert "name" not in child.__dict__["_opened"]
