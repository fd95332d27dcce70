"""Who is told beside the owner of a case when something about a referral should not wait."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from casemgr.accounts.models import Account
from casemgr.cases.models import Bar, Case
from casemgr.db import current
from casemgr.policy import Role


def list_supervisors(case: Case, left_out: Collection[str] = ()) -> list[UUID]:
    """Return the supervisors of a case's unit beside its owner.

    A bar against one of them holds here too, and so does being left out of the referral.
    """
    barred = select(Bar.account_id).where(Bar.case_id == case.id, Bar.lifted_day.is_(None))
    active = select(Account).where(
        Account.unit_id == case.unit_id, Account.state == "active", Account.id.not_in(barred)
    )
    return [
        account.id
        for account in current().scalars(active)
        if Role.SUPERVISOR in account.roles
        and account.id != case.owner_id
        and str(account.id) not in left_out
    ]
