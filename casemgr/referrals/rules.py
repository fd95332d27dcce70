"""What may follow what in a referral, when an answer is due, and what a recipient may read when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID


class ReferralState(StrEnum):
    """Where a referral stands; a referral that is not sent yet is a draft of its form."""

    DRAFTED = "drafted"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ARRIVED = "arrived"
    DID_NOT_COME = "did_not_come"
    COMPLETED = "completed"
    RECALLED = "recalled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


NEXT: dict[ReferralState, frozenset[ReferralState]] = {
    ReferralState.DRAFTED: frozenset({ReferralState.SENT}),
    ReferralState.SENT: frozenset(
        {
            ReferralState.ACCEPTED,
            ReferralState.DECLINED,
            ReferralState.RECALLED,
            ReferralState.EXPIRED,
            ReferralState.WITHDRAWN,
        }
    ),
    ReferralState.ACCEPTED: frozenset(
        {
            ReferralState.ARRIVED,
            ReferralState.DID_NOT_COME,
            ReferralState.RECALLED,
            ReferralState.WITHDRAWN,
        }
    ),
    ReferralState.ARRIVED: frozenset({ReferralState.COMPLETED, ReferralState.WITHDRAWN}),
    ReferralState.DECLINED: frozenset(),
    ReferralState.DID_NOT_COME: frozenset(),
    ReferralState.COMPLETED: frozenset(),
    ReferralState.RECALLED: frozenset(),
    ReferralState.EXPIRED: frozenset(),
    ReferralState.WITHDRAWN: frozenset(),
}

LIVE = frozenset({ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.ARRIVED})
"""States in which the recipient has a bundle to read; in every other one its key is destroyed."""

CONTENT_SHOWN = frozenset({ReferralState.ACCEPTED, ReferralState.ARRIVED})
"""States in which the recipient may read who is coming."""

OUTCOMES: dict[ReferralState, str] = {
    ReferralState.SENT: "cho_tiep_nhan",
    ReferralState.ACCEPTED: "da_tiep_nhan",
    ReferralState.ARRIVED: "dang_cung_cap",
    ReferralState.DECLINED: "bi_tra_lai",
    ReferralState.DID_NOT_COME: "khong_den",
    ReferralState.COMPLETED: "hoan_thanh",
    ReferralState.RECALLED: "huy",
    ReferralState.EXPIRED: "het_han",
    ReferralState.WITHDRAWN: "huy",
}
"""Each state as a code of list `referral_outcome`."""

OFFER = (
    *("service", "urgency", "danger_level", "adults", "children"),
    *("age_bands", "from_when", "special_needs"),
)
"""What a unit must know to say yes or no; none of it says who she is."""

CONTENT = ("called_name", "safe_phone", "code_word", "meeting_point", "meeting_at", "call_phone", "situation")
"""What a unit that said yes may need; each is sent only when it is filled in, as she consented."""

PERSONAL = frozenset({"called_name", "safe_phone", "code_word", "situation"})
"""What of it is about her; a consent may name which of these may be shared."""

GRACE_DAYS = {"ngay": 1, "trong_ngay": 1, "ba_ngay": 3}
"""How many days after the due day a late answer can still be given, by urgency."""

ACCEPTED_DAYS = 30
"""How long an accepted bundle can be read while nobody has come."""

ARRIVED_DAYS = 90
"""How long a bundle can be read once she has come."""

SHELTER = "tam_lanh"
HIGH = "cao"
"""Code of list `risk_level` for which a public address is warned against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a case worker asks of a unit: the offer, what follows a yes, and what stays in the case."""

    to_unit_id: UUID
    offer: Mapping[str, Any]
    content: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None
    excluded: frozenset[UUID] = frozenset()
    exception: str | None = None
    exception_reason: str | None = None

    @property
    def service(self) -> str:
        """The service that is asked for."""
        return str(self.offer["service"])


def may_become(state: str, following: ReferralState) -> bool:
    """Say whether a referral in one state may be put into another."""
    return following in NEXT[ReferralState(state)]


def is_over(state: str) -> bool:
    """Say whether nothing can follow a state."""
    return not NEXT[ReferralState(state)]


def due_at(sent_at: datetime, minutes: int) -> datetime:
    """Return when an answer is due."""
    return sent_at + timedelta(minutes=minutes)


def last_day(state: ReferralState, *, urgency: str, due_day: date, today: date) -> date:
    """Return the last day on which the recipient can read the bundle in a live state."""
    if state == ReferralState.SENT:
        return due_day + timedelta(days=GRACE_DAYS.get(urgency, 1))
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


def suggested_offer(told: Mapping[str, Any], risk_level: str | None) -> dict[str, Any]:
    """Return what a case already says of an offer, to be checked by the worker."""
    offer = {name: told[name] for name in ("adults", "children") if told.get(name) is not None}
    offer["danger_level"] = risk_level or "chua_danh_gia"
    offer["urgency"] = "ngay" if risk_level == HIGH or told.get("danger_now") == "yes" else "trong_ngay"
    return offer
