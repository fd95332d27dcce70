"""Conflicts of interest: whom a file is kept from, and how two people together lift that again."""

from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.models import Bar, BarLift, Case
from casemgr.cases.queries import get_bar, get_case, get_overseen
from casemgr.db import current
from casemgr.errors import InvalidState, Refused
from casemgr.policy import Actor, Permission


def bar_account(actor: Actor, case_id: UUID, account_id: UUID, reason: str | None) -> Bar:
    """Keep a case from an account that is, or is close to, somebody named in it; ends its access at once.

    Where that leaves the case without a supervisor, those above and the data-protection officer are shown it
    until there is one again. A second bar for the same account changes nothing.
    """
    case = get_case(actor, case_id, Permission.CASE_BAR)
    standing = select(Bar).where(
        Bar.case_id == case.id, Bar.account_id == account_id, Bar.lifted_day.is_(None)
    )
    return current().scalar(standing) or _bar(actor, case, account_id, reason)


def keep_bars(actor: Actor, case: Case) -> None:
    """Whoever is kept from one file of a person is kept from each that is opened for her.

    Not from files that stand already: there the bar would tell the barred that there is another.
    """
    if case.survivor_id is None:
        return
    of_her = select(Case.id).where(Case.survivor_id == case.survivor_id)
    standing = select(Bar.account_id).where(Bar.lifted_day.is_(None))
    kept_from = set(current().scalars(standing.where(Bar.case_id.in_(of_her))))
    known = {*current().scalars(standing.where(Bar.case_id == case.id)), actor.account_id, case.owner_id}
    for account_id in sorted(kept_from - known):
        # Without the reason: it belongs to a file that the actor may be unable to open.
        _bar(actor, case, account_id, None)


def _bar(actor: Actor, case: Case, account_id: UUID, reason: str | None) -> Bar:
    bar = Bar(
        case_id=case.id,
        account_id=account_id,
        made_by=actor.account_id,
        made_day=clock.today(),
        reason=reason,
    )
    current().add(bar)
    current().flush()
    audit.changed(actor, "case:bar", "case", case.id, scope=("case", case.id), account=str(account_id))
    return bar


def propose_lift(actor: Actor, case_id: UUID, bar_id: UUID, reason: str) -> None:
    """Ask another one on the case to agree that a bar is lifted."""
    _propose(actor, get_bar(actor, case_id, bar_id), reason)


def answer_lift(actor: Actor, case_id: UUID, bar_id: UUID, *, agreed: bool) -> None:
    """Agree to a proposed lifting, or refuse it; nobody agrees to their own proposal."""
    _answer(actor, get_bar(actor, case_id, bar_id), agreed=agreed)


def propose_overseen_lift(actor: Actor, bar_id: UUID, reason: str) -> None:
    """Ask that a bar is lifted which leaves a case without a supervisor, without seeing the case."""
    _propose(actor, get_overseen(actor, bar_id), reason)


def answer_overseen_lift(actor: Actor, bar_id: UUID, *, agreed: bool) -> None:
    """Agree to a proposed lifting from outside the case, or refuse it."""
    _answer(actor, get_overseen(actor, bar_id), agreed=agreed)


def _propose(actor: Actor, bar: Bar, reason: str) -> None:
    if _open_lift(bar) is not None:
        raise InvalidState("proposed")
    lift = BarLift(
        bar_id=bar.id,
        case_id=bar.case_id,
        proposed_by=actor.account_id,
        proposed_day=clock.today(),
        state="open",
        reason=reason,
    )
    current().add(lift)
    _written(actor, bar, "case:propose_lift")


def _answer(actor: Actor, bar: Bar, *, agreed: bool) -> None:
    lift = _open_lift(bar)
    if lift is None:
        raise InvalidState("not_proposed")
    if agreed and lift.proposed_by == actor.account_id:
        raise Refused("own_proposal")
    lift.state, lift.answered_by = ("agreed" if agreed else "refused"), actor.account_id
    if agreed:
        bar.lifted_day = clock.today()
    _written(actor, bar, "case:lift_bar" if agreed else "case:refuse_lift")


def _open_lift(bar: Bar) -> BarLift | None:
    found = select(BarLift).where(BarLift.bar_id == bar.id, BarLift.state == "open")
    return current().scalar(found.with_for_update())


def _written(actor: Actor, bar: Bar, action: str) -> None:
    current().flush()
    scope, account = ("case", bar.case_id), str(bar.account_id)
    audit.changed(actor, action, "case", bar.case_id, scope=scope, account=account)
