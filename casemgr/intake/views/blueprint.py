"""The blueprint of the intake, and what it adds to other pages: the emergency button, lines of a case."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, request, url_for
from flask.blueprints import BlueprintSetupState

from casemgr import i18n
from casemgr.cases.parts import Part, add_part
from casemgr.cases.words import add_words
from casemgr.codes import lists
from casemgr.i18n import gettext, lazy_gettext
from casemgr.intake.queries import is_emergency
from casemgr.policy import Actor, Permission, may
from casemgr.web.guard import find_actor
from casemgr.web.pages import add_to_frame

blueprint = Blueprint("intake", __name__)


class _Need:
    """An urgent need in the language of whoever reads the task."""

    def __init__(self, code: str) -> None:
        self._code = code

    def __str__(self) -> str:
        need = lists.label("urgent_need", self._code, i18n.language())
        return str(gettext("Needed: %(need)s", need=need))


add_words(
    tasks={
        **{f"need_{code.code}": _Need(code.code) for code in lists.get("urgent_need")},
        "complete_intake": lazy_gettext("Complete the intake"),
        "risk_assessment": lazy_gettext("Assess the risk"),
        "safety_plan": lazy_gettext("Make a safety plan"),
        "child_protection": lazy_gettext("Protect the child: link to child protection"),
        "health_after_rape": lazy_gettext("Health care after rape, within 72 hours"),
        "close_refused": lazy_gettext("She does not want a file: propose to close"),
    },
    doors={
        **{f"need_{code.code}": "referrals.send_referral" for code in lists.get("urgent_need")},
        "complete_intake": "intake.start_intake_of_case",
        "child_protection": "children.link_child",
        "health_after_rape": "referrals.send_referral",
        "close_refused": "cases.propose_closure",
    },
)


def typed() -> dict[str, list[str]]:
    """Return what was typed into the form that was sent."""
    return dict(request.form.lists())


def version() -> int:
    """Return the version on which the form was opened, 0 when it does not say."""
    given = request.form.get("version", "")
    return int(given) if given.isdigit() else 0


def _part(actor: Actor, case_id: UUID) -> Part | None:
    if not may(actor, Permission.CASE_OPEN) or not is_emergency(actor, case_id):
        return None
    return Part(
        order=5,
        title=gettext("Complete the intake"),
        url=url_for("intake.start_intake_of_case", case_id=case_id),
        status="in_progress",
        note=gettext("The case was opened in an emergency"),
    )


def _calls_part(actor: Actor, case_id: UUID) -> Part | None:
    if not is_emergency(actor, case_id):
        return None
    return Part(
        order=1,
        title=gettext("Whom to call, where to go"),
        url=url_for("intake.show_emergency", case_id=case_id),
        status="in_progress",
    )


def _frame() -> dict[str, Any]:
    actor = find_actor()
    if actor is None or not may(actor, Permission.CASE_OPEN):
        return {}
    return {
        "emergency_url": url_for("intake.open_emergency"),
        "intake_url": url_for("intake.start_intake"),
    }


@blueprint.record_once
def _join(state: BlueprintSetupState) -> None:
    app = cast("Flask", state.app)
    add_part(app, _part)
    add_part(app, _calls_part)
    add_to_frame(app, _frame)
