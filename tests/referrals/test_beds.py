"""One bed and two who say yes at the same second: exactly one of them wins, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from casemgr.errors import InvalidState, Refused
from casemgr.referrals import service
from casemgr.referrals.rules import Party
from casemgr.referrals.service import steps
from casemgr.shelters.models import Stay, TrustedAddress
from casemgr.shelters.rules import AddressState, People
from casemgr.shelters.service import promise_bed
from tests.rig.network import build_network, consented_case, send

ROUNDS = 1000
WHOLE_ROUNDS = 10
ONE = {"adults": 1, "children": 0, "age_bands": ["a18_59"]}


def _race(work, acts) -> list[str]:
    start = Barrier(len(acts))

    def run(act) -> str:
        start.wait()
        try:
            with work():
                act()
        except (Refused, InvalidState) as refused:
            return getattr(refused, "reason", "late")
        return "won"

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(run, acts))


def test_two_promises_of_one_bed_have_one_winner_a_thousand_times(work) -> None:
    with work():
        network = build_network(adult_beds=1, child_beds=0)
    won: list[list[str]] = [[] for _ in range(ROUNDS)]
    again = iter(range(ROUNDS))

    def give_the_bed_back() -> None:
        if next(again):
            with work() as session:
                session.execute(update(Stay).where(Stay.state == "promised").values(state="released"))

    together = Barrier(2, action=give_the_bed_back)

    def run(keeper) -> None:
        for outcomes in won:
            together.wait(timeout=60)
            try:
                with work():
                    promise_bed(keeper, network.address_id, uuid4(), People(adults=1, children=0))
                outcomes.append("won")
            except Refused as refused:
                outcomes.append(refused.reason)

    with ThreadPoolExecutor(2) as threads:
        for one in [threads.submit(run, keeper) for keeper in (network.keeper, network.second_keeper)]:
            one.result()

    assert [sorted(outcomes) for outcomes in won] == [["no_bed", "won"]] * ROUNDS
    with work() as session:
        states = list(session.scalars(select(Stay.state)))
    assert (states.count("promised"), len(states)) == (1, ROUNDS)


def test_two_acceptances_for_one_bed_have_one_winner(work) -> None:
    with work():
        network = build_network(adult_beds=1, child_beds=0)
        case = consented_case(network.office)
    for _ in range(WHOLE_ROUNDS):
        with work():
            pair = [send(network, case.id, **ONE).bundle_id for _ in range(2)]
        keepers = (network.keeper, network.second_keeper)
        acts = [
            lambda keeper=keeper, bundle_id=bundle_id: service.accept(keeper, bundle_id)
            for keeper, bundle_id in zip(keepers, pair, strict=True)
        ]

        assert _race(work, acts) == ["no_bed", "won"]

        with work() as session:
            (stay,) = session.scalars(select(Stay).where(Stay.state == "promised"))
            service.record_no_show(network.keeper, stay.bundle_id)


def test_one_referral_accepted_by_two_keepers_is_accepted_once(work) -> None:
    with work():
        network = build_network()
        bundle_id = send(network).bundle_id

    acts = [
        lambda keeper=keeper: service.accept(keeper, bundle_id)
        for keeper in (network.keeper, network.second_keeper)
    ]
    assert _race(work, acts) == ["late", "won"]
    with work() as session:
        assert len(session.scalars(select(Stay)).all()) == 1


def test_an_address_that_becomes_known_while_its_keeper_says_yes_is_stopped_all_the_same(work) -> None:
    with work() as session:
        network = build_network()
        bundle_id = send(network).bundle_id
        version = session.scalars(select(TrustedAddress.version)).one()
    held = Event()

    def say_yes() -> None:
        with work():
            steps.hold(Party.RECIPIENT, bundle_id)
            held.set()
            sleep(0.5)
            service.accept(network.keeper, bundle_id)

    def stop() -> None:
        held.wait(timeout=60)
        with work():
            service.expose_address(network.office.supervisor, network.address_id, version)

    with ThreadPoolExecutor(2) as threads:
        for one in [threads.submit(say_yes), threads.submit(stop)]:
            one.result()
    with work() as session:
        assert session.scalars(select(TrustedAddress.state)).one() == AddressState.EXPOSED
        assert session.scalars(select(Stay.state)).one() == "released"


def test_a_keeper_may_knowingly_go_over_what_was_declared(session, network) -> None:
    case = consented_case(network.office)
    first, second = (send(network, case.id, adults=2, children=2).bundle_id for _ in range(2))
    service.accept(network.keeper, first)
    with pytest.raises(Refused, match="no_bed"):
        service.accept(network.keeper, second)
    service.accept(network.keeper, second, exceed="Cho các cháu ngủ chung")
    assert len(session.scalars(select(Stay).where(Stay.state == "promised")).all()) == 2
