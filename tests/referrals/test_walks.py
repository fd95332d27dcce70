"""Both sides at once, at random: rows, beds, keys and tasks agree with the state after every step."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.cases.models import Task
from casemgr.demo.chance import Chance
from casemgr.errors import InvalidState, NotFound, SealError
from casemgr.referrals import queries, service
from casemgr.referrals.models import Bundle, Referral
from casemgr.referrals.rules import CONTENT_SHOWN, LIVE, SERVED, Party, ReferralState, is_over, may_become
from casemgr.shelters.models import Stay
from tests.referrals.conftest import NOW
from tests.rig.network import send

WALKS, STEPS = 12, 14


def _acts(network, referral):
    """Everything that anybody can try on one referral, with the state that it is to lead to and who tries."""
    worker, keeper = network.office.worker, network.keeper
    case_id, bundle_id, state = network.case_id, referral.bundle_id, ReferralState
    return {
        "see": (state.SEEN, Party.RECIPIENT, lambda: service.see(keeper, bundle_id)),
        "yes": (state.ACCEPTED, Party.RECIPIENT, lambda: service.accept(keeper, bundle_id)),
        "no": (state.DECLINED, Party.RECIPIENT, lambda: service.decline(keeper, bundle_id, "het_cho")),
        "came": (state.ARRIVED, Party.RECIPIENT, lambda: service.record_arrival(keeper, bundle_id)),
        "begun": (state.IN_SERVICE, Party.RECIPIENT, lambda: service.begin(keeper, bundle_id)),
        "missed": (state.DID_NOT_COME, Party.RECIPIENT, lambda: service.record_no_show(keeper, bundle_id)),
        "done": (
            state.COMPLETED,
            Party.RECIPIENT,
            lambda: service.complete(keeper, bundle_id, left_to="nguoi_than"),
        ),
        "phone_yes": (
            state.ACCEPTED,
            Party.SENDER,
            lambda: service.record_phone_acceptance(worker, case_id, referral.id),
        ),
        "phone_came": (
            state.ARRIVED,
            Party.SENDER,
            lambda: service.record_phone_arrival(worker, case_id, referral.id),
        ),
        "phone_done": (
            state.COMPLETED,
            Party.SENDER,
            lambda: service.record_phone_end(worker, case_id, referral.id, left_to="khac"),
        ),
        "phone_no": (
            state.DECLINED,
            Party.SENDER,
            lambda: service.record_phone_refusal(worker, case_id, referral.id, "het_cho"),
        ),
        "phone_begun": (
            state.IN_SERVICE,
            Party.SENDER,
            lambda: service.record_phone_begin(worker, case_id, referral.id),
        ),
        "phone_missed": (
            state.DID_NOT_COME,
            Party.SENDER,
            lambda: service.record_phone_no_show(worker, case_id, referral.id),
        ),
        "recall": (state.RECALLED, Party.SENDER, lambda: service.recall(worker, case_id, referral.id)),
        "withdraw": (state.WITHDRAWN, Party.SENDER, lambda: service.withdraw(worker, case_id, referral.id)),
    }


STAYS = {
    ReferralState.ACCEPTED: "promised",
    ReferralState.ARRIVED: "arrived",
    ReferralState.IN_SERVICE: "arrived",
    ReferralState.DID_NOT_COME: "released",
    ReferralState.COMPLETED: "left",
}
"""What becomes of the bed in a state; after the other ends it is given back, or left when it was lived in."""


TASKS = {
    ReferralState.SENT: ["referral_answer"],
    ReferralState.SEEN: ["referral_answer"],
    ReferralState.ACCEPTED: ["referral_arrival"],
    ReferralState.DECLINED: ["referral_elsewhere"],
    ReferralState.DID_NOT_COME: ["referral_missing"],
    ReferralState.ARRIVED: ["stay_review"],
}
"""What the case worker has to do about a referral in a state, and nothing else; in the others nothing."""


def _tasks_about(session, network, referral) -> list[str]:
    about = Task.case_id == network.case_id, Task.state == "open"
    tasks = [task.content for task in session.scalars(select(Task).where(*about))]
    return [content["kind"] for content in tasks if content.get("about") == str(referral.id)]


def _check(session, network, referral, state, before) -> None:
    session.expire_all()
    bundle = session.get(Bundle, referral.bundle_id)
    assert (session.get(Referral, referral.id).state, bundle.state) == (state, state)
    stay = session.scalar(select(Stay).where(Stay.bundle_id == bundle.id))
    ended = "left" if before in SERVED else "released"
    expected = STAYS.get(state, ended if before in CONTENT_SHOWN else None)
    assert (stay.state if stay else None) == expected
    assert _tasks_about(session, network, referral) == TASKS.get(state, [])
    if is_over(state):
        with pytest.raises(SealError):
            _ = bundle.offer
        with pytest.raises(NotFound):
            queries.open_bundle(network.keeper, bundle.id)
    else:
        assert bool(queries.open_bundle(network.keeper, bundle.id).content) == (state in CONTENT_SHOWN)


def test_random_walks_of_both_sides_keep_rows_beds_and_keys_together(session, network) -> None:
    chance = Chance(20260601)
    for _ in range(WALKS):
        referral = send(network, adults=1, children=0)
        state = ReferralState.SENT
        acts = _acts(network, referral)
        for _ in range(STEPS):
            following, party, act = acts[chance.pick(sorted(acts))]
            allowed = state in LIVE and may_become(state, following, party)
            # Opening a request again is no error: it stays as it is.
            if following == ReferralState.SEEN and state in LIVE:
                act()
                following = ReferralState.SEEN if allowed else state
            elif allowed:
                act()
            else:
                with pytest.raises((InvalidState, NotFound)):
                    act()
                continue
            before, state = state, following
            _check(session, network, referral, state, before)
        if state in LIVE:
            service.withdraw(network.office.worker, network.case_id, referral.id)


@pytest.mark.parametrize("steps", [("accept",), ("accept", "record_arrival")])
def test_a_promise_that_nobody_took_up_ends_with_its_key_and_a_stay_does_not(session, network, steps) -> None:
    referral = send(network)
    for step in steps:
        getattr(service, step)(network.keeper, referral.bundle_id)

    with clock.frozen(NOW + timedelta(days=120)):
        ended = service.expire_due(network.office.worker)
        if "record_arrival" in steps:
            assert ended == 0
            assert queries.open_bundle(network.keeper, referral.bundle_id).state == "arrived"
        else:
            assert ended == 1
            assert session.scalars(select(Stay.state)).all() == ["released"]
            with pytest.raises(SealError):
                _ = session.get(Bundle, referral.bundle_id, populate_existing=True).content
