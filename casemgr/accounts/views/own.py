"""The pages of one's own account: sessions, password, codes."""

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue

from casemgr.accounts import queries, service
from casemgr.accounts.forms import ChangePasswordForm, errors_of, password_words
from casemgr.accounts.service import Step
from casemgr.accounts.stepup import fresh
from casemgr.accounts.views.blueprint import NONE, address, blueprint, go, show, tried
from casemgr.accounts.views.enrolment import next_url
from casemgr.i18n import gettext as _
from casemgr.i18n import ngettext
from casemgr.policy import Permission, Role
from casemgr.web.guard import current_actor, requires

STEPS = {step.value: step for step in (Step.APP, Step.SHEET, Step.RECOVERY)}


@blueprint.get("/account")
@requires(Permission.ACCOUNT_SELF)
def show_account() -> ResponseReturnValue:
    """Show one's own account: name, ways to sign in, open sessions."""
    actor = current_actor()
    hours = current_app.extensions["casemgr.settings"].session_hours
    return show(
        "accounts/show_account.html",
        [],
        person=queries.get_self(actor),
        open_sessions=service.list_sessions(actor, session_hours=hours),
        kinds=service.find_code_kinds(actor),
        counts=service.count_codes(actor),
        asked=queries.find_own_request(actor),
    )


@blueprint.post("/account/request/refuse")
@requires(Permission.ACCOUNT_SELF)
def refuse_request() -> ResponseReturnValue:
    """Stop what an administrator asked for about one's own account."""
    service.refuse_own(current_actor())
    flash(_("Stopped. Your account stays as it is. Tell your supervisor about it."), "ok")
    return go(url_for("accounts.show_account"))


@blueprint.post("/account/sessions/end")
@requires(Permission.ACCOUNT_SELF)
def end_other_sessions() -> ResponseReturnValue:
    """End one's sessions on other devices."""
    ended = service.end_other_sessions(current_actor())
    flash(
        ngettext("%(num)s other session has been ended.", "%(num)s other sessions have been ended.", ended),
        "ok",
    )
    return go(url_for("accounts.show_account"))


@blueprint.route("/account/password", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_SELF)
def change_password() -> ResponseReturnValue:
    """Replace one's password."""
    actor, form, errors, status = current_actor(), ChangePasswordForm(), NONE, 200
    is_administrator = Role.ADMINISTRATOR in actor.roles
    if form.validate_on_submit():
        attempt = service.change_password(actor, form.password.data, form.new.data, address=address())
        if attempt.token:
            flash(_("The password has been changed. All other sessions have ended."), "ok")
            return go(url_for("accounts.show_account"), attempt.token)
        errors, status = tried(attempt, "password", _("The present password is wrong."))
        if attempt.problem not in {"", "wrong"}:
            errors = [("new", password_words(attempt.problem, is_administrator=is_administrator))]
    return show(
        "accounts/change_password.html", errors or errors_of(form), status, is_administrator=is_administrator
    )


@blueprint.post("/account/factors")
@requires(Permission.ACCOUNT_SELF)
@fresh
def renew_factor() -> ResponseReturnValue:
    """Begin a new app, a new sheet or new recovery codes."""
    step = STEPS.get(request.form.get("kind", ""))
    if step is None:
        return go(url_for("accounts.show_account"))
    service.begin_factor(current_actor(), step)
    return go(next_url(current_actor()))


@blueprint.post("/account/factors/drop")
@requires(Permission.ACCOUNT_SELF)
def drop_renewal() -> ResponseReturnValue:
    """Give up a renewal; what was in use before stays in use."""
    service.drop_shown(current_actor())
    return go(url_for("accounts.show_account"))
