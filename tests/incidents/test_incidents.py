"""Incidents, perpetrators and the facts that count them, on both engines."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.cases import service as cases
from casemgr.cases.models import Case
from casemgr.db import current
from casemgr.errors import Conflict, NotFound, StaleVersion
from casemgr.facts.models import Fact
from casemgr.incidents import queries, service
from casemgr.incidents.models import Incident
from casemgr.incidents.rules import NOT_KNOWN
from casemgr.survivors import service as survivors
from casemgr.survivors.queries import open_identity
from tests.rig.office import Office

TODAY = datetime(2026, 5, 31, 3, tzinfo=UTC)
PERSON = {"sex": "nu", "birth": "2008-06-01"}
BEATEN = {"gender_based": "yes", "penetration": "no", "sexual_contact": "no", "physical_force": "yes"}
ANSWERS = {"happened_on": "2026-05-27", "place": "nha_nguoi_gay", "dv_acts": ["a"], "account": "Chị kể …"}
HUSBAND = {"relation": "chong", "sex": "nam", "name": "Lò Văn Bun", "is_primary": "yes"}


@pytest.fixture(autouse=True)
def _may():
    with clock.frozen(TODAY):
        yield


def open_case(office: Office, actor=None, **person: Any) -> Case:
    survivor = survivors.add_survivor(
        actor or office.worker, {**PERSON, "hamlet": str(office.hamlet_id), **person}
    )
    return cases.open_case(actor or office.worker, summary={}, survivor_id=survivor.id)


def add(office: Office, case: Case, actor=None, **options: Any) -> Incident:
    told = {"values": ANSWERS, "wizard": BEATEN, "perpetrators": [HUSBAND]}
    return service.add_incident(actor or office.worker, case.id, **{**told, **options})


def facts() -> list[dict[str, Any]]:
    return [fact.content for fact in current().scalars(select(Fact))]


def test_an_incident_is_counted_in_the_transaction_that_adds_it(work, office: Office) -> None:
    with work():
        incident = add(office, open_case(office), registered_on=date(2026, 5, 30))
    with work(write=False):
        (fact,) = facts()

        told = {name: code for name, code in fact.items() if code not in (None, "no", NOT_KNOWN)}
        assert told == {
            "kind": "incident",
            "registered_on": "2026-05-30",
            "event": incident.event_key,
            "hamlet": str(office.hamlet_id),
            "gbvims_type": "phys_assault",
            "sex": "nu",
            "age_band_gbvims": "a12_17",
            "age_band_vn": "a16_17",
            "form_physical": "yes",
            "relationship": "chong",
            "perpetrator_sex": "nam",
            "perpetrator_number": "mot",
            "report_delay": "d0_3",
            "place": "nha_nguoi_gay",
        }
        assert (fact["reporting_consent"], fact["reported_elsewhere"], fact["alcohol"]) == ("no", "no", None)


def test_an_incident_that_is_not_committed_leaves_no_fact(work, office: Office) -> None:
    with work():
        case = open_case(office)
    with pytest.raises(RuntimeError), work():
        add(office, case)
        raise RuntimeError
    with work(write=False):
        assert facts() == []


def test_what_is_told_is_derived_when_it_is_opened(work, office: Office) -> None:
    with work():
        case = open_case(office)
        incident = add(office, case)
    with work(write=False):
        derived = queries.derive(office.worker, queries.open_incident(office.worker, case.id, incident.id))

        assert (derived.core_type, derived.age, derived.report_delay) == ("phys_assault", 17, "d4_5")
        assert derived.contexts == ("ipv",)
        assert derived.perpetrator_number == "mot"


def test_a_change_corrects_the_fact_and_leaves_its_day(work, office: Office) -> None:
    with work():
        case = open_case(office)
        incident = add(office, case, registered_on=date(2026, 5, 30))
        values = {**ANSWERS, "dv_acts": ["n"]}
        wizard = {"gender_based": "no"}
        service.change_incident(
            office.worker, case.id, incident.id, incident.version, values=values, wizard=wizard
        )
        (fact,) = facts()

        assert (fact["gbvims_type"], fact["form_economic"]) == ("non_gbv", "yes")
        assert fact["registered_on"] == "2026-05-30"


def test_a_corrected_person_corrects_the_facts_of_all_her_cases(work, office: Office) -> None:
    with work():
        first = open_case(office)
        second = cases.open_case(office.worker, summary={}, survivor_id=first.survivor_id)
        add(office, first)
        add(office, second)
        survivor = open_identity(office.worker, first.id)
        survivors.change_survivor(
            office.worker, survivor.id, survivor.version, {**PERSON, "birth": "1960", "sex": "khac"}
        )

        assert {(fact["age_band_gbvims"], fact["sex"]) for fact in facts()} == {("a50_plus", "khac")}
        assert len(facts()) == 2


def test_consent_to_reporting_and_its_withdrawal_reach_the_fact(work, office: Office) -> None:
    with work():
        case = open_case(office)
        add(office, case)
        consent = survivors.record_consent(
            office.worker, case.id, purpose="thong_ke", how="loi_noi", limits_read=True
        )
        assert facts()[0]["reporting_consent"] == "yes"

        survivors.withdraw_consent(office.worker, case.id, consent.id, consent.version)
        assert facts()[0]["reporting_consent"] == "no"


def test_one_case_has_several_incidents_and_each_is_counted(work, office: Office) -> None:
    with work():
        case = open_case(office)
        first, second = add(office, case), add(office, case, wizard={"gender_based": "yes"})

        assert first.event_key != second.event_key
        assert {fact["gbvims_type"] for fact in facts()} == {"phys_assault", None}
        assert len(queries.list_incidents(office.worker, case.id)) == 2


def test_one_event_of_two_survivors_shares_its_key_and_shows_no_way(work, office: Office) -> None:
    with work():
        mother, child = open_case(office), open_case(office, birth="2015")
        source = add(office, mother)
        copy = service.add_same_event(office.worker, mother.id, source.id, child.id)

        assert copy.event_key == source.event_key
        assert {fact["event"] for fact in facts()} == {source.event_key}
        assert {fact["age_band_vn"] for fact in facts()} == {"a16_17", "a6_10"}
    with work(write=False):
        incident = queries.list_incidents(office.worker, child.id)[0]
        (perpetrator,) = queries.list_perpetrators(office.worker, child.id, incident.id)

        assert incident.answers == {"happened_on": "2026-05-27", "place": "nha_nguoi_gay"}
        assert perpetrator.answers == {"sex": "nam", "is_primary": "yes"}
        stored = repr([incident.document, incident.classification, perpetrator.document])
        for trace in (mother.id, source.id, mother.survivor_id):
            assert str(trace) not in stored
        assert source.code not in stored


def test_the_shared_key_is_nowhere_in_the_clear(work, office: Office) -> None:
    with work():
        mother, child = open_case(office), open_case(office)
        source = add(office, mother)
        service.add_same_event(office.worker, mother.id, source.id, child.id)
        rows = [*current().connection().exec_driver_sql("SELECT * FROM incident").fetchall()]
        keys = [{bytes(cell) for cell in row if isinstance(cell, bytes | memoryview)} for row in rows]

        assert len(keys) == 2
        assert not keys[0] & keys[1]
        assert (source.event_key or "") not in repr(rows)


def test_somebody_who_works_on_one_of_the_two_cannot_join_them(work, office: Office) -> None:
    with work():
        mother, child = open_case(office), open_case(office, office.colleague)
        source = add(office, mother)
        for actor in (office.worker, office.colleague, office.stranger):
            with pytest.raises(NotFound):
                service.add_same_event(actor, mother.id, source.id, child.id)


def test_marking_another_perpetrator_as_primary_unmarks_the_first(work, office: Office) -> None:
    with work():
        case = open_case(office)
        incident = add(office, case)
        neighbour = {"relation": "hang_xom", "sex": "nam", "is_primary": "yes"}
        service.add_perpetrator(office.worker, case.id, incident.id, neighbour)
        listed = queries.list_perpetrators(office.worker, case.id, incident.id)

        assert [one.answers["relation"] for one in listed] == ["hang_xom", "chong"]
        assert [one.answers["is_primary"] for one in listed] == ["yes", "no"]
        assert facts()[0]["relationship"] == "hang_xom"

        service.remove_perpetrator(office.worker, case.id, incident.id, listed[0].id)
        assert facts()[0]["relationship"] == "chong"


def test_a_supervisor_may_override_the_type_with_a_reason(work, office: Office) -> None:
    with work():
        case = open_case(office)
        incident = add(office, case)
        decide = {"core_type": "sex_assault", "reason": "nghe lại lời kể"}
        with pytest.raises(NotFound):
            service.override_classification(office.worker, case.id, incident.id, incident.version, **decide)
        with pytest.raises(Conflict):
            service.override_classification(
                office.supervisor, case.id, incident.id, incident.version, core_type="rape", reason=" "
            )
        service.override_classification(office.supervisor, case.id, incident.id, incident.version, **decide)

        assert facts()[0]["gbvims_type"] == "sex_assault"
        assert incident.classification["derived"] == "phys_assault"


@pytest.mark.parametrize("who", ["colleague", "stranger", "barred"])
def test_nobody_else_reads_or_changes_an_incident(work, office: Office, who: str) -> None:
    with work():
        case = open_case(office)
        incident = add(office, case)
        cases.bar_account(office.worker, case.id, office.supervisor.account_id, "em chồng")
        actor = office.supervisor if who == "barred" else getattr(office, who)

        for act in (
            lambda: queries.list_incidents(actor, case.id),
            lambda: queries.open_incident(actor, case.id, incident.id),
            lambda: queries.list_perpetrators(actor, case.id, incident.id),
            lambda: add(office, case, actor),
            lambda: service.change_incident(actor, case.id, incident.id, incident.version, values={}),
            lambda: service.add_perpetrator(actor, case.id, incident.id, {}),
        ):
            with pytest.raises(NotFound):
                act()
        assert queries.find_by_code(actor, incident.code) is None


def test_an_incident_is_reached_through_its_own_case_only(work, office: Office) -> None:
    with work():
        case, other = open_case(office), open_case(office)
        incident = add(office, case)
        with pytest.raises(NotFound):
            queries.open_incident(office.worker, other.id, incident.id)


def test_an_old_version_and_a_later_day_are_refused(work, office: Office) -> None:
    with work():
        case = open_case(office)
        incident = add(office, case)
        with pytest.raises(StaleVersion):
            service.change_incident(office.worker, case.id, incident.id, incident.version - 1, values={})
        with pytest.raises(Conflict):
            add(office, case, registered_on=date(2026, 6, 1))
