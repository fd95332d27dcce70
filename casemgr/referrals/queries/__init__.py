"""What the case worker sees of a referral, and, quite apart from it, what the recipient sees of a bundle."""

from casemgr.referrals.queries.bundles import (
    BundleView,
    InboxRow,
    count_inbox,
    get_bundle,
    is_stay,
    is_taken_back,
    list_inbox,
    list_stays,
    list_taken_back,
    open_bundle,
)
from casemgr.referrals.queries.choices import (
    Provider,
    list_alternatives,
    list_answerers,
    list_choices,
    list_onward,
)
from casemgr.referrals.queries.letters import LetterView, open_letter
from casemgr.referrals.queries.log import Trace
from casemgr.referrals.queries.moving import Group, list_moving
from casemgr.referrals.queries.records import list_recorded, missing_steps
from casemgr.referrals.queries.sent import (
    ReferralRow,
    ReferralView,
    Told,
    count_referrals,
    get_referral,
    is_stale,
    list_late_ids,
    list_overdue_ids,
    list_referrals,
    list_units_to_tick,
    minutes_of,
    open_referral,
    open_told,
)

__all__ = [
    "BundleView",
    "Group",
    "InboxRow",
    "LetterView",
    "Provider",
    "ReferralRow",
    "ReferralView",
    "Told",
    "Trace",
    "count_inbox",
    "count_referrals",
    "get_bundle",
    "get_referral",
    "is_stale",
    "is_stay",
    "is_taken_back",
    "list_alternatives",
    "list_answerers",
    "list_choices",
    "list_inbox",
    "list_late_ids",
    "list_moving",
    "list_onward",
    "list_overdue_ids",
    "list_recorded",
    "list_referrals",
    "list_stays",
    "list_taken_back",
    "list_units_to_tick",
    "minutes_of",
    "missing_steps",
    "open_bundle",
    "open_letter",
    "open_referral",
    "open_told",
]
