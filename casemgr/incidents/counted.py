"""What counts an incident: its codes, put together from the answers about what happened, to whom, by whom."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from casemgr.codes import lists
from casemgr.incidents.rules import (
    FORMS,
    NOT_KNOWN,
    age_at_incident,
    band,
    contexts,
    delay_band,
    forms_of,
    happened_on,
    perpetrator_number,
    primary,
    suggest_track,
)

SERVICES = ("safe_house", "health", "psychosocial", "legal", "police", "livelihoods", "child_protection")
"""Services of list `gbvims_service`; each is asked about under `service_` and its code."""

CONTEXTS = ("sex_expl", "sex_slavery", "htp", "traffick", "cyber", "consang", "gambling")
"""Contexts that are counted as such; the others follow from type, age and relation, and are counted there."""

NO_DISABILITY = "none"
NURSING = frozenset({"mang_thai", "nuoi_con_nho"})
OWN_CODES = ("marital", "poverty", "displacement", "vulnerable_child")
ASKED_TOGETHER = ("marital", "occupation", "poverty", "ethnicity", "children_count", "vulnerability")
"""Questions beside those that are left empty for "none": once one of them is answered, empty means none."""

DOMESTIC = "dv"


def fact_codes(
    *,
    answers: Mapping[str, Any],
    core_type: str | None,
    person: Mapping[str, Any],
    report: Mapping[str, Any],
    reported_on: date,
    perpetrators: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the codes that count an incident, but for event, hamlet and consent, which its file knows.

    `person` are the answers about the survivor, `report` those about how the report came. The derived codes
    follow the GBVIMS Incident Recorder.
    """
    about = list(perpetrators)
    age = age_at_incident(person, answers, reported_on)
    forms, track = forms_of(answers), _track(answers, age)
    return {
        "gbvims_type": core_type,
        "domestic": _yes(track == DOMESTIC) if track else None,
        "sex": person.get("sex") or "khac",
        "age_band_gbvims": band("age_band_gbvims", age),
        "age_band_vn": band("age_band_vn", age),
        **{field: _yes(form in forms) for form, field in FORMS.items()},
        **_of_person(person),
        **_of_event(answers, core_type, age, about, reported_on),
        **_of_perpetrators(answers, about),
        "referred_by": report.get("referred_by"),
        "reported_elsewhere": _yes(answers.get("reported_elsewhere") == "co_gbvims"),
    }


def _of_person(person: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is counted of who she is; an answer that was not given stays open."""
    nursing = bool(NURSING & set(person.get("vulnerability") or ()))
    return {
        **{name: person.get(name) for name in OWN_CODES},
        "disability": disability_group(person),
        "minority": _minority(person),
        "nursing": _yes(nursing) if nursing or _was_asked(person) else None,
    }


def _of_event(
    answers: Mapping[str, Any],
    core_type: str | None,
    age: int | None,
    about: list[Mapping[str, Any]],
    reported_on: date,
) -> dict[str, Any]:
    found = contexts(core_type, age, answers, (one.get("relation") or NOT_KNOWN for one in about))
    return {
        "previous_incidents": _answer(answers.get("previous_incidents")),
        "displacement_stage": answers.get("displacement_stage"),
        "time_of_day": answers.get("time_of_day"),
        "place": answers.get("place"),
        "report_delay": delay_band(happened_on(answers), reported_on),
        **{f"context_{code}": _yes(code in found) for code in CONTEXTS},
        **{f"service_{code}": _service(answers, code) for code in SERVICES},
    }


def _of_perpetrators(answers: Mapping[str, Any], about: list[Mapping[str, Any]]) -> dict[str, Any]:
    main = primary(about)
    return {
        "relationship": main.get("relation") or NOT_KNOWN,
        "perpetrator_sex": main.get("sex") or "khac",
        "perpetrator_number": perpetrator_number(len(about), answers.get("perpetrator_number")),
        "perpetrator_age": main.get("age_band"),
        "perpetrator_occupation": main.get("occupation"),
        "alcohol": _answer(main.get("alcohol")),
        "drugs": _answer(main.get("drugs")),
        "previous_violence": _answer(main.get("previous_violence")),
    }


def disability_group(person: Mapping[str, Any]) -> str | None:
    """Return the GBVIMS group of her disabilities, or None when nobody asked about how she lives."""
    named = person.get("disability")
    if not named:
        return NO_DISABILITY if _was_asked(person) else None
    groups = {group for one in named for group in lists.rollups("disability_type", one, "gbvims")}
    return groups.pop() if len(groups) == 1 else "both"


def _minority(person: Mapping[str, Any]) -> str | None:
    ethnicity = person.get("ethnicity")
    if not ethnicity:
        return "yes" if "dtts" in (person.get("vulnerability") or ()) else None
    return _yes(lists.attribute("ethnic_group", ethnicity, "minority") == "1")


def _was_asked(person: Mapping[str, Any]) -> bool:
    return any(person.get(name) not in (None, "", []) for name in ASKED_TOGETHER)


def _service(answers: Mapping[str, Any], code: str) -> str | None:
    given = answers.get(f"service_{code}")
    return lists.rollup("referral_status", given, "gbvims") if given else None


def _track(answers: Mapping[str, Any], age: int | None) -> str | None:
    acts, basis = answers.get("dv_acts") or [], answers.get("relationship_basis")
    return answers.get("legal_track") or suggest_track(basis, acts, age)


def _yes(is_so: bool) -> str:  # noqa: FBT001 - the only thing it is asked
    return "yes" if is_so else "no"


def _answer(given: object) -> str | None:
    return str(given) if given in ("yes", "no") else None
