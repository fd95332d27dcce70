"""Every change of a referral: sending it, answering it as the recipient, following it as the case worker."""

from casemgr.referrals.service.answering import (
    accept,
    begin,
    complete,
    decline,
    record_arrival,
    record_no_show,
    see,
    see_later,
)
from casemgr.referrals.service.clocks import escalate_due, expire_due, tell_closed_letters, tick_later
from casemgr.referrals.service.consenting import follow_consent
from casemgr.referrals.service.copies import Copy, make_copy
from casemgr.referrals.service.correcting import correct
from casemgr.referrals.service.exposure import expose_address
from casemgr.referrals.service.following import (
    recall,
    record_phone_acceptance,
    record_phone_arrival,
    record_phone_begin,
    record_phone_end,
    record_phone_no_show,
    record_phone_refusal,
    withdraw,
)
from casemgr.referrals.service.forwarding import ask_next, record_hotline, redirect
from casemgr.referrals.service.gathering import gather_answers, gather_later
from casemgr.referrals.service.letters import Codes, close_file, draw_letter, open_for_file, prepare_letter
from casemgr.referrals.service.quality import (
    record_feedback,
    record_gap,
    record_if_missing,
    record_refusals_later,
)
from casemgr.referrals.service.replying import Proof, Standing, Taken, open_reply, take_reply
from casemgr.referrals.service.sending import send_referral

__all__ = [
    "Codes",
    "Copy",
    "Proof",
    "Standing",
    "Taken",
    "accept",
    "ask_next",
    "begin",
    "close_file",
    "complete",
    "correct",
    "decline",
    "draw_letter",
    "escalate_due",
    "expire_due",
    "expose_address",
    "follow_consent",
    "gather_answers",
    "gather_later",
    "make_copy",
    "open_for_file",
    "open_reply",
    "prepare_letter",
    "recall",
    "record_arrival",
    "record_feedback",
    "record_gap",
    "record_hotline",
    "record_if_missing",
    "record_no_show",
    "record_phone_acceptance",
    "record_phone_arrival",
    "record_phone_begin",
    "record_phone_end",
    "record_phone_no_show",
    "record_phone_refusal",
    "record_refusals_later",
    "redirect",
    "see",
    "see_later",
    "send_referral",
    "take_reply",
    "tell_closed_letters",
    "tick_later",
    "withdraw",
]
