"""An incident in words, in the language of the page."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from casemgr import i18n
from casemgr.cases.words import add_words
from casemgr.codes import lists
from casemgr.i18n import gettext, lazy_gettext
from casemgr.incidents import forms
from casemgr.incidents.rules import NOT_KNOWN
from casemgr.questions import read_lines
from casemgr.text.dates import PartialDate

if TYPE_CHECKING:
    from casemgr.incidents.models import Incident, Perpetrator
    from casemgr.incidents.queries import Derived

OUTSIDE = frozenset({"account", "injuries"})
"""Answers that stand apart, folded away: nobody has to read them to work with the page."""

add_words(
    entries={"incident_added": lazy_gettext("Incident recorded")},
    fields={
        "incidents": lazy_gettext("incidents"),
        "perpetrators": lazy_gettext("alleged perpetrators"),
        "document": lazy_gettext("answers"),
        "classification": lazy_gettext("classification"),
    },
)


def type_words(core_type: str | None) -> str:
    """Return the core type in words."""
    return lists.label("gbvims_type", core_type, i18n.language()) if core_type else gettext("Not classified")


def headline(incident: "Incident") -> dict[str, Any]:
    """Return what the list of incidents shows of one."""
    happened_on = incident.answers.get("happened_on")
    locale = i18n.language()
    return {
        "id": incident.id,
        "code": incident.code,
        "type": type_words((incident.classification or {}).get("type")),
        "happened_on": PartialDate.from_storage(happened_on).display(locale) if happened_on else "",
        "reported_on": incident.reported_on,
    }


def told(incident: "Incident") -> list[tuple[Any, list[tuple[str, str]]]]:
    """Return the answers by section, without what somebody may not want to read."""
    values = {name: value for name, value in incident.answers.items() if name not in OUTSIDE}
    values |= (incident.classification or {}).get("answers", {})
    locale = i18n.language()
    return [
        (section.title, [(line.label, line.answer) for line in read_lines(section, values, locale)])
        for section in forms.INCIDENT.sections
    ]


def derived_lines(derived: "Derived") -> list[tuple[str, Any]]:
    """Return what follows from the answers, line by line."""
    rows: list[tuple[str, Any]] = [
        (gettext("Forms of violence"), _labels("violence_form", derived.forms)),
        (gettext("Contexts"), _labels("case_context", derived.contexts)),
        (gettext("Age at the incident"), _age(derived)),
        (gettext("From incident to report"), _labels("report_delay", [derived.report_delay])[0]),
        (
            gettext("Number of perpetrators"),
            _labels("perpetrator_number", [derived.perpetrator_number])[0],
        ),
    ]
    if derived.suggested_track:
        rows.append(
            (gettext("Law that applies, suggested"), _labels("legal_track", [derived.suggested_track])[0])
        )
    return rows


def _age(derived: "Derived") -> str:
    if derived.age is None:
        return _labels("age_band_vn", [NOT_KNOWN])[0]
    return f"{derived.age} ({_labels('age_band_vn', [derived.age_band_vn])[0]})"


def _labels(list_name: str, codes: Iterable[str]) -> list[str]:
    return [lists.label(list_name, code, i18n.language()) for code in codes]


def not_covered(derived: "Derived") -> list[str]:
    """Return the acts that the Domestic Violence Law does not name for this relation, in words."""
    return _labels("dv_act", derived.acts_not_covered)


def perpetrator_lines(perpetrator: "Perpetrator") -> list[tuple[str, str]]:
    """Return what is known of an alleged perpetrator, line by line."""
    lines = read_lines(forms.PERPETRATOR.questions(), perpetrator.answers, i18n.language())
    return [(line.label, line.answer) for line in lines]
