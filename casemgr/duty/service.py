"""Changes of the rota, of absences, and of what is known about numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from casemgr import clock
from casemgr.accounts.models import Account
from casemgr.audit import service as audit
from casemgr.codes import lists
from casemgr.db import current
from casemgr.duty.models import Absence, PhoneCheck, Shift
from casemgr.duty.queries import get_absence, get_shift, list_left, list_numbers
from casemgr.duty.rules import can_stand_in, problem_of_days
from casemgr.errors import Conflict, NotFound
from casemgr.policy import Actor, Permission, Role, require_role, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From which day until which, both included."""

    from_day: date
    until_day: date

    def check(self) -> None:
        """Raise `Conflict` when they are no span that can be kept."""
        problem = problem_of_days(self.from_day, self.until_day)
        if problem:
            raise Conflict("until_day", problem)


def add_shift(actor: Actor, account_id: UUID, part: str, days: Days) -> Shift:
    """Put somebody of the own unit on the rota; raises Conflict with the field that does not fit."""
    require_role(actor, Permission.DUTY_MANAGE)
    days.check()
    if part not in lists.get("duty_part"):
        raise Conflict("part", "unknown")
    person = _colleague(actor, account_id, "account")
    shift = Shift(
        unit_id=actor.unit_id,
        account_id=person.id,
        part=part,
        from_day=days.from_day,
        until_day=days.until_day,
    )
    current().add(shift)
    current().flush()
    audit.changed(actor, Permission.DUTY_MANAGE, "duty_shift", shift.id, step="added")
    return shift


def remove_shift(actor: Actor, shift_id: UUID) -> None:
    """Take a line off the rota."""
    shift = get_shift(actor, shift_id)
    current().delete(shift)
    current().flush()
    audit.changed(actor, Permission.DUTY_MANAGE, "duty_shift", shift_id, step="removed")


def add_absence(actor: Actor, account_id: UUID, cover_id: UUID, days: Days) -> frozenset[Role]:
    """Note that somebody is away and who stands in; returns the roles that nobody fills on these days.

    Everybody enters the own leave, a supervisor that of the unit; the one who is away is told in any case.
    From the first to the last of the days whoever stands in reaches what the absent one reaches by
    assignment: files, their tasks and terms, what was sent to the absent one by name. A bar or an exclusion
    of the one who stands in holds all the same. Raises Conflict with the field that does not fit.
    """
    absent = _absentee(actor, account_id)
    days.check()
    cover = _colleague(actor, cover_id, "cover")
    if cover.id == absent.id:
        raise Conflict("cover", "same")
    if not can_stand_in(absent.roles, cover.roles):
        raise Conflict("cover", "lacks")
    if current().scalar(_absences(days).where(Absence.account_id == cover.id).limit(1)) is not None:
        raise Conflict("cover", "away")
    if current().scalar(_absences(days).where(Absence.cover_id == absent.id).limit(1)) is not None:
        raise Conflict("account", "stands_in")
    twice = _absences(days).where(Absence.account_id == absent.id, Absence.cover_id == cover.id)
    if current().scalar(twice.limit(1)) is not None:
        raise Conflict("from_day", "exists")
    absence = Absence(
        unit_id=absent.unit_id,
        account_id=absent.id,
        cover_id=cover.id,
        entered_by=actor.account_id,
        from_day=days.from_day,
        until_day=days.until_day,
    )
    current().add(absence)
    current().flush()
    audit.changed(
        actor,
        Permission.DUTY_LEAVE,
        "absence",
        absence.id,
        step="added",
        account=str(absent.id),
        cover=str(cover.id),
    )
    return list_left(actor, absent.id, days.from_day, days.until_day)


def end_absence(actor: Actor, absence_id: UUID) -> None:
    """Note that somebody is back: from now on nobody stands in."""
    absence = get_absence(actor, absence_id)
    if absence.from_day > clock.today():
        current().delete(absence)
    else:
        # The row stays even where it began today: the absent one is told who had the files.
        absence.until_day = min(absence.until_day, clock.today() - timedelta(days=1))
    current().flush()
    audit.changed(actor, Permission.DUTY_LEAVE, "absence", absence_id, step="ended")


def verify_number(actor: Actor, subject: str) -> None:
    """Note that a number was called today and answered; raises `NotFound` for a number out of reach."""
    require_role(actor, Permission.DUTY_VERIFY)
    known = {row.subject: row.number for row in list_numbers(actor, 0)}
    if subject not in known:
        raise NotFound
    check = current().scalar(select(PhoneCheck).where(PhoneCheck.subject == subject).with_for_update())
    if check is None:
        check = PhoneCheck(subject=subject)
        current().add(check)
    check.number, check.checked_day, check.checked_by = known[subject], clock.today(), actor.account_id
    current().flush()
    audit.changed(actor, Permission.DUTY_VERIFY, "phone_check", check.id, subject=subject)


def _absences(days: Days) -> Select[UUID]:
    return select(Absence.id).where(Absence.from_day <= days.until_day, Absence.until_day >= days.from_day)


def _absentee(actor: Actor, account_id: UUID) -> Account:
    found = current().scalar(
        select(Account).where(
            Account.id == account_id,
            Account.state == "active",
            visible(actor, Permission.DUTY_LEAVE, Account),
        )
    )
    if found is None:
        raise NotFound
    return found


def _colleague(actor: Actor, account_id: UUID, field: str) -> Account:
    found = current().scalar(
        select(Account).where(
            Account.id == account_id, Account.state == "active", Account.unit_id == actor.unit_id
        )
    )
    if found is None:
        raise Conflict(field, "unknown")
    return found
