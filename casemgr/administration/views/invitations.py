"""Invitation codes on paper: shown to whoever drew them for a quarter of an hour, then never again."""

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock, i18n
from casemgr.accounts import queries
from casemgr.accounts.rules import INVITATION_DAYS
from casemgr.accounts.service import Given
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


def show_code(account_id: UUID, given: Given) -> ResponseReturnValue:
    """Keep a code that was just drawn, or half of it, for a short time, and go to the page that shows it."""
    if not given.code:
        message = gettext("Done.") if not given.waits else gettext("This now waits for a second person.")
        return go("administration.show_account", message, account_id=account_id)
    kept = {"code": [given.code], "until": [(clock.now() + CODE_SHOWN).isoformat()]}
    kept["waits"] = ["yes"] if given.waits else []
    save_draft(current_actor(), KEPT, account_id, kept)
    return go("administration.show_invitation", account_id=account_id)


@blueprint.get("/accounts/<uuid:account_id>/invitation")
@requires(Permission.ACCOUNT_MANAGE)
def show_invitation(account_id: UUID) -> ResponseReturnValue:
    """Show an invitation to be printed and handed over."""
    person = queries.get_account(current_actor(), account_id)
    code, waits = _find_code(account_id)
    return render_template(
        "administration/show_invitation.html",
        person=person,
        code=code,
        waits=waits,
        rows=_rows(person, code, waits=waits),
        minutes=int(CODE_SHOWN.total_seconds() // 60),
    )


@blueprint.get("/accounts/<uuid:account_id>/invitation.pdf")
@requires(Permission.ACCOUNT_MANAGE)
def print_invitation(account_id: UUID) -> ResponseReturnValue:
    """Give the invitation as a sheet of paper."""
    person = queries.get_account(current_actor(), account_id)
    code, waits = _find_code(account_id)
    if not code:
        return go("administration.show_invitation", account_id=account_id)
    headers = {"Content-Disposition": 'attachment; filename="invitation.pdf"'}
    return Response(write_slip(_slip(person, code, waits=waits)), mimetype="application/pdf", headers=headers)


@blueprint.post("/accounts/<uuid:account_id>/invitation/handed")
@requires(Permission.ACCOUNT_MANAGE)
def forget_invitation(account_id: UUID) -> ResponseReturnValue:
    """Stop showing a code, because its sheet was handed over."""
    discard_draft(current_actor(), KEPT, account_id)
    message = gettext("The code is no longer shown. It stays valid until it is used or too old.")
    return go("administration.show_account", message, account_id=account_id)


def _find_code(account_id: UUID) -> tuple[str, bool]:
    kept = find_draft(current_actor(), KEPT, account_id)
    is_shown = kept is not None and datetime.fromisoformat(kept["until"][0]) > clock.now()
    return (kept["code"][0], bool(kept.get("waits"))) if kept is not None and is_shown else ("", False)


def _rows(person: queries.Person, code: str, *, waits: bool) -> list[tuple[str, str]]:
    unit = units.find_unit(current_actor(), person.unit_id)
    until = clock.local(clock.now() + timedelta(days=INVITATION_DAYS)).strftime("%d/%m/%Y")
    return [
        (gettext("For"), person.name),
        (gettext("Unit"), unit.name if unit else ""),
        (gettext("Address to type"), request.host_url.rstrip("/") + url_for("accounts.first_sign_in")),
        (gettext("Sign-in name"), person.sign_in_name),
        (gettext("First half of the code") if waits else gettext("Invitation code"), code),
        (gettext("Valid until"), gettext("14 days after the release") if waits else until),
    ]


def _slip(person: queries.Person, code: str, *, waits: bool) -> Slip:
    language: Literal["vi", "en"] = "en" if i18n.language() == "en" else "vi"
    settings: Any = current_app.extensions["casemgr.settings"]
    return Slip(
        title=gettext("Invitation to sign in"),
        intro=(
            gettext("Hand this sheet over in person, to the one named on it and to nobody else."),
            gettext("The second half comes from whoever releases this. Type both, one after the other.")
            if waits
            else gettext("Open the address, type name and code, then choose a password of your own."),
        ),
        rows=tuple(SlipRow(label=label, value=value) for label, value in _rows(person, code, waits=waits)),
        note=gettext("The code works once. Whoever finds it used already tells the commune at once."),
        is_synthetic=settings.synthetic,
        language=language,
    )
