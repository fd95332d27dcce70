"""What may follow what in a referral, when an answer is due, and what a recipient may read when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from casemgr.support.rules import USUAL


class ReferralState(StrEnum):
    """Where a referral stands; a referral that is not sent yet is a draft of its form."""

    DRAFTED = "drafted"
    SENT = "sent"
    SEEN = "seen"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    ARRIVED = "arrived"
    DID_NOT_COME = "did_not_come"
    IN_SERVICE = "in_service"
    COMPLETED = "completed"
    RECALLED = "recalled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Party(StrEnum):
    """Who takes a step; what the survivor or, by telephone, the unit says is recorded by the sender."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    CLOCK = "clock"


class Term(StrEnum):
    """By when a step is to be taken; the days and minutes stand with the urgency and below."""

    ANY = "any time"
    ANSWER = "answer time of the urgency"
    GRACE = "days of grace after the answer time"
    COMING = "30 days after the yes"
    SERVICE = "90 days after the last news"


class Sight(StrEnum):
    """What the other side sees of a step."""

    OFFER = "the unit: the offer, which names nobody"
    OPENED = "the sender: that it was opened, when and by whom"
    CONTENT = "the sender: the answer; the unit: who comes and where to meet"
    ANSWER = "the sender: the answer with its reason; the unit: nothing any more"
    NEWS = "the sender: at once, in the case"
    GONE = "the unit: nothing any more, as if it never was"
    TAKEN_BACK = "the unit: for seven days that it was taken back, and nothing else"


class Effect(StrEnum):
    """What a step does to the case: its tasks, beds, services, facts, and the key of the recipient's copy."""

    ASKED = "a task awaits the answer; a key of its own seals the copy"
    NOTED = "nothing but the state"
    PROMISED = "a bed is promised, a record or support begins; a task checks the arrival"
    ELSEWHERE = "a task asks elsewhere today; counted as not given; the key is destroyed"
    PASSED = "the same request goes on to the next; counted as not given; the key is destroyed"
    MISSED = "a task gets in touch safely; beds are given back; counted; the key is destroyed"
    SERVED = "the stay begins; the service counts as being given"
    GIVEN = "the stay ends; counted with outcome and needs met; the key is destroyed"
    STOPPED = "beds are given back; counted as stopped; the key is destroyed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One step that a referral may take: who takes it, by when, and what the other side sees of it."""

    source: ReferralState
    target: ReferralState
    by: frozenset[Party]
    within: Term
    seen: Sight


_BOTH = frozenset({Party.SENDER, Party.RECIPIENT})
_SENDER, _RECIPIENT = frozenset({Party.SENDER}), frozenset({Party.RECIPIENT})
_CLOCK = frozenset({Party.CLOCK})

WAITING = (ReferralState.SENT, ReferralState.SEEN)
"""States in which an answer is awaited."""

SERVED = (ReferralState.ARRIVED, ReferralState.IN_SERVICE)
"""States in which somebody has come."""

EFFECTS: dict[ReferralState, Effect] = {
    ReferralState.SENT: Effect.ASKED,
    ReferralState.SEEN: Effect.NOTED,
    ReferralState.ACCEPTED: Effect.PROMISED,
    ReferralState.DECLINED: Effect.ELSEWHERE,
    ReferralState.REDIRECTED: Effect.PASSED,
    ReferralState.ARRIVED: Effect.SERVED,
    ReferralState.DID_NOT_COME: Effect.MISSED,
    ReferralState.IN_SERVICE: Effect.NOTED,
    ReferralState.COMPLETED: Effect.GIVEN,
    ReferralState.RECALLED: Effect.STOPPED,
    ReferralState.EXPIRED: Effect.ELSEWHERE,
    ReferralState.WITHDRAWN: Effect.STOPPED,
}
"""What coming into each state does to the case."""

LIVE = frozenset({*WAITING, ReferralState.ACCEPTED, *SERVED})
"""States in which the recipient has a bundle to read; in every other one its key is destroyed."""

CONTENT_SHOWN = frozenset({ReferralState.ACCEPTED, *SERVED})
"""States in which the recipient may read who is coming."""


def _step(
    source: ReferralState, target: ReferralState, by: frozenset[Party], within: Term, seen: Sight
) -> Transition:
    return Transition(source=source, target=target, by=by, within=within, seen=seen)


