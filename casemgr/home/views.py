"""The first page of everybody who signs in."""

from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock, i18n
from casemgr.accounts import queries as people
from casemgr.cases import queries as cases
from casemgr.cases import words
from casemgr.children import queries as children
from casemgr.children import words as child_words
from casemgr.conferences import queries as conferences
from casemgr.deadlines.reporting import next_due
from casemgr.health.looking import look, troubles_of
from casemgr.health.rules import Trouble
from casemgr.home import ordered
from casemgr.home.rules import WEEK, Due, group_by_due
from casemgr.i18n import gettext
from casemgr.jobs import service as queue
from casemgr.jobs.queries import get_health
from casemgr.policy import Actor, Permission, may
from casemgr.referrals.queries import list_inbox
from casemgr.statistics import service as statistics
from casemgr.statistics import words as table_words
from casemgr.statistics.exports import period_in_words
from casemgr.stays import queries as stays
from casemgr.web.application import CaseApplication
from casemgr.web.drafts import list_drafts
from casemgr.web.guard import current_actor, requires
from casemgr.web.pages import show_moment

blueprint = Blueprint("home", __name__)

MINUTES_OF_A_DAY = 1440

REQUESTS = 5
"""How many requests to the unit stand on the first page; the others are in its inbox."""


@blueprint.route("/")
@requires(Permission.HOME)
def show_home() -> ResponseReturnValue:
    """Show what is overdue, due today and this week, and what waits for somebody else."""
    actor = current_actor()
    return render_template(
        "home/show_home.html",
        due=_due(actor),
        awaiting=_awaiting(actor) if may(actor, Permission.CASE_AGREE_CLOSURE) else [],
        report=_report() if may(actor, Permission.REPORT_MAKE) else None,
        late=_late(actor) if may(actor, Permission.CASE_ASSIGN) else [],
        **_uncovered(actor),
        gaps=_gaps(actor) if _steers(actor) else None,
        drafts=_drafts(actor),
        orders=ordered.list_orders(actor),
        requests=_requests(actor),
        **_conferences(actor),
        undecided=stays.count_undecided(actor) if may(actor, Permission.SHELTER_MANAGE) else 0,
        unsupervised=len(cases.list_overseen(actor)) if may(actor, Permission.BAR_OVERSEE) else 0,
        own_request=people.find_own_request(actor),
        troubles=len(_troubles()) if may(actor, Permission.ACCOUNT_MANAGE) else 0,
        now=clock.now(),
    )


def _steers(actor: Actor) -> bool:
    """Say whether the actor can mend the network: who gives cases out, and who signs reports."""
    mends = may(actor, Permission.CASE_ASSIGN) or may(actor, Permission.REPORT_APPROVE)
    return mends and may(actor, Permission.STATISTICS_READ)


def _gaps(actor: Actor) -> dict[str, Any] | None:
    """Return which services were asked for and not there, from public figures alone.

    A count of this morning would tell a supervisor of the case that is kept from them.
    """
    made = statistics.find_public(actor, "gaps")
    if made is None:
        return None
    (grid,) = table_words.margins_of(made)
    return {
        **grid,
        "rows": [row for row in grid["rows"] if row[1] != 0],
        "period": period_in_words(made.table),
        "url": url_for("statistics.show_release", release_id=made.id),
    }


def _troubles() -> list[Trouble]:
    """Return what is no longer well with the system, for whoever looks after it."""
    app = cast("CaseApplication", current_app)
    settings = app.extensions["casemgr.settings"]
    return troubles_of(look(app.database, settings.directory, settings.backup_directory))


@blueprint.route("/jobs/<uuid:job_id>")
@requires(Permission.HOME)
def show_job(job_id: UUID) -> ResponseReturnValue:
    """Show how far something is that was ordered; once it is ready, go to it."""
    own = ordered.get_order(current_actor(), job_id)
    url = ordered.result_url(own)
    if url is not None:
        flash(*ordered.news_of(own))
        return redirect(url, code=303)
    return render_template(
        "home/show_job.html",
        job=own.row,
        ordered=ordered,
        own=own,
        works=get_health().workers > 0,
    )


