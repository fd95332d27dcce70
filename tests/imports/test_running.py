"""Imports into a database: all of a row or nothing, once, and out again with everything that came in."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select, text

from casemgr.audit.models import AuditEntry
from casemgr.audit.verify import verify
from casemgr.cases import queries as case_queries
from casemgr.cases import service as cases
from casemgr.cases.models import Case
from casemgr.db import current
from casemgr.errors import Conflict, Forbidden, NotFound, Refused
from casemgr.facts.models import Fact
from casemgr.imports import running
from casemgr.imports.models import ImportBatch
from casemgr.imports.queries import list_batches
from casemgr.imports.running import require_unit, run_rollback
from casemgr.imports.service import roll_back_some, start_rollback
from casemgr.imports.service.batches import Terms, open_batch
from casemgr.incidents import queries as incident_queries
from casemgr.incidents import service as incidents
from casemgr.incidents.models import Incident
from casemgr.keys.models import DataKey
from casemgr.survivors.models import Consent, Survivor
from casemgr.survivors.queries import open_identity
from tests.imports.conftest import GOOD, MAPPING, rows_of

BAD = "05/03/2025,,Nữ,31,,,,,"
KEPT_AFTER = {"audit_entry", "audit_head", "audit_checkpoint", "data_key", "import_batch"}


@pytest.fixture
def rows(work):
    def count() -> Counter[str]:
        with work(write=False) as session:
            return rows_of(session)

    return count


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(running, "PIECE", 3)


@pytest.mark.parametrize(
    "engine_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_opening_a_batch_holds_up_nobody_who_opens_a_case(work, office, importer) -> None:
    terms = Terms(name="lo-1", file_digest="0", mapping=importer.mapping, owner=None)
    with work():
        open_batch(office.supervisor, terms)
        with work() as session:
            session.execute(text("SET LOCAL lock_timeout = '2s'"))
            assert cases.open_case(office.worker, summary={}).unit_id == office.unit_id


def roll_back(importer, actor, name="lo-1"):
    return run_rollback(importer.database, importer.keys, actor, name, lambda *_: None)


def test_a_row_becomes_a_file_as_if_it_had_been_typed(work, importer, office, write):
    importer.run(office.supervisor, write(GOOD))

    with work():
        case = current().scalars(select(Case)).one()
        assert (case.state, case.opened_day, case.closed_day) == ("closed", *[date(2025, 3, 5)] * 2)
        assert (case.unit_id, case.owner_id) == (office.unit_id, office.supervisor.account_id)
        person = open_identity(office.supervisor, case.id)
        assert {"sex": "nu", "age": 31}.items() <= person.values.items()
        [incident] = incident_queries.list_incidents(office.supervisor, case.id)
        [perpetrator] = incident_queries.list_perpetrators(office.supervisor, case.id, incident.id)
        assert perpetrator.answers == {"is_primary": "yes", "relation": "chong"}
        assert incident.classification["type"] == "phys_assault"
        assert incident.classification["override"]["reason"] == "Theo dạng bạo lực."
        [entry] = case_queries.list_entries(office.supervisor, case)
        assert entry.content["kind"] == "imported"
        assert entry.content["text"] == "lo-1 · 2\nGhi chú: Gọi buổi sáng"


def test_counting_a_file_again_changes_nothing(work, importer, office, write):
    importer.run(office.supervisor, write(GOOD))

    with work():
        fact, case = current().scalars(select(Fact)).one(), current().scalars(select(Case)).one()
        before = dict(fact.content)
        incidents.recount(office.supervisor, [case.id])
        assert current().scalars(select(Fact)).one().content == before
        assert before["registered_on"] == "2025-03-05"
        assert before["gbvims_type"] == "phys_assault"
        assert (before["age_band_gbvims"], before["relationship"]) == ("a18_49", "chong")


def test_rows_and_refusals_add_up_to_the_input(importer, office, write):
    report = importer.run(office.supervisor, write(GOOD, BAD, GOOD, "x,,Bà,31,x,,,,", GOOD))

    tally = report.tally
    assert (report.rows, tally.imported, tally.refused, report.imported_now) == (5, 3, 2, 3)
    assert tally.reasons == {"no_core_type": 1, "date": 1}
    assert importer.refused == [
        (3, "core_type", "no_core_type"),
        (5, "Ngày", "date"),
        (5, "Giới", "unknown_value"),
    ]


def test_rows_that_are_exactly_alike_are_different_calls(importer, office, write, rows):
    importer.run(office.supervisor, write(*[GOOD] * 7))

    assert [rows()[name] for name in ("case_file", "survivor", "incident", "fact")] == [7] * 4


def test_a_dry_run_writes_nothing_and_tells_what_would_come(importer, write, rows, office):
    before = rows()

    report = importer.dry(write(GOOD, BAD))

    assert rows() == before
    assert (report.tally.imported, report.tally.refused, importer.refused[0][0]) == (1, 1, 3)
    assert office.unit_id


def test_the_same_batch_again_imports_nothing(importer, office, write, rows):
    path = write(GOOD, BAD, GOOD)
    first = importer.run(office.supervisor, path)
    before = rows()

    again = importer.run(office.supervisor, path)

    assert rows() == before
    assert (again.imported_now, again.tally, again.state) == (0, first.tally, "finished")


def test_another_file_under_the_same_name_is_refused(importer, office, write):
    importer.run(office.supervisor, write(GOOD))

    with pytest.raises(Refused, match="import_other_file"):
        importer.run(office.supervisor, write(GOOD, GOOD))


def test_another_mapping_or_owner_under_the_same_name_is_refused(importer, office, write, mapping_file):
    from casemgr.imports.shelf import read_mapping

    path = write(GOOD)
    importer.run(office.supervisor, path)
    with pytest.raises(Refused, match="import_other_owner"):
        importer.run(office.supervisor, path, owner="lan")
    mapping_file.write_text(MAPPING.replace("x = ", "X1 = "), encoding="utf-8")
    importer.mapping = read_mapping(str(mapping_file))
    with pytest.raises(Refused, match="import_other_mapping"):
        importer.run(office.supervisor, path)


def test_another_name_takes_the_same_file_again(importer, office, write, rows):
    path = write(GOOD)
    importer.run(office.supervisor, path)
    importer.run(office.supervisor, path, name="lo-2")

    assert rows()["case_file"] == 2


def test_an_import_that_stops_goes_on_where_it_was(importer, office, write, rows):
    path = write(*[GOOD, GOOD, BAD] * 4)

    def stop(done, _):
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importer.run(office.supervisor, path, progress=stop)
    assert rows()["case_file"] == 4
    report = importer.run(office.supervisor, path)

    assert importer.pieces == [9, 12]
    assert (report.imported_now, report.tally.imported, report.tally.refused) == (4, 8, 4)
    assert rows()["case_file"] == 8


def test_persons_of_earlier_rows_are_found_again_after_a_stop(work, importer, office, write):
    rows_in = [f"0{day}/03/2025,S{day % 2},Nữ,31,x,,,," for day in range(1, 9)]

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importer.run(office.supervisor, write(*rows_in), progress=stop)
    importer.run(office.supervisor, write(*rows_in))

    with work(write=False):
        cases_of_each = Counter(current().scalars(select(Case.survivor_id)))
        assert sorted(cases_of_each.values()) == [4, 4]
        assert len(list(current().scalars(select(Survivor.id)))) == 2


def test_two_commands_cannot_take_the_same_rows(importer, office, write):
    path = write(*[GOOD] * 9)
    other = type(importer)(importer.database, importer.keys, importer.mapping)

    def meanwhile(done, _):
        if done == 3:
            other.run(office.supervisor, path)

    with pytest.raises(Refused, match="import_elsewhere"):
        importer.run(office.supervisor, path, progress=meanwhile)
    assert importer.run(office.supervisor, path).tally.imported == 9


def test_a_row_that_fails_in_the_database_takes_its_piece_with_it(importer, office, write, rows, monkeypatch):
    importer.run(office.supervisor, write(GOOD), name="lo-0")
    before = rows()
    monkeypatch.setattr(incidents, "add_imported", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        importer.run(office.supervisor, write(GOOD, GOOD))

    # The batch was begun, with its entry in the log; nothing of the rows is there.
    changed = {name for name in {**rows(), **before} if rows()[name] != before[name]}
    assert changed <= {"import_batch", "audit_entry"}


def test_each_piece_is_one_entry_in_a_log_that_holds(work, database, keys, importer, office, write):
    importer.run(office.supervisor, write(*[GOOD] * 7))

    with work(write=False):
        entries = list(current().scalars(select(AuditEntry).order_by(AuditEntry.seq)))
        actions = [entry.action for entry in entries if entry.object_kind == "import_batch"]
        assert actions == ["import:start", *["import:rows"] * 3, "import:finish"]
    verdict = verify(database, keys, public_keys=[], anchors=[], start=1, deep=True)
    assert (verdict.findings, verdict.cells_unproven) == ((), 0)


def test_a_batch_taken_out_leaves_nothing_of_it(importer, office, write, rows, database, keys):
    before = rows()
    importer.run(
        office.supervisor, write(*[GOOD] * 4, "05/03/2025,S1,Nữ,31,x,,,,", "06/03/2025,S1,Nữ,31,x,,,,")
    )

    assert roll_back(importer, office.supervisor) == 6

    after = rows()
    assert {name for name in {**after, **before} if after[name] != before[name]} <= KEPT_AFTER
    assert verify(database, keys, public_keys=[], anchors=[], start=1, deep=True).findings == ()


def test_a_batch_taken_out_has_no_keys_left(work, importer, office, write):
    importer.run(office.supervisor, write(GOOD, GOOD))
    roll_back(importer, office.supervisor)

    with work(write=False):
        keys = current().scalars(select(DataKey).where(DataKey.purpose.in_(["case", "survivor"])))
        assert {(key.state, key.wrapped) for key in keys} == {("destroyed", None)}


def test_other_batches_and_files_stay(work, importer, office, write, rows):
    with work():
        cases.open_case(office.worker, summary={}, risk_level="cao")
    importer.run(office.supervisor, write(GOOD), name="lo-0")
    importer.run(office.supervisor, write(GOOD, GOOD))

    roll_back(importer, office.supervisor)

    assert (rows()["case_file"], rows()["fact"], rows()["imported_row"]) == (2, 1, 1)


def test_a_name_is_free_again_after_its_batch_was_taken_out(work, importer, office, write):
    importer.run(office.supervisor, write(GOOD))
    roll_back(importer, office.supervisor)
    with pytest.raises(NotFound):
        roll_back(importer, office.supervisor)

    assert importer.run(office.supervisor, write(GOOD, GOOD)).imported_now == 2
    with work():
        states = [(batch.name, batch.state) for batch in list_batches(office.supervisor)]
    assert sorted(states) == [("lo-1", "finished"), ("lo-1", "rolled_back")]


def reopen(office, case):
    cases.reopen(office.supervisor, case.id, version=case.version, reason="Chị gọi lại")


def write_note(office, case):
    cases.add_entry(office.supervisor, case.id, "note", text="Chị gọi lại")


def add_task(office, case):
    cases.add_task(office.supervisor, case.id, "own", due_day=date(2025, 9, 1))


def bar(office, case):
    cases.bar_account(office.supervisor, case.id, office.colleague.account_id, "họ hàng")


def change_incident(office, case):
    incident = current().scalars(select(Incident)).first()
    incidents.change_incident(office.supervisor, incident.case_id, incident.id, incident.version, values={})


@pytest.mark.parametrize("act", [reopen, write_note, add_task, bar, change_incident])
def test_files_that_were_worked_on_stay_with_their_whole_batch(work, importer, office, write, rows, act):
    importer.run(office.supervisor, write(GOOD, GOOD))
    with work():
        act(office, current().scalars(select(Case)).first())
    before = rows()

    with pytest.raises(Refused, match="import_worked_on"):
        roll_back(importer, office.supervisor)

    assert rows() == before


@pytest.mark.parametrize("act", [reopen, write_note, add_task, bar, change_incident])
def test_files_worked_on_after_a_rollback_was_ordered_stay(work, importer, office, write, rows, act):
    importer.run(office.supervisor, write(GOOD, GOOD))
    with work():
        batch_id = start_rollback(office.supervisor, list_batches(office.supervisor)[0].id).id
    with work():
        act(office, current().scalars(select(Case)).first())
    before = rows()

    # The job comes late, or was stopped and begins again; and so does the order.
    with pytest.raises(Refused, match="import_worked_on"), work():
        roll_back_some(office.supervisor, batch_id, 500)
    with pytest.raises(Refused, match="import_worked_on"):
        roll_back(importer, office.supervisor)

    assert rows() == before


def test_a_rollback_that_stops_goes_on(importer, office, write, rows):
    importer.run(office.supervisor, write(*[GOOD] * 7))

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_rollback(importer.database, importer.keys, office.supervisor, "lo-1", stop)
    with pytest.raises(Refused, match="import_rolling_back"):
        importer.run(office.supervisor, write(*[GOOD] * 7))

    assert roll_back(importer, office.supervisor) == 4
    assert rows()["case_file"] == 0


@pytest.mark.parametrize("who", ["worker", "leader"])
def test_only_who_may_import_does(work, importer, office, write, rows, who):
    before = rows()
    actor = getattr(office, who)
    with pytest.raises(Forbidden):
        importer.run(actor, write(GOOD))
    with pytest.raises(Forbidden):
        roll_back(importer, actor)
    with pytest.raises(Forbidden), work():
        list_batches(actor)
    with pytest.raises(Forbidden), work():
        require_unit(actor, "15148")

    assert rows() == before


def test_nobody_imports_into_another_unit(work, office):
    with work(write=False):
        for name in ("15148", "ubnd xã cẩm tú", str(office.unit_id)):
            require_unit(office.supervisor, name)
        with pytest.raises(NotFound):
            require_unit(office.supervisor, "15151")


def test_nobody_sees_or_takes_out_the_batch_of_another_unit(work, importer, office, write):
    importer.run(office.supervisor, write(GOOD))

    with work():
        assert list_batches(office.stranger) == []
    with pytest.raises(NotFound):
        roll_back(importer, office.stranger)


def test_files_may_be_given_to_a_colleague_who_takes_cases(work, importer, office, write):
    importer.run(office.supervisor, write(GOOD), owner="Lan")

    with work():
        case = current().scalars(select(Case)).one()
        assert case_queries.get_case(office.worker, case.id).owner_id == office.worker.account_id
        with pytest.raises(NotFound):
            case_queries.get_case(office.colleague, case.id)


@pytest.mark.parametrize("owner", ["ai-đó", "sơn", "xa"])
def test_files_are_given_to_nobody_else(importer, office, write, owner):
    with pytest.raises(Conflict, match="owner"):
        importer.run(office.supervisor, write(GOOD), owner=owner)


def test_a_mapping_with_consent_records_it_and_counts_it(work, importer, office, write, mapping_file):
    from casemgr.imports.shelf import read_mapping

    text = MAPPING.replace('to = "kept"', 'to = "reporting_consent"')
    mapping_file.write_text(text + '\n[constants]\nconsent_how = "ky_ten"\n', encoding="utf-8")
    importer.mapping = read_mapping(str(mapping_file))
    row = GOOD.removesuffix("Gọi buổi sáng")
    importer.run(office.supervisor, write(row + "Có", row + "Không", row))

    with work(write=False):
        told = [fact.content["reporting_consent"] for fact in current().scalars(select(Fact))]
        states = [consent.state for consent in current().scalars(select(Consent))]
        how = {consent.document["how"] for consent in current().scalars(select(Consent))}
    assert (sorted(told), sorted(states), how) == (["no", "no", "yes"], ["given", "refused"], {"ky_ten"})


def test_names_of_files_and_counts_are_sealed(work, importer, office, write):
    importer.run(office.supervisor, write(GOOD), name="nguyen-thi-x")

    with work(write=False) as session:
        stored = session.execute(ImportBatch.__table__.select()).mappings().one()
        assert b"nguyen" not in b"".join(value for value in stored.values() if isinstance(value, bytes))
        assert "nguyen" not in repr(stored)
