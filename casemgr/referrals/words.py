"""A referral in words: its states, its outcome, what stood in the way; it teaches its words to the case."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from casemgr import clock, i18n
from casemgr.audit.rules import INSTALLATION
from casemgr.cases.words import add_words
from casemgr.codes import lists
from casemgr.i18n import gettext, lazy_gettext
from casemgr.questions import read_lines
from casemgr.referrals import forms
from casemgr.referrals.queries.log import CLOSED, COPIED, CORRECTED, OPENED, PREPARED, PRINTED, Trace
from casemgr.referrals.rules import CHILD_PROTECTION, OFFER, OUTCOMES, TAKEN_BACK, ReferralState, untold_of
from casemgr.support.rules import USUAL

STATES = {
    ReferralState.SENT: (lazy_gettext("Waiting for an answer"), "warn"),
    ReferralState.SEEN: (lazy_gettext("Opened, waiting for an answer"), "warn"),
    ReferralState.ACCEPTED: (lazy_gettext("Accepted"), "ok"),
    ReferralState.DECLINED: (lazy_gettext("Declined"), "danger"),
    ReferralState.REDIRECTED: (lazy_gettext("Passed on to another unit"), "info"),
    ReferralState.ARRIVED: (lazy_gettext("Has arrived"), "ok"),
    ReferralState.DID_NOT_COME: (lazy_gettext("Did not come"), "danger"),
    ReferralState.IN_SERVICE: (lazy_gettext("The service is running"), "ok"),
    ReferralState.COMPLETED: (lazy_gettext("Completed"), "ok"),
    ReferralState.RECALLED: (lazy_gettext("Recalled"), "neutral"),
    ReferralState.EXPIRED: (lazy_gettext("Time is over without news"), "danger"),
    ReferralState.WITHDRAWN: (lazy_gettext("Stopped by the survivor"), "neutral"),
}

REFUSALS = {
    "no_consent": lazy_gettext("There is no consent to a referral for this service."),
    "not_agreed": lazy_gettext("The survivor did not agree to share all of this for this service."),
    "suspended": lazy_gettext("This address takes nobody in at present."),
    "other_service": lazy_gettext("This kind of support belongs to another service."),
    "has_account": lazy_gettext("Somebody of this unit can answer here: no letter is needed."),
    "no_bed": lazy_gettext("There are not enough free beds for this group."),
    "no_reason": lazy_gettext("Say why more people than declared are taken in."),
}

add_words(
    entries={
        "service_gap": lazy_gettext("A service was looked for and not there"),
        "referral_sent": lazy_gettext("Referral sent"),
        "referral_accepted": lazy_gettext("Referral accepted by the unit"),
        "referral_declined": lazy_gettext("Referral declined by the unit"),
        "referral_arrived": lazy_gettext("Arrived at the unit"),
        "referral_did_not_come": lazy_gettext("Did not come to the unit"),
        "referral_completed": lazy_gettext("Referral completed"),
        "referral_recalled": lazy_gettext("Referral recalled"),
        "referral_redirected": lazy_gettext("Referral passed on by the unit"),
        "referral_in_service": lazy_gettext("The service has begun"),
        "address_exposed": lazy_gettext("The address has become known"),
        "referral_late": lazy_gettext("Referral: no answer in time"),
        "stay_extended": lazy_gettext("The stay was extended"),
        "stay_people": lazy_gettext("Shelter: how many are there was corrected"),
        "stay_incident": lazy_gettext("Something happened at the address"),
        "referral_hotline": lazy_gettext("A hotline agreed by telephone to help"),
        "stay_exceeded": lazy_gettext("The keeper took in more people than declared"),
        "referral_expired": lazy_gettext("Referral expired"),
        "referral_withdrawn": lazy_gettext("Referral stopped by the survivor"),
        "referral_corrected": lazy_gettext("Referral corrected: the unit sees what is new"),
        "referral_unwanted": lazy_gettext("Consent taken back while help is running"),
        "referral_left_out": lazy_gettext("Closed for whom the survivor leaves out now"),
        "referral_unread": lazy_gettext("Nobody at the unit may open the referral any more"),
        "letter_closed": lazy_gettext("The letter answers no more: too many wrong codes"),
    },
    tasks={
        "referral_answer": lazy_gettext("Referral: an answer is awaited"),
        "referral_arrival": lazy_gettext("Referral accepted: check that the survivor has arrived"),
        "referral_elsewhere": lazy_gettext("Referral not accepted: ask another unit"),
        "referral_missing": lazy_gettext("Did not come: get in touch safely"),
        "referral_late": lazy_gettext("Referral: no answer in time, call or ask the next unit"),
        "referral_hotline": lazy_gettext("A hotline helps: ask whether help has come"),
        "referral_move": lazy_gettext("The address has become known: move them today"),
        "referral_silent": lazy_gettext("No news of a referral: ask whether help came"),
        "stay_review": lazy_gettext("Shelter: the agreed days end, extend or plan the leaving"),
        "stay_unsafe": lazy_gettext("Left the shelter without being safe: get in touch safely"),
        "stay_extended": lazy_gettext("Shelter: the stay was extended, check the plan"),
        "stay_incident": lazy_gettext("Something happened at the address: check that they are safe"),
        "stay_exceeded": lazy_gettext("More people than declared: check how the address copes"),
        "referral_unwanted": lazy_gettext("Consent taken back while help is running: talk it over today"),
        "referral_unread": lazy_gettext("Nobody at the unit may open it any more: call, or ask another unit"),
        "referral_record": lazy_gettext("Taken back, but the unit's own record goes on: call the unit"),
        "letter_closed": lazy_gettext("Too many wrong codes for a letter: call the unit, draw new codes"),
    },
    fields={
        "referrals": lazy_gettext("referrals"),
        "request": lazy_gettext("what a unit was asked"),
        "outcome": lazy_gettext("what became of it"),
        "shared": lazy_gettext("what the unit was told"),
    },
    doors={
        "referral_answer": "referrals.list_referrals",
        "referral_arrival": "referrals.list_referrals",
        "referral_elsewhere": "referrals.send_referral",
        "referral_late": "referrals.list_referrals",
        "referral_hotline": "referrals.list_referrals",
        "referral_move": "referrals.send_urgent",
        "referral_silent": "referrals.list_referrals",
        "referral_unwanted": "referrals.list_referrals",
        "referral_unread": "referrals.list_referrals",
        "referral_record": "referrals.list_referrals",
        "letter_closed": "referrals.list_referrals",
        "referral_missing": "survivors.show_identity",
        "stay_exceeded": "referrals.list_referrals",
        "stay_review": "referrals.list_referrals",
        "stay_extended": "referrals.list_referrals",
        "stay_incident": "referrals.list_referrals",
        "stay_unsafe": "survivors.show_identity",
    },
)


MISSING = {
    "service": lazy_gettext("Choose a service."),
    "unit": lazy_gettext("Choose a unit."),
}


def missing(name: str) -> tuple[str, str]:
    """Return a field in which nothing was chosen, and what is to be done."""
    return name, str(MISSING[name])


def state(code: str) -> tuple[str, str]:
    """Return a state in words, with the tone of its tag."""
    words, tone = STATES[ReferralState(code)]
    return str(words), tone


def hotlines(service: str) -> list[tuple[str, str, str]]:
    """Return the hotlines, those for a service first: code, name and number."""
    codes = sorted(lists.get("hotline"), key=lambda code: service not in code.rollups["services"])
    return [(code.code, code.label(i18n.language()), code.attributes["phone"]) for code in codes]


def refusal(reason: str) -> str:
    """Return why something was refused, in words."""
    return str(REFUSALS.get(reason) or gettext("This is not possible at present."))


def trace_lines(traces: Collection[Trace], names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """Return the log of a bundle as the timeline shows it."""
    return [
        {
            "at": clock.local(trace.at).strftime("%d/%m/%Y %H:%M"),
            "moment": trace.at.isoformat(),
            "who": _who(trace, names),
            "title": _deed(trace),
            "earlier": _told_before(trace),
        }
        for trace in traces
    ]


def _who(trace: Trace, names: Mapping[UUID, str]) -> str:
    if trace.who == INSTALLATION:
        return str(gettext("Reply form"))
    return names.get(trace.who, "") if trace.who else ""


_OF_LETTERS = {
    PREPARED: lazy_gettext("Drew a new passphrase and a new code for the letter"),
    PRINTED: lazy_gettext("Drew the letter on paper"),
    CLOSED: lazy_gettext("Gave out the encrypted file"),
    OPENED: lazy_gettext("Number and code of the letter were typed: the answer page was opened"),
}


def _deed(trace: Trace) -> str:
    if trace.act == CORRECTED:
        return str(gettext("Put right: %(fields)s", fields=", ".join(field_names(trace.fields))))
    if trace.act == COPIED:
        return str(gettext("Drew a copy on paper, number %(number)s", number=trace.number))
    if trace.act in _OF_LETTERS:
        return " · ".join([str(_OF_LETTERS[trace.act]), *field_names(trace.fields)])
    if "content" in trace.fields:
        return str(gettext("Read the request, who is coming and where to meet"))
    return str(gettext("Read the request, which names nobody"))


def _told_before(trace: Trace) -> list[tuple[str, str]]:
    """Return what the unit could read until a correction; nothing where a field was empty."""
    return _lines(forms.SENDING.questions(), trace.before)


def field_names(names: Collection[str]) -> list[str]:
    """Return the labels of some questions of a referral, in the order of its form."""
    return [
        str(getattr(one.label, i18n.language())) for one in forms.SENDING.questions() if one.name in names
    ]


def offer_lines(offer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return an offer question by question, as the unit is told it."""
    untold = untold_of(offer.get("service", ""))
    told = {name: value for name, value in offer.items() if name not in untold}
    return [*asked_lines(told), *_lines(forms.SENDING.section("offer"), told)]


