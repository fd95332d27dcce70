"""The steps of a referral: no walk leaves them, and every end is one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from casemgr.codes import lists
from casemgr.demo.chance import Chance
from casemgr.referrals.rules import (
    CONTENT_SHOWN,
    LIVE,
    NEXT,
    OUTCOMES,
    SERVED,
    TRANSITIONS,
    WAITING,
    Alarm,
    Party,
    ReferralState,
    due_at,
    is_over,
    last_day,
    may_become,
    next_alarm,
    only,
)

WALKS = 100_000
TRIES = [(state, party) for state in ReferralState for party in Party]
BEFORE = {
    ReferralState.SEEN: {ReferralState.SENT},
    ReferralState.ARRIVED: {ReferralState.ACCEPTED},
    ReferralState.DID_NOT_COME: {ReferralState.ACCEPTED},
    ReferralState.IN_SERVICE: {ReferralState.ARRIVED, ReferralState.ACCEPTED},
    ReferralState.COMPLETED: {ReferralState.ARRIVED, ReferralState.ACCEPTED},
}
"""What must have happened before a state, as the field would say it."""
NOT_AFTER_A_YES = {ReferralState.DECLINED, ReferralState.REDIRECTED, ReferralState.SEEN}
ONLY = {
    ReferralState.SEEN: Party.RECIPIENT,
    ReferralState.REDIRECTED: Party.RECIPIENT,
    ReferralState.RECALLED: Party.SENDER,
    ReferralState.WITHDRAWN: Party.SENDER,
    ReferralState.EXPIRED: Party.CLOCK,
}
"""Who alone may do it."""


def _walk(chance: Chance) -> list[tuple[ReferralState, Party]]:
    """Try steps at random, as anybody, until one ends the referral; return those that were let through."""
    state, walked = ReferralState.DRAFTED, []
    while not is_over(state):
        step, party = chance.pick(TRIES)
        if may_become(state, step, party):
            state = step
            walked.append((step, party))
    return walked


def test_a_hundred_thousand_walks_reach_no_state_that_they_may_not_reach() -> None:
    chance, reached = Chance(4), set()
    for _ in range(WALKS):
        walked = _walk(chance)
        states = [state for state, _ in walked]
        reached.update(zip([ReferralState.DRAFTED, *states], states, strict=False))
        assert len(set(states)) == len(states)
        assert states[0] == ReferralState.SENT
        assert all(state in LIVE for state in states[:-1])
        for number, (state, party) in enumerate(walked):
            assert BEFORE.get(state, set()) <= set(states[:number])
            assert party == ONLY.get(state, party)
            assert not (state in NOT_AFTER_A_YES and ReferralState.ACCEPTED in states[:number])
    assert reached == {(step.source, step.target) for step in TRANSITIONS}


def test_every_state_is_a_draft_live_or_over() -> None:
    over = {state for state in ReferralState if is_over(state)}
    assert over | LIVE | {ReferralState.DRAFTED} == set(ReferralState)
    assert not over & LIVE
    assert set(NEXT) == set(ReferralState)


def test_it_can_be_stopped_taken_back_and_ended_by_the_clock_in_every_live_state() -> None:
    for state in LIVE:
        assert may_become(state, ReferralState.WITHDRAWN, Party.SENDER)
        assert may_become(state, ReferralState.RECALLED, Party.SENDER)
        assert may_become(state, ReferralState.EXPIRED, Party.CLOCK)


def test_who_is_coming_is_shown_only_after_a_yes() -> None:
    assert {ReferralState.ACCEPTED, *SERVED} == CONTENT_SHOWN
    assert not CONTENT_SHOWN & set(WAITING)


def test_every_sent_state_has_an_outcome_of_the_list() -> None:
    assert set(OUTCOMES) == set(ReferralState) - {ReferralState.DRAFTED}
    assert set(OUTCOMES.values()) <= set(lists.get("referral_outcome").codes)


@pytest.mark.parametrize("urgency", lists.get("urgency").codes)
def test_an_urgency_reminds_before_the_answer_is_due_and_leaves_days_of_grace(urgency) -> None:
    minutes, remind, grace = (
        int(lists.attribute("urgency", urgency, name)) for name in ("minutes", "remind_minutes", "grace_days")
    )
    assert 0 < remind < minutes
    assert grace > 0


@pytest.mark.parametrize(
    ("state", "grace_days", "expected"),
    [
        (ReferralState.SENT, 1, date(2026, 6, 2)),
        (ReferralState.SEEN, 3, date(2026, 6, 4)),
        (ReferralState.ACCEPTED, 1, date(2026, 7, 1)),
        (ReferralState.ARRIVED, 1, date(2026, 8, 30)),
        (ReferralState.IN_SERVICE, 1, date(2026, 8, 30)),
    ],
)
def test_a_bundle_can_be_read_for_a_time_that_follows_its_state(state, grace_days, expected) -> None:
    today = date(2026, 6, 1)
    assert last_day(state, grace_days=grace_days, due_day=today, today=today) == expected


def test_the_clock_reminds_once_and_then_tells_once() -> None:
    sent = datetime(2026, 6, 1, 13, 0, tzinfo=UTC)
    request = {"sent_at": sent.isoformat(), "due_at": (sent + timedelta(minutes=30)).isoformat()}
    at = {minute: sent + timedelta(minutes=minute) for minute in (14, 15, 29, 30)}
    assert next_alarm(request, 15, at[14]) is None
    assert next_alarm(request, 15, at[15]) == Alarm.REMINDED
    reminded = request | {"reminded_at": at[15].isoformat()}
    assert next_alarm(reminded, 15, at[29]) is None
    assert next_alarm(reminded, 15, at[30]) == Alarm.LATE
    assert next_alarm(request, 15, at[30]) == Alarm.LATE
    assert next_alarm(reminded | {"late_at": at[30].isoformat()}, 15, at[30]) is None


def test_an_answer_is_due_within_the_minutes_of_its_urgency() -> None:
    assert due_at(datetime(2026, 6, 1, 13, 0, tzinfo=UTC), 30) == datetime(2026, 6, 1, 13, 30, tzinfo=UTC)


def test_only_named_and_filled_values_are_taken_over() -> None:
    assert only(("a", "b", "c"), {"a": 0, "b": "", "z": 1}) == {"a": 0}
