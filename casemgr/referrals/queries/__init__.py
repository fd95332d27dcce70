"""What the case worker sees of a referral, and, quite apart from it, what the recipient sees of a bundle."""

from casemgr.referrals.queries.bundles import (
    BundleView,
    InboxRow,
    count_inbox,
    get_bundle,
    is_stay,
    list_inbox,
    list_stays,
    open_bundle,
)
from casemgr.referrals.queries.choices import (
    Provider,
    list_alternatives,
    list_answerers,
    list_choices,
    list_onward,
)
from casemgr.referrals.queries.sent import (
    ReferralRow,
    ReferralView,
    count_referrals,
    get_referral,
    is_stale,
    list_late_ids,
    list_overdue_ids,
    list_referrals,
    list_units_to_tick,
    minutes_of,
    open_referral,
)

__all__ = [
    "BundleView",
    "InboxRow",
    "Provider",
    "ReferralRow",
    "ReferralView",
    "count_inbox",
    "count_referrals",
    "get_bundle",
    "get_referral",
    "is_stale",
    "is_stay",
    "list_alternatives",
    "list_answerers",
    "list_choices",
    "list_inbox",
    "list_late_ids",
    "list_onward",
    "list_overdue_ids",
    "list_referrals",
    "list_stays",
    "list_units_to_tick",
    "minutes_of",
    "open_bundle",
    "open_referral",
]
