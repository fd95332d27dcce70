"""What happens by itself: a reminder, then a task for the sender, then the end of what nobody answered.

And word that a letter takes no answer any more.
"""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from sqlalchemy import Select, select

from casemgr import clock, db
from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.cases.service import note_from_outside
from casemgr.db import current
from casemgr.errors import InvalidState, NotFound
from casemgr.policy import Actor, Permission, visible
from casemgr.referrals.models import Bundle, Referral
from casemgr.referrals.queries import is_stale, list_late_ids, list_overdue_ids, minutes_of
from casemgr.referrals.queries.letters import is_closed_letter, list_closed_letter_ids
from casemgr.referrals.rules import LETTER_CLOSED, LIVE, WAITING, Alarm, Party, ReferralState, next_alarm
from casemgr.referrals.service import steps
from casemgr.referrals.service.supervisors import list_supervisors


def expire_due(actor: Actor) -> int:
    """End the referrals in the actor's reach whose time is over; returns how many.

    Unanswered ones end after their days of grace, accepted ones when nobody came, those in service when no
    news came for long; the key of the recipient's copy is destroyed. Whoever still stays at an address stays.
    """
    bundle_ids = sorted(current().scalars(_in_reach(actor).where(is_stale())))
    for bundle_id in bundle_ids:
        steps.end(actor, steps.hold(Party.CLOCK, bundle_id), ReferralState.EXPIRED)
    return len(bundle_ids)


def escalate_due(actor: Actor) -> int:
    """Remind units of the referrals in the actor's reach, and tell senders whose answer is late; how many."""
    waiting = _in_reach(actor).where(Referral.state.in_(WAITING), ~is_stale())
    return sum(_escalate(actor, bundle_id) for bundle_id in sorted(current().scalars(waiting)))


def tell_closed_letters(actor: Actor) -> int:
    """Tell the senders in the actor's reach whose letter answers no more after wrong codes; how many."""
    closed = _in_reach(actor).where(Referral.state.in_(LIVE), is_closed_letter())
    return sum(_tell_closed(actor, bundle_id) for bundle_id in sorted(current().scalars(closed)))


def tick_later(actor: Actor, case_id: UUID) -> bool:
    """Let a page that only reads do what the clocks of its case ask for; says whether anything."""
    stale, late = list_overdue_ids(actor, case_id), list_late_ids(actor, case_id)
    closed = list_closed_letter_ids(actor, case_id)
    for referral_id in stale:
        db.afterwards(_expiry(actor, case_id, referral_id))
    for referral_id in late:
        db.afterwards(_escalation(actor, case_id, referral_id))
    for referral_id in closed:
        db.afterwards(_telling(actor, case_id, referral_id))
    return bool(stale or late or closed)


def _expiry(actor: Actor, case_id: UUID, referral_id: UUID) -> Callable[[], None]:
    def expire() -> None:
        # Somebody may answer or recall it while this waits for the lock: then nothing is left to be done.
        with suppress(InvalidState, NotFound):
            if referral_id in list_overdue_ids(actor, case_id):
                referral = current().get_one(Referral, referral_id)
                steps.end(actor, steps.hold(Party.CLOCK, referral.bundle_id), ReferralState.EXPIRED)

    return expire


def _escalation(actor: Actor, case_id: UUID, referral_id: UUID) -> Callable[[], None]:
    def escalate() -> None:
        if referral_id in list_late_ids(actor, case_id):
            _escalate(actor, current().get_one(Referral, referral_id).bundle_id)

    return escalate


def _telling(actor: Actor, case_id: UUID, referral_id: UUID) -> Callable[[], None]:
    def tell() -> None:
        if referral_id in list_closed_letter_ids(actor, case_id):
            _tell_closed(actor, current().get_one(Referral, referral_id).bundle_id)

    return tell


def _tell_closed(actor: Actor, bundle_id: UUID) -> bool:
    referral = steps.hold(Party.CLOCK, bundle_id).referral
    # Somebody may have answered, recalled it or drawn new codes while this waited for the lock.
    still = select(Referral.id).where(
        Referral.id == referral.id, Referral.state.in_(LIVE), is_closed_letter()
    )
    if LETTER_CLOSED in referral.request or current().scalar(still) is None:
        return False
    referral.request = {**referral.request, LETTER_CLOSED: clock.now().isoformat()}
    current().flush()
    tasks, about = [("letter_closed", clock.today())], referral.id
    note_from_outside(actor, referral.case_id, "letter_closed", about=about, tasks=tasks, beside=True)
    audit.changed(actor, "letter:closed", "bundle", bundle_id)
    return True


def _in_reach(actor: Actor) -> Select[UUID]:
    return (
        select(Referral.bundle_id)
        .join(Bundle, Bundle.id == Referral.bundle_id)
        .join(Case, Case.id == Referral.case_id)
        .where(visible(actor, Permission.REFERRAL_SEND, Case))
    )


def _escalate(actor: Actor, bundle_id: UUID) -> bool:
    pair = steps.hold(Party.CLOCK, bundle_id)
    alarm = next_alarm(pair.referral.request, minutes_of(pair.referral.request), clock.now())
    if alarm is None:
        return False
    at = clock.now().isoformat()
    pair.referral.request = {**pair.referral.request, alarm.value: at}
    pair.bundle.offer = {**pair.bundle.offer, Alarm.REMINDED.value: at}
    current().flush()
    if alarm == Alarm.LATE:
        case = current().get_one(Case, pair.referral.case_id)
        tasks, told = (
            [("referral_late", clock.today())],
            list_supervisors(case, pair.referral.request["excluded"]),
        )
        note_from_outside(actor, case.id, "referral_late", about=pair.referral.id, tasks=tasks, also=told)
    audit.changed(actor, f"referral:{alarm.value}", "bundle", bundle_id)
    return True
