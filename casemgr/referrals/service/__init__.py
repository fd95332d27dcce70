"""Every change of a referral: sending it, answering it as the recipient, following it as the case worker."""

from casemgr.referrals.service.answering import accept, complete, decline, record_arrival, record_no_show
from casemgr.referrals.service.following import (
    expire_due,
    expire_later,
    recall,
    record_phone_acceptance,
    record_phone_arrival,
    record_phone_end,
    record_phone_no_show,
    record_phone_refusal,
    withdraw,
)
from casemgr.referrals.service.sending import send_referral

__all__ = [
    "accept",
    "complete",
    "decline",
    "expire_due",
    "expire_later",
    "recall",
    "record_arrival",
    "record_no_show",
    "record_phone_acceptance",
    "record_phone_arrival",
    "record_phone_end",
    "record_phone_no_show",
    "record_phone_refusal",
    "send_referral",
    "withdraw",
]
