"""Invitation codes on paper: shown to whoever drew them for a quarter of an hour, then never again."""

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock, i18n
from casemgr.accounts import queries
from casemgr.accounts.rules import INVITATION_DAYS
from casemgr.administration.rules import CODE_SHOWN
from casemgr.administration.views.blueprint import blueprint, go
from casemgr.i18n import gettext
from casemgr.letters.blocks import Slip, SlipRow
from casemgr.letters.pdf import write_slip
from casemgr.policy import Permission
from casemgr.units import queries as units
from casemgr.web.drafts import discard_draft, find_draft, save_draft
from casemgr.web.guard import current_actor, requires

KEPT = "invitation-code"
"""Kept sealed like a draft, under a name that no form of a page can write to."""


def show_code(account_id: UUID, code: str) -> ResponseReturnValue:
    """Keep a code that was just drawn for a short time, and go to the page that shows it."""
    kept = {"code": [code], "until": [(clock.now() + CODE_SHOWN).isoformat()]}
    save_draft(current_actor(), KEPT, account_id, kept)
    return go("administration.show_invitation", account_id=account_id)


@blueprint.get("/accounts/<uuid:account_id>/invitation")
@requires(Permission.ACCOUNT_MANAGE)
def show_invitation(account_id: UUID) -> ResponseReturnValue:
    """Show an invitation to be printed and handed over."""
    person = queries.get_account(current_actor(), account_id)
    code = _find_code(account_id)
    return render_template(
        "administration/show_invitation.html",
        person=person,
        code=code,
        rows=_rows(person, code),
        minutes=int(CODE_SHOWN.total_seconds() // 60),
    )


@blueprint.get("/accounts/<uuid:account_id>/invitation.pdf")
@requires(Permission.ACCOUNT_MANAGE)
def print_invitation(account_id: UUID) -> ResponseReturnValue:
    """Give the invitation as a sheet of paper."""
    person = queries.get_account(current_actor(), account_id)
    code = _find_code(account_id)
    if not code:
        return go("administration.show_invitation", account_id=account_id)
    headers = {"Content-Disposition": 'attachment; filename="invitation.pdf"'}
    return Response(write_slip(_slip(person, code)), mimetype="application/pdf", headers=headers)


@blueprint.post("/accounts/<uuid:account_id>/invitation/handed")
@requires(Permission.ACCOUNT_MANAGE)
def forget_invitation(account_id: UUID) -> ResponseReturnValue:
    """Stop showing a code, because its sheet was handed over."""
    discard_draft(current_actor(), KEPT, account_id)
    message = gettext("The code is no longer shown. It stays valid until it is used or too old.")
    return go("administration.show_account", message, account_id=account_id)


def _find_code(account_id: UUID) -> str:
    kept = find_draft(current_actor(), KEPT, account_id)
    is_shown = kept is not None and datetime.fromisoformat(kept["until"][0]) > clock.now()
    return kept["code"][0] if kept is not None and is_shown else ""


def _rows(person: queries.Person, code: str) -> list[tuple[str, str]]:
    unit = units.find_unit(current_actor(), person.unit_id)
    until = clock.local(clock.now() + timedelta(days=INVITATION_DAYS)).strftime("%d/%m/%Y")
    return [
        (gettext("For"), person.name),
        (gettext("Unit"), unit.name if unit else ""),
        (gettext("Address to type"), request.host_url.rstrip("/") + url_for("accounts.first_sign_in")),
        (gettext("Sign-in name"), person.sign_in_name),
        (gettext("Invitation code"), code),
        (gettext("Valid until"), until),
    ]


def _slip(person: queries.Person, code: str) -> Slip:
    language: Literal["vi", "en"] = "en" if i18n.language() == "en" else "vi"
    settings: Any = current_app.extensions["casemgr.settings"]
    return Slip(
        title=gettext("Invitation to sign in"),
        intro=(
            gettext("Hand this sheet over in person, to the one named on it and to nobody else."),
            gettext("Open the address, type name and code, then choose a password of your own."),
        ),
        rows=tuple(SlipRow(label=label, value=value) for label, value in _rows(person, code)),
        note=gettext("The code works once. Whoever finds it used already tells the commune at once."),
        is_synthetic=settings.synthetic,
        language=language,
    )