@blueprint.route("/jobs/<uuid:job_id>/state")
@requires(Permission.HOME)
def tell_job(job_id: UUID) -> ResponseReturnValue:
    """Tell the script of the page how far it is."""
    own = ordered.get_order(current_actor(), job_id)
    row = own.row
    return {
        "is_live": ordered.is_live(own),
        "text": ordered.state_in_words(own),
        "done": row.steps_done,
        "all": row.steps_all,
    }


@blueprint.route("/jobs/<uuid:job_id>/cancel", methods=["POST"])
@requires(Permission.HOME)
def cancel_job(job_id: UUID) -> ResponseReturnValue:
    """Stop what was ordered; what ended at this moment stays as it is."""
    own = ordered.get_order(current_actor(), job_id)
    if ordered.is_live(own):
        queue.cancel(own.row.job_id)
        flash(gettext("It stops at its next step."), "info")
    return redirect(url_for("home.show_job", job_id=job_id), code=303)


def _requests(actor: Actor) -> list[Any]:
    if not may(actor, Permission.REFERRAL_INBOX):
        return []
    return list_inbox(actor, only_waiting=True, most=REQUESTS)


def _conferences(actor: Actor) -> dict[str, Any]:
    """Return what case conferences ask of the actor: answers, coming, tasks of the unit."""
    attends = may(actor, Permission.CONFERENCE_ATTEND)
    return {
        "invitations": conferences.count_unanswered(actor) if attends else 0,
        "called_off": conferences.list_called_off(actor) if attends else [],
        "coming": _coming(actor) if may(actor, Permission.CONFERENCE_CALL) else [],
        "agreed": _agreed(actor) if attends else [],
    }


def _coming(actor: Actor) -> list[dict[str, Any]]:
    """Return the conferences that the actor's cases called for these days."""
    return [
        {
            "title": row.code,
            "reason": gettext("Case conference"),
            "url": url_for("conferences.show_conference", case_id=case_id, conference_id=row.conference_id),
            "minutes": (row.meets_day - clock.today()).days * MINUTES_OF_A_DAY,
            "at": f"{row.meets_day:%d/%m/%Y}",
            "by_day": True,
        }
        for row, case_id in conferences.list_coming(actor, clock.today() + WEEK)
    ]


def _agreed(actor: Actor) -> list[dict[str, Any]]:
    """Return what the unit is to do because a case conference agreed on it."""
    found = conferences.list_unit_actions(actor, clock.today() + WEEK)
    return [
        {
            "title": action.content["text"],
            "reason": code,
            "url": url_for("conferences.show_invitation", conference_id=conference_id),
            "minutes": (action.due_day - clock.today()).days * MINUTES_OF_A_DAY,
            "at": f"{action.due_day:%d/%m/%Y}",
            "by_day": True,
        }
        for action, conference_id, code in found
    ]


def _due(actor: Actor) -> Due[dict[str, Any]] | None:
    has_cases, has_children = may(actor, Permission.CASE_LIST), may(actor, Permission.CHILD_CHANGE)
    if not (has_cases or has_children):
        return None
    dated = [*(_child_duties(actor) if has_children else []), *(_case_tasks(actor) if has_cases else [])]
    found = group_by_due(dated, clock.today())
    return Due(overdue=_by_file(found.overdue), today=_by_file(found.today), week=_by_file(found.week))


