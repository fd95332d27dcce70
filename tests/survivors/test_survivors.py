"""Persons and consents through their services, on both engines."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from casemgr.audit.models import AuditEntry
from casemgr.audit.rules import INSTALLATION
from casemgr.cases import service as cases
from casemgr.cases.queries import get_case, list_entries
from casemgr.db import current
from casemgr.errors import Conflict, Forbidden, InvalidState, NotFound, Refused, StaleVersion
from casemgr.survivors import queries, service
from casemgr.survivors.models import SurvivorBucket
from tests.rig.office import Office

AN = {
    "full_name": "Nguyễn Thị Ẩn",
    "birth": "1990-03-27",
    "sex": "nu",
    "identity_number": "038190001234",
    "phone": "+84912345678",
    "ethnicity": "muong",
    "code_word": "bánh chưng",
}


def open_case(actor, values: dict[str, Any] | None = None):
    survivor = service.add_survivor(actor, AN if values is None else values)
    return cases.open_case(actor, summary={}, survivor_id=survivor.id)


def test_what_was_recorded_is_read_again(work, office: Office) -> None:
    with work():
        case = open_case(office.worker)
    with work(write=False):
        survivor = queries.open_identity(office.worker, case.id)

        assert survivor.values == AN
        assert survivor.full_name == "Nguyễn Thị Ẩn"
        assert survivor.code.startswith("NBL-")


def test_nothing_about_her_is_required(work, office: Office) -> None:
    with work():
        case = open_case(office.worker, {})
    with work(write=False):
        assert queries.open_identity(office.worker, case.id).values == {}


@pytest.mark.parametrize("who", ["colleague", "stranger", "barred"])
def test_nobody_else_opens_the_identity(work, office: Office, who: str) -> None:
    with work():
        case = open_case(office.worker)
        cases.bar_account(office.worker, case.id, office.supervisor.account_id, "em chồng")
    actor = office.supervisor if who == "barred" else getattr(office, who)

    with work(write=False):
        with pytest.raises(NotFound):
            queries.open_identity(actor, case.id)
        assert queries.search(actor, "nguyen thi an") == []
        assert queries.find_possible_duplicates(actor, AN) == []
        with pytest.raises(NotFound):
            queries.list_consents(actor, case.id)
        with pytest.raises(NotFound):
            queries.has_consent(actor, case.id, "quan_ly_ca")


def test_a_role_without_identities_may_not_search(work, office: Office) -> None:
    with work(write=False), pytest.raises(Forbidden):
        queries.search(office.leader, "nguyen thi an")


def test_opening_an_identity_is_written_down_with_its_fields(work, office: Office) -> None:
    with work():
        case = open_case(office.worker)
    with work():
        queries.open_identity(office.worker, case.id)
    with work(write=False) as session:
        read = select(AuditEntry).where(AuditEntry.object_id == case.id, AuditEntry.outcome == "seen")

        assert session.scalars(read).one().actor_id == office.worker.account_id


@pytest.mark.parametrize(
    "text",
    ["nguyen thi an", "Nguyễn Thị Ẩn", "AN", "nguyen th", "nguyeen thi an", "0912 345 678", "+84912345678",
     "038 190 001 234"],
)  # fmt: skip
def test_a_search_finds_her(work, office: Office, text: str) -> None:
    with work():
        case = open_case(office.worker)
        open_case(office.worker, {"full_name": "Lò Thị Bun", "phone": "+84987654321"})
    with work(write=False):
        hits = queries.search(office.worker, text)

        assert [hit.initials for hit in hits] == ["N. T. Ẩ."]
        assert hits[0].birth_year == 1990
        assert [ref.code for ref in hits[0].cases] == [case.code]


def test_a_search_finds_her_by_either_code(work, office: Office) -> None:
    with work():
        case = open_case(office.worker)
        survivor = queries.open_identity(office.worker, case.id)
    with work(write=False):
        assert len(queries.search(office.worker, case.code.lower())) == 1
        assert len(queries.search(office.worker, survivor.code.replace("-", " "))) == 1


def test_the_code_of_a_file_out_of_sight_finds_nobody(work, office: Office) -> None:
    with work():
        mine = open_case(office.worker)
        hidden = cases.open_case(office.colleague, summary={}, survivor_id=mine.survivor_id)
    with work(write=False):
        assert queries.search(office.worker, hidden.code) == []
        assert len(queries.search(office.worker, mine.code)) == 1


def test_whoever_is_kept_from_her_file_is_kept_from_her_next_one(work, office: Office) -> None:
    with work():
        first = open_case(office.worker)
        cases.bar_account(office.worker, first.id, office.supervisor.account_id, "Anh trai của người đó")
        second = cases.open_case(office.worker, summary={}, survivor_id=first.survivor_id)
        urgent = cases.open_case(office.worker, summary={})
        cases.change_summary(office.worker, urgent.id, version=urgent.version, survivor_id=first.survivor_id)
    with work(write=False):
        for case in (first, second, urgent):
            with pytest.raises(NotFound):
                queries.open_identity(office.supervisor, case.id)
        assert queries.search(office.supervisor, "Ẩn") == []


def test_bars_of_one_file_without_a_person_do_not_reach_another(work, office: Office) -> None:
    with work():
        first = cases.open_case(office.worker, summary={})
        cases.bar_account(office.worker, first.id, office.supervisor.account_id, "Anh trai")
        second = cases.open_case(office.worker, summary={})
        assert get_case(office.supervisor, second.id).id == second.id


def test_better_hits_come_first(work, office: Office) -> None:
    with work():
        for name in ("Nguyễn Thị Lân", "Nguyễn Thị Lan", "Nguyễn Thị Lanh"):
            open_case(office.worker, {"full_name": name})
    with work(write=False):
        hits = queries.search(office.worker, "Nguyễn Thị Lan")

        assert [hit.rank for hit in hits] == sorted(hit.rank for hit in hits)
        assert len(hits) == 3


def test_at_most_fifty_are_shown(work, office: Office) -> None:
    with work():
        for _ in range(52):
            open_case(office.worker, {"full_name": "Trần Thị Bé"})
    with work(write=False):
        assert len(queries.search(office.worker, "be")) == 50


def test_the_log_keeps_whom_a_search_showed_and_not_the_name_that_was_asked(
    work, office: Office, keys
) -> None:
    with work():
        case = open_case(office.worker)
    with work():
        queries.search(office.worker, "nguyen thi an")
    with work(write=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "survivor:search")).one()
        place = {"table": "audit_entry", "column": "detail", "row": entry.entry_id}
        opened = keys.open(session, entry.detail_sealed, scope=entry.scope_id or INSTALLATION, **place)

        assert b"nguyen" not in entry.detail_sealed
        assert set(json.loads(opened)) == {"found", "case"}
        assert json.loads(opened)["case"] == [str(case.id)]


def test_a_change_replaces_the_answers_and_the_buckets(work, office: Office) -> None:
    with work():
        case = open_case(office.worker)
        survivor = queries.open_identity(office.worker, case.id)
        changed = {**AN, "phone": "+84987654321", "identity_number": None}
        service.change_survivor(office.worker, survivor.id, survivor.version, changed)
    with work(write=False) as session:
        assert queries.search(office.worker, "0912345678") == []
        assert len(queries.search(office.worker, "0987654321")) == 1
        assert [row.kind for row in session.scalars(select(SurvivorBucket))] == ["phone"]


def test_a_change_of_an_old_version_is_refused(work, office: Office) -> None:
    with work():
        case = open_case(office.worker)
        survivor = queries.open_identity(office.worker, case.id)
        with pytest.raises(StaleVersion):
            service.change_survivor(office.worker, survivor.id, survivor.version + 1, AN)


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_nobody_else_changes_her_record(work, office: Office, who: str) -> None:
    with work():
        case = open_case(office.worker)
        survivor = queries.open_identity(office.worker, case.id)
        with pytest.raises(NotFound):
            service.change_survivor(getattr(office, who), survivor.id, survivor.version, AN)


def test_search_before_create_names_what_the_worker_may_see(work, office: Office) -> None:
    with work():
        case = open_case(office.worker)
    with work(write=False):
        hits = queries.find_possible_duplicates(office.worker, {"full_name": "Nguyen Thi An", "age": 36})

        assert [hit.cases[0].code for hit in hits] == [case.code]


def test_a_likely_file_elsewhere_goes_to_the_supervisor_and_to_nobody_else(work, office: Office) -> None:
    with work():
        hidden = open_case(office.colleague)
        mine = open_case(office.worker)
        service.flag_duplicates_elsewhere(office.worker, mine.id)
    with work(write=False):
        ((_, refs),) = queries.list_duplicate_notices(office.supervisor)

        assert {ref.code for ref in refs} == {hidden.code, mine.code}
        assert [entry.content["kind"] for entry in list_entries(office.worker, mine)] == ["opened"]
        assert [entry.content["kind"] for entry in list_entries(office.colleague, hidden)] == ["opened"]
        with pytest.raises(Forbidden):
            queries.list_duplicate_notices(office.worker)


def test_a_supervisor_with_a_conflict_is_not_told(work, office: Office) -> None:
    with work():
        hidden = open_case(office.colleague)
        cases.bar_account(office.colleague, hidden.id, office.supervisor.account_id, "em chồng")
        mine = open_case(office.worker)
        service.flag_duplicates_elsewhere(office.worker, mine.id)
    with work(write=False):
        assert queries.list_duplicate_notices(office.supervisor) == []


def test_a_notice_that_was_looked_at_is_gone(work, office: Office) -> None:
    with work():
        open_case(office.colleague)
        service.flag_duplicates_elsewhere(office.worker, open_case(office.worker).id)
    with work():
        ((notice, _),) = queries.list_duplicate_notices(office.supervisor)
        with pytest.raises(NotFound):
            service.close_duplicate_notice(office.stranger, notice.id)
        service.close_duplicate_notice(office.supervisor, notice.id)
        assert queries.list_duplicate_notices(office.supervisor) == []


def consent(actor, case_id, **options: Any):
    told = {"purpose": "chuyen_gui", "service": "y_te", "how": "loi_noi", "limits_read": True}
    return service.record_consent(actor, case_id, **{**told, **options})


def test_a_consent_stands_until_it_is_withdrawn(work, office: Office) -> None:
    with work():
        case = open_case(office.worker, {})
        given = consent(office.worker, case.id, exclusions=("account-of-a-cousin",), fields=("name",))
        assert queries.has_consent(office.worker, case.id, "chuyen_gui", "y_te")
        found = queries.find_consent(office.worker, case.id, "chuyen_gui", "y_te")
        assert found is not None
        assert found.document["exclusions"] == ["account-of-a-cousin"]

        service.withdraw_consent(office.worker, case.id, given.id, given.version, "đổi ý")

        assert not queries.has_consent(office.worker, case.id, "chuyen_gui", "y_te")
        with pytest.raises(InvalidState):
            service.withdraw_consent(office.worker, case.id, given.id, given.version)


def test_a_withdrawal_ends_every_record_that_says_yes_to_the_same(work, office: Office) -> None:
    with work():
        case = open_case(office.worker, {})
        first = consent(office.worker, case.id)
        consent(office.worker, case.id)
        consent(office.worker, case.id, service="cong_an")
        service.withdraw_consent(office.worker, case.id, first.id, first.version)

        assert not queries.has_consent(office.worker, case.id, "chuyen_gui", "y_te")
        assert queries.has_consent(office.worker, case.id, "chuyen_gui", "cong_an")


def test_a_refusal_ends_an_earlier_consent(work, office: Office) -> None:
    with work():
        case = open_case(office.worker, {})
        consent(office.worker, case.id)
        service.refuse(office.worker, case.id, purpose="chuyen_gui", service="y_te")

        assert not queries.has_consent(office.worker, case.id, "chuyen_gui", "y_te")


def test_without_the_limits_read_out_there_is_no_consent(work, office: Office) -> None:
    with work():
        case = open_case(office.worker, {})
        with pytest.raises(Refused, match="limits_not_read"):
            consent(office.worker, case.id, limits_read=False)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"purpose": "x"}, "purpose"),
        ({"service": None}, "service"),
        ({"service": "x"}, "service"),
        ({"how": "x"}, "how"),
        ({"given_on": date(2999, 1, 1)}, "given_on"),
        ({"given_on": date(2026, 1, 2), "expires_on": date(2026, 1, 1)}, "expires_on"),
    ],
)
def test_a_consent_that_makes_no_sense_is_refused(work, office: Office, options: Any, field: str) -> None:
    with work():
        case = open_case(office.worker, {})
        with pytest.raises(Conflict) as refused:
            consent(office.worker, case.id, **options)
        assert refused.value.field == field


def test_the_consent_of_another_case_is_not_there(work, office: Office) -> None:
    with work():
        case, other = open_case(office.worker, {}), open_case(office.worker, {})
        given = consent(office.worker, case.id)
        with pytest.raises(NotFound):
            service.withdraw_consent(office.worker, other.id, given.id, given.version)


def test_nothing_about_her_stands_in_the_table_in_the_clear(work, office: Office) -> None:
    with work():
        case = open_case(office.worker)
        consent(office.worker, case.id, note="Ẩn đồng ý")
    with work(write=False):
        for table in ("survivor", "consent", "survivor_bucket"):
            row = current().connection().exec_driver_sql(f"SELECT * FROM {table}").fetchall()  # noqa: S608
            text = repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row[0]])
            assert "Nguy" not in text
            assert "912345678" not in text
            assert "chuyen_gui" not in text
