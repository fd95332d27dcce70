"""Support begun from a case cannot be told from the programme's own, and leads nobody to the case."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import inspect, select, text

from casemgr.audit.models import AuditEntry
from casemgr.audit.queries import _opened
from casemgr.cases import queries as cases
from casemgr.cases import service as case_service
from casemgr.codes import lists
from casemgr.errors import InvalidState, NotFound, Refused, StaleVersion
from casemgr.facts.models import Fact
from casemgr.facts.rules import SPECS, FactKind
from casemgr.policy import Permission, Role
from casemgr.support import queries, service
from casemgr.support.models import SupportAction, SupportLink
from casemgr.support.rules import fact_codes
from casemgr.survivors.rules import Purpose
from casemgr.survivors.service import record_consent
from tests.rig.staff import add_staff

VALUES = {
    "beneficiary": "Quách Thị Hoa",
    "sex": "nu",
    "group": "can_ngheo",
    "kind": "dt_nghe",
    "programme": "ctmtqg_2026",
    "fund": "ctmtqg",
    "amount": 5_000_000,
    "starts_on": "2026-07-01",
}
LIVE = ("planned", "running")


def begin(commune, actor=None, **changed):
    given = {"how": "loi_noi", "limits_read": True, **changed}
    return service.add_from_case(actor or commune.worker.actor, commune.case_id, VALUES, **given)


def finish(officer, action, outcome="hoan_thanh"):
    return service.finish_support(
        officer, action.id, version=action.version, outcome=outcome, finished_on=date(2026, 6, 4)
    )


def test_the_case_knows_which_support_it_began(commune, work):
    with work():
        action = begin(commune)
        [row] = queries.list_support_of(commune.worker.actor, commune.case_id)
    assert (row.id, row.kind, row.state) == (action.id, "dt_nghe", "planned")


def test_which_action_it_was_is_sealed_in_the_case(commune, work):
    with work():
        action_id = begin(commune).id
    with work(write=False) as session:
        stored = b"".join(repr(row).encode() for row in session.execute(text("SELECT * FROM support_link")))
        assert action_id.hex.encode() not in stored.replace(b"-", b"")
        assert session.scalar(select(SupportLink)).support_id == str(action_id)


def test_no_column_tells_an_action_of_a_case_from_one_of_the_programme(commune, work):
    with work():
        from_case, direct = begin(commune).id, service.add_support(commune.officer.actor, VALUES).id
    with work(write=False) as session:
        rows = {
            UUID(str(row.id)): {name: value for name, value in row._mapping.items() if name not in OWN}
            for row in session.execute(select(SupportAction.__table__))
        }
        sizes = [{name: len(row[name]) for name in row if name.endswith("_sealed")} for row in rows.values()]
        plain = [{name: row[name] for name in row if not name.endswith("_sealed")} for row in rows.values()]
    assert set(rows) == {from_case, direct}
    assert sizes[0] == sizes[1]
    assert plain[0] == plain[1]


OWN = {"id", "code"}


def test_no_column_can_hold_an_account_or_a_case(commune):
    assert {
        column.name for column in inspect(SupportAction).columns if not column.name.endswith("_sealed")
    } == {
        "id",
        "code",
        "unit_id",
        "state",
        "version",
        "created_day",
    }


def test_the_officer_reads_the_same_of_both(commune, work):
    officer = commune.officer.actor
    with work():
        begin(commune)
        service.add_support(officer, VALUES)
        rows = queries.list_support(officer, LIVE)
        seen = [
            {name: getattr(row, name) for name in row.__slots__ if name not in {"id", "code"}} for row in rows
        ]
        pages = [queries.open_page(officer, row.id, "answers", "beneficiary") for row in rows]
        assert len(rows) == 2
        assert seen[0] == seen[1]
        assert pages[0].known == pages[1].known
        assert {page.beneficiary for page in pages} == {"Quách Thị Hoa"}


def test_no_entry_of_the_log_names_both_a_case_and_an_action(commune, work):
    with work():
        action_id = begin(commune).id
    with work():
        queries.list_support_of(commune.worker.actor, commune.case_id)
    with work(write=False) as session:
        entries = list(session.scalars(select(AuditEntry)))
        named = [entry for entry in entries if action_id in (entry.object_id, entry.scope_id)]
        kinds = [entry for entry in entries if "support" in entry.action or entry.object_kind == "support"]
    assert named == []
    assert kinds == []


def test_no_detail_of_the_log_names_the_action_even_when_it_is_opened(commune, work):
    with work():
        action_id = begin(commune).id
    with work(write=False) as session:
        details = [_opened(session, entry) for entry in session.scalars(select(AuditEntry))]
    assert not [detail for detail in details if str(action_id) in str(detail)]


def test_an_action_of_the_programme_has_no_entry_of_its_own_beginning_either(commune, work):
    with work():
        action_id = service.add_support(commune.officer.actor, VALUES).id
    with work(write=False) as session:
        named = select(AuditEntry.action).where(AuditEntry.object_id == action_id)
        assert list(session.scalars(named)) == []
        assert "support:add" in set(session.scalars(select(AuditEntry.action)))


def test_the_order_of_the_list_is_not_the_order_of_entry(commune, work):
    officer = commune.officer.actor
    with work():
        made = [service.add_support(officer, VALUES).id for _ in range(12)]
        shown = [row.id for row in queries.list_support(officer, LIVE)]
    assert shown == sorted(made, reverse=True)
    assert shown not in (made, made[::-1])


def test_the_timeline_of_the_case_does_not_name_the_action(commune, work):
    with work():
        action = begin(commune)
        case = cases.get_case(commune.worker.actor, commune.case_id)
        entries = [entry.content for entry in cases.list_entries(commune.worker.actor, case)]
    assert not [
        content for content in entries if action.code in str(content) or str(action.id) in str(content)
    ]


def test_without_her_consent_nothing_goes_to_the_programme(commune, work):
    with work() as session:
        for answers in ({"how": None}, {"limits_read": False}):
            with pytest.raises(Refused, match="consent_missing"):
                begin(commune, **answers)
        assert session.scalar(select(SupportAction.id)) is None


def test_a_standing_consent_to_the_service_is_enough(commune, work):
    with work():
        record_consent(
            commune.worker.actor,
            commune.case_id,
            purpose=Purpose.REFERRAL,
            service="sinh_ke",
            how="ky_ten",
            limits_read=True,
        )
        assert begin(commune, how=None, limits_read=False).state == "planned"


def test_consent_to_another_service_is_not_enough(commune, work):
    with work():
        record_consent(
            commune.worker.actor,
            commune.case_id,
            purpose=Purpose.REFERRAL,
            service="y_te",
            how="ky_ten",
            limits_read=True,
        )
        with pytest.raises(Refused, match="consent_missing"):
            begin(commune, how=None, limits_read=False)


def test_while_an_officer_is_kept_from_the_case_her_name_does_not_go_there(commune, work):
    with work():
        barred = commune.officer.actor.account_id
        case_service.bar_account(commune.worker.actor, commune.case_id, barred, "Chồng")
        with pytest.raises(Refused, match="conflict_of_interest"):
            begin(commune)


@pytest.mark.parametrize("who", ["colleague", "stranger", "officer", "child_worker"])
def test_nobody_begins_or_lists_support_of_a_case_out_of_reach(commune, work, who):
    actor = getattr(commune, who).actor
    with work():
        with pytest.raises(NotFound):
            begin(commune, actor=actor)
        with pytest.raises(NotFound):
            queries.list_support_of(actor, commune.case_id)


def test_whoever_is_kept_from_the_case_does_not_see_its_support(commune, work):
    with work():
        begin(commune)
        barred = commune.supervisor.actor
        case_service.bar_account(commune.worker.actor, commune.case_id, barred.account_id, "Họ hàng")
        with pytest.raises(NotFound):
            queries.list_support_of(barred, commune.case_id)


@pytest.mark.parametrize("who", ["worker", "supervisor", "officer_elsewhere", "child_worker"])
def test_only_the_programme_of_the_unit_opens_an_action(commune, work, who):
    with work():
        action = begin(commune)
        for permission in (Permission.SUPPORT_READ, Permission.SUPPORT_CHANGE):
            with pytest.raises(NotFound):
                queries.get_support(getattr(commune, who).actor, action.id, permission)


def support_facts(session):
    return [fact.content for fact in session.scalars(select(Fact)) if fact.content["kind"] == "support"]


def test_a_completed_action_is_counted_once_by_the_day_of_the_record(commune, work):
    officer = commune.officer.actor
    with work() as session:
        action = begin(commune)
        service.start_support(officer, action.id, version=action.version)
        assert support_facts(session) == []
        finish(officer, action)
        session.flush()
        assert support_facts(session) == [
            {
                "kind": "support",
                "registered_on": "2026-06-05",
                "action": "dt_nghe",
                "programme": "ctmtqg_2026",
                "beneficiary_group": "can_ngheo",
                "sex": "nu",
            }
        ]
        with pytest.raises(InvalidState):
            finish(officer, action)


def test_a_stopped_action_is_not_counted(commune, work):
    with work() as session:
        action = finish(commune.officer.actor, begin(commune), "dung")
        assert action.state == "dropped"
        assert support_facts(session) == []


def test_a_finished_action_is_not_changed(commune, work):
    officer = commune.officer.actor
    with work():
        action = finish(officer, begin(commune))
        with pytest.raises(InvalidState):
            service.change_support(officer, action.id, version=action.version, values=VALUES)


def test_a_change_on_an_old_version_is_refused(commune, work):
    officer = commune.officer.actor
    with work():
        action = begin(commune)
        old = action.version
        service.change_support(officer, action.id, version=old, values={**VALUES, "beneficiary": None})
        assert action.beneficiary == "Quách Thị Hoa"
        with pytest.raises(StaleVersion):
            service.change_support(officer, action.id, version=old, values=VALUES)


def test_facts_count_codes_of_their_lists_alone():
    codes = fact_codes(VALUES)

    assert all(code in lists.get(SPECS[FactKind.SUPPORT].fields[name]) for name, code in codes.items())


def test_no_beneficiary_group_says_survivor():
    labels = [code.vi + code.en for code in lists.get("beneficiary_group")]

    assert not [label for label in labels if "bạo lực" in label or "urvivor" in label]


def test_an_officer_from_whom_the_case_is_kept_later_no_longer_sees_what_it_began(work, commune):
    with work():
        action = begin(commune)
        other = service.add_support(commune.officer.actor, VALUES)
    with work():
        bar = case_service.bar_account(
            commune.worker.actor, commune.case_id, commune.officer.actor.account_id, "Người nhà"
        )
    with work():
        officer = commune.officer.actor
        assert [row.id for row in queries.list_support(officer, LIVE)] == [other.id]
        with pytest.raises(NotFound):
            queries.open_page(officer, action.id)
        with pytest.raises(NotFound):
            service.start_support(officer, action.id, version=action.version)
    with work():
        case_service.propose_lift(commune.worker.actor, commune.case_id, bar.id, "Chỉ trùng tên")
        case_service.answer_lift(commune.supervisor.actor, commune.case_id, bar.id, agreed=True)
    with work():
        assert len(queries.list_support(commune.officer.actor, LIVE)) == 2


def test_a_bar_of_one_officer_hides_nothing_from_another(work, commune):
    with work():
        action = begin(commune)
        case_service.bar_account(
            commune.worker.actor, commune.case_id, commune.officer.actor.account_id, "Người nhà"
        )
        colleague = add_staff("khac", Role.PROGRAMME_OFFICER, unit_id=commune.unit_id).actor
        assert queries.open_page(colleague, action.id).id == action.id
