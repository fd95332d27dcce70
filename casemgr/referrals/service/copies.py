"""A copy on paper for the unit: it carries who drew it, when, and a number that the sender sees as well."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casemgr import clock
from casemgr.accounts.queries import list_names
from casemgr.audit import service as audit
from casemgr.crypto.readable import grouped, new_code
from casemgr.db import current
from casemgr.errors import InvalidState
from casemgr.policy import Actor, Permission
from casemgr.referrals.queries import BundleView, get_bundle, open_bundle
from casemgr.referrals.rules import CONTENT_SHOWN
from casemgr.units.models import Unit

NUMBER_SIGNS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a printed copy holds, and what marks it."""

    number: str
    unit: str
    person: str
    at: datetime
    bundle: BundleView


def make_copy(actor: Actor, bundle_id: UUID) -> Copy:
    """Draw a marked copy of what the unit may read now; the sender sees that it was drawn and its number.

    Raises `NotFound`, and `InvalidState` before the yes, when there is nothing to keep.
    """
    bundle = get_bundle(actor, bundle_id, Permission.REFERRAL_ANSWER)
    if bundle.state not in CONTENT_SHOWN:
        raise InvalidState(bundle.state)
    view, number = open_bundle(actor, bundle_id), grouped(new_code(NUMBER_SIGNS))
    audit.changed(actor, "bundle:copy", "bundle", bundle.id, number=number, fields=["offer", "content"])
    return Copy(
        number=number,
        unit=current().get_one(Unit, actor.unit_id).name,
        person=list_names(actor, [actor.account_id])[actor.account_id],
        at=clock.now(),
        bundle=view,
    )
