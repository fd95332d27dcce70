"""Answering a letter without an account: number and code open the same steps that a recipient has, once each.

Whoever asks is nobody: every way of being wrong costs the same work and gets the same nothing.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from casemgr.accounts.service.attempts import count_failure, wait_for
from casemgr.audit import service as audit
from casemgr.audit.rules import INSTALLATION, Outcome
from casemgr.codes import lists
from casemgr.db import current
from casemgr.errors import Conflict, InvalidState
from casemgr.policy import Actor, Permission, Role, visible
from casemgr.referrals.models import Bundle, PartnerLetter
from casemgr.referrals.queries import list_onward
from casemgr.referrals.rules import LETTER_TRIES, Party, ReferralState, answers_in, is_over
from casemgr.referrals.service import steps
from casemgr.referrals.service.forwarding import redirect
from casemgr.referrals.service.letters import code_digest, number_digest, renew_code

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What somebody typed from paper and from the telephone, and from which address they ask."""

    number: str
    code: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the referral of a letter stands; nothing of what it is about."""

    state: str
    is_stay: bool
    answers: tuple[ReferralState, ...]
    units: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An answer that was taken; `next_code` answers once more, "" when nothing can follow."""

    state: ReferralState
    next_code: str


def open_reply(proof: Proof) -> Standing | None:
    """Return what a letter can be answered now, or None for a wrong number or code, whatever is wrong.

    That it was opened is told to the sender each time, as with any recipient.
    """
    found = _prove(proof)
    if found is None:
        return None
    guest, pair = found[1], found[2]
    if pair.bundle.state == ReferralState.SENT:
        steps.see(guest, pair)
    audit.changed(guest, "letter:open", "bundle", pair.bundle.id)
    return _standing(guest, pair)


def take_reply(proof: Proof, answer: ReferralState, **values: Any) -> Taken | None:
    """Take an answer and use the code up; None as above.

    Raises `InvalidState` for a step that the recipient cannot take now, `Conflict` for a code of no list, and
    Refused `no_bed`; then the code stays good.
    """
    found = _prove(proof)
    if found is None:
        return None
    letter, guest, pair = found
    if answer not in _standing(guest, pair).answers:
        raise InvalidState(pair.bundle.state)
    _ACTS[answer](guest, pair, {name: value for name, value in values.items() if value not in (None, "")})
    letter.code_digest, letter.failures = None, 0
    next_code = "" if is_over(answer) else renew_code(letter)
    current().flush()
    return Taken(state=answer, next_code=next_code)


def _standing(guest: Actor, pair: steps.Pair) -> Standing:
    answers = answers_in(pair.bundle.state, Party.RECIPIENT)
    units = list_onward(guest, pair.bundle.id) if ReferralState.REDIRECTED in answers else []
    left_out = set() if units else {ReferralState.REDIRECTED}
    if pair.has_beds:
        left_out.add(ReferralState.IN_SERVICE)
    return Standing(
        state=pair.bundle.state,
        is_stay=pair.has_beds,
        answers=tuple(answer for answer in answers if answer not in left_out),
        units=tuple((unit.unit_id, unit.name) for unit in units),
    )


def _prove(proof: Proof) -> tuple[PartnerLetter, Actor, steps.Pair] | None:
    digest = number_digest(proof.number)
    wait = wait_for(digest, proof.address, steps.REPLY_DOOR)
    asked = select(PartnerLetter).where(PartnerLetter.number_digest == digest).with_for_update()
    letter = current().scalar(asked.execution_options(populate_existing=True))
    expected = (letter.code_digest if letter else None) or code_digest(digest, "nobody")
    is_right = hmac.compare_digest(expected, code_digest(digest, proof.code))
    bundle_id = letter.bundle_id if letter else NOBODY
    readable = select(Bundle.to_unit_id).where(Bundle.id == bundle_id, Bundle.is_readable())
    unit_id = current().scalar(readable)
    is_open = letter is not None and letter.failures < LETTER_TRIES
    if letter is None or unit_id is None or wait or not (is_right and is_open):
        _refuse(digest, proof.address, bundle_id, waits=bool(wait))
        return None
    guest = _guest(unit_id)
    mine = visible(guest, Permission.REFERRAL_ANSWER, Bundle)
    return letter, guest, steps.hold(Party.RECIPIENT, bundle_id, mine)


def _refuse(digest: bytes, address: str, bundle_id: UUID, *, waits: bool) -> None:
    count_failure(digest, address, None, steps.REPLY_DOOR)
    mine = PartnerLetter.number_digest == digest
    # Who has to wait learns nothing, and no try of theirs counts against the letter: otherwise anybody who
    # guesses at other letters from the address of a partner would close hers by her own right code. That a
    # letter is closed is told by the clock, not here: telling would cost a guesser's last try more work.
    more = update(PartnerLetter).where(mine).values(failures=PartnerLetter.failures + int(not waits))
    current().execute(more.execution_options(synchronize_session=False))
    audit.noted(None, "letter:reply", "bundle", bundle_id, outcome=Outcome.REFUSED, door=steps.REPLY_DOOR)


def _guest(unit_id: UUID) -> Actor:
    """Return whoever answers for a unit: the installation itself, with the rights of a recipient there."""
    roles = frozenset({Role.RECIPIENT})
    return Actor(account_id=INSTALLATION, unit_id=unit_id, roles=roles, door=steps.REPLY_DOOR)


def _decline(guest: Actor, pair: steps.Pair, values: dict[str, Any]) -> None:
    if values.get("reason") not in lists.get("referral_decline_reason"):
        raise Conflict("reason", "unknown")
    steps.end(guest, pair, ReferralState.DECLINED, **values)


def _redirect(guest: Actor, pair: steps.Pair, values: dict[str, Any]) -> None:
    redirect(guest, pair.bundle.id, values["unit"], values.get("text"))


def _miss(guest: Actor, pair: steps.Pair, values: dict[str, Any]) -> None:
    steps.end(guest, pair, ReferralState.DID_NOT_COME, **values)


def _complete(guest: Actor, pair: steps.Pair, values: dict[str, Any]) -> None:
    steps.check_end(*(values.get(name) for name in ("left_to", "needs_met", "safety")))
    steps.complete(guest, pair, **values)


_ACTS: dict[ReferralState, Callable[[Actor, steps.Pair, dict[str, Any]], None]] = {
    ReferralState.ACCEPTED: lambda guest, pair, values: steps.accept(guest, pair, **values),
    ReferralState.DECLINED: _decline,
    ReferralState.REDIRECTED: _redirect,
    ReferralState.ARRIVED: lambda guest, pair, values: steps.arrive(guest, pair, **values),
    ReferralState.DID_NOT_COME: _miss,
    ReferralState.IN_SERVICE: lambda guest, pair, values: steps.begin(guest, pair, **values),
    ReferralState.COMPLETED: _complete,
}
"""How each answer of a recipient is taken."""
