"""What goes to a unit without accounts on paper or in an encrypted file, as its sender sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from casemgr.audit import service as audit
from casemgr.cases.queries import get_case
from casemgr.db import current
from casemgr.errors import InvalidState
from casemgr.policy import Actor, Permission
from casemgr.referrals.models import Bundle, PartnerLetter, Referral
from casemgr.referrals.queries.phones import find_phones, list_staffed
from casemgr.referrals.queries.sent import get_referral
from casemgr.referrals.rules import (
    CONTENT,
    CONTENT_SHOWN,
    LETTER_CLOSED,
    LETTER_TRIES,
    LIVE,
    OFFER,
    only,
)
from casemgr.units.models import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    """A live referral as its letter tells it; without a number no letter was prepared yet."""

    number: str
    is_open: bool
    """Whether a code is out that still answers."""
    failures: int
    to_unit: str
    to_phone: str
    from_unit: str
    from_phone: str
    offer: dict[str, Any]
    content: dict[str, Any]
    due_at: datetime
    is_accepted: bool
    has_staff: bool


def is_closed_letter() -> ColumnElement[bool]:
    """Return the filter of referrals whose letter takes no answer any more because of wrong codes."""
    return exists().where(
        PartnerLetter.bundle_id == Referral.bundle_id,
        PartnerLetter.code_digest.is_not(None),
        PartnerLetter.failures >= LETTER_TRIES,
    )


def list_closed_letter_ids(actor: Actor, case_id: UUID) -> list[UUID]:
    """Return the live referrals of a case whose letter closed and whose sender was not told of it yet."""
    case = get_case(actor, case_id, Permission.REFERRAL_READ)
    closed = select(Referral).where(Referral.case_id == case.id, Referral.state.in_(LIVE), is_closed_letter())
    return [one.id for one in current().scalars(closed) if LETTER_CLOSED not in one.request]


def open_letter(actor: Actor, case_id: UUID, referral_id: UUID) -> LetterView:
    """Return what a letter of a live referral holds, and write it down; raises `InvalidState`."""
    referral = get_referral(actor, case_id, referral_id, Permission.REFERRAL_SEND)
    if referral.state not in LIVE:
        raise InvalidState(referral.state)
    audit.seen(actor, "referral", referral.id, ("request", "shared"), scope=("case", case_id))
    bundle = current().get_one(Bundle, referral.bundle_id)
    letter = current().scalar(select(PartnerLetter).where(PartnerLetter.bundle_id == bundle.id))
    asked, asking = current().get_one(Unit, bundle.to_unit_id), current().get_one(Unit, bundle.from_unit_id)
    is_open = letter is not None and letter.code_digest is not None and letter.failures < LETTER_TRIES
    return LetterView(
        number=(letter.number or "") if letter else "",
        is_open=is_open,
        failures=letter.failures if letter else 0,
        to_unit=asked.name,
        to_phone=find_phones(actor, [asked]).get(asked.id, ""),
        from_unit=asking.name,
        from_phone=bundle.content.get("call_phone") or asking.duty_phone or "",
        offer=only(OFFER, bundle.offer),
        content=only(CONTENT, bundle.content),
        due_at=datetime.fromisoformat(bundle.offer["due_at"]),
        is_accepted=bundle.state in CONTENT_SHOWN,
        has_staff=asked.id in list_staffed([asked.id]),
    )
