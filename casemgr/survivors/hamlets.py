"""The hamlets that may be chosen for a person: those of the unit's own commune."""

from collections.abc import Sequence

from casemgr.policy import Actor
from casemgr.units.queries import get_own_unit, list_hamlets

Choice = tuple[str, str]


def list_choices(actor: Actor) -> list[Choice]:
    """Return id and name of the hamlets of the actor's commune, in Vietnamese order."""
    commune_code = get_own_unit(actor).commune_code
    hamlets = list_hamlets(actor, commune_code) if commune_code else []
    return [(str(unit.id), unit.name) for unit in hamlets]


def name_of(hamlet_id: str, choices: Sequence[Choice]) -> str:
    """Return the name of a chosen hamlet; one that exists no longer reads as a dash."""
    return dict(choices).get(hamlet_id, "–")
