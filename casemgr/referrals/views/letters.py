"""The letter to a unit without accounts: on paper, as an encrypted file, and the codes told by telephone."""

from datetime import datetime
from uuid import UUID

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.accounts.stepup import fresh
from casemgr.cases.queries import get_case
from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.referrals import queries, service, words
from casemgr.referrals.rules import CODES_SHOWN, LETTER_TRIES
from casemgr.referrals.views import papers
from casemgr.referrals.views.blueprint import blueprint
from casemgr.referrals.views.following import IN_CASE
from casemgr.web.drafts import discard_draft, discard_later, find_draft, save_draft
from casemgr.web.guard import current_actor, requires

KEPT = "letter-codes"
"""Kept sealed like a draft, under a name that no form of a page can write to."""

LETTER = f"{IN_CASE}/<uuid:referral_id>/letter"


@blueprint.route(LETTER)
@requires(Permission.REFERRAL_SEND)
def show_letter(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Show what can go to a unit without accounts, and for a short time the codes told by telephone."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.REFERRAL_SEND)
    letter = queries.open_letter(actor, case_id, referral_id)
    return render_template(
        "referrals/show_letter.html",
        case=case,
        referral_id=referral_id,
        letter=letter,
        codes=_find_codes(referral_id),
        tries=LETTER_TRIES,
        minutes=int(CODES_SHOWN.total_seconds() // 60),
        fields=[(name, words.field_names([name])[0]) for name in letter.content],
        address=reply_address(),
    )


@blueprint.post(f"{LETTER}/codes")
@requires(Permission.REFERRAL_SEND)
@fresh
def prepare_letter(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Draw a new passphrase and a new answer code, and show them for a quarter of an hour."""
    codes = service.prepare_letter(current_actor(), case_id, referral_id)
    until = (clock.now() + CODES_SHOWN).isoformat()
    kept = {"passphrase": [codes.passphrase], "code": [codes.code], "until": [until]}
    save_draft(current_actor(), KEPT, referral_id, kept)
    return _go(case_id, referral_id)


@blueprint.post(f"{LETTER}/codes/told")
@requires(Permission.REFERRAL_SEND)
def forget_codes(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Stop showing passphrase and code, because they were told."""
    queries.get_referral(current_actor(), case_id, referral_id, Permission.REFERRAL_SEND)
    discard_draft(current_actor(), KEPT, referral_id)
    flash(gettext("The codes are no longer shown. They stay valid."), "ok")
    return _go(case_id, referral_id)


@blueprint.post(f"{LETTER}/paper")
@requires(Permission.REFERRAL_SEND)
@fresh
def print_letter(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Give the letter as a sheet of paper with the chosen ones of the fields that she agreed to share."""
    chosen = request.form.getlist("fields")
    letter = service.draw_letter(current_actor(), case_id, referral_id, chosen)
    return papers.download(papers.print_letter(letter, reply_address()), "letter.pdf")


@blueprint.post(f"{LETTER}/file")
@requires(Permission.REFERRAL_SEND)
@fresh
def give_file(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Give the letter with all that is shared as a file that only the told passphrase opens."""
    letter = service.open_for_file(current_actor(), case_id, referral_id)
    codes = _find_codes(referral_id)
    if not codes:
        flash(gettext("Draw a new passphrase first: the last one is no longer shown."), "warn")
        return _go(case_id, referral_id)
    paper = papers.print_letter(letter, reply_address())
    sealed = service.close_file(current_actor(), case_id, referral_id, paper, codes["passphrase"])
    return papers.download(sealed, "letter.age", "application/octet-stream")


def reply_address() -> str:
    """Return where partners answer without an account; "" where nobody outside reaches this service."""
    base = str(current_app.extensions["casemgr.settings"].reply_address)
    return base + url_for("referrals.reply") if base else ""


def _find_codes(referral_id: UUID) -> dict[str, str]:
    kept = find_draft(current_actor(), KEPT, referral_id)
    if kept is None:
        return {}
    if datetime.fromisoformat(kept["until"][0]) <= clock.now():
        discard_later(current_actor(), KEPT, referral_id)
        return {}
    return {"passphrase": kept["passphrase"][0], "code": kept["code"][0]}


def _go(case_id: UUID, referral_id: UUID) -> Response:
    url = url_for("referrals.show_letter", case_id=case_id, referral_id=referral_id)
    return redirect(url, code=303)  # type: ignore[return-value]
