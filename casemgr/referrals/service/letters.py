"""Letters to units without accounts: their codes, their paper, and the file that a passphrase opens."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.service import finish_tasks_of_kind
from casemgr.crypto.archive import encrypt_under_passphrase
from casemgr.crypto.framing import lp
from casemgr.crypto.readable import grouped, new_digits, typed_code
from casemgr.db import current
from casemgr.db.sealed import keyring_of
from casemgr.errors import InvalidState, Refused
from casemgr.policy import Actor
from casemgr.referrals.models import PartnerLetter
from casemgr.referrals.queries.letters import LetterView, open_letter
from casemgr.referrals.queries.phones import list_staffed
from casemgr.referrals.rules import CONTENT_SHOWN, LETTER_CLOSED, LIVE, only
from casemgr.referrals.service import steps
from casemgr.referrals.service.correcting import check_agreed
from casemgr.referrals.service.following import held

NUMBER_DIGITS, CODE_DIGITS = 10, 8
PASSPHRASE_DIGITS = 24
"""80 bits, of which age makes every guess cost a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What is told by telephone and never written beside the letter: shown once, nowhere in the clear."""

    passphrase: str = field(repr=False)
    code: str = field(repr=False)


def prepare_letter(actor: Actor, case_id: UUID, referral_id: UUID) -> Codes:
    """Draw a passphrase and an answer code for a unit without accounts; the code drawn before is void.

    Raises `InvalidState` once the referral is over, Refused `has_account` for a unit whose staff can answer
    here, which is where exclusions hold, and `no_consent`.
    """
    pair = _held(actor, case_id, referral_id)
    letter = current().scalar(select(PartnerLetter).where(PartnerLetter.bundle_id == pair.bundle.id))
    if letter is None:
        number = new_digits(NUMBER_DIGITS)
        letter = PartnerLetter(
            bundle_id=pair.bundle.id, number=grouped(number), number_digest=number_digest(number)
        )
        current().add(letter)
    letter.made_day, letter.failures = clock.today(), 0
    request = pair.referral.request
    pair.referral.request = {name: value for name, value in request.items() if name != LETTER_CLOSED}
    finish_tasks_of_kind(actor, case_id, "letter_closed", about=referral_id)
    codes = Codes(passphrase=new_digits(PASSPHRASE_DIGITS), code=renew_code(letter))
    current().flush()
    audit.changed(actor, "letter:prepare", "bundle", pair.bundle.id)
    return codes


def renew_code(letter: PartnerLetter) -> str:
    """Draw the next answer code of a letter; the one before is used up."""
    code = new_digits(CODE_DIGITS)
    letter.code_digest = code_digest(letter.number_digest, code)
    return grouped(code)


def draw_letter(actor: Actor, case_id: UUID, referral_id: UUID, fields: Collection[str]) -> LetterView:
    """Return what goes on paper: the offer, and after the yes the chosen ones of what she agreed to share."""
    pair = _held(actor, case_id, referral_id)
    view = open_letter(actor, case_id, referral_id)
    chosen = only(tuple(fields) if view.is_accepted else (), view.content)
    check_agreed(pair, frozenset(chosen))
    audit.changed(actor, "letter:paper", "bundle", pair.bundle.id, number=view.number, fields=sorted(chosen))
    return replace(view, content=chosen)


def open_for_file(actor: Actor, case_id: UUID, referral_id: UUID) -> LetterView:
    """Return what goes into the encrypted file: all that she agreed to share.

    Raises `InvalidState` before the yes: until then a unit reads only what names nobody.
    """
    pair = _held(actor, case_id, referral_id)
    if pair.referral.state not in CONTENT_SHOWN:
        raise InvalidState(pair.referral.state)
    view = open_letter(actor, case_id, referral_id)
    check_agreed(pair, frozenset(view.content))
    return view


def close_file(actor: Actor, case_id: UUID, referral_id: UUID, content: bytes, passphrase: str) -> bytes:
    """Encrypt the set file for whoever is told the passphrase; the sender's log keeps that it went out."""
    pair = _held(actor, case_id, referral_id)
    shared = sorted(pair.bundle.content)
    audit.changed(actor, "letter:file", "bundle", pair.bundle.id, fields=shared)
    return encrypt_under_passphrase(content, passphrase)


def number_digest(number: str) -> bytes:
    """Return the lookup value of a letter's number, however it was typed."""
    return hmac.digest(_key(), lp(b"number", typed_code(number).encode()), "sha256")


def code_digest(number: bytes, code: str) -> bytes:
    """Return the digest of a code, which answers to one letter only."""
    return hmac.digest(_key(), lp(b"code", number, typed_code(code).encode()), "sha256")


def _key() -> bytes:
    return keyring_of(current()).derive("partner-letter")


def _held(actor: Actor, case_id: UUID, referral_id: UUID) -> steps.Pair:
    pair = held(actor, case_id, referral_id)
    if pair.referral.state not in LIVE:
        raise InvalidState(pair.referral.state)
    if list_staffed([pair.bundle.to_unit_id]):
        raise Refused("has_account")
    check_agreed(pair, frozenset())
    return pair
