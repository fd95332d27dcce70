"""Whom to call in an emergency: duty numbers of the unit's surroundings, then the hotlines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casemgr.codes import lists
from casemgr.policy import Actor
from casemgr.text.phones import display_phone
from casemgr.units.queries import list_providers, list_units


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A number that anybody may call, and whether it answers one of the needs."""

    name: str
    number: str
    shown: str
    answers_need: bool


def list_calls(actor: Actor, services: Sequence[str], locale: str) -> list[Call]:
    """Return the numbers to call, those that answer the needs first; each number once, our own not at all."""
    wanted = set(services)
    hotlines = [
        _call(code.label(locale), code.attributes["phone"], code.rollups["services"], wanted)
        for code in lists.get("hotline")
    ]
    known = {call.number for call in hotlines}
    calls = [
        _call(unit.name, unit.duty_phone, lists.get("unit_kind")[unit.kind].rollups["services"], wanted)
        for unit in list_units(actor)
        if unit.duty_phone and unit.is_public and unit.id != actor.unit_id and unit.duty_phone not in known
    ]
    calls += hotlines
    return sorted(calls, key=lambda call: not call.answers_need)


def list_addresses(actor: Actor) -> list[tuple[str, str]]:
    """Return the addresses that take people in, with their number where it is public."""
    return [
        (unit.name, display_phone(unit.duty_phone) if unit.duty_phone else "")
        for unit in list_providers(actor, "tam_lanh")
    ]


def _call(name: str, number: str, services: Iterable[str], wanted: set[str]) -> Call:
    return Call(
        name=name, number=number, shown=display_phone(number), answers_need=bool(wanted & set(services))
    )
