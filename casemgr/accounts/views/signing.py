"""Pages for getting in, staying, locking and leaving."""

from calendar import Calendar
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock, i18n
from casemgr.accounts import queries, returns, service, sessions
from casemgr.accounts.forms import CodeForm, PasswordForm, SignInForm, errors_of
from casemgr.accounts.views.blueprint import NONE, address, blueprint, go, onward, show, tried, wrong_code
from casemgr.i18n import gettext as _
from casemgr.policy import Permission
from casemgr.web.guard import current_actor, public, requires


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask for name and password."""
    standing = sessions.find_standing()
    if standing is not None and standing.stage in {"open", "locked"}:
        return go(returns.home_url())
    form, errors, status = SignInForm(), NONE, 200
    if form.validate_on_submit():
        user_agent = request.headers.get("User-Agent", "")
        attempt = service.sign_in(
            form.name.data, form.password.data, address=address(), user_agent=user_agent
        )
        if attempt.token:
            return go(url_for(sessions.PAGE_OF[attempt.stage], next=request.args.get("next")), attempt.token)
        errors, status = tried(attempt, "name", _("The name or the password is wrong."))
    is_over = standing is not None and standing.stage == "over"
    return show("accounts/sign_in.html", errors or errors_of(form), status, form=form, is_over=is_over)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
def enter_code() -> ResponseReturnValue:
    """Ask for a code of the second step."""
    standing = sessions.find_standing()
    if standing is None or standing.stage != "code":
        return go(url_for("accounts.sign_in", next=request.args.get("next")))
    form, errors, status = CodeForm(), NONE, 200
    if form.validate_on_submit():
        attempt = service.enter_code(standing.actor, form.code.data, address=address())
        if attempt.token:
            sessions.renew_visitor(standing.actor)
            is_open = attempt.stage == "open"
            return go(
                onward(standing.actor) if is_open else url_for("accounts.continue_enrolment"), attempt.token
            )
        errors, status = tried(attempt, "code", wrong_code())
    kinds = service.find_code_kinds(standing.actor)
    return show("accounts/enter_code.html", errors or errors_of(form), status, kinds=kinds)


@blueprint.route("/unlock", methods=["GET", "POST"])
@public
def unlock() -> ResponseReturnValue:
    """Ask for the password alone after an idle lock, then go back to the same page."""
    standing = sessions.find_standing()
    if standing is None or standing.stage != "locked":
        signed_in = standing is not None and standing.stage == "open"
        return go(onward(standing.actor) if standing and signed_in else url_for("accounts.sign_in"))
    form, errors, status = PasswordForm(), NONE, 200
    if form.validate_on_submit():
        attempt = service.unlock(standing.actor, form.password.data, address=address())
        if attempt.token or attempt.problem == "ended":
            return go(onward(standing.actor) if attempt.token else url_for("accounts.sign_in"), attempt.token)
        errors, status = tried(attempt, "password", _("The password is wrong."))
    name = queries.get_self(standing.actor).name
    return show("accounts/unlock.html", errors or errors_of(form), status, name=name)


@blueprint.route("/confirm", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_SELF)
def confirm() -> ResponseReturnValue:
    """Ask for the password again before a grave act."""
    form, errors, status = PasswordForm(), NONE, 200
    if form.validate_on_submit():
        attempt = service.prove(current_actor(), form.password.data, address=address())
        if attempt.token:
            return go(onward(current_actor()), attempt.token)
        errors, status = tried(attempt, "password", _("The password is wrong."))
    return show("accounts/confirm.html", errors or errors_of(form), status)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session and clear what the browser kept."""
    standing = sessions.find_standing()
    if standing is not None:
        service.end_session(standing.actor)
    response = sessions.take_token(go(url_for("accounts.sign_in")))
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@blueprint.post("/lock")
@public
def lock() -> ResponseReturnValue:
    """Lock the screen at once; the script asks for it when nobody has moved for a while."""
    standing = sessions.find_standing()
    if standing is not None and standing.stage == "open":
        service.lock_session(standing.actor)
    return "", 204


@blueprint.post("/stay")
@requires(Permission.ACCOUNT_SELF)
def stay() -> ResponseReturnValue:
    """Note that somebody is there, typing or reading."""
    return "", 204


@blueprint.post("/leave")
@public
def leave() -> ResponseReturnValue:
    """Quick exit: lock the session, or end a half-made one, and show a page that says nothing."""
    standing = sessions.find_standing()
    response = go(url_for("accounts.show_away"))
    if standing is None or standing.stage == "locked":
        return response
    if standing.stage == "open":
        service.lock_session(standing.actor)
        return response
    service.end_session(standing.actor)
    return sessions.take_token(response)


@blueprint.get("/away")
@public
def show_away() -> ResponseReturnValue:
    """Show a plain calendar without any trace of the product, and see that nothing is open behind it.

    A script asks for the lock in the background while the page already changes; who comes back sooner than
    that request arrived must not find the case.
    """
    standing = sessions.find_standing()
    if standing is not None and standing.stage == "open":
        service.lock_behind(standing.actor)
    # Nothing of anybody stands on it: where the lock cannot be written, an error shows whose screen it.
    g.leaves_anyway = True
    today = clock.today()
    weeks = Calendar().monthdatescalendar(today.year, today.month)
    return render_template("accounts/show_away.html", today=today, weeks=weeks)


@blueprint.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Change the language and return to the same page."""
    language = request.form.get("language", "")
    standing = sessions.find_standing()
    if language in i18n.LANGUAGES:
        i18n.choose_language(language)
        if standing is not None and standing.stage == "open":
            service.remember_language(standing.actor, language)
    back = returns.open_return(request.form.get("back"))
    return redirect(back or url_for("accounts.sign_in"), code=303)


@blueprint.get("/help")
@public
def show_help() -> ResponseReturnValue:
    """Explain signing in, quick exit and whom to ask."""
    return render_template("accounts/show_help.html")


@blueprint.get("/held")
@requires(Permission.ACCOUNT_SELF)
def show_held() -> ResponseReturnValue:
    """Offer again the forms that were sent while the screen was locked."""
    held = service.list_held(current_actor())
    onward_url = returns.open_return(request.args.get("next")) or returns.home_url()
    if not held:
        return go(onward_url)
    places = [(one, returns.open_return(returns.sign_route(one.endpoint, **one.place))) for one in held]
    return show("accounts/show_held.html", [], places=places, onward_url=onward_url, held_field=sessions.HELD)


@blueprint.post("/held/<uuid:held_id>/drop")
@requires(Permission.ACCOUNT_SELF)
def drop_held(held_id: UUID) -> ResponseReturnValue:
    """Forget a held form."""
    service.drop_post(current_actor(), held_id)
    flash(_("The form was thrown away."), "info")
    return go(url_for("accounts.show_held", next=request.args.get("next")))
