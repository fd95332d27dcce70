"""The one page for partners without an account: number and code, then the steps that can be taken now."""

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from casemgr.errors import Conflict, Refused
from casemgr.i18n import gettext
from casemgr.referrals import forms, service, words
from casemgr.referrals.rules import ReferralState
from casemgr.referrals.views.blueprint import blueprint
from casemgr.referrals.views.letters import reply_address
from casemgr.referrals.views.sheet import as_id
from casemgr.web.fill import Filled, sent_form
from casemgr.web.guard import public


@blueprint.route("/reply", methods=["GET", "POST"])
@public
def reply() -> ResponseReturnValue:
    """Take an answer by number and code. Whatever is wrong with them, the answer is the same.

    A wrong try answers 200, because the transaction that counts it must commit.
    """
    if not reply_address():
        abort(404)
    if request.method == "GET":
        return _page()
    proof = service.Proof(
        number=request.form.get("number", "")[:40],
        code=request.form.get("code", "")[:40],
        address=request.remote_addr or "unknown",
    )
    if "answer" in request.form:
        return _take(proof)
    standing = service.open_reply(proof)
    return _page(proof=proof, standing=standing) if standing else _wrong()


def _take(proof: service.Proof) -> ResponseReturnValue:
    """Take the chosen answer; one that lacks something is shown again and leaves the code good."""
    answer = _answer_of(request.form.get("answer", ""))
    filled = sent_form(_questions(answer))
    values = {**filled.values, "spoke_with": request.form.get("spoke_with", "").strip()[:100]}
    errors = filled.errors
    if answer == ReferralState.REDIRECTED:
        values = {"unit": as_id(request.form.get("unit", "")), "text": values.get("text")}
        errors = [] if values["unit"] else [words.missing("unit")]
    taken = None
    if not errors:
        try:
            taken = service.take_reply(proof, answer, **values)
        except (Refused, Conflict) as refused:
            errors = [("", words.refusal(refused.reason))]
        else:
            return _page(taken=taken) if taken else _wrong()
    standing = service.open_reply(proof)
    shown = {"proof": proof, "standing": standing, "filled": filled, "tried": answer}
    return (_page(**shown, errors=errors), 422) if standing else _wrong()


def _answer_of(text: str) -> ReferralState:
    try:
        return ReferralState(text)
    except ValueError:
        abort(400)


def _questions(answer: ReferralState) -> tuple[Any, ...]:
    match answer:
        case ReferralState.DECLINED:
            return tuple(forms.DECLINING)
        case ReferralState.COMPLETED if "stay" in request.form:
            return tuple(forms.ENDING_STAY)
        case ReferralState.COMPLETED:
            return tuple(forms.ENDING)
        case _:
            return (forms.ANSWER_NOTE,)


def _wrong() -> str:
    """Say that number and code open nothing; what was typed as the number stays, the code does not."""
    return _page(
        number=request.form.get("number", ""), errors=[("number", gettext("Number and code open nothing."))]
    )


def _page(**context: Any) -> str:
    known: dict[str, Any] = {
        "proof": None,
        "number": "",
        "standing": None,
        "taken": None,
        "filled": Filled(),
        "tried": "",
        "errors": [],
    }
    return render_template("referrals/reply.html", forms=forms, **{**known, **context})
