"""Sealed attributes: what stands in the table, what opens where, what queries may not do."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import CompileError, IntegrityError

from casemgr.cases.models import Bar, Case, TimelineEntry
from casemgr.cases.service import add_entry, open_case
from casemgr.db import Base, SealedComparison, current, work
from casemgr.errors import Locked, SealError
from tests.rig.office import open_office

TELLTALE = "Bà hàng xóm nghe thấy"

USES: list[Callable[[], object]] = [
    lambda: Case.risk_level == "cao",
    lambda: Case.risk_level != "cao",
    lambda: Case.risk_level.in_(["cao"]),
    lambda: Case.risk_level.like("c%"),
    lambda: Case.risk_level.is_(None),
    lambda: Case.risk_level < "x",
    lambda: select(Case.risk_level),
    lambda: select(Case).filter_by(risk_level="cao"),
    lambda: select(Case).order_by(Case.risk_level),
    lambda: bool(Case.risk_level),
]


def a_case_with_a_note():
    worker = open_office().worker
    case = open_case(worker, summary={}, risk_level="cao")
    entry = add_entry(worker, case.id, "note", text=TELLTALE)
    return worker, case, entry


@pytest.mark.parametrize("use", USES)
def test_a_sealed_attribute_in_a_query_is_refused_when_the_query_is_built(use):
    with pytest.raises(SealedComparison):
        use()


def test_an_update_by_name_cannot_write_in_the_clear(database, keys):
    with work(database, keys, write=True) as session, pytest.raises(CompileError):
        session.execute(update(Case).values(risk_level="cao"))


def test_a_value_opens_where_it_was_sealed(database, keys):
    with work(database, keys, write=True):
        _, _, entry = a_case_with_a_note()
        entry_id = entry.id
    with work(database, keys, write=False) as session:
        assert session.get_one(TimelineEntry, entry_id).content["text"] == TELLTALE


def test_the_table_holds_no_clear_text(database, keys):
    with work(database, keys, write=True):
        a_case_with_a_note()
    with work(database, keys, write=False) as session:
        for row in session.execute(text("SELECT content_sealed FROM timeline_entry")):
            assert TELLTALE.encode() not in bytes(row[0])


def test_an_answer_that_was_never_given_is_sealed_like_any_other(database, keys):
    with work(database, keys, write=True):
        worker = open_office().worker
        case = open_case(worker, summary={}, risk_level=None)
        other = open_case(worker, summary={}, risk_level="cao")
        assert len(case._sealed_risk_level) == len(other._sealed_risk_level)
        assert case.risk_level is None


@pytest.mark.parametrize(
    ("source", "target"),
    [("risk_level_sealed", "closure_sealed"), ("risk_level_sealed", "risk_level_sealed")],
)
def test_a_value_moved_to_another_column_or_case_does_not_open(database, keys, source, target):
    with work(database, keys, write=True) as session:
        worker = open_office().worker
        first = open_case(worker, summary={}, risk_level="cao")
        second = open_case(worker, summary={}, risk_level="thap")
        goal = first if source != target else second
        table = Case.__table__
        moved = session.scalar(select(table.c[source]).where(table.c.id == first.id))
        session.execute(update(table).where(table.c.id == goal.id).values({target: moved}))
        session.refresh(goal)
        with pytest.raises(SealError):
            getattr(goal, target.removesuffix("_sealed"))


def test_a_value_moved_to_another_row_of_the_same_case_does_not_open(database, keys):
    with work(database, keys, write=True) as session:
        worker, case, entry = a_case_with_a_note()
        other = add_entry(worker, case.id, "note", text="Ghi chú khác")
        session.execute(
            update(TimelineEntry.__table__)
            .where(TimelineEntry.id == other.id)
            .values(content_sealed=entry._sealed_content)
        )
        session.refresh(other)
        with pytest.raises(SealError):
            _ = other.content


def test_without_the_key_nothing_is_read_or_written(database, keys):
    with work(database, keys, write=True):
        _, _, entry = a_case_with_a_note()
        entry_id = entry.id
    with work(database, None, write=False) as session, pytest.raises(Locked):
        _ = session.get_one(TimelineEntry, entry_id).content
    with pytest.raises(Locked), work(database, None, write=True) as session:
        session.add(Bar(case_id=uuid4(), account_id=uuid4(), made_day=date(2026, 1, 1), reason="x"))


def test_an_unsealed_placeholder_is_refused_by_the_table(database, keys):
    with pytest.raises(IntegrityError), work(database, keys, write=True) as session:
        _, case, _ = a_case_with_a_note()
        session.execute(update(Case.__table__).where(Case.id == case.id).values(risk_level_sealed=b""))


def test_a_reading_unit_of_work_cannot_write(database, keys):
    with work(database, keys, write=True):
        _, case, _ = a_case_with_a_note()
    with work(database, keys, write=False) as session, pytest.raises(Exception, match=r"read.?only"):
        session.execute(update(Case.__table__).where(Case.id == case.id).values(state="closed"))


def test_an_error_takes_the_whole_unit_of_work_back(database, keys):
    with pytest.raises(RuntimeError), work(database, keys, write=True):
        a_case_with_a_note()
        raise RuntimeError
    with work(database, keys, write=False):
        assert current().scalar(select(Case.id)) is None


def test_every_class_with_sealed_attributes_says_whose_key_seals_it():
    for mapper in Base.registry.mappers:
        if getattr(mapper.class_, "__sealings__", {}):
            scope = mapper.class_.__scope__
            assert hasattr(mapper.class_, scope.attribute), mapper.class_.__name__
