"""How an incident is classified, and what follows from its answers; no table and no page."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from casemgr.codes import lists
from casemgr.survivors.rules import age_on
from casemgr.text.dates import PartialDate

FORM = "incident"
VERSION = 1
PERPETRATOR_FORM = "perpetrator"
PERPETRATOR_VERSION = 1

TOOL = "gbvims-1"
"""Version of the classification tool, stored with every answer it was given."""

GENDER_BASED = "gender_based"
STEPS: tuple[tuple[str, str], ...] = (
    ("penetration", "rape"),
    ("sexual_contact", "sex_assault"),
    ("physical_force", "phys_assault"),
    ("forced_marriage", "forced_marr"),
    ("denial_of_resources", "denial"),
    ("emotional_harm", "psych"),
)
"""The six questions after the first one, in their order, and the type that the first "yes" gives."""

WIZARD = (GENDER_BASED, *(name for name, _ in STEPS))
NON_GBV = "non_gbv"
NOT_KNOWN = "khong_ro"

SEXUAL = frozenset({"rape", "sex_assault"})
ADULT = 18
COUNTED_TRACKS = frozenset({"dv", "child_abuse", "traffick"})
"""Legal tracks whose incidents the law makes a commune count, with or without a file."""

COPIED = ("happened_on", "time_of_day", "place")
COPIED_OF_PERPETRATOR = ("is_primary", "sex", "age_band", "occupation", "alcohol", "drugs")
"""What two files about one event may share: nothing that names anybody, nothing that somebody told."""

FORMS = {
    "than_the": "form_physical",
    "tinh_than": "form_psychological",
    "tinh_duc": "form_sexual",
    "kinh_te": "form_economic",
}


def derive_type(answers: Mapping[str, str]) -> str | None:
    """Return the one core type that the answers give, or None while a question before it is open.

    The act alone decides: the first "yes" in order. What is not based on gender is not counted as such.
    """
    if answers.get(GENDER_BASED) == "no":
        return NON_GBV
    if answers.get(GENDER_BASED) != "yes":
        return None
    for name, core_type in STEPS:
        if answers.get(name) == "yes":
            return core_type
        if answers.get(name) != "no":
            return None
    return NON_GBV


def keep_asked(answers: Mapping[str, Any]) -> dict[str, str]:
    """Keep the wizard's answers up to the one that decides; what stands after it was never asked."""
    kept: dict[str, str] = {}
    for name in WIZARD:
        if answers.get(name) not in ("yes", "no"):
            break
        kept[name] = answers[name]
        if (answers[name] == "yes") != (name == GENDER_BASED):
            break
    return kept


