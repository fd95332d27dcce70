"""Who must move from an address that has become known, for those who answer for their cases."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.db import current, prefetch
from casemgr.policy import Actor, Permission, visible
from casemgr.referrals.models import Bundle, Referral
from casemgr.referrals.rules import SERVED
from casemgr.shelters.models import Stay
from casemgr.shelters.queries import BoardRow, list_board
from casemgr.shelters.rules import LIVE, People


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People of one case who are at the address, and where there is room for all of them now."""

    case_id: UUID
    code: str
    people: People
    places: tuple[BoardRow, ...]


def list_moving(actor: Actor, unit_id: UUID) -> list[Group]:
    """Return who of the actor's own cases is at an address; others do not show, not even as a number.

    Hidden addresses come first among the places.
    """
    found = (
        select(Case, Stay)
        .join(Referral, Referral.case_id == Case.id)
        .join(Bundle, Bundle.id == Referral.bundle_id)
        .join(Stay, Stay.bundle_id == Bundle.id)
        .where(
            Stay.unit_id == unit_id,
            Stay.state.in_(LIVE),
            Referral.state.in_(SERVED),
            visible(actor, Permission.REFERRAL_READ, Case),
        )
        .order_by(Case.code)
    )
    pairs = [(case, stay) for case, stay in current().execute(found)]
    prefetch(current(), [stay for _, stay in pairs], "group")
    if pairs:
        audit.listed(actor, "stay", [stay.id for _, stay in pairs], fields=("group",))
    return [
        Group(
            case_id=case.id, code=case.code, people=stay.people, places=_places(actor, unit_id, stay.people)
        )
        for case, stay in pairs
    ]


def _places(actor: Actor, unit_id: UUID, people: People) -> tuple[BoardRow, ...]:
    others = [row for row in list_board(actor) if row.takes_people and row.unit_id != unit_id]
    roomy = [row for row in others if people.adults <= row.free.adults and people.total <= row.free.children]
    return tuple(sorted(roomy, key=lambda row: row.is_public))
