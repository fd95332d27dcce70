"""Administration in words, in the language of the page: roles, states, log entries, verdicts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from casemgr import clock
from casemgr.audit.queries import Entry
from casemgr.audit.rules import Outcome
from casemgr.audit.verify import Fault, Finding
from casemgr.i18n import gettext, lazy_gettext, ngettext
from casemgr.policy import Role
from casemgr.text.phones import display_phone
from casemgr.units.administrative import get_commune, get_province

ROLES: dict[Role, tuple[Any, Any]] = {
    Role.CASE_WORKER: (
        lazy_gettext("Case worker"),
        lazy_gettext("Takes in people, keeps the cases given to them, reads tips."),
    ),
    Role.SUPERVISOR: (
        lazy_gettext("Case supervisor"),
        lazy_gettext("Reads all cases of the unit, gives them out, agrees to close them."),
    ),
    Role.LEADER: (
        lazy_gettext("Leader"),
        lazy_gettext("Sees figures, signs reports and decides by code; opens no case."),
    ),
    Role.KEEPER: (
        lazy_gettext("Keeper of a trusted address"),
        lazy_gettext("Answers requests to take people in; sees only what was sent to the address."),
    ),
    Role.RECIPIENT: (
        lazy_gettext("Unit that receives referrals"),
        lazy_gettext("Answers referrals; sees only what was sent to the unit."),
    ),
    Role.CHILD_WORKER: (
        lazy_gettext("Child protection worker"),
        lazy_gettext("Keeps the protection records of children given to them."),
    ),
    Role.PROGRAMME_OFFICER: (
        lazy_gettext("Programme officer"),
        lazy_gettext("Keeps lists of beneficiaries, who never appear there as survivors."),
    ),
    Role.HAMLET_HEAD: (
        lazy_gettext("Hamlet head or collaborator"),
        lazy_gettext("Sends tips and cannot read them back; sees no case."),
    ),
    Role.REPORT_OFFICER: (
        lazy_gettext("Report officer"),
        lazy_gettext("Makes tables and reports; sees no case."),
    ),
    Role.DATA_PROTECTION: (
        lazy_gettext("Data protection officer"),
        lazy_gettext("Reads the access log and sees every change of roles; sees no case."),
    ),
    Role.ADMINISTRATOR: (
        lazy_gettext("Administrator"),
        lazy_gettext("Keeps accounts and units; sees no case. Does not go with roles that do."),
    ),
}

ACCOUNT_STATES = {
    "invited": (lazy_gettext("Invited"), "info"),
    "active": (lazy_gettext("Active"), "ok"),
    "disabled": (lazy_gettext("Shut"), "neutral"),
}
REQUEST_KINDS = {
    "invite": lazy_gettext("Invitation of somebody new"),
    "reset": lazy_gettext("Reset: new password and new codes"),
    "enable": lazy_gettext("Opening a shut account again"),
    "roles": lazy_gettext("Other roles"),
}
UNIT_TONES = {"hoat_dong": "ok", "tam_dung": "warn", "ngung": "neutral"}

OUTCOMES = {
    Outcome.DONE: (lazy_gettext("Was done"), "neutral"),
    Outcome.SEEN: (lazy_gettext("Was read"), "info"),
    Outcome.REFUSED: (lazy_gettext("Was refused"), "danger"),
    Outcome.FAILED: (lazy_gettext("Failed"), "warn"),
}

KINDS = {
    "account": lazy_gettext("Account"),
    "audit": lazy_gettext("Access log"),
    "backup": lazy_gettext("Backup"),
    "bundle": lazy_gettext("Sent bundle"),
    "case": lazy_gettext("Case"),
    "cells": lazy_gettext("Sealed values"),
    "child": lazy_gettext("Child protection record"),
    "consent": lazy_gettext("Consent"),
    "duplicate": lazy_gettext("Possible duplicate"),
    "factor": lazy_gettext("Sign-in code"),
    "import": lazy_gettext("Import of a line list"),
    "incident": lazy_gettext("Incident"),
    "intake": lazy_gettext("Intake in progress"),
    "page": lazy_gettext("Page not open to them"),
    "post": lazy_gettext("Post in a unit"),
    "referral": lazy_gettext("Referral"),
    "report": lazy_gettext("Report"),
    "statistics": lazy_gettext("Statistics"),
    "stay": lazy_gettext("Stay"),
    "support": lazy_gettext("Support action"),
    "survivor": lazy_gettext("Identity of a survivor"),
    "task": lazy_gettext("Task"),
    "tip": lazy_gettext("Tip"),
    "trusted_address": lazy_gettext("Trusted address"),
    "unit": lazy_gettext("Unit"),
}
"""Kinds of records that the log speaks of; the filter offers them."""

ACTS = {
    "account:add": lazy_gettext("Account added"),
    "account:change_roles": lazy_gettext("Roles changed"),
    "account:disable": lazy_gettext("Account shut"),
    "account:enable": lazy_gettext("Account opened again"),
    "account:reset": lazy_gettext("Account reset"),
    "account:emergency_reset": lazy_gettext("Emergency reset by command"),
    "account:invite": lazy_gettext("Invitation drawn"),
    "account:ask": lazy_gettext("Put before a second person"),
    "account:release": lazy_gettext("Released by a second person"),
    "account:unreleased": lazy_gettext("Carried out without a second person"),
    "account:refuse": lazy_gettext("Refused by a second person"),
    "account:withdraw": lazy_gettext("Taken back"),
    "account:change_password": lazy_gettext("Password changed"),
    "account:choose_password": lazy_gettext("Password chosen"),
    "account:confirm_factor": lazy_gettext("Second step set up"),
    "account:end_other_sessions": lazy_gettext("Other sessions ended"),
    "account:enter_code": lazy_gettext("Sign-in code typed"),
    "account:hold_post": lazy_gettext("Form held while locked"),
    "account:prove": lazy_gettext("Password confirmed"),
    "account:self": lazy_gettext("Own account changed"),
    "account:redeem_invitation": lazy_gettext("Invitation used"),
    "account:enrolled": lazy_gettext("Enrolment finished"),
    "account:sign_in": lazy_gettext("Sign-in"),
    "account:sign_out": lazy_gettext("Sign-out"),
    "account:lock": lazy_gettext("Screen locked"),
    "account:unlock": lazy_gettext("Screen unlocked"),
    "audit:list": lazy_gettext("Log looked through"),
    "audit:verify": lazy_gettext("Log checked"),
    "case:access_log": lazy_gettext("Readers of a case looked up"),
    "case:bar": lazy_gettext("Kept from a colleague"),
    "cells:write": lazy_gettext("Written"),
    "tip:send": lazy_gettext("Tip sent"),
    "tip:count_own": lazy_gettext("Own figures counted"),
}

VERBS = {
    "read": lazy_gettext("Opened"),
    "list": lazy_gettext("Listed"),
    "search": lazy_gettext("Searched"),
    "add": lazy_gettext("Added"),
    "open": lazy_gettext("Begun"),
    "change": lazy_gettext("Changed"),
    "close": lazy_gettext("Closed"),
    "send": lazy_gettext("Sent"),
    "assign": lazy_gettext("Given to somebody"),
    "note": lazy_gettext("Noted"),
    "start": lazy_gettext("Begun"),
    "save": lazy_gettext("Put down"),
    "finish": lazy_gettext("Finished"),
    "reopen": lazy_gettext("Begun again"),
    "link": lazy_gettext("Linked"),
    "make": lazy_gettext("Made"),
    "approve": lazy_gettext("Agreed to"),
    "check": lazy_gettext("Checked"),
}

FAULTS = {
    Fault.BROKEN_ENTRY: lazy_gettext("An entry was changed after it was written."),
    Fault.FORK_OR_GAP: lazy_gettext("An entry is missing, or one was put in between."),
    Fault.SHORTER: lazy_gettext("The end of the log was cut off."),
    Fault.OTHER_ROOT: lazy_gettext("The log was written anew: it does not fit a signed state."),
    Fault.BAD_SIGNATURE: lazy_gettext("A signed state is false or damaged."),
    Fault.OTHER_CELL: lazy_gettext("A sealed value is not the one that was last written."),
}

PROBLEMS = {
    ("sign_in_name", "characters"): lazy_gettext(
        "Use 2 to 40 letters without marks, digits, dots or hyphens for the sign-in name."
    ),
    ("sign_in_name", "taken"): lazy_gettext("This sign-in name is taken. Choose another."),
    ("roles", "empty"): lazy_gettext("Choose at least one role."),
    ("roles", "apart"): lazy_gettext(
        "Whoever gives out roles has nothing to do with cases, tips or the access log. Choose either."
    ),
    ("unit_id", "unknown"): lazy_gettext("Choose the unit."),
    ("name", "exists"): lazy_gettext("A unit of this kind and name is there already."),
    ("name", "legacy_font"): lazy_gettext("The name uses an old encoding. Type it again in Unicode."),
    ("former_commune", "legacy_font"): lazy_gettext(
        "The name uses an old encoding. Type it again in Unicode."
    ),
    ("province_code", "empty"): lazy_gettext("Choose the province, or the unit above."),
    ("province_code", "unknown"): lazy_gettext("Choose the province, or the unit above."),
    ("commune", "unknown"): lazy_gettext("No commune has this name or number. Look at the spelling."),
    ("commune", "several"): lazy_gettext("Choose below which commune is meant."),
    ("commune_code", "other_province"): lazy_gettext("This commune lies in another province."),
    ("parent_id", "unknown"): lazy_gettext("Choose the unit above again."),
    ("parent_id", "closed"): lazy_gettext("The unit above is closed. Choose another."),
    ("parent_id", "circle"): lazy_gettext("A unit cannot stand below itself."),
    ("duty_phone", "not_public"): lazy_gettext(
        "A unit that is not public has no number here, because everybody could read it."
    ),
    ("valid_to", "before_start"): lazy_gettext("The last day lies before the first."),
    ("valid_to", "empty"): lazy_gettext("Type the last day as dd/mm/yyyy."),
    ("valid_to", "has_units_below"): lazy_gettext("Close the units below it first."),
}


def problem(field: str, reason: str) -> tuple[str, str]:
    """Return the line of the error summary for something that does not fit."""
    words = PROBLEMS.get((field, reason)) or lazy_gettext("This cannot be used. Look at it again.")
    return ("commune" if field == "commune_code" else field, str(words))


def waiting(reason: str) -> str:
    """Say why something cannot yet be carried out without a second person."""
    if reason == "second_person":
        return str(gettext("There is somebody who can release this. Ask her to look at it."))
    return str(gettext("The waiting time of three days is not over yet."))


def role_choices() -> list[tuple[str, str, str]]:
    """Return every role with what it is for, to be ticked."""
    return [(role.value, str(label), str(hint)) for role, (label, hint) in ROLES.items()]


def roles(names: Any) -> str:
    """Return roles in words, in the order of the list."""
    return ", ".join(str(label) for role, (label, _) in ROLES.items() if role in set(names))


def tag(known: Mapping[Any, tuple[Any, str]], code: Any) -> dict[str, str]:
    """Return a word with its tone, as tables show a tag."""
    label, tone = known[code]
    return {"text": str(label), "tone": tone}


def who(entry: Entry, names: Mapping[UUID, str]) -> str:
    """Say who acted, as far as it is known."""
    if entry.actor_id is None:
        return str(gettext("Not signed in"))
    known = names.get(entry.actor_id) or str(gettext("Installation"))
    is_command = entry.door.startswith("command")
    return str(gettext("%(name)s, by command", name=known)) if is_command else known


def act(entry: Entry) -> str:
    """Say what was done, without a word of what it was about."""
    if entry.object_kind == "page":
        return str(gettext("Asked for a page that is not open to them"))
    named = ACTS.get(entry.action)
    if named is not None:
        return str(named)
    kind = str(KINDS.get(entry.object_kind, gettext("Record")))
    verb = VERBS.get(entry.action.rpartition(":")[2])
    return f"{kind}: {verb if verb is not None else tag(OUTCOMES, entry.outcome)['text']}"


def extent(entry: Entry) -> str:
    """Say how many records a list showed, or which roles somebody got, and nothing else of the detail."""
    detail = entry.detail or {}
    if "after" in detail:
        return f"{roles(detail.get('before', ()))} → {roles(detail.get('after', ()))}"
    if entry.action in {"account:add", "account:ask"}:
        return roles(detail.get("roles", ()))
    if entry.action.endswith(":list") and "ids" in detail:
        return str(ngettext("%(num)s record", "%(num)s records", len(detail["ids"])))
    return ""


def role_change(entry: Entry, names: Mapping[UUID, str]) -> dict[str, Any]:
    """Return a change of roles as the timeline shows it."""
    about = names.get(entry.object_id, "") if entry.object_id else ""
    return {
        "at": clock.local(entry.at).strftime("%d/%m/%Y %H:%M"),
        "who": who(entry, names),
        "title": f"{act(entry)}: {about}",
        "body": extent(entry),
    }


def finding(found: Finding) -> str:
    """Say what is wrong with the log, and where."""
    fault = str(FAULTS[found.fault])
    if found.seq is not None:
        return str(gettext("%(fault)s Entry %(seq)s.", fault=fault, seq=found.seq))
    if found.row is not None:
        return str(
            gettext("%(fault)s Table %(table)s, row %(row)s.", fault=fault, table=found.table, row=found.row)
        )
    return fault


def place(province_code: str, commune_code: str | None) -> str:
    """Return where a unit lies."""
    province = get_province(province_code).name
    return f"{get_commune(commune_code).name}, {province}" if commune_code else province


def phone(stored: str | None) -> str:
    """Return a telephone number as people write it."""
    return display_phone(stored) if stored else ""
