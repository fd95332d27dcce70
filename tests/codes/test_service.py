"""The table of codes equals the shipped lists, however often it is brought up to date."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casemgr.codes import lists, service
from casemgr.codes.models import CodeRow


@pytest.fixture
def session(work: Callable[..., AbstractContextManager[Session]]) -> Iterator[Session]:
    with work() as session:
        yield session


def test_the_first_run_adds_every_code_and_the_second_touches_nothing(session: Session) -> None:
    shipped = sum(len(lists.get(name).codes) for name in lists.names())

    assert service.sync() == shipped
    assert service.sync() == 0
    assert session.scalar(select(func.count()).select_from(CodeRow)) == shipped


def test_a_changed_row_is_corrected_and_an_old_one_is_kept(session: Session) -> None:
    service.sync()
    row = session.scalars(select(CodeRow).filter_by(list_name="sex", code="nu")).one()
    row.vi = "?"
    old = CodeRow(
        list_name="sex", code="old", position=9, vi="Cũ", en="Old", rollups={}, attributes={}, source="test"
    )
    session.add(old)
    session.flush()

    assert service.sync() == 1
    assert row.vi == "Nữ"
    assert session.get(CodeRow, old.id) is old
