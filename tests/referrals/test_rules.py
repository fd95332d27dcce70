"""The steps of a referral: no walk leaves them, and every end is one."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.codes import lists
from casemgr.referrals.rules import (
    CONTENT_SHOWN,
    GRACE_DAYS,
    LIVE,
    NEXT,
    OUTCOMES,
    ReferralState,
    due_at,
    is_over,
    last_day,
    may_become,
    only,
)

STEPS = st.lists(st.sampled_from(ReferralState), max_size=30)


@given(STEPS)
def test_no_walk_leaves_an_end_or_comes_back_to_an_earlier_step(steps) -> None:
    state, walked = ReferralState.DRAFTED, [ReferralState.DRAFTED]
    for step in steps:
        if may_become(state, step):
            assert not is_over(state)
            state = step
            walked.append(step)
    assert len(set(walked)) == len(walked)


@given(STEPS)
def test_nobody_arrives_who_was_not_accepted_and_nothing_is_completed_before_an_arrival(steps) -> None:
    walked = [ReferralState.DRAFTED]
    for step in steps:
        if may_become(walked[-1], step):
            walked.append(step)
    for later, earlier in (
        (ReferralState.ARRIVED, ReferralState.ACCEPTED),
        (ReferralState.COMPLETED, ReferralState.ARRIVED),
        (ReferralState.DID_NOT_COME, ReferralState.ACCEPTED),
    ):
        assert later not in walked or earlier in walked[: walked.index(later)]


def test_every_state_is_a_draft_live_or_over() -> None:
    over = {state for state in ReferralState if is_over(state)}
    assert over | LIVE | {ReferralState.DRAFTED} == set(ReferralState)
    assert not over & LIVE
    assert set(NEXT) == set(ReferralState)


def test_the_survivor_can_stop_it_in_every_live_state() -> None:
    assert all(may_become(state, ReferralState.WITHDRAWN) for state in LIVE)


def test_who_is_coming_is_shown_only_after_a_yes() -> None:
    assert {ReferralState.ACCEPTED, ReferralState.ARRIVED} == CONTENT_SHOWN


def test_every_sent_state_has_an_outcome_of_the_list() -> None:
    assert set(OUTCOMES) == set(ReferralState) - {ReferralState.DRAFTED}
    assert set(OUTCOMES.values()) <= set(lists.get("referral_outcome").codes)
    assert set(GRACE_DAYS) == set(lists.get("urgency").codes)


@pytest.mark.parametrize(
    ("state", "urgency", "expected"),
    [
        (ReferralState.SENT, "ngay", date(2026, 6, 2)),
        (ReferralState.SENT, "ba_ngay", date(2026, 6, 4)),
        (ReferralState.ACCEPTED, "ngay", date(2026, 7, 1)),
        (ReferralState.ARRIVED, "ngay", date(2026, 8, 30)),
    ],
)
def test_a_bundle_can_be_read_for_a_time_that_follows_its_state(state, urgency, expected) -> None:
    today = date(2026, 6, 1)
    assert last_day(state, urgency=urgency, due_day=today, today=today) == expected


def test_an_answer_is_due_within_the_minutes_of_its_urgency() -> None:
    assert due_at(datetime(2026, 6, 1, 13, 0, tzinfo=UTC), 30) == datetime(2026, 6, 1, 13, 30, tzinfo=UTC)


def test_only_named_and_filled_values_are_taken_over() -> None:
    assert only(("a", "b", "c"), {"a": 0, "b": "", "z": 1}) == {"a": 0}
