import re
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.audit.checkpoints import public_key_from
from casemgr.audit.models import AuditEntry
from casemgr.audit.verify import verify
from casemgr.cases import queries as cases
from casemgr.cases.models import Assignment, Bar, Case, Task, TimelineEntry
from casemgr.cases.rules import CaseState
from casemgr.children import queries as children
from casemgr.children.models import ChildRecord, ChildTask
from casemgr.children.rules import ChildState
from casemgr.db import current
from casemgr.demo.names import MARKERS
from casemgr.demo.organisation import begin_day
from casemgr.facts.models import Fact
from casemgr.incidents.models import Incident, Perpetrator
from casemgr.intake import queries as intakes
from casemgr.policy import Permission, Role, may
from casemgr.referrals import queries as referrals
from casemgr.referrals.models import Referral
from casemgr.referrals.rules import ReferralState
from casemgr.reporting import queries as reports
from casemgr.shelters import queries as shelters
from casemgr.shelters.models import Stay
from casemgr.shelters.rules import StayState
from casemgr.statistics import service as statistics
from casemgr.support import queries as support
from casemgr.support.models import SupportAction
from casemgr.support.rules import SupportState
from casemgr.survivors.models import Consent, DuplicateNotice, Survivor
from casemgr.survivors.rules import ConsentState
from casemgr.tips import queries as tips
from casemgr.tips.models import Tip
from casemgr.tips.rules import TipState
from casemgr.web.drafts import list_drafts


def everything(table):
    return list(current().scalars(select(table)))


def states(table):
    return {row.state for row in everything(table)}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (Case, set(CaseState)),
        (Referral, set(ReferralState) - {ReferralState.DRAFTED}),
        (Stay, set(StayState)),
        (ChildRecord, set(ChildState)),
        (SupportAction, set(SupportState) - {SupportState.DROPPED}),
        (Tip, set(TipState)),
        (Consent, set(ConsentState)),
    ],
)
def test_every_state_is_there(demo, table, expected):
    assert states(table) >= expected


def test_every_role_acts(demo):
    acted = {
        role
        for entry in current().scalars(select(AuditEntry.actor_id).distinct())
        for actor in demo.cast.actors.values()
        if actor.account_id == entry
        for role in actor.roles
    }
    assert acted >= set(Role) - {Role.DATA_PROTECTION, Role.ADMINISTRATOR}


def test_whoever_answers_referrals_has_some_to_answer(demo):
    answering = [name for name, actor in demo.cast.actors.items() if may(actor, Permission.REFERRAL_ANSWER)]
    waiting = {name: referrals.count_inbox(demo.cast[name]) for name in answering}
    # A worker of the office shares the inbox of its child worker.
    assert all(waiting.values()), waiting


def test_a_referral_was_answered_by_telephone(demo):
    assert any((row.outcome or {}).get("by_phone") for row in everything(Referral))


def test_a_referral_was_seen_and_waits(demo):
    read = set(current().scalars(select(AuditEntry.object_id).where(AuditEntry.action == "bundle:read")))
    assert any(row.state == ReferralState.SEEN and row.bundle_id in read for row in everything(Referral))


@pytest.mark.parametrize("name", ["canbo1", "canbo2"])
def test_a_worker_has_something_overdue_due_today_and_this_week(demo, name):
    today = clock.today()
    days = {task.due_day for task, _, _ in cases.list_my_tasks(demo.cast[name], today + timedelta(days=7))}
    assert min(days) < today
    assert today in days
    assert any(today < day <= today + timedelta(days=7) for day in days)


def test_a_worker_has_begun_a_note_and_an_intake(demo):
    assert [form for form, _ in list_drafts(demo.cast["canbo1"])] == ["case_note"]
    assert intakes.list_open(demo.cast["canbo1"])


def test_closings_wait_for_the_supervisor(demo):
    assert cases.list_awaiting_agreement(demo.cast["phutrach"])


def test_a_closed_case_was_opened_again(demo):
    kinds = Counter((entry.case_id, entry.content["kind"]) for entry in everything(TimelineEntry))
    assert any(kind == "reopened" for _, kind in kinds)


def test_a_clock_of_the_law_runs_and_another_is_overdue(demo):
    now = clock.now()
    due = [
        duty.due_at
        for duty, _, _ in children.list_my_duties(demo.cast["treem"], clock.today() + timedelta(days=365))
    ]
    assert min(due) < now < max(due)
    assert {task.state for task in everything(ChildTask)} >= {"open", "done"}