def asked_lines(offer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what an offer says beside what all of them say: the help that is needed, or the child."""
    own = [*forms.AID, *(question for question in forms.CHILD if question.name in OFFER)]
    return _lines(own, offer)


def becomes(service: str) -> str:
    """Say what a referral for a service becomes where a unit accepts, empty for most."""
    if service == CHILD_PROTECTION:
        return str(gettext("Accepted, it becomes a child-protection record with its own key and owner."))
    if service in USUAL:
        return str(
            gettext("Accepted, it becomes a line in the unit's list of beneficiaries, like any other.")
        )
    return ""


def needs(offer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return which access and which languages are needed, where any are."""
    asked = [forms.SENDING.question(name) for name in ("access_needs", "languages")]
    return [(label, answer) for label, answer in _lines(asked, offer) if answer]


def ages(offer: Mapping[str, Any]) -> list[str]:
    """Return the age groups of an offer in words."""
    return [lists.label("age_band_vn", code, i18n.language()) for code in offer.get("age_bands") or ()]


def content_lines(content: Mapping[str, Any], without: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the shared part question by question, without what stands elsewhere on the page."""
    shown = {name: value for name, value in content.items() if name not in without}
    return _lines(forms.SENDING.section("content"), shown)


def paper_lines(offer: Mapping[str, Any], content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was asked and what is shared as lines of a paper."""
    service = lists.label("service", offer["service"], i18n.language())
    return [(gettext("Service"), service), *offer_lines(offer), *content_lines(content)]


def _lines(questions: Any, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(line.label, line.answer) for line in read_lines(questions, values, i18n.language())]


def outcome_lines(outcome: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return how a referral was answered, in words."""
    language = i18n.language()
    lines = [
        (gettext("Reason"), _label("referral_decline_reason", outcome.get("reason"), language)),
        (gettext("Whether the need was met"), _label("needs_met", outcome.get("needs_met"), language)),
        (gettext("Safe where they went"), _label("leaving_safety", outcome.get("safety"), language)),
        (gettext("What the survivor says of it"), _label("feedback", outcome.get("feedback"), language)),
        (gettext("In the survivor's words"), outcome.get("feedback_text") or ""),
        (gettext("Left for"), _label("stay_end_reason", outcome.get("left_to"), language)),
        (_whose_words(outcome), outcome.get("text") or ""),
        (
            gettext("Answered by") if outcome.get("by_letter") else gettext("By telephone with"),
            outcome.get("spoke_with") or "",
        ),
        (gettext("How"), gettext("Recorded by telephone") if outcome.get("by_phone") else ""),
        (gettext("How"), gettext("By the reply form of the letter") if outcome.get("by_letter") else ""),
        (gettext("Hotline that helps"), _label("hotline", outcome.get("hotline"), language)),
        (gettext("Why"), gettext("The address has become known") if outcome.get("exposed") else ""),
        (gettext("More than declared, knowingly"), outcome.get("exceeded") or ""),
        (
            gettext("Record of the unit"),
            gettext("It stays with the unit and goes on. Tell the unit by telephone what has changed.")
            if outcome.get("record")
            else "",
        ),
    ]
    return [(label, answer) for label, answer in lines if answer]


def _whose_words(outcome: Mapping[str, Any]) -> str:
    """Return what the words are: why the sender took it back, or what the unit said."""
    taken_back = {OUTCOMES[state] for state in TAKEN_BACK}
    return str(gettext("Why") if outcome.get("code") in taken_back else gettext("Words of the unit"))


def _label(code_list: str, code: str | None, language: str) -> str:
    return lists.label(code_list, code, language) if code else ""