def _by_file(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one row for each file, the most pressing first, with everything that is due there."""
    rows: dict[str, dict[str, Any]] = {}
    reasons: dict[str, list[str]] = {}
    for item in sorted(items, key=lambda one: one["minutes"]):
        rows.setdefault(item["url"], item)
        reasons.setdefault(item["url"], []).append(item["reason"])
    return [{**row, "reason": " · ".join(dict.fromkeys(reasons[url]))} for url, row in rows.items()]


def _child_duties(actor: Actor) -> list[tuple[date, dict[str, Any]]]:
    dated = []
    for duty, child_id, code in children.list_my_duties(actor, clock.today() + WEEK):
        shown = child_words.duty_in_words(duty)
        item = {
            "title": code,
            "reason": shown["title"],
            "url": url_for("children.show_child", child_id=child_id),
            "minutes": shown["minutes"],
            "at": show_moment(duty.due_at),
        }
        dated.append((_day_of(duty.due_at), item))
    return dated


def _day_of(due_at: datetime) -> date:
    """A term in hours that ends within a day is work of today, and one that has ended is overdue."""
    today, left = clock.today(), due_at - clock.now()
    if left < timedelta(0):
        return today - timedelta(days=1)
    return today if left <= timedelta(days=1) else clock.local(due_at).date()


def _case_tasks(actor: Actor) -> list[tuple[date, dict[str, Any]]]:
    dated, rows = [], cases.list_my_tasks(actor, clock.today() + WEEK)
    away = {task.assignee_id for task, _, _ in rows} - {actor.account_id}
    names = people.list_names(actor, away) if away else {}
    for task, case_id, code in rows:
        shown, absent = words.task_in_words(task), names.get(task.assignee_id)
        item = {
            "title": code,
            "reason": gettext("%(task)s (for %(name)s)", task=shown["title"], name=absent)
            if absent
            else shown["title"],
            "url": url_for("cases.show_case", case_id=case_id),
            "minutes": shown["minutes"],
            "at": shown["at"],
            "by_day": shown["by_day"],
        }
        dated.append((task.due_day if shown["by_day"] else _day_of(shown["due_at"]), item))
    return dated


def _report() -> dict[str, Any]:
    period, today = next_due(clock.today()), clock.today()
    return {
        "title": f"{period.line.en if i18n.language() == 'en' else period.line.vi} {period.year}",
        "reason": f"{period.starts_on:%d/%m/%Y} – {period.ends_on:%d/%m/%Y}",
        "url": url_for("reporting.list_reports"),
        "minutes": (period.last_day - today).days * MINUTES_OF_A_DAY,
        "at": f"{period.last_day:%d/%m/%Y}",
        "by_day": True,
    }


def _uncovered(actor: Actor) -> dict[str, Any]:
    """Return the cases for which nobody may stand in, with the names of their owners."""
    found = cases.list_uncovered(actor) if may(actor, Permission.CASE_ASSIGN) else []
    names = people.list_names(actor, {case.owner_id for case in found})
    return {"uncovered": found, "uncovered_names": names}


def _late(actor: Actor) -> list[dict[str, Any]]:
    """Return what colleagues have not got round to, for whoever can give it to somebody else."""
    found = [row for row in cases.list_overdue(actor, clock.today()) if row[0].owner_id != actor.account_id]
    names = people.list_names(actor, {case.owner_id for case, _ in found})
    return [
        {
            "title": case.code,
            "reason": names.get(case.owner_id, ""),
            "url": url_for("cases.show_case", case_id=case.id),
            "minutes": (day - clock.today()).days * MINUTES_OF_A_DAY,
            "by_day": True,
        }
        for case, day in found
    ]


def _awaiting(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "title": case.code,
            "reason": gettext("Closing proposed"),
            "url": url_for("cases.agree_closure", case_id=case.id),
            "action": gettext("Look at the proposal"),
        }
        for case in cases.list_awaiting_agreement(actor)
    ]


def _drafts(actor: Actor) -> list[str]:
    begun = [object_id for form, object_id in list_drafts(actor) if form == "case_note"]
    return [url_for("cases.show_case", case_id=case_id) for case_id in cases.list_reachable(actor, begun)]
