"""Who is on duty, who is away and who stands in, and which numbers were called when."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from casemgr import clock
from casemgr.accounts.models import Account
from casemgr.accounts.queries import Person, list_names, list_staff
from casemgr.codes import lists
from casemgr.db import current, only
from casemgr.duty.models import Absence, PhoneCheck, Shift
from casemgr.duty.rules import hours, is_stale, left_undone, runs_at
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission, Reach, Role, reach_of, require_role, visible
from casemgr.units.queries import get_own_unit, list_units

EMERGENCY_LINES = frozenset({"111", "113", "114", "115"})
"""National lines that nobody calls to see whether they answer."""

AHEAD = timedelta(days=28)
"""How far the rota is shown."""

TOLD = timedelta(days=14)
"""How long somebody is still told who stood in for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """A line of the rota."""

    shift_id: UUID
    name: str
    part: str
    from_day: date
    until_day: date
    is_now: bool
    is_away: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRow:
    """Somebody who is or will be away, and who stands in."""

    absence_id: UUID
    account_id: UUID
    name: str
    cover: str
    from_day: date
    until_day: date
    left: frozenset[Role]
    """Roles of hers that nobody fills on these days."""
    can_end: bool
    is_own_word: bool
    """Whether she entered it herself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """A number that people are given, and when somebody last saw that it answers."""

    subject: str
    unit: str
    """Name of the unit, or empty for a hotline."""
    hotline: str
    """Code of list hotline, or empty for a unit."""
    number: str
    checked_day: date | None
    is_stale: bool


def list_shifts(actor: Actor) -> list[ShiftRow]:
    """Return the rota of the actor's unit from today on, the next first."""
    here = visible(actor, Permission.DUTY_READ, Shift)
    today = clock.today()
    found = select(Shift).where(
        here, Shift.until_day >= today - timedelta(days=1), Shift.from_day <= today + AHEAD
    )
    shifts = list(current().scalars(found.order_by(Shift.from_day, Shift.part, Shift.id)))
    names = list_names(actor, {shift.account_id for shift in shifts})
    away = _away({shift.account_id for shift in shifts})
    return [
        ShiftRow(
            shift_id=shift.id,
            name=names.get(shift.account_id, ""),
            part=shift.part,
            from_day=shift.from_day,
            until_day=shift.until_day,
            is_now=_is_now(shift),
            is_away=shift.account_id in away,
        )
        for shift in shifts
        if shift.until_day >= today or _is_now(shift)
    ]


def list_on_duty(actor: Actor, unit_id: UUID) -> list[UUID]:
    """Return the accounts that are on duty in a unit now, whoever stands in for one who is away among them.

    Any case worker who refers may ask it of any unit, so that she knows who would open what she sends.
    """
    if unit_id != actor.unit_id:
        require_role(actor, Permission.REFERRAL_SEND)
    today = clock.today()
    found = select(Shift).where(Shift.unit_id == unit_id, Shift.until_day >= today - timedelta(days=1))
    on_duty = {shift.account_id for shift in current().scalars(found) if _is_now(shift)}
    away = _away(on_duty)
    covers = {cover for account_id in away for cover in away[account_id]}
    return sorted(on_duty - away.keys() | covers)


def _is_now(shift: Shift) -> bool:
    begins, ends = hours(
        lists.attribute("duty_part", shift.part, "begins"), lists.attribute("duty_part", shift.part, "ends")
    )
    moment = clock.local(clock.now())
    return runs_at(moment, from_day=shift.from_day, until_day=shift.until_day, begins=begins, ends=ends)


