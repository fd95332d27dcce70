"""The steps of a referral, whoever takes them: both rows move together, the case hears of it, beds follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.cases.service import note_from_outside
from casemgr.codes import lists
from casemgr.db import current
from casemgr.db.sealed import keyring_of
from casemgr.errors import Conflict, InvalidState, NotFound
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact
from casemgr.policy import Actor
from casemgr.referrals.models import Bundle, Referral
from casemgr.referrals.rules import (
    ANSWERED,
    ANSWERS,
    LIVE,
    OUTCOMES,
    SHELTER,
    TAKEN_BACK,
    TAKEN_BACK_DAYS,
    WAITING,
    Party,
    ReferralState,
    answer_time,
    is_over,
    last_day,
    may_become,
)
from casemgr.referrals.service import records
from casemgr.referrals.service.sending import within_consent
from casemgr.referrals.service.supervisors import list_supervisors
from casemgr.shelters import service as shelters
from casemgr.shelters.rules import People
from casemgr.units.models import Unit

FOLLOW_UP = {
    ReferralState.ACCEPTED: "referral_arrival",
    ReferralState.DECLINED: "referral_elsewhere",
    ReferralState.DID_NOT_COME: "referral_missing",
}
"""What the case worker has to do after a step, the same day."""

REPLY_DOOR = "reply"
"""Door of whoever answers a letter without an account."""

COUNTED = ("needs_met", "reason")
"""What of an outcome is counted, in codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Both sides of a referral, held by this transaction."""

    referral: Referral
    bundle: Bundle
    party: Party

    @property
    def has_beds(self) -> bool:
        """Whether this referral asks for a place to stay."""
        return bool(self.referral.request["service"] == SHELTER)


def hold(party: Party, bundle_id: UUID, *conditions: Any) -> Pair:
    """Hold both rows for one side until the transaction ends, the bundle first; raises `NotFound`."""
    found = select(Bundle).where(Bundle.id == bundle_id, *conditions).with_for_update(of=Bundle)
    bundle = current().scalar(found.execution_options(populate_existing=True))
    if bundle is None:
        raise NotFound
    paired = select(Referral).where(Referral.bundle_id == bundle.id).with_for_update()
    referral = current().scalar(paired.execution_options(populate_existing=True))
    if referral is None:
        raise NotFound
    return Pair(referral=referral, bundle=bundle, party=party)


def see(actor: Actor, pair: Pair) -> None:
    """Note that the unit has opened the request; the case worker reads by whom in the log."""
    _check(pair, ReferralState.SEEN)
    pair.referral.state = pair.bundle.state = ReferralState.SEEN
    current().flush()
    audit.changed(actor, "referral:seen", "bundle", pair.bundle.id)


def accept(actor: Actor, pair: Pair, *, exceed: str = "", **outcome: Any) -> None:
    """Say yes for a unit; an address promises its beds in the same transaction.

    `exceed` is why the keeper knowingly goes over what was declared; the supervisors are told of it.
    """
    _check(pair, ReferralState.ACCEPTED)
    offer = pair.bundle.offer
    beyond = None
    if pair.has_beds:
        people = People(adults=offer.get("adults", 0), children=offer.get("children", 0))
        stay = shelters.promise_bed(
            actor,
            pair.bundle.to_unit_id,
            pair.bundle.id,
            people,
            needs=offer.get("special_needs", ""),
            exceed=bool(exceed),
        )
        beyond = stay if stay is not None and stay.group["exceeds"] else None
    pair.bundle.answer = {"at": clock.now().isoformat(), "by": str(actor.account_id)}
    move(actor, pair, ReferralState.ACCEPTED, exceeded=exceed if beyond else None, **outcome)
    if beyond is not None:
        case = current().get_one(Case, pair.referral.case_id)
        told, tasks = (
            list_supervisors(case, pair.referral.request["excluded"]),
            [("stay_exceeded", clock.today())],
        )
        note_from_outside(actor, case.id, "stay_exceeded", about=beyond.id, tasks=tasks, also=told)
    records.open_record(actor, pair.referral, pair.bundle)


def arrive(actor: Actor, pair: Pair, **outcome: Any) -> None:
    """Record that she has come."""
    _check(pair, ReferralState.ARRIVED)
    stay = shelters.start_stay(actor, pair.bundle.id) if pair.has_beds else None
    tasks = [("stay_review", stay.until_day)] if stay is not None and stay.until_day else []
    move(actor, pair, ReferralState.ARRIVED, tasks=tasks, **outcome)


def begin(actor: Actor, pair: Pair, **outcome: Any) -> None:
    """Record that the service has begun."""
    move(actor, pair, ReferralState.IN_SERVICE, **outcome)


def check_end(left_to: str | None, needs_met: str | None, safety: str | None = None) -> None:
    """Raise `Conflict` for a place, a degree or a danger that stands in no list."""
    for name, code, code_list in (
        ("left_to", left_to, "stay_end_reason"),
        ("needs_met", needs_met, "needs_met"),
        ("safety", safety, "leaving_safety"),
    ):
        if code is not None and code not in lists.get(code_list):
            raise Conflict(name, "unknown")


def complete(
    actor: Actor, pair: Pair, *, left_to: str | None = None, safety: str | None = None, **outcome: Any
) -> None:
    """Record that the service was given; a stay ends with where she went and whether she is safe there."""
    _check(pair, ReferralState.COMPLETED)
    record: dict[str, Any] = {}
    if pair.has_beds:
        record = shelters.collect_record(actor, pair.bundle.id)
        shelters.end_stay(
            actor,
            pair.bundle.id,
            left_to or "khac",
            facts_unit_id=pair.bundle.from_unit_id,
            safety=safety,
        )
    is_unsafe = safety is not None and lists.attribute("leaving_safety", safety, "needs_follow_up") == "1"
    tasks = [("stay_unsafe", clock.today())] if is_unsafe else []
    told = {"left_to": left_to, "safety": safety, **outcome}
    move(actor, pair, ReferralState.COMPLETED, tasks=tasks, stay=record or None, **told)


def end(actor: Actor, pair: Pair, state: ReferralState, **outcome: Any) -> None:
    """End a referral without the service: by a no, a pointer, an absence, a recall, the clock or her wish."""
    _check(pair, state)
    record: dict[str, Any] = {}
    if pair.has_beds:
        record = shelters.collect_record(actor, pair.bundle.id)
        shelters.release_stay(actor, pair.bundle.id, facts_unit_id=pair.bundle.from_unit_id)
    keeps = state in TAKEN_BACK and records.take_back(actor, pair.referral)
    tasks = [("referral_record", clock.today())] if keeps else []
    move(actor, pair, state, tasks=tasks, stay=record or None, record=keeps or None, **outcome)


def move(
    actor: Actor,
    pair: Pair,
    state: ReferralState,
    *,
    tasks: Sequence[tuple[str, date]] = (),
    stay: dict[str, Any] | None = None,
    **outcome: Any,
) -> None:
    """Put both rows into the next state, tell the case, count what has ended, destroy what nobody needs.

    `stay` is what was written down at the address: the case alone keeps it.
    """
    _check(pair, state)
    referral, bundle, before = pair.referral, pair.bundle, pair.referral.state
    given = {name: value for name, value in outcome.items() if value not in (None, "")}
    referral.state = bundle.state = state
    if before in WAITING and state in ANSWERS:
        referral.request = {**referral.request, ANSWERED: clock.now().isoformat()}
    referral.outcome = {
        "code": OUTCOMES[state],
        "at": clock.now().isoformat(),
        "by": str(actor.account_id),
        **({"stay": stay} if stay else {}),
        **({"by_letter": True} if actor.door == REPLY_DOOR else {}),
        **given,
    }
    if state in LIVE:
        read_until = last_day(state, grace_days=0, due_day=clock.today(), today=clock.today())
        case = current().get_one(Case, referral.case_id)
        bundle.expires_day = within_consent(case, referral.request, read_until)
    if state in TAKEN_BACK:
        bundle.expires_day = clock.today() + timedelta(days=TAKEN_BACK_DAYS)
    if is_over(state):
        _count(pair, state, given)
    current().flush()
    note_from_outside(
        actor,
        referral.case_id,
        f"referral_{state.value}",
        about=referral.id,
        tasks=[*_follow_up(before, state), *tasks],
        **given,
    )
    audit.changed(actor, f"referral:{state.value}", "bundle", bundle.id)
    if is_over(state):
        destroyed = keyring_of(current()).destroy(current(), "bundle", bundle.id)
        audit.changed(
            actor, "bundle:destroy", "bundle", bundle.id, keys=[str(key_id) for key_id in destroyed]
        )


def _check(pair: Pair, state: ReferralState) -> None:
    if not may_become(pair.referral.state, state, pair.party):
        raise InvalidState(pair.referral.state)


def _follow_up(before: str, state: ReferralState) -> Sequence[tuple[str, date]]:
    kind = FOLLOW_UP.get(state)
    if state == ReferralState.EXPIRED:
        kind = "referral_elsewhere" if before in WAITING else "referral_silent"
    return [(kind, clock.today())] if kind else []


def _count(pair: Pair, state: ReferralState, given: dict[str, Any]) -> None:
    case = current().get_one(Case, pair.referral.case_id)
    unit = current().get_one(Unit, pair.referral.to_unit_id)
    fact_id = record_fact(
        unit_id=case.unit_id,
        kind=FactKind.SERVICE,
        registered_on=clock.today(),
        codes={
            "service": pair.referral.request["service"],
            "outcome": OUTCOMES[state],
            "unit_kind": unit.kind,
            "answered": answer_time(pair.referral.request, state),
            **{name: given[name] for name in COUNTED if name in given},
        },
    )
    pair.referral.fact_id = str(fact_id)
