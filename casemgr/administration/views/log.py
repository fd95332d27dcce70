"""The access log for the data-protection officer: who did what, never what it was about."""

from datetime import date, datetime, time, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.administration import queries, service, words
from casemgr.administration.views.blueprint import Errors, application, blueprint, folder, typed_id
from casemgr.audit.queries import Criteria, Entry, list_entries
from casemgr.audit.rules import Outcome
from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.text.dates import parse_date
from casemgr.text.invalid import InvalidText
from casemgr.web.guard import current_actor, requires

FILTERS = ("who", "kind", "outcome", "since", "until", "object")


@blueprint.get("/audit")
@requires(Permission.AUDIT_READ)
def show_audit() -> ResponseReturnValue:
    """Show changes of roles, then the log page by page; looking is itself in the log."""
    actor, errors = current_actor(), Errors()
    before = request.args.get("before", type=int)
    criteria = _criteria(errors, before)
    changes = [] if before else queries.list_role_changes(actor)
    found, staff = list_entries(actor, criteria), queries.list_staff(actor)
    entries = found[: queries.PAGE]
    return render_template(
        "administration/show_audit.html",
        entries=entries,
        changes=changes,
        names={one.account_id: one.name for one in staff},
        staff=[(one.account_id, one.name) for one in staff],
        asked={name: request.args.get(name, "") for name in FILTERS},
        older=_older(entries) if len(found) > queries.PAGE else "",
        errors=errors,
        words=words,
    )


def _criteria(errors: Errors, before: int | None) -> Criteria:
    outcome = request.args.get("outcome", "")
    since, until = _day("since", errors), _day("until", errors)
    return Criteria(
        actor_id=typed_id(request.args.get("who")),
        object_kind=request.args.get("kind") or None,
        object_id=typed_id(request.args.get("object")),
        outcome=Outcome(outcome) if outcome in set(Outcome) else None,
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        before=before,
        limit=queries.PAGE + 1,
    )


def _day(name: str, errors: Errors) -> date | None:
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        found = parse_date(text).exact
    except InvalidText:
        found = None
    if found is None:
        errors.append((name, gettext("Type the day as dd/mm/yyyy.")))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LOCAL)


def _older(entries: list[Entry]) -> str:
    asked = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return url_for("administration.show_audit", **asked, before=entries[-1].seq)  # type: ignore[arg-type]


@blueprint.get("/audit/check")
@requires(Permission.AUDIT_READ)
def check_log() -> ResponseReturnValue:
    """Check the log and say in words what was found.

    By GET, because it changes nothing and a long check must not keep others from writing.
    """
    app, is_deep = application(), request.args.get("deep") == "yes"
    verdict = service.check_log(current_actor(), app.database, app.keyring, folder(), deep=is_deep)
    return render_template("administration/check_log.html", verdict=verdict, is_deep=is_deep, words=words)