def _away(account_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    today, away = clock.today(), dict[UUID, list[UUID]]()
    found = select(Absence).where(
        Absence.account_id.in_(set(account_ids)), Absence.from_day <= today, Absence.until_day >= today
    )
    for absence in current().scalars(found):
        away.setdefault(absence.account_id, []).append(absence.cover_id)
    return away


def list_absences(actor: Actor) -> list[AbsenceRow]:
    """Return who of the actor's unit is or will be away, the next first."""
    require_role(actor, Permission.DUTY_READ)
    found = select(Absence).where(Absence.unit_id == actor.unit_id, Absence.until_day >= clock.today())
    absences = list(current().scalars(found.order_by(Absence.from_day, Absence.id)))
    people = {absence.account_id for absence in absences} | {absence.cover_id for absence in absences}
    names = list_names(actor, people)
    ends_all = reach_of(actor, Permission.DUTY_LEAVE) >= Reach.UNIT
    staff = _staff(actor) if absences else {}
    return [
        AbsenceRow(
            absence_id=absence.id,
            account_id=absence.account_id,
            name=names.get(absence.account_id, ""),
            cover=names.get(absence.cover_id, ""),
            from_day=absence.from_day,
            until_day=absence.until_day,
            left=_left(staff, absences, absence.account_id, absence.from_day, absence.until_day),
            can_end=ends_all or absence.account_id == actor.account_id,
            is_own_word=absence.entered_by == absence.account_id,
        )
        for absence in absences
    ]


def list_left(actor: Actor, account_id: UUID, from_day: date, until_day: date) -> frozenset[Role]:
    """Return which roles of somebody of the actor's unit nobody fills on all of some days."""
    require_role(actor, Permission.DUTY_READ)
    days = (Absence.from_day <= until_day, Absence.until_day >= from_day)
    absences = list(current().scalars(select(Absence).where(Absence.unit_id == actor.unit_id, *days)))
    return _left(_staff(actor), absences, account_id, from_day, until_day)


def _staff(actor: Actor) -> dict[UUID, frozenset[Role]]:
    here = select(Account).where(Account.unit_id == actor.unit_id, Account.state == "active")
    return {one.id: one.roles for one in current().scalars(here.options(only(Account, "roles_text")))}


def _left(
    staff: Mapping[UUID, frozenset[Role]],
    absences: Iterable[Absence],
    account_id: UUID,
    from_day: date,
    until_day: date,
) -> frozenset[Role]:
    """Return what of the work of somebody nobody does on some days, when these are all who are away then."""
    then = [one for one in absences if one.from_day <= until_day and one.until_day >= from_day]
    mine = [staff.get(one.cover_id, frozenset()) for one in then if one.account_id == account_id]
    away = {account_id, *(one.account_id for one in then)}
    others = {role for one, roles in staff.items() if one not in away for role in roles}
    left = left_undone(staff.get(account_id, frozenset()), {role for one in mine for role in one}, others)
    return frozenset(Role(name) for name in left)


def list_told_by_staff(actor: Actor) -> list[AbsenceRow]:
    """Return the leave that colleagues entered themselves, for whoever answers for the unit."""
    if reach_of(actor, Permission.DUTY_LEAVE) < Reach.UNIT:
        return []
    rows = list_absences(actor)
    return [row for row in rows if row.is_own_word and row.account_id != actor.account_id]


def list_stood_in_for(actor: Actor) -> list[tuple[str, date]]:
    """Return for whom the actor stands in today, with the last day."""
    today = clock.today()
    found = select(Absence).where(
        Absence.cover_id == actor.account_id, Absence.from_day <= today, Absence.until_day >= today
    )
    absences = list(current().scalars(found.order_by(Absence.until_day, Absence.id)))
    names = list_names(actor, {absence.account_id for absence in absences})
    return [(names.get(absence.account_id, ""), absence.until_day) for absence in absences]


def list_standing_in(actor: Actor) -> list[tuple[str, date, bool]]:
    """Return who stands in for the actor, or lately did, the first day, and whether the actor entered it.

    Nobody is away unknowingly, and what was entered from an open screen shows as well.
    """
    lately = clock.today() - TOLD
    found = select(Absence).where(
        Absence.account_id == actor.account_id, or_(Absence.until_day >= lately, Absence.from_day >= lately)
    )
    absences = list(current().scalars(found.order_by(Absence.from_day, Absence.id)))
    names = list_names(actor, {absence.cover_id for absence in absences})
    return [
        (names.get(absence.cover_id, ""), absence.from_day, absence.entered_by == actor.account_id)
        for absence in absences
    ]


def list_away_ids(actor: Actor, account_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return which of some colleagues are away today, each with who stands in."""
    require_role(actor, Permission.ACCOUNT_SELF)
    return _away(account_ids)


def list_absentees(actor: Actor) -> list[Person]:
    """Return the people whose leave the actor may enter."""
    mine = set(current().scalars(select(Account.id).where(visible(actor, Permission.DUTY_LEAVE, Account))))
    return [person for person in list_staff(actor) if person.account_id in mine]


def get_shift(actor: Actor, shift_id: UUID) -> Shift:
    """Return a line of the rota that the actor may change, or raise `NotFound`."""
    found = current().scalar(
        select(Shift).where(Shift.id == shift_id, visible(actor, Permission.DUTY_MANAGE, Shift))
    )
    if found is None:
        raise NotFound
    return found


def get_absence(actor: Actor, absence_id: UUID) -> Absence:
    """Return an absence that the actor may change, or raise `NotFound`."""
    found = current().scalar(
        select(Absence).where(Absence.id == absence_id, visible(actor, Permission.DUTY_LEAVE, Absence))
    )
    if found is None:
        raise NotFound
    return found


def list_numbers(actor: Actor, days: int) -> list[NumberRow]:
    """Return the public duty numbers in reach and the hotlines, those to be called again first."""
    require_role(actor, Permission.DUTY_VERIFY)
    home = get_own_unit(actor)
    near = [unit for unit in list_units(actor) if unit.commune_code in (home.commune_code, None)]
    given = [(f"unit:{unit.id}", unit.name, "", unit.duty_phone) for unit in near if unit.duty_phone]
    given += [
        (f"hotline:{code.code}", "", code.code, code.attributes["phone"]) for code in lists.get("hotline")
    ]
    # A trial call keeps an emergency line busy for somebody in danger.
    given = [one for one in given if one[3] not in EMERGENCY_LINES]
    checked = find_checks(actor, {subject: number for subject, _, _, number in given})
    rows = [
        NumberRow(
            subject=subject,
            unit=unit,
            hotline=hotline,
            number=number,
            checked_day=checked.get(subject),
            is_stale=is_stale(checked.get(subject), days, clock.today()),
        )
        for subject, unit, hotline, number in given
    ]
    return sorted(rows, key=lambda row: (not row.is_stale, row.checked_day or date.min))


def find_checks(actor: Actor, numbers: dict[str, str]) -> dict[str, date]:
    """Return on which day each of some numbers last answered; a number that changed since is not verified."""
    require_role(actor, Permission.ACCOUNT_SELF)
    found = select(PhoneCheck).where(PhoneCheck.subject.in_(numbers.keys()))
    return {
        check.subject: check.checked_day
        for check in current().scalars(found)
        if check.number == numbers[check.subject]
    }