def classify(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of a classification: answers, the type they give, the tool."""
    kept = keep_asked(answers)
    derived = derive_type(kept)
    return {"tool": TOOL, "answers": kept, "derived": derived, "type": derived, "override": None}


def reclassify(before: Mapping[str, Any] | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Classify anew; an override stands as long as the answers that it overrode."""
    after = classify(answers)
    if before and before.get("override") and before["answers"] == after["answers"]:
        return dict(before)
    return after


def override(
    classification: Mapping[str, Any], *, core_type: str, reason: str, by: str, on: date
) -> dict[str, Any]:
    """Put another type in place of the derived one, which stays on record beside the reason."""
    decided = {"type": core_type, "reason": reason, "by": by, "on": on.isoformat()}
    return {**classification, "type": core_type, "override": decided}


def happened_on(answers: Mapping[str, Any]) -> PartialDate | None:
    """Return the date of the incident as far as it is known."""
    stored = answers.get("happened_on")
    return PartialDate.from_storage(stored) if stored else None


def age_at_incident(person: Mapping[str, Any], answers: Mapping[str, Any], reported_on: date) -> int | None:
    """Return the age at the incident, or on the day of the report while the day is not known."""
    day = happened_on(answers)
    return age_on(person, min(day.earliest, reported_on) if day else reported_on)


def band(list_name: str, age: int | None) -> str:
    """Return the age band of a list, both ends included; not known without an age."""
    if age is None:
        return NOT_KNOWN
    return _within(list_name, "min_age", "max_age", age)


def delay_band(happened_on: PartialDate | None, reported_on: date) -> str:
    """Return the band of days from incident to report; not known when the date leaves two bands open."""
    if happened_on is None or happened_on.is_estimated or happened_on.earliest > reported_on:
        return NOT_KNOWN
    longest = (reported_on - happened_on.earliest).days
    shortest = max(0, (reported_on - happened_on.latest).days)
    bands = {_within("report_delay", "min_days", "max_days", days) for days in (shortest, longest)}
    return bands.pop() if len(bands) == 1 else NOT_KNOWN


def _within(list_name: str, least: str, most: str, number: int) -> str:
    for code in lists.get(list_name):
        low, high = code.attributes[least], code.attributes[most]
        if low and int(low) <= number and (not high or number <= int(high)):
            return code.code
    return NOT_KNOWN


def perpetrator_number(count: int, stated: str | None = None) -> str:
    """Return how many perpetrators there were: as stated, else as many as are recorded."""
    if stated:
        return stated
    return {0: NOT_KNOWN, 1: "mot", 2: "hai", 3: "ba"}.get(count, "hon_ba")


def contexts(
    core_type: str | None, age: int | None, answers: Mapping[str, Any], relations: Iterable[str]
) -> frozenset[str]:
    """Return the contexts of an incident, codes of list `case_context`; an incident may have several.

    Each asks for the answer that means yes: "no", "not known" and silence are no context.
    """
    is_gbv = core_type is not None and core_type != NON_GBV
    is_sexual = core_type in SEXUAL
    is_child = age is not None and age < ADULT
    groups = {lists.rollup("perpetrator_relationship", code, "gbvims") for code in relations}
    holds = {
        "ipv": is_gbv and "intimate_partner" in groups,
        "csa": is_sexual and is_child,
        "early_marr": core_type == "forced_marr" and is_child,
        "sex_expl": is_sexual and answers.get("goods_exchanged") == "co",
        "sex_slavery": is_sexual and _names_one("abduction_type", answers.get("abduction")),
        "htp": is_gbv and _names_one("harmful_practice", answers.get("harmful_practice")),
        "traffick": answers.get("abduction") == "mua_ban" or answers.get("legal_track") == "traffick",
        "cyber": answers.get("place") == "mang" or answers.get("online") == "yes",
        "consang": answers.get("harmful_practice") == "can_huyet",
        "gambling": answers.get("gambling") == "yes",
    }
    return frozenset(code for code, is_so in holds.items() if is_so)


def _names_one(list_name: str, answer: object) -> bool:
    return answer in lists.get(list_name) and answer not in ("khong", NOT_KNOWN)


def suggest_forms(acts: Collection[str]) -> list[str]:
    """Return the Vietnamese forms that the acts usually amount to, in the order of the list."""
    usual = {form for act in acts for form in lists.rollups("dv_act", act, "vn_form")[:1]}
    return [code.code for code in lists.get("violence_form") if code.code in usual]


def forms_of(answers: Mapping[str, Any]) -> list[str]:
    """Return the Vietnamese forms: those that somebody chose, else those that the acts amount to."""
    return list(answers.get("forms") or suggest_forms(answers.get("dv_acts") or ()))


def suggest_track(basis: str | None, acts: Collection[str], age: int | None) -> str | None:
    """Return the legal track that relation, acts and age speak for, or None when they do not."""
    reach = lists.attribute("relationship_basis", basis, "dv_acts") if basis and basis != NOT_KNOWN else ""
    if reach in ("all", "divorced", "some") and set(acts) - set(acts_not_covered(basis, acts)):
        return "dv"
    if age is not None and age < 16:
        return "child_abuse"
    return "other_gbv" if reach == "none" else None


def acts_not_covered(basis: str | None, acts: Collection[str]) -> list[str]:
    """Return the acts that the Domestic Violence Law does not name for this relation.

    Between divorced people only some of the sixteen acts count (Article 3(2)), outside a family none.
    """
    reach = lists.attribute("relationship_basis", basis, "dv_acts") if basis else "all"
    if reach == "none":
        return list(acts)
    if reach != "divorced":
        return []
    return [act for act in acts if lists.attribute("dv_act", act, "applies_divorced") != "1"]


def primary(perpetrators: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the answers about the primary perpetrator: the one who is marked, else the first."""
    known = list(perpetrators)
    return next((one for one in known if one.get("is_primary") == "yes"), known[0] if known else {})
