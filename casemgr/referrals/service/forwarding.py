"""The same request goes to another unit: the one that was asked points on, or the sender asks the next."""

from uuid import UUID

from casemgr import clock
from casemgr.cases.models import Case
from casemgr.cases.rules import LIVE as LIVE_CASES
from casemgr.cases.service import note_from_outside
from casemgr.codes import lists
from casemgr.db import current
from casemgr.errors import Conflict, InvalidState, Refused
from casemgr.policy import Actor, Permission, visible
from casemgr.referrals.models import Bundle, Referral
from casemgr.referrals.queries import list_choices, list_onward
from casemgr.referrals.rules import CONTENT, OFFER, PERSONAL, WAITING, Party, ReferralState, Sending, only
from casemgr.referrals.service import steps
from casemgr.referrals.service.following import held
from casemgr.referrals.service.sending import agreed_fields, find_agreement, place


def redirect(actor: Actor, bundle_id: UUID, to_unit_id: UUID, note: str | None = None) -> Referral:
    """Pass a request on, as the unit that was asked; it reads no more of it than before.

    Stays within the consent: the same service, what she agrees to share today, and nobody whom she or the
    case leaves out. Raises `Conflict` for a unit that cannot be asked, Refused `no_consent` when she no
    longer agrees.
    """
    pair = steps.hold(Party.RECIPIENT, bundle_id, visible(actor, Permission.REFERRAL_ANSWER, Bundle))
    if to_unit_id not in {unit.unit_id for unit in list_onward(actor, bundle_id)}:
        raise Conflict("to_unit", "not_a_provider")
    return _pass_on(actor, pair, ReferralState.REDIRECTED, to_unit_id, note)


def ask_next(
    actor: Actor,
    case_id: UUID,
    referral_id: UUID,
    to_unit_id: UUID,
    *,
    by_phone: bool = False,
    exceed: str = "",
) -> Referral:
    """Ask another unit for the same, and take back what the first one has not answered.

    With `by_phone` it has said yes by telephone already. Raises Refused `no_bed` for a full address whose
    keeper does not knowingly exceed; then the first unit is still asked as before.
    """
    pair = held(actor, case_id, referral_id)
    if pair.referral.state not in WAITING:
        raise InvalidState(pair.referral.state)
    offered = {choice.unit_id: choice for choice in list_choices(actor, pair.referral.request["service"])}
    if to_unit_id not in offered or to_unit_id == pair.referral.to_unit_id:
        raise Conflict("to_unit", "not_a_provider")
    if offered[to_unit_id].is_suspended:
        raise Refused("suspended")
    with current().begin_nested():
        sent = _pass_on(actor, pair, ReferralState.RECALLED, to_unit_id, None)
        if by_phone:
            steps.accept(actor, steps.hold(Party.SENDER, sent.bundle_id), exceed=exceed, by_phone=True)
    return sent


def record_hotline(actor: Actor, case_id: UUID, referral_id: UUID, hotline: str) -> None:
    """Record that a hotline was called and has agreed to help, in place of the unit that has not answered."""
    if hotline not in lists.get("hotline"):
        raise Conflict("hotline", "unknown")
    pair = held(actor, case_id, referral_id)
    if pair.referral.state not in WAITING:
        raise InvalidState(pair.referral.state)
    steps.end(actor, pair, ReferralState.RECALLED, hotline=hotline, by_phone=True)
    tasks = [("referral_hotline", clock.today())]
    note_from_outside(actor, case_id, "referral_hotline", about=referral_id, tasks=tasks, hotline=hotline)


def _pass_on(
    actor: Actor, pair: steps.Pair, state: ReferralState, to_unit_id: UUID, note: str | None
) -> Referral:
    referral, request = pair.referral, pair.referral.request
    case = current().get_one(Case, referral.case_id)
    if case.state not in LIVE_CASES:
        raise InvalidState(case.state)
    left_out = PERSONAL - agreed_fields(find_agreement(case, request["service"]))
    content = {name: value for name, value in pair.bundle.content.items() if name not in left_out}
    sending = Sending(
        to_unit_id=to_unit_id,
        offer=only(OFFER, request),
        content=only(CONTENT, content),
        note=request.get("note"),
        excluded=frozenset(UUID(account_id) for account_id in request["excluded"]),
        exception=request.get("exception"),
        exception_reason=request.get("exception_reason"),
        relation=request.get("relation"),
    )
    asked = [*request.get("asked", ()), str(referral.to_unit_id)]
    steps.end(actor, pair, state, text=note, next_unit=str(to_unit_id))
    return place(actor, case, sending, sender_id=referral.sender_id, asked=asked)
