"""A person and her consents in words, in the language of the page."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from casemgr import i18n
from casemgr.cases.words import add_words
from casemgr.codes import lists
from casemgr.i18n import lazy_gettext
from casemgr.questions import Line, Question, answers, read_lines
from casemgr.questions.problems import PROBLEMS
from casemgr.survivors.hamlets import Choice, name_of
from casemgr.text.dates import PartialDate
from casemgr.web.fill import Filled, fill

if TYPE_CHECKING:
    from casemgr.survivors.models import Consent

STATES = {
    "given": lazy_gettext("Consent given"),
    "refused": lazy_gettext("Consent refused"),
    "withdrawn": lazy_gettext("Consent withdrawn"),
}

TONES = {"given": "ok", "refused": "danger", "withdrawn": "warn"}

add_words(
    entries={
        "consent_given": STATES["given"],
        "consent_refused": STATES["refused"],
        "consent_withdrawn": STATES["withdrawn"],
    },
    fields={
        "full_name": lazy_gettext("name"),
        "birth": lazy_gettext("date of birth"),
        "profile": lazy_gettext("circumstances"),
        "safe_contact": lazy_gettext("safe contact"),
        "consents": lazy_gettext("consents"),
    },
)


def lines(questions: Iterable[Question], values: Mapping[str, Any], hamlets: Sequence[Choice]) -> list[Line]:
    """Return the answered questions in words, the hamlet by its name."""
    shown = dict(values)
    if shown.get("hamlet"):
        shown["hamlet"] = name_of(shown["hamlet"], hamlets)
    return read_lines(questions, shown, i18n.language())


def read(
    questions: Iterable[Question],
    typed: Mapping[str, Sequence[str]],
    hamlets: Sequence[Choice],
    *,
    complete: bool = True,
) -> Filled:
    """Read a form about a person; a hamlet that is not on the list is a problem like any other."""
    filled = fill(answers.parse(questions, typed, complete=complete))
    hamlet = filled.values.get("hamlet")
    if hamlet and hamlet not in dict(hamlets):
        return Filled(typed=filled.typed, problems={**filled.problems, "hamlet": PROBLEMS["choice"]})
    return filled


def consent_in_words(consent: "Consent") -> dict[str, Any]:
    """Return a record of consent as its page lists it."""
    locale, document = i18n.language(), consent.document
    service = document.get("service")
    return {
        "id": consent.id,
        "version": consent.version,
        "state": consent.state,
        "state_words": str(STATES[consent.state]),
        "tone": TONES[consent.state],
        "purpose": lists.label("consent_purpose", document["purpose"], locale),
        "service": lists.label("service", service, locale) if service else "",
        "how": lists.label("consent_how", document["how"], locale) if document.get("how") else "",
        "given_on": PartialDate.from_storage(document["given_on"]).display(locale),
        "expires_on": _day(document.get("expires_on"), locale),
        "withdrawn_on": _day(document.get("withdrawn_on"), locale),
        "note": document.get("note") or "",
    }


def _day(stored: str | None, locale: str) -> str:
    return PartialDate.from_storage(stored).display(locale) if stored else ""