def test_a_colleague_is_barred_and_another_covers(demo):
    bar = everything(Bar)[0]
    barred = next(actor for actor in demo.cast.actors.values() if actor.account_id == bar.account_id)
    assert bar.case_id not in {row.id for row in cases.list_cases(barred)}
    assert "covering" in {assignment.kind for assignment in everything(Assignment)}


def test_a_case_has_several_incidents_and_an_event_several_survivors(demo):
    incidents = everything(Incident)
    assert max(Counter(incident.case_id for incident in incidents).values()) > 1
    cases_of = {}
    for incident in incidents:
        cases_of.setdefault(incident.event_key, set()).add(incident.case_id)
    assert max(len(found) for found in cases_of.values()) > 1


def test_people_are_not_all_alike(demo):
    people = [survivor.values for survivor in everything(Survivor)]
    assert {person["sex"] for person in people} == {"nu", "nam"}
    assert any("ky_hieu" in person["languages"] for person in people)
    assert any(person["languages"] == ["mong"] for person in people)
    assert any(person["occupation"] == "hoc_sinh_sv" for person in people)


def test_a_supervisor_hears_of_two_files_of_one_person(demo):
    assert current().scalars(select(DuplicateNotice)).first() is not None


def test_few_beds_are_left_at_the_trusted_addresses(demo):
    for keeper in ("diachi1", "diachi2"):
        address = shelters.get_own_address(demo.cast[keeper])
        assert 0 <= address.free.adults <= 3
        assert referrals.list_stays(demo.cast[keeper])


def test_programmes_tips_and_the_ledger_are_not_empty(demo):
    assert support.list_support(demo.cast["chuongtrinh"], states=tuple(SupportState))
    assert tips.list_tips(demo.cast["canbo1"])
    assert tips.count_own(demo.cast["thon1"])
    assert statistics.list_tables(demo.cast["baocao"])


def test_the_leader_approved_a_report_and_finds_a_draft(demo):
    found = {report.state for report in reports.list_reports(demo.cast["lanhdao"])}
    assert found == {"approved", "draft"}


def test_a_tip_is_kept_from_whom_its_sender_names(demo):
    kept = {row.code for row in tips.list_tips(demo.cast["canbo1"])}
    assert kept > {row.code for row in tips.list_tips(demo.cast["canbo2"])}


def test_the_other_commune_hears_of_four_incidents_a_year_at_most(demo):
    days = sorted(
        fact.content["registered_on"]
        for fact in everything(Fact)
        if fact.unit_id == demo.cast["xaben.canbo"].unit_id and fact.content["kind"] == "incident"
    )
    assert 0 < len(days) <= 4


def test_every_name_says_that_it_is_an_example(demo):
    names = [survivor.full_name for survivor in everything(Survivor) if survivor.full_name]
    names += [one.answers["name"] for one in everything(Perpetrator) if "name" in one.answers]
    names += [child.name for child in everything(ChildRecord) if child.name]
    names += [action.beneficiary for action in everything(SupportAction)]
    named = [tip.reporter["answers"].get("reporter_name") for tip in everything(Tip)]
    names += [name for name in named if name]
    assert len(names) > 100
    assert all(any(marker in name for marker in MARKERS) for name in names)


def test_every_telephone_number_is_one_that_no_operator_has(demo):
    numbers = [survivor.values.get("phone") for survivor in everything(Survivor)]
    assert all(re.fullmatch(r"\+84300\d{6}", number) for number in numbers if number)


def test_the_log_is_whole_and_its_times_never_go_back(demo):
    times = list(current().scalars(select(AuditEntry.at).order_by(AuditEntry.seq)))
    assert times == sorted(times)
    assert times[-1] <= clock.now()
    assert clock.local(times[0]).date() == begin_day(clock.today()) - timedelta(days=1)


def test_the_log_verifies(filled):
    keys = [public_key_from(filled.keyring)]
    assert verify(filled.database, filled.keyring, public_keys=keys, deep=True).findings == ()


def test_the_same_moment_gives_the_same_demonstration(filled, make_demo, tmp_path):
    other = make_demo(tmp_path)
    assert portrait(filled) == portrait(other)


def portrait(demo):
    """What a demonstration holds, without the ids and codes that are drawn anew each time."""
    with demo.open():
        people = sorted(
            (survivor.full_name or "", survivor.created_day, min(survivor.values.items(), key=str))
            for survivor in everything(Survivor)
        )
        tables = (Case, Referral, Stay, ChildRecord, SupportAction, Tip, Consent)
        counts = [Counter(row.state for row in everything(table)) for table in tables]
        tasks = Counter((task.due_day, task.state, task.content["kind"]) for task in everything(Task))
        days = Counter(entry.day for entry in everything(TimelineEntry))
        return people, counts, tasks, days
