"""Tips below the pages: who may send, read and be kept from them, and what the tables give away."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from casemgr.audit.models import AuditEntry
from casemgr.db import paging
from casemgr.errors import Conflict, Forbidden, InvalidState, NotFound, Refused, StaleVersion
from casemgr.policy import Role
from casemgr.tips import queries, rules, service
from casemgr.tips.models import Tip
from tests.rig.office import add_unit
from tests.rig.staff import Work

CONTENT = {"danger": "co", "seen": "Tiếng kêu cứu mỗi tối"}
REPORTER = {"may_call": "yes", "reporter_name": "Trương Thị Hàng Xóm", "reporter_phone": "+84987654321"}


def send(commune, excluded=()):
    return service.send_tip(commune.head.actor, content=CONTENT, reporter=REPORTER, excluded=excluded)


@pytest.fixture
def tip_id(work: Work, commune):
    with work() as session:
        send(commune)
        return session.scalar(select(Tip.id))


def test_a_tip_goes_to_the_unit_of_the_commune_that_has_a_case_worker(work: Work, commune) -> None:
    with work():
        receipt = send(commune)

        assert receipt.code.startswith("TB-")
        assert [row.code for row in queries.list_tips(commune.worker.actor)] == [receipt.code]
        assert queries.find_case_unit(commune.head.actor) == commune.office_id


def test_the_one_who_follows_it_up_reads_it_and_the_reporter_apart(work: Work, commune, tip_id) -> None:
    with work():
        tip = queries.open_tip(commune.worker.actor, tip_id)
        reporter = queries.open_reporter(commune.worker.actor, tip_id)

        assert tip.content["answers"] == CONTENT
        assert tip.content["hamlet"] == "Thôn Lương Ngọc"
        assert reporter.answers == REPORTER
        assert reporter.sender_id == commune.head.actor.account_id


def test_both_readings_are_written_down_each_for_itself(work: Work, commune, tip_id) -> None:
    with work():
        queries.open_tip(commune.worker.actor, tip_id)
    with work():
        queries.open_reporter(commune.worker.actor, tip_id)
    with work(write=False) as session:
        seen = session.execute(
            select(AuditEntry.action, AuditEntry.actor_id).where(AuditEntry.object_id == tip_id)
        ).all()

    assert seen == [("tip:read", commune.worker.actor.account_id)] * 2


def test_the_log_does_not_say_in_the_clear_which_tip_somebody_sent(work: Work, commune, tip_id) -> None:
    with work(write=False) as session:
        sent = session.scalars(select(AuditEntry).where(AuditEntry.action == "tip:send")).one()

        assert sent.actor_id == commune.head.actor.account_id
        assert sent.object_id is None
        assert sent.scope_id is None


def test_nothing_of_a_tip_lies_in_the_clear(work: Work, commune, tip_id) -> None:
    with work(write=False) as session:
        stored = session.execute(text("SELECT * FROM tip")).one()
        everything = b"".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in stored
        )

    for marker in ("kêu cứu", "Lương Ngọc", "Hàng Xóm", "987654321", str(commune.head.actor.account_id)):
        assert marker.encode() not in everything
    assert commune.head.actor.account_id.bytes not in everything


@pytest.mark.parametrize("who", ["head", "administrator", "officer"])
def test_roles_without_the_permission_read_no_tip(work: Work, commune, tip_id, who: str) -> None:
    actor = getattr(commune, who).actor
    with work():
        with pytest.raises(Forbidden):
            queries.list_tips(actor)
        for read in (queries.open_tip, queries.open_reporter, queries.get_tip, queries.list_excluded):
            with pytest.raises(NotFound):
                read(actor, tip_id)


def test_another_unit_cannot_tell_a_tip_from_none(work: Work, commune, tip_id) -> None:
    stranger = commune.stranger.actor
    with work():
        assert queries.list_tips(stranger) == []
        for read in (queries.open_tip, queries.open_reporter):
            with pytest.raises(NotFound):
                read(stranger, tip_id)
        with pytest.raises(NotFound):
            service.close_tip(stranger, tip_id, version=1, outcome={"outcome": "khong_mo_ca"})


def test_whoever_is_excluded_cannot_tell_a_tip_from_none(work: Work, commune) -> None:
    kept_from = commune.colleague.actor
    with work() as session:
        send(commune, [kept_from.account_id])
        tip_id = session.scalar(select(Tip.id))

        assert queries.list_tips(kept_from) == []
        for read in (queries.open_tip, queries.open_reporter, queries.list_excluded):
            with pytest.raises(NotFound):
                read(kept_from, tip_id)
        with pytest.raises(NotFound):
            service.record_check(kept_from, tip_id, version=1, check={"ways": ["khac"], "finding": "khong"})
        assert queries.list_excluded(commune.worker.actor, tip_id) == [kept_from.account_id]


def test_no_role_helps_against_an_exclusion(work: Work, commune) -> None:
    worker = commune.colleague.actor
    promoted = replace(worker, roles=frozenset({Role.CASE_WORKER, Role.SUPERVISOR}))
    with work() as session:
        send(commune, [worker.account_id])
        tip_id = session.scalar(select(Tip.id))

        with pytest.raises(NotFound):
            queries.get_tip(promoted, tip_id)


def test_somebody_must_be_left_to_read_a_tip(work: Work, commune) -> None:
    everybody = [
        person.actor.account_id for person in (commune.worker, commune.colleague, commune.supervisor)
    ]
    with work(), pytest.raises(Conflict) as refused:
        send(commune, everybody)

    assert refused.value.reason == "nobody_left"


def test_only_readers_can_be_excluded(work: Work, commune) -> None:
    with work(), pytest.raises(Conflict) as refused:
        send(commune, [commune.stranger.actor.account_id])

    assert refused.value.reason == "unknown"


@pytest.mark.parametrize("who", ["worker", "supervisor", "administrator", "officer"])
def test_only_those_who_may_send_tips_send_them(work: Work, commune, who: str) -> None:
    actor = getattr(commune, who).actor
    with work():
        for ask in (queries.list_readers, queries.list_numbers, queries.count_own):
            with pytest.raises(Forbidden):
                ask(actor)
        with pytest.raises(Forbidden):
            service.send_tip(actor, content=CONTENT, reporter=REPORTER)


def test_a_commune_without_case_workers_takes_no_tip(work: Work, commune) -> None:
    with work():
        lonely = replace(commune.head.actor, unit_id=add_unit("thon", "Thôn Xa", "15160").id)

        with pytest.raises(Refused) as refused:
            service.send_tip(lonely, content=CONTENT, reporter=REPORTER)
        assert queries.count_own(lonely) == []

    assert refused.value.reason == "no_case_unit"


def test_a_sender_counts_only_what_the_sender_sent(work: Work, commune) -> None:
    other_head = replace(commune.head.actor, account_id=uuid4())
    with work():
        send(commune)
        send(commune)
        service.send_tip(other_head, content=CONTENT, reporter=REPORTER)

        assert queries.count_own(commune.head.actor) == [(date(2026, 6, 1), 2)]


def test_the_numbers_begin_with_police_and_ambulance(work: Work, commune) -> None:
    with work():
        numbers = queries.list_numbers(commune.head.actor)

    assert [number.phone for number in numbers][:2] == ["113", "115"]
    assert numbers[-1].vi == "Trạm y tế xã Cẩm Tú"


def test_a_tip_is_checked_then_closed_once(work: Work, commune, tip_id) -> None:
    worker = commune.worker.actor
    with work():
        tip = service.record_check(
            worker, tip_id, version=1, check={"ways": ["tram_y_te"], "finding": "co_dau_hieu"}
        )
        with pytest.raises(StaleVersion):
            service.close_tip(worker, tip_id, version=1, outcome={"outcome": "tiep_nhan"})
        service.close_tip(worker, tip_id, version=tip.version, outcome={"outcome": "tiep_nhan"})
        with pytest.raises(InvalidState):
            service.close_tip(worker, tip_id, version=tip.version, outcome={"outcome": "khong_mo_ca"})

        assert tip.handling["check"]["answers"]["finding"] == "co_dau_hieu"
        assert queries.list_tips(worker) == []
        assert len(queries.list_tips(worker, states=["closed"])) == 1


def test_pages_of_tips_follow_each_other_without_gap(work: Work, commune, monkeypatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    with work():
        codes = {send(commune).code for _ in range(6)}
        pages = [queries.list_tips(commune.worker.actor)]
        while pages[-1].older:
            pages.append(queries.list_tips(commune.worker.actor, before=pages[-1].older))
        found = [row.code for page in pages for row in page]

    assert [len(page) for page in pages] == [2, 2, 2]
    assert set(found) == codes


def test_the_own_figures_reach_back_a_year() -> None:
    assert rules.first_month_shown(date(2026, 6, 5)) == date(2025, 7, 1)
    assert rules.first_month_shown(date(2026, 12, 31)) == date(2026, 1, 1)
    assert rules.count_by_month([date(2026, 1, 2), date(2026, 2, 3), date(2026, 1, 9)]) == [
        (date(2026, 2, 1), 1),
        (date(2026, 1, 1), 2),
    ]
