"""Intakes and emergencies through their services, on both engines."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.cases import service as cases
from casemgr.cases.models import Case, Task
from casemgr.cases.queries import get_case
from casemgr.db import current
from casemgr.errors import Conflict, InvalidState, NotFound, SealError, StaleVersion
from casemgr.facts.models import Fact
from casemgr.incidents import queries as incidents
from casemgr.intake import queries, service
from casemgr.intake.models import Intake
from casemgr.policy import Role
from casemgr.survivors import queries as survivors
from casemgr.survivors.models import Survivor
from casemgr.survivors.service import add_survivor
from casemgr.tips import service as tips
from casemgr.tips.models import Tip
from tests.rig.office import Office, add_account

TODAY = datetime(2026, 5, 31, 3, tzinfo=UTC)
AGREED = {
    "limits_read": "yes",
    "agrees_file": "yes",
    "agrees_reporting": "yes",
    "agrees_conference": "no",
    "services": ["tam_lanh", "y_te"],
    "how": "loi_noi",
}
RAPE = {"gender_based": "yes", "penetration": "yes"}
TOLD = {
    "report": {"reported_on": "2026-05-30", "channel": "truc_tiep"},
    "contact": {"may_call": "yes", "phone": "+84912345678"},
    "consent": AGREED,
    "person": {"full_name": "Nguyễn Thị Ẩn", "birth": "2011", "sex": "nu"},
    "incident": {"happened_on": "2026-05-29", "dv_acts": ["i"], "relationship_basis": "gia_dinh", **RAPE},
    "danger": {"danger_now": "yes", "danger_signs": ["vu_khi"], "risk_level": "cao"},
    "needs": {"urgent_needs": ["noi_an_toan"], "adults": 1, "children": 2},
}


@pytest.fixture(autouse=True)
def _may():
    with clock.frozen(TODAY):
        yield


def lead(office: Office, told: dict[str, Any] | None = None, **start: Any) -> Intake:
    intake = service.start_intake(office.worker, {"danger_now": "yes"}, **start)
    for section, values in (TOLD if told is None else told).items():
        intake = service.save_section(office.worker, intake.id, intake.version, section, values)
    return intake


def facts() -> list[dict[str, Any]]:
    return [fact.content for fact in current().scalars(select(Fact))]


def test_nothing_but_the_question_of_danger_is_needed_to_begin(work, office: Office) -> None:
    with work():
        with pytest.raises(Conflict):
            service.start_intake(office.worker, {})
        intake = service.start_intake(office.worker, {"danger_now": "no"})
    with work(write=False):
        assert queries.open_intake(office.worker, intake.id).told == {"danger": {"danger_now": "no"}}
        assert [row.id for row in queries.list_open(office.worker)] == [intake.id]


def test_a_complete_intake_makes_everything_in_one_transaction(work, office: Office) -> None:
    with work():
        intake = lead(office)
        husband = {"relation": "chong", "sex": "nam", "name": "Lò Văn Bun"}
        intake = service.save_perpetrator(office.worker, intake.id, intake.version, None, husband)
        case = service.complete_intake(office.worker, intake.id, intake.version)
        assert case is not None
    with work(write=False):
        case = get_case(office.worker, case.id)
        opened = survivors.open_identity(office.worker, case.id).values
        (incident,) = incidents.list_incidents(office.worker, case.id)
        (perpetrator,) = incidents.list_perpetrators(office.worker, case.id, incident.id)
        kinds = {task.content["kind"]: task.due_day for task in current().scalars(select(Task))}
        (fact,) = facts()

        assert (case.state, case.risk_level) == ("open", "cao")
        assert case.summary["answers"]["children"] == 2
        assert opened == TOLD["person"] | TOLD["contact"]
        assert "penetration" not in incident.answers
        assert incident.classification["type"] == "rape"
        assert perpetrator.answers["name"] == "Lò Văn Bun"
        assert kinds == {
            "need_noi_an_toan": date(2026, 5, 31),
            "safety_plan": date(2026, 6, 1),
            "child_protection": date(2026, 5, 31),
            "health_after_rape": date(2026, 5, 31),
        }
        assert (fact["gbvims_type"], fact["age_band_vn"], fact["registered_on"]) == (
            "rape",
            "a11_15",
            "2026-05-30",
        )
        assert (fact["relationship"], fact["reporting_consent"]) == ("chong", "yes")
        for service_code in ("tam_lanh", "y_te"):
            assert survivors.has_consent(office.worker, case.id, "chuyen_gui", service_code)
        assert not survivors.has_consent(office.worker, case.id, "chuyen_gui", "cong_an")
        assert not survivors.has_consent(office.worker, case.id, "hop_ca")


def test_a_complete_intake_cannot_be_read_again(work, office: Office) -> None:
    with work():
        intake = lead(office)
        service.complete_intake(office.worker, intake.id, intake.version)
    with work(write=False) as session:
        stored = session.get_one(Intake, intake.id)

        assert stored.state == "completed"
        with pytest.raises(SealError):
            _ = stored.answers
        with pytest.raises(InvalidState):
            queries.open_intake(office.worker, intake.id)


def test_an_intake_is_completed_once(work, office: Office) -> None:
    with work():
        intake = lead(office)
        service.complete_intake(office.worker, intake.id, intake.version)
        with pytest.raises(InvalidState):
            service.complete_intake(office.worker, intake.id, intake.version)
        assert len(list(current().scalars(select(Case)))) == 1


def test_without_an_answer_about_consent_there_is_no_case(work, office: Office) -> None:
    with work():
        intake = lead(office, {"person": {"full_name": "Ẩn"}})
        with pytest.raises(Conflict):
            service.complete_intake(office.worker, intake.id, intake.version)


def test_a_refusal_leaves_codes_that_the_law_counts_and_nobody_by_name(work, office: Office) -> None:
    with work():
        intake = lead(office, {**TOLD, "consent": {"agrees_file": "no"}})
        assert service.complete_intake(office.worker, intake.id, intake.version) is None
    with work(write=False):
        (fact,) = facts()

        assert fact["gbvims_type"] == "rape"
        assert fact["hamlet"] is None
        assert fact["reporting_consent"] == "no"
        assert not list(current().scalars(select(Case)))
        assert not list(current().scalars(select(Survivor)))


def test_a_refusal_of_what_the_law_does_not_count_leaves_only_that_there_was_an_intake(
    work, office: Office
) -> None:
    with work():
        incident = {**TOLD["incident"], "relationship_basis": "ngoai_gia_dinh"}
        told = {**TOLD, "incident": incident, "consent": {"agrees_file": "no"}}
        told["person"] = {"full_name": "Ẩn", "birth": "1990"}
        intake = lead(office, told)
        service.complete_intake(office.worker, intake.id, intake.version)

        assert facts() == []
        assert intake.state == "completed"
        assert intake.case_id is None


def test_a_threat_to_life_opens_a_case_without_consent_and_keeps_the_reason(work, office: Office) -> None:
    with work():
        consent = {"agrees_file": "no", "exception": "de_doa_tinh_mang", "exception_reason": "có dao"}
        intake = lead(office, {**TOLD, "consent": consent})
        case = service.complete_intake(office.worker, intake.id, intake.version)
        assert case is not None
        (record,) = survivors.list_consents(office.worker, case.id)

        assert record.state == "refused"
        assert record.document["note"] == "de_doa_tinh_mang: có dao"
        assert not survivors.has_consent(office.worker, case.id, "quan_ly_ca")


def test_somebody_with_a_record_keeps_it(work, office: Office) -> None:
    with work():
        first = lead(office)
        case = service.complete_intake(office.worker, first.id, first.version)
        assert case is not None
        assert case.survivor_id is not None
        again = lead(office, {**TOLD, "person": {"occupation": "noi_tro"}})
        again = service.choose_survivor(office.worker, again.id, again.version, case.survivor_id)
        second = service.complete_intake(office.worker, again.id, again.version)
        assert second is not None

        assert second.survivor_id == case.survivor_id
        known = survivors.open_identity(office.worker, second.id).values
        assert (known["full_name"], known["occupation"]) == ("Nguyễn Thị Ẩn", "noi_tro")


def test_a_record_out_of_reach_cannot_be_chosen(work, office: Office) -> None:
    with work():
        survivor = add_elsewhere(office)
        intake = lead(office, {})
        with pytest.raises(NotFound):
            service.choose_survivor(office.worker, intake.id, intake.version, survivor.id)


def add_elsewhere(office: Office) -> Survivor:
    survivor = add_survivor(office.colleague, {"full_name": "Lò Thị Bun"})
    cases.open_case(office.colleague, summary={}, survivor_id=survivor.id)
    return survivor


def test_giving_up_destroys_what_was_told(work, office: Office) -> None:
    with work():
        intake = lead(office)
        service.give_up_intake(office.worker, intake.id, intake.version)
    with work(write=False) as session:
        stored = session.get_one(Intake, intake.id)

        assert stored.state == "given_up"
        with pytest.raises(SealError):
            _ = stored.answers


@pytest.mark.parametrize("who", ["colleague", "supervisor", "stranger"])
def test_an_intake_belongs_to_the_one_who_leads_it(work, office: Office, who: str) -> None:
    with work():
        intake, actor = lead(office, {}), getattr(office, who)

        assert queries.list_open(actor) == []
        for act in (
            lambda: queries.open_intake(actor, intake.id),
            lambda: service.save_section(actor, intake.id, intake.version, "person", {}),
            lambda: service.complete_intake(actor, intake.id, intake.version),
            lambda: service.give_up_intake(actor, intake.id, intake.version),
        ):
            with pytest.raises(NotFound):
                act()


def test_two_windows_do_not_overwrite_each_other(work, office: Office) -> None:
    with work():
        intake = lead(office, {})
        version = intake.version
        service.save_section(office.worker, intake.id, version, "person", {"full_name": "Ẩn"})
        with pytest.raises(StaleVersion):
            service.save_section(office.worker, intake.id, version, "person", {"full_name": "Ân"})


def test_perpetrators_are_added_changed_and_removed_and_one_is_primary(work, office: Office) -> None:
    with work():
        intake = lead(office, {})
        for name in ("Bun", "Pó"):
            values = {"name": name, "is_primary": "yes"}
            intake = service.save_perpetrator(office.worker, intake.id, intake.version, None, values)
        assert [one["is_primary"] for one in intake.told["perpetrators"]] == ["no", "yes"]

        intake = service.save_perpetrator(office.worker, intake.id, intake.version, 0, {"name": "Bông"})
        intake = service.remove_perpetrator(office.worker, intake.id, intake.version, 1)
        assert intake.told["perpetrators"] == [{"name": "Bông"}]
        with pytest.raises(NotFound):
            service.remove_perpetrator(office.worker, intake.id, intake.version, 5)


EMERGENCY = {
    "danger_now": "yes",
    "phone": "+84912345678",
    "adults": 1,
    "children": 2,
    "urgent_needs": ["noi_an_toan", "cap_cuu"],
    "consent": "given",
}


def test_an_emergency_opens_a_case_with_consent_for_what_is_needed(work, office: Office) -> None:
    with work():
        case = service.open_emergency(office.worker, EMERGENCY)

        assert (case.state, case.risk_level, case.survivor_id) == ("emergency", "cao", None)
        assert case.summary["answers"] == EMERGENCY
        for service_code in ("tam_lanh", "y_te"):
            assert survivors.has_consent(office.worker, case.id, "chuyen_gui", service_code)
        assert survivors.open_safe_contact(office.worker, case.id) == {"phone": "+84912345678"}


def test_an_emergency_needs_no_answer_at_all(work, office: Office) -> None:
    with work():
        case = service.open_emergency(office.worker, {})

        assert case.state == "emergency"
        assert survivors.list_consents(office.worker, case.id) == []


def test_an_intake_completes_the_case_of_an_emergency(work, office: Office) -> None:
    with work():
        case = service.open_emergency(office.worker, EMERGENCY)
        intake = service.start_intake(office.worker, {"danger_now": "no"}, case_id=case.id)
        assert intake.told["needs"] == {
            "urgent_needs": ["noi_an_toan", "cap_cuu"],
            "adults": 1,
            "children": 2,
        }
        assert service.start_intake(office.worker, {"danger_now": "no"}, case_id=case.id).id == intake.id
        person = {"full_name": "Nguyễn Thị Ẩn"}
        intake = service.save_section(office.worker, intake.id, intake.version, "person", person)
        completed = service.complete_intake(office.worker, intake.id, intake.version)
        assert completed is not None

        assert (completed.id, completed.state) == (case.id, "open")
        values = survivors.open_identity(office.worker, case.id).values
        assert values == {"full_name": "Nguyễn Thị Ẩn", "phone": "+84912345678"}
        open_tasks = select(Task).where(Task.state == "open")
        kinds = [task.content["kind"] for task in current().scalars(open_tasks)]
        assert "complete_intake" not in kinds


def test_consent_that_an_emergency_recorded_is_not_recorded_twice(work, office: Office) -> None:
    with work():
        case = service.open_emergency(office.worker, EMERGENCY)
        intake = service.start_intake(office.worker, {"danger_now": "no"}, case_id=case.id)
        intake = service.save_section(office.worker, intake.id, intake.version, "consent", AGREED)
        service.complete_intake(office.worker, intake.id, intake.version)

        records = [one.document["purpose"] for one in survivors.list_consents(office.worker, case.id)]
        assert sorted(records) == ["chuyen_gui", "chuyen_gui", "hop_ca", "quan_ly_ca", "thong_ke"]


def test_what_was_not_asked_in_an_emergency_is_not_taken_for_consent(work, office: Office) -> None:
    with work():
        case = service.open_emergency(office.worker, {**EMERGENCY, "consent": "not_asked"})
        intake = service.start_intake(office.worker, {"danger_now": "no"}, case_id=case.id)
        told = {"agrees_reporting": "yes", "services": ["y_te"]}
        intake = service.save_section(office.worker, intake.id, intake.version, "consent", told)
        service.complete_intake(office.worker, intake.id, intake.version)

        assert survivors.list_consents(office.worker, case.id) == []


def test_a_refusal_after_an_emergency_keeps_nothing_of_the_intake(work, office: Office) -> None:
    with work():
        case = service.open_emergency(office.worker, EMERGENCY)
        intake = service.start_intake(office.worker, {"danger_now": "no"}, case_id=case.id)
        told = {"agrees_file": "no"}
        intake = service.save_section(office.worker, intake.id, intake.version, "consent", told)
        service.complete_intake(office.worker, intake.id, intake.version)

        assert (case.state, case.survivor_id) == ("emergency", None)
        assert not survivors.has_consent(office.worker, case.id, "quan_ly_ca")


def test_the_case_of_somebody_else_cannot_be_completed(work, office: Office) -> None:
    with work():
        case = service.open_emergency(office.colleague, EMERGENCY)
        with pytest.raises(NotFound):
            service.start_intake(office.worker, {"danger_now": "no"}, case_id=case.id)


def test_a_case_that_is_no_emergency_takes_no_intake(work, office: Office) -> None:
    with work():
        case = cases.open_case(office.worker, summary={})
        with pytest.raises(InvalidState):
            service.start_intake(office.worker, {"danger_now": "no"}, case_id=case.id)


def test_a_case_that_came_of_a_tip_is_kept_from_whom_the_tip_is_kept(work, office: Office) -> None:
    with work() as session:
        head = add_account(office.hamlet_id, Role.HAMLET_HEAD, "Trưởng thôn")
        told = {"what": "Nghe tiếng kêu cứu", "danger_now": "no"}
        tips.send_tip(head, content=told, reporter={}, excluded=[office.supervisor.account_id])
        tip_id = session.scalar(select(Tip.id))
        intake = lead(office, tip_id=tip_id)
        case = service.complete_intake(office.worker, intake.id, intake.version)
        assert case is not None
        with pytest.raises(NotFound):
            get_case(office.supervisor, case.id)
        assert get_case(office.worker, case.id).id == case.id


def test_an_intake_cannot_begin_from_a_tip_out_of_reach(work, office: Office) -> None:
    with work(), pytest.raises(NotFound):
        service.start_intake(office.worker, {"danger_now": "no"}, tip_id=uuid4())