TRANSITIONS: tuple[Transition, ...] = (
    _step(ReferralState.DRAFTED, ReferralState.SENT, _SENDER, Term.ANY, Sight.OFFER),
    _step(ReferralState.SENT, ReferralState.SEEN, _RECIPIENT, Term.ANSWER, Sight.OPENED),
    *(
        transition
        for state in WAITING
        for transition in (
            _step(state, ReferralState.ACCEPTED, _BOTH, Term.ANSWER, Sight.CONTENT),
            _step(state, ReferralState.DECLINED, _BOTH, Term.ANSWER, Sight.ANSWER),
            _step(state, ReferralState.REDIRECTED, _RECIPIENT, Term.ANSWER, Sight.ANSWER),
            _step(state, ReferralState.EXPIRED, _CLOCK, Term.GRACE, Sight.GONE),
        )
    ),
    _step(ReferralState.ACCEPTED, ReferralState.ARRIVED, _BOTH, Term.COMING, Sight.NEWS),
    _step(ReferralState.ACCEPTED, ReferralState.DID_NOT_COME, _BOTH, Term.COMING, Sight.NEWS),
    _step(ReferralState.ACCEPTED, ReferralState.EXPIRED, _CLOCK, Term.COMING, Sight.GONE),
    _step(ReferralState.ARRIVED, ReferralState.IN_SERVICE, _BOTH, Term.SERVICE, Sight.NEWS),
    *(_step(state, ReferralState.COMPLETED, _BOTH, Term.SERVICE, Sight.NEWS) for state in SERVED),
    *(_step(state, ReferralState.EXPIRED, _CLOCK, Term.SERVICE, Sight.GONE) for state in SERVED),
    *(
        _step(state, target, _SENDER, Term.ANY, Sight.TAKEN_BACK)
        for state in (*WAITING, ReferralState.ACCEPTED, *SERVED)
        for target in (ReferralState.RECALLED, ReferralState.WITHDRAWN)
    ),
)
"""Every step that there is. Pages, services, README and tests follow this table."""

NEXT: dict[ReferralState, dict[ReferralState, Transition]] = {
    state: {step.target: step for step in TRANSITIONS if step.source == state} for state in ReferralState
}

OUTCOMES: dict[ReferralState, str] = {
    ReferralState.SENT: "cho_tiep_nhan",
    ReferralState.SEEN: "cho_tiep_nhan",
    ReferralState.ACCEPTED: "da_tiep_nhan",
    ReferralState.ARRIVED: "dang_cung_cap",
    ReferralState.IN_SERVICE: "dang_cung_cap",
    ReferralState.DECLINED: "bi_tra_lai",
    ReferralState.REDIRECTED: "bi_tra_lai",
    ReferralState.DID_NOT_COME: "khong_den",
    ReferralState.COMPLETED: "hoan_thanh",
    ReferralState.RECALLED: "huy",
    ReferralState.EXPIRED: "het_han",
    ReferralState.WITHDRAWN: "huy",
}
"""Each state as a code of list `referral_outcome`."""

OFFER = (
    *("service", "urgency", "danger_level", "adults", "children"),
    *("age_bands", "from_when", "special_needs", "access_needs", "languages"),
    *("aid", "beneficiary_group", "child_danger"),
)
"""What a unit must know to say yes or no; none of it says who she is."""

CONTENT = ("called_name", "safe_phone", "code_word", "meeting_point", "meeting_at", "call_phone", "situation")
"""What a unit that said yes may need; each is sent only when it is filled in, as she consented."""

PERSONAL = frozenset({"called_name", "safe_phone", "code_word", "situation"})
"""What of it is about her; a consent may name which of these may be shared."""

PLACES = ("adults", "children", "special_needs")
"""What a place is promised for: put right only until the yes."""

FIXED = frozenset({"service", "urgency", "aid", "beneficiary_group", "child_danger"})
CORRECTABLE = tuple(name for name in (*OFFER, *CONTENT) if name not in FIXED)
"""What can be put right after sending; another service or another haste is another referral."""

TAKEN_BACK = frozenset({ReferralState.RECALLED, ReferralState.WITHDRAWN})
"""Ends of which the unit learns, without being told whose wish it was."""

TAKEN_BACK_DAYS = 7
"""How long the inbox still says that something was taken back."""

LETTER_TRIES = 5
"""Wrong codes after which a letter takes no answer until its sender draws new ones."""

LETTER_CLOSED = "letter_closed_at"
"""Where a request keeps since when its sender knows that the letter takes no answer any more."""

CODES_SHOWN = timedelta(minutes=15)
"""How long passphrase and code stand on the page of whoever drew them."""

ACCEPTED_DAYS = 30
"""How long an accepted bundle can be read while nobody has come."""

ARRIVED_DAYS = 90
"""How long a bundle can be read after the last news of somebody who has come."""

SHELTER = "tam_lanh"
CHILD_PROTECTION = "bvte"
UNTOLD = frozenset({"danger_level"})
"""What a unit is not told of somebody whom it shall know as a beneficiary, never as a survivor."""

ANSWERS = frozenset({ReferralState.ACCEPTED, ReferralState.DECLINED, ReferralState.REDIRECTED})
"""Steps that are an answer of the unit, yes or no."""

ANSWERED = "answered_at"
"""Where a request keeps the moment of that answer."""

RECORD = "record"
"""Where a request keeps the id of the record that the unit opened when it said yes."""

HIGH = "cao"
"""Code of list `risk_level` for which a public address is warned against."""


