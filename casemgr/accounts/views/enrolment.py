"""Pages of the first sign-in: a password, a second factor and recovery codes of one's own."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import segno
from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.accounts import service, sessions
from casemgr.accounts.forms import (
    CodeForm,
    FactorForm,
    FirstSignInForm,
    KeptForm,
    NewPasswordForm,
    errors_of,
    password_words,
)
from casemgr.accounts.service import Step
from casemgr.accounts.stepup import require_fresh
from casemgr.accounts.views.blueprint import NONE, address, blueprint, go, onward, show, tried, wrong_code
from casemgr.i18n import gettext as _
from casemgr.policy import Actor, Role
from casemgr.web.guard import public

PAGES = {
    Step.PASSWORD: "accounts.choose_password",
    Step.FACTOR: "accounts.choose_factor",
    Step.APP: "accounts.confirm_app",
    Step.SHEET: "accounts.confirm_sheet",
    Step.RECOVERY: "accounts.keep_recovery",
}
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def _at(*steps: Step) -> Callable[[View], View]:
    """Let in only somebody who is at one of these steps; send others to their own."""

    def mark(view: View) -> View:
        @wraps(view)
        def checked(**arguments: Any) -> ResponseReturnValue:
            standing = sessions.find_standing()
            if standing is None or standing.stage not in {"enrol", "open"}:
                return go(url_for("accounts.sign_in"))
            if standing.stage == "open" and (answer := require_fresh()):
                return answer
            step = service.step_of(standing.actor)
            if step not in steps:
                return go(next_url(standing.actor))
            return view(standing.actor, **arguments)

        return checked  # type: ignore[return-value]

    return mark


def next_url(actor: Actor) -> str:
    """Return the page of the step that comes next; somebody who only renewed a factor is done."""
    standing = sessions.find_standing()
    step = service.step_of(actor)
    if step is Step.FACTOR and standing is not None and standing.stage == "open":
        return url_for("accounts.show_account")
    return url_for(PAGES[step])


@blueprint.route("/first", methods=["GET", "POST"])
@public
def first_sign_in() -> ResponseReturnValue:
    """Ask for the name and the printed invitation code."""
    form, errors, status = FirstSignInForm(), NONE, 200
    if form.validate_on_submit():
        user_agent = request.headers.get("User-Agent", "")
        attempt = service.redeem_invitation(
            form.name.data, form.code.data, address=address(), user_agent=user_agent
        )
        if attempt.token:
            return go(url_for("accounts.continue_enrolment"), attempt.token)
        errors, status = tried(attempt, "code", _("The name or the code is wrong, or the code is too old."))
    return show("accounts/first_sign_in.html", errors or errors_of(form), status, form=form)


@blueprint.get("/first/next")
@public
def continue_enrolment() -> ResponseReturnValue:
    """Go to the step that comes next."""
    standing = sessions.find_standing()
    if standing is None or standing.stage not in {"enrol", "open"}:
        return go(url_for("accounts.sign_in"))
    return go(next_url(standing.actor))


@blueprint.route("/first/password", methods=["GET", "POST"])
@public
@_at(Step.PASSWORD)
def choose_password(actor: Actor) -> ResponseReturnValue:
    """Let somebody who was invited choose a password."""
    form, errors = NewPasswordForm(), NONE
    is_administrator = Role.ADMINISTRATOR in actor.roles
    if form.validate_on_submit():
        attempt = service.choose_password(actor, form.new.data)
        if attempt.token:
            return go(url_for("accounts.choose_factor"), attempt.token)
        errors = [("new", password_words(attempt.problem, is_administrator=is_administrator))]
    return show("accounts/choose_password.html", errors or errors_of(form), is_administrator=is_administrator)


@blueprint.route("/first/factor", methods=["GET", "POST"])
@public
@_at(Step.FACTOR, Step.APP, Step.SHEET)
def choose_factor(actor: Actor) -> ResponseReturnValue:
    """Let somebody choose between an app on the phone and a printed sheet."""
    form = FactorForm()
    if form.validate_on_submit():
        service.begin_factor(actor, Step.SHEET if form.kind.data == "sheet" else Step.APP)
        return go(next_url(actor))
    return show("accounts/choose_factor.html", errors_of(form))


@blueprint.route("/first/app", methods=["GET", "POST"])
@public
@_at(Step.APP)
def confirm_app(actor: Actor) -> ResponseReturnValue:
    """Show the seed as a picture and as text until a code of it is typed."""
    form, errors = CodeForm(), NONE
    if form.validate_on_submit():
        if service.confirm_factor(actor, form.code.data):
            return go(next_url(actor))
        errors = [("code", wrong_code())]
    shown = service.shown_of(actor)
    picture = segno.make(shown.address, error="m").svg_data_uri(scale=5, light="#ffffff")
    return show("accounts/confirm_app.html", errors or errors_of(form), shown=shown, picture=picture)


@blueprint.route("/first/sheet", methods=["GET", "POST"])
@public
@_at(Step.SHEET)
def confirm_sheet(actor: Actor) -> ResponseReturnValue:
    """Show the sheet for printing until one of its codes is typed."""
    form, errors = CodeForm(), NONE
    if form.validate_on_submit():
        if service.confirm_factor(actor, form.code.data):
            return go(next_url(actor))
        errors = [("code", wrong_code())]
    return show(
        "accounts/confirm_sheet.html",
        errors or errors_of(form),
        shown=service.shown_of(actor),
        today=clock.today(),
    )


@blueprint.route("/first/recovery", methods=["GET", "POST"])
@public
@_at(Step.RECOVERY)
def keep_recovery(actor: Actor) -> ResponseReturnValue:
    """Show the recovery codes until their owner has them on paper; then the account is ready."""
    form = KeptForm()
    if form.validate_on_submit():
        attempt = service.finish(actor)
        sessions.renew_visitor(actor)
        flash(_("Done. From now on sign in with your name, your password and a code."), "ok")
        return go(onward(actor), attempt.token)
    return show(
        "accounts/keep_recovery.html", errors_of(form), shown=service.shown_of(actor), today=clock.today()
    )
