"""What keepers and case workers write down while people stay, and what is told to whom because of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.cases.service import note_from_outside
from casemgr.codes import lists
from casemgr.db import check_version, current
from casemgr.errors import Conflict, InvalidState, NotFound, Refused
from casemgr.policy import Actor, Permission, require_role, visible
from casemgr.referrals.models import Referral
from casemgr.referrals.service.supervisors import list_supervisors
from casemgr.shelters import service as shelters
from casemgr.shelters.models import AddressIncident, Stay, TrustedAddress
from casemgr.shelters.rules import LIVE, AddressState, EntryKind, People
from casemgr.stays.queries import Seat, find_seat, may_decide


def add_person(actor: Actor, bundle_id: UUID, person: dict[str, Any]) -> UUID:
    """Write down one of those who came."""
    _, stay = _hold(actor, bundle_id)
    return shelters.add_person(actor, stay, person).id


def end_person(actor: Actor, bundle_id: UUID, person_id: UUID) -> None:
    """Write down that one of them has left before the others."""
    _, stay = _hold(actor, bundle_id)
    shelters.end_person(actor, stay, person_id)


def change_people(actor: Actor, bundle_id: UUID, people: People, exceed: str = "") -> None:
    """Correct how many are there; more than was declared only knowingly, and then supervisors are told.

    Raises `Refused("no_bed")`.
    """
    seat, stay = _hold(actor, bundle_id)
    if shelters.change_people(actor, stay, people, exceed=bool(exceed)):
        _tell(actor, seat, "stay_exceeded", stay.id, text=exceed, grave=True, tasks=("stay_exceeded",))
    else:
        _tell(actor, seat, "stay_people", stay.id)


def add_need(actor: Actor, bundle_id: UUID, need: dict[str, Any]) -> UUID:
    """Write down what they need."""
    _, stay = _hold(actor, bundle_id)
    return shelters.add_entry(actor, stay, EntryKind.NEED, need).id


def add_supply(actor: Actor, bundle_id: UUID, supply: dict[str, Any]) -> UUID:
    """Write down what they were given and what it cost."""
    _, stay = _hold(actor, bundle_id)
    return shelters.add_entry(actor, stay, EntryKind.SUPPLY, supply).id


def correct_supply(
    actor: Actor, bundle_id: UUID, entry_id: UUID, turn: int, supply: dict[str, Any], *, is_void: bool
) -> None:
    """Correct what was given and what it cost, or say that it was written by mistake.

    `turn` says which wording the form showed; raises `StaleVersion` when there is a newer one.
    """
    _, stay = _hold(actor, bundle_id)
    shelters.correct_supply(actor, stay, entry_id, turn, supply, is_void=is_void)


def extend(actor: Actor, bundle_id: UUID, until: date, reason: str) -> None:
    """Let them stay longer; the case worker is told, beyond the longest stay the supervisors too.

    Nothing is refused for being long: raises `Refused("exposed")` where everybody must move today, and
    `Conflict` for a day that is not later.
    """
    seat, stay = _hold(actor, bundle_id)
    address = select(TrustedAddress.state).where(TrustedAddress.unit_id == stay.unit_id)
    if current().scalar(address) == AddressState.EXPOSED:
        raise Refused("exposed")
    is_beyond = shelters.extend(actor, stay, until, reason)
    case = current().get_one(Case, seat.case_id)
    tasks = [("stay_review", until)]
    tasks += [("stay_extended", clock.today())] if seat.is_keeper or is_beyond else []
    told = _supervisors(case, seat.referral_id) if is_beyond else []
    note_from_outside(
        actor, case.id, "stay_extended", about=seat.referral_id, tasks=tasks, also=told, text=reason
    )


def hand_over(actor: Actor, bundle_id: UUID, content: dict[str, Any]) -> UUID:
    """Tell the next keeper what to know; whoever keeps the address and may know of the stay confirms it."""
    seat, stay = _hold(actor, bundle_id)
    if not seat.is_keeper:
        raise NotFound
    return shelters.add_entry(actor, stay, EntryKind.HANDOVER, content).id


def confirm(actor: Actor, bundle_id: UUID, entry_id: UUID) -> None:
    """Confirm as the next keeper what was handed over, or that a need is met."""
    seat, stay = _hold(actor, bundle_id)
    shelters.confirm(actor, stay, entry_id, is_keeper=seat.is_keeper)


def tell_incident(actor: Actor, content: dict[str, Any], bundle_id: UUID | None = None) -> UUID:
    """Tell the supervisors what happened at the own address, or, for a stay, to the people there.

    What happened at the address concerns everybody who stays or is about to come: every such case is told.

    Raises `NotFound` for whoever keeps no address and follows no stay.
    """
    if bundle_id is None:
        keeps = visible(actor, Permission.SHELTER_KEEP, TrustedAddress)
        unit_id = current().scalar(select(TrustedAddress.unit_id).where(keeps))
        if unit_id is None:
            raise NotFound
        incident_id = _add_incident(actor, unit_id, content, None)
        _tell_all(actor, unit_id, incident_id)
        return incident_id
    seat, stay = _hold(actor, bundle_id)
    incident_id = _add_incident(actor, stay.unit_id, content, bundle_id)
    _tell(actor, seat, "stay_incident", incident_id, grave=True, tasks=("stay_incident",))
    return incident_id


def _add_incident(actor: Actor, unit_id: UUID, content: dict[str, Any], bundle_id: UUID | None) -> UUID:
    if content["incident"] not in lists.get("address_incident"):
        raise Conflict("incident", "unknown")
    incident = AddressIncident(
        unit_id=unit_id,
        bundle_id=bundle_id,
        state="open",
        told_day=clock.today(),
        content={**content, "at": clock.now().isoformat(), "by": str(actor.account_id)},
    )
    current().add(incident)
    current().flush()
    audit.changed(actor, "address_incident:told", "address_incident", incident.id, scope=("unit", unit_id))
    return incident.id


def settle_incident(actor: Actor, incident_id: UUID, version: int, decision: str, text: str) -> UUID:
    """Decide what follows from an incident; stopping the address happens with it. Returns the address.

    An address that counts as known is stopped by its own act (`referrals.service.expose_address`).
    """
    require_role(actor, Permission.SHELTER_MANAGE)
    held = select(AddressIncident).where(AddressIncident.id == incident_id, may_decide(actor))
    incident = current().scalar(held.with_for_update(of=AddressIncident))
    if incident is None:
        raise NotFound
    check_version(incident, version)
    if incident.state != "open":
        raise InvalidState(incident.state)
    if decision not in lists.get("incident_decision"):
        raise Conflict("decision", "unknown")
    at, by = clock.now().isoformat(), str(actor.account_id)
    incident.decision = {"decision": decision, "text": text, "at": at, "by": by}
    incident.state = "settled"
    current().flush()
    scope = ("unit", incident.unit_id)
    audit.changed(actor, "address_incident:settled", "address_incident", incident.id, scope=scope)
    if decision == "tam_dung":
        _suspend(actor, incident.unit_id, text)
    return incident.unit_id


def _suspend(actor: Actor, unit_id: UUID, text: str) -> None:
    address = current().scalars(select(TrustedAddress).where(TrustedAddress.unit_id == unit_id)).one()
    if address.state == AddressState.ACTIVE:
        shelters.set_address_state(actor, unit_id, address.version, AddressState.SUSPENDED, text)


def _hold(actor: Actor, bundle_id: UUID) -> tuple[Seat, Stay]:
    """Hold a stay that the actor may write to: a keeper her own, a case worker one of the own cases."""
    seat = find_seat(actor, bundle_id, Permission.REFERRAL_SEND)
    return seat, shelters.hold_stay(actor, bundle_id)


def _tell(
    actor: Actor,
    seat: Seat,
    kind: str,
    about: UUID,
    *,
    text: str = "",
    grave: bool = False,
    tasks: Sequence[str] = (),
) -> None:
    case = current().get_one(Case, seat.case_id)
    told = _supervisors(case, seat.referral_id) if grave else []
    due = [(task, clock.today()) for task in tasks]
    note_from_outside(actor, case.id, kind, about=about, tasks=due, also=told, text=text)


def _tell_all(actor: Actor, unit_id: UUID, incident_id: UUID) -> None:
    staying = (
        select(Case, Referral.id)
        .join(Referral, Referral.case_id == Case.id)
        .join(Stay, Stay.bundle_id == Referral.bundle_id)
        .where(Stay.unit_id == unit_id, Stay.state.in_(LIVE))
    )
    due = [("stay_incident", clock.today())]
    for case, referral_id in current().execute(staying.order_by(Case.id, Referral.id)).all():
        told = _supervisors(case, referral_id)
        note_from_outside(actor, case.id, "stay_incident", about=incident_id, tasks=due, also=told)


def _supervisors(case: Case, referral_id: UUID) -> list[UUID]:
    """Return whom what is grave is told to: nobody whom the referral leaves out."""
    return list_supervisors(case, current().get_one(Referral, referral_id).request["excluded"])