class Alarm(StrEnum):
    """What a clock does before it ends a referral; the values are where its moment is kept."""

    REMINDED = "reminded_at"
    LATE = "late_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a case worker asks of a unit: the offer, what follows a yes, and what stays in the case."""

    to_unit_id: UUID
    offer: Mapping[str, Any]
    content: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None
    excluded: frozenset[UUID] = frozenset()
    named: UUID | None = None
    exception: str | None = None
    exception_reason: str | None = None
    relation: str | None = None
    """Who the child is, for child protection; it stays in the case."""

    @property
    def service(self) -> str:
        """The service that is asked for."""
        return str(self.offer["service"])


def may_become(state: str, following: ReferralState, party: Party | None = None) -> bool:
    """Say whether a referral in one state may be put into another, by anybody or by one side."""
    step = NEXT[ReferralState(state)].get(following)
    return step is not None and (party is None or party in step.by)


def answer_time(request: Mapping[str, Any], ended_as: ReferralState) -> str:
    """Return whether a unit answered in time, as a code of list `answer_time`."""
    if ANSWERED in request:
        return "trong_han" if request[ANSWERED] <= request["due_at"] else "sau_han"
    return "khong_tra_loi" if ended_as == ReferralState.EXPIRED else "rut_truoc"


def follow(state: str, *, has_begun: bool, has_ended: bool, was_taken_up: bool) -> tuple[ReferralState, ...]:
    """Return the steps that a referral still has to take so that it stands where its record does."""
    if has_ended and not was_taken_up and state == ReferralState.ACCEPTED:
        return (ReferralState.DID_NOT_COME,)
    steps = {
        ReferralState.ARRIVED: has_begun or has_ended,
        ReferralState.IN_SERVICE: has_begun,
        ReferralState.COMPLETED: has_ended,
    }
    taken: list[ReferralState] = []
    for target, is_reached in steps.items():
        here = taken[-1] if taken else ReferralState(state)
        if is_reached and target in NEXT[here]:
            taken.append(target)
    return tuple(taken)


def answers_in(state: str, party: Party) -> tuple[ReferralState, ...]:
    """Return what one side can answer in a state; that it was opened shows by itself."""
    following = NEXT[ReferralState(state)].items()
    return tuple(target for target, step in following if party in step.by and target != ReferralState.SEEN)


def is_over(state: str) -> bool:
    """Say whether nothing can follow a state."""
    return not NEXT[ReferralState(state)]


def due_at(sent_at: datetime, minutes: int) -> datetime:
    """Return when an answer is due."""
    return sent_at + timedelta(minutes=minutes)


def next_alarm(request: Mapping[str, Any], remind_minutes: int, now: datetime) -> Alarm | None:
    """Return what the clock has to do about a request that waits: at first a reminder, then the alarm."""
    if Alarm.LATE not in request and now >= datetime.fromisoformat(request["due_at"]):
        return Alarm.LATE
    remind_at = datetime.fromisoformat(request["sent_at"]) + timedelta(minutes=remind_minutes)
    return Alarm.REMINDED if Alarm.REMINDED not in request and now >= remind_at else None


def last_day(state: ReferralState, *, grace_days: int, due_day: date, today: date) -> date:
    """Return the last day on which the recipient can read the bundle in a live state."""
    if state in WAITING:
        return due_day + timedelta(days=grace_days)
    return today + timedelta(days=ACCEPTED_DAYS if state == ReferralState.ACCEPTED else ARRIVED_DAYS)


def only(names: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are filled in, and none under another name."""
    return {name: values[name] for name in names if values.get(name) not in (None, "", [])}


def told_in(summary: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the answers of a case's summary side by side, whether it came from an emergency or an intake."""
    answers = dict((summary or {}).get("answers") or {})
    sections = [part for part in answers.values() if isinstance(part, Mapping)]
    flat = {name: value for part in sections for name, value in part.items()}
    return flat | {name: value for name, value in answers.items() if not isinstance(value, Mapping)}


def untold_of(service: str) -> frozenset[str]:
    """Return what a unit that is asked for a service is not told."""
    return UNTOLD if service in USUAL else frozenset()


def correctable_in(state: str, service: str) -> tuple[str, ...]:
    """Return what of a referral for a service can still be put right in a state."""
    if state not in LIVE:
        return ()
    fixed = untold_of(service) | (frozenset() if state in WAITING else frozenset(PLACES))
    return tuple(name for name in CORRECTABLE if name not in fixed)


def suggested_offer(told: Mapping[str, Any], risk_level: str | None) -> dict[str, Any]:
    """Return what a case already says of an offer, to be checked by the worker."""
    offer = {name: told[name] for name in ("adults", "children") if told.get(name) is not None}
    offer["danger_level"] = risk_level or "chua_danh_gia"
    offer["urgency"] = "ngay" if risk_level == HIGH or told.get("danger_now") == "yes" else "trong_ngay"
    return offer
