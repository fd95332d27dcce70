"""The first page of everybody who signs in."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.cases import queries as cases
from casemgr.cases import words
from casemgr.home.rules import Due, group_by_due
from casemgr.policy import Actor, Permission, may
from casemgr.web.drafts import list_drafts
from casemgr.web.guard import current_actor, requires

blueprint = Blueprint("home", __name__)


@blueprint.route("/")
@requires(Permission.HOME)
def show_home() -> ResponseReturnValue:
    """Show what is overdue, due today and this week, and what waits for somebody else."""
    actor = current_actor()
    return render_template(
        "home/show_home.html",
        due=_due_tasks(actor) if may(actor, Permission.CASE_LIST) else None,
        awaiting=_awaiting(actor) if may(actor, Permission.CASE_AGREE_CLOSURE) else [],
        drafts=_drafts(actor),
    )


def _due_tasks(actor: Actor) -> Due[dict[str, Any]]:
    dated = []
    for task, case in cases.list_my_tasks(actor):
        shown = words.task_in_words(task)
        item = {
            "title": case.code,
            "reason": shown["title"],
            "url": url_for("cases.show_case", case_id=case.id),
            "minutes": shown["minutes"],
            "at": task.due_day.strftime("%d/%m/%Y"),
        }
        dated.append((task.due_day, item))
    return group_by_due(dated, clock.today())


def _awaiting(actor: Actor) -> list[dict[str, Any]]:
    return [
        {"title": case.code, "url": url_for("cases.agree_closure", case_id=case.id)}
        for case in cases.list_awaiting_agreement(actor)
    ]


def _drafts(actor: Actor) -> list[str]:
    return [_draft_address(form, object_id) for form, object_id in list_drafts(actor) if form == "case_note"]


def _draft_address(_: str, case_id: UUID) -> str:
    return url_for("cases.show_case", case_id=case_id)
