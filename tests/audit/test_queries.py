"""The log is read by those who may, and each reading is written down."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from casemgr import audit, clock
from casemgr.audit.queries import Criteria, list_entries, list_readers_of
from casemgr.audit.rules import Outcome
from casemgr.errors import Forbidden
from casemgr.policy import Role


def test_the_data_protection_officer_lists_entries_newest_first_with_their_detail(work, actor):
    case_id = uuid4()
    with work():
        audit.seen(actor, "case", case_id, ("name", "phone"), scope=("case", case_id))
        audit.changed(actor, "case:assign", "case", case_id)
    with work(write=False):
        newest, oldest = list_entries(actor, Criteria())
    assert (newest.action, newest.detail, newest.erased) == ("case:assign", None, False)
    assert (oldest.outcome, oldest.detail) == (Outcome.SEEN, {"fields": ["name", "phone"]})


def test_nobody_else_lists_the_log(work, actor):
    with work(write=False), pytest.raises(Forbidden):
        list_entries(replace(actor, roles=frozenset({Role.ADMINISTRATOR})), Criteria())


def test_criteria_narrow_the_list_and_page_it(work, actor):
    other = replace(actor, account_id=uuid4())
    case_ids = [uuid4(), uuid4()]
    with work():
        for who in (actor, other):
            for case_id in case_ids:
                audit.changed(who, "case:change", "case", case_id)
                audit.refused(who, "case:read", "case", case_id)
    with work(write=False):
        by_actor = list_entries(actor, Criteria(actor_id=other.account_id))
        by_object = list_entries(actor, Criteria(object_kind="case", object_id=case_ids[0]))
        refusals = list_entries(actor, Criteria(outcome=Outcome.REFUSED, limit=3))
        rest = list_entries(actor, Criteria(outcome=Outcome.REFUSED, before=refusals[-1].seq))
        since, until = by_actor[-1].at, by_actor[0].at
        between = list_entries(actor, Criteria(since=since, until=until))
    assert {entry.actor_id for entry in by_actor} == {other.account_id}
    assert {entry.object_id for entry in by_object} == {case_ids[0]}
    assert (len(refusals), len(rest)) == (3, 1)
    assert all(since <= entry.at < until for entry in between)


def test_readers_of_a_case_include_those_of_what_belongs_to_it_but_not_the_refused(work, actor):
    case_id = uuid4()
    with work():
        audit.seen(actor, "case", case_id, scope=("case", case_id))
        audit.seen(actor, "assessment", uuid4(), scope=("case", case_id))
        audit.seen(actor, "case", uuid4())
        audit.refused(actor, "case:read", "case", case_id)
    with work(write=False):
        readers = list_readers_of(actor, "case", case_id)
    assert [entry.action for entry in readers] == ["assessment:read", "case:read"]


def test_readers_of_a_case_include_lists_and_searches_that_showed_it_and_nothing_else_of_them(work, actor):
    case_id, other_id = uuid4(), uuid4()
    since = clock.now() - timedelta(days=1)
    with work():
        audit.listed(actor, "case", [case_id, other_id], ("risk_level",))
        audit.listed(actor, "case", [other_id])
        audit.noted(actor, "survivor:search", "survivor", outcome="seen", found=["x"], case=[str(case_id)])
        audit.noted(actor, "survivor:search", "survivor", outcome="seen", found=[], case=[str(other_id)])
    with work(write=False):
        assert list_readers_of(actor, "case", case_id) == []
        readers = list_readers_of(actor, "case", case_id, listed_since=since)
        later = list_readers_of(actor, "case", case_id, listed_since=clock.now() + timedelta(days=1))
    assert [entry.action for entry in readers] == ["survivor:search", "case:list"]
    assert [entry.detail for entry in readers] == [{"fields": []}, {"fields": ["risk_level"]}]
    assert later == []


def test_a_list_looked_at_all_day_stands_there_once_a_day_for_each_reader(work, actor):
    case_id, other = uuid4(), replace(actor, account_id=uuid4())
    morning = clock.now()
    for minutes, who in ((0, actor), (1, actor), (2, other), (60 * 24 + 3, actor)):
        with clock.frozen(morning + timedelta(minutes=minutes)), work():
            audit.listed(who, "case", [case_id])
    with work(write=False):
        readers = list_readers_of(actor, "case", case_id, listed_since=morning - timedelta(days=1))
    assert [entry.actor_id for entry in readers] == [actor.account_id, other.account_id, actor.account_id]


def test_reading_the_log_is_written_down(work, actor, database, keys):
    case_id = uuid4()
    with audit.reading(database, keys):
        list_entries(actor, Criteria(object_kind="case"))
        list_readers_of(actor, "case", case_id)
    with work(write=False):
        readers, entries = list_entries(actor, Criteria())
    assert (readers.action, readers.object_id, readers.outcome) == ("case:access_log", case_id, "seen")
    assert (entries.action, entries.detail) == (
        "audit:list",
        {"asked": {"limit": 100, "object_kind": "case"}},
    )


def test_the_detail_of_an_erased_case_is_gone_and_says_so(work, actor, keys):
    case_id = uuid4()
    with work():
        audit.seen(actor, "case", case_id, ("name",), scope=("case", case_id))
    with work() as session:
        keys.destroy(session, "case", case_id)
        audit.changed(actor, "case:erase", "case", case_id, scope=("case", case_id), why="asked")
    with work(write=False):
        erasing, before = list_entries(actor, Criteria())
    assert (before.detail, before.erased) == (None, True)
    assert erasing.detail == {"why": "asked"}


def test_a_list_view_is_one_entry_that_names_what_it_showed(work, actor):
    ids = [uuid4(), uuid4()]
    with work():
        audit.listed(actor, "case", ids, ("pseudonym",))
    with work(write=False):
        (entry,) = list_entries(actor, Criteria())
    assert entry.action == "case:list"
    assert entry.detail == {"ids": [str(object_id) for object_id in ids], "fields": ["pseudonym"]}


def test_reading_one_object_twice_joins_the_fields(work, actor):
    case_id = uuid4()
    with work():
        audit.seen(actor, "case", case_id, ("phone",))
        audit.seen(actor, "case", case_id, ("name",))
    with work(write=False):
        (entry,) = list_entries(actor, Criteria())
    assert entry.detail == {"fields": ["name", "phone"]}
