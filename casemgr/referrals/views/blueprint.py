"""The blueprint of referrals, its line on the case page, its count in the frame, its guests at an address."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, request, url_for
from flask.blueprints import BlueprintSetupState

from casemgr.cases.parts import Part, add_part
from casemgr.errors import Refused
from casemgr.i18n import gettext, ngettext
from casemgr.policy import Actor, Permission, may
from casemgr.referrals import queries, service
from casemgr.shelters.guests import Guests, set_guest_list
from casemgr.text.phones import display_phone
from casemgr.web.fill import Filled
from casemgr.web.guard import find_actor
from casemgr.web.pages import add_to_frame

blueprint = Blueprint("referrals", __name__)

FULL = ("no_bed", "no_reason")
"""Refusals after which a page asks whether the keeper knowingly goes over what was declared."""


@blueprint.record_once
def _install(state: BlueprintSetupState) -> None:
    app = cast("Flask", state.app)
    add_part(app, _part)
    add_to_frame(app, _inbox)
    set_guest_list(app, _guests)


@blueprint.app_template_filter("phone")
def show_phone(number: str | None) -> str:
    """Show a stored telephone number as people write it."""
    return display_phone(number) if number else ""


def _part(actor: Actor, case_id: UUID) -> Part | None:
    if not may(actor, Permission.REFERRAL_READ):
        return None
    total, live = queries.count_referrals(actor, case_id)
    if total:
        # Clocks and records have nothing to say of a case from which nobody was sent on.
        service.tick_later(actor, case_id)
        service.gather_later(actor, case_id)
    waiting = ngettext("%(num)s in progress", "%(num)s in progress", live) if live else ""
    return Part(
        order=40,
        title=gettext("Referrals"),
        url=url_for("referrals.list_referrals", case_id=case_id),
        status="in_progress" if live else "done" if total else "not_started",
        note=waiting,
    )


def _inbox() -> dict[str, Any]:
    actor = find_actor()
    if actor is None or not may(actor, Permission.REFERRAL_INBOX):
        return {}
    return {"inbox_url": url_for("referrals.list_inbox"), "inbox_count": queries.count_inbox(actor)}


def _guests(actor: Actor) -> list[Guests]:
    return [
        Guests(
            bundle_id=bundle.id,
            state=stay.state,
            since_day=stay.arrived_day or stay.promised_day,
            people=stay.people,
            needs=stay.group.get("needs") or "",
        )
        for stay, bundle in queries.list_stays(actor)
    ]


def sent_excess() -> str:
    """Return why a keeper knowingly takes in more people than declared; "" where that is not ticked.

    Raises `Refused` for a tick without a reason.
    """
    if request.form.get("exceed") != "yes":
        return ""
    reason = request.form.get("exceed_reason", "").strip()[:500]
    if not reason:
        raise Refused("no_reason")
    return reason


def ending(filled: Filled) -> dict[str, Any]:
    """Return how a service ended, as the forms of an end ask for it."""
    names = {"left_to": "left_to", "safety": "safety", "needs_met": "needs_met", "text": "note"}
    return {names[name]: value for name, value in filled.values.items() if name in names}
