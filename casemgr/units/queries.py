"""Which units an actor may see, alone, as a list and as a tree."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from casemgr import clock, db, policy
from casemgr.codes import lists
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission
from casemgr.text.names import phrase_key
from casemgr.units.models import Post, Unit
from casemgr.units.rules import UnitState


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A unit and how deep it stands below the unit that was asked for."""

    unit: Unit
    depth: int


def get_unit(actor: Actor, unit_id: UUID) -> Unit:
    """Return a unit; raises NotFound when it does not exist or lies out of reach."""
    found = find_unit(actor, unit_id)
    if found is None:
        raise NotFound
    return found


def find_unit(actor: Actor, unit_id: UUID) -> Unit | None:
    """Return a unit, or None when it does not exist or lies out of reach."""
    return db.current().scalar(_visible(actor).where(Unit.id == unit_id))


def get_own_unit(actor: Actor) -> Unit:
    """Return the unit of the actor, which everybody may know."""
    found = db.current().get(Unit, actor.unit_id)
    if found is None:
        raise NotFound
    return found


def list_units(
    actor: Actor, *, kind: str | None = None, on: date | None = None, with_closed: bool = False
) -> list[Unit]:
    """Return the units that exist on a day (today unless told), in Vietnamese order."""
    query = _visible(actor)
    if kind is not None:
        query = query.where(Unit.kind == kind)
    if not with_closed:
        query = query.where(_exists_on(on or clock.today()))
    return _in_order(db.current().scalars(query))


def list_providers(actor: Actor, service: str) -> list[Unit]:
    """Return the active units that by their kind provide a service and take referrals."""
    return _in_order(db.current().scalars(_visible(actor).where(_gives(service))))


def _gives(service: str) -> ColumnElement[bool]:
    """Return the filter of the active units that by their kind provide a service and take referrals."""
    kinds = [
        code.code
        for code in lists.get("unit_kind")
        if service in code.rollups["services"] and code.attributes["receives_referrals"] == "1"
    ]
    return and_(Unit.kind.in_(kinds), Unit.state == UnitState.ACTIVE, _exists_on(clock.today()))


def list_hamlets(actor: Actor, commune_code: str, on: date | None = None) -> list[Unit]:
    """Return the hamlets and residential groups of a commune that exist on a day."""
    kinds = [code.code for code in lists.get("unit_kind") if code.attributes["level"] == "hamlet"]
    query = _visible(actor).where(
        Unit.kind.in_(kinds), Unit.commune_code == commune_code, _exists_on(on or clock.today())
    )
    return _in_order(db.current().scalars(query))


def list_tree(actor: Actor, unit_id: UUID, *, with_closed: bool = False) -> list[Branch]:
    """Return a unit and everything under it, depth first; raises NotFound."""
    root = get_unit(actor, unit_id)
    below = defaultdict(list)
    for unit in list_units(actor, with_closed=with_closed):
        below[unit.parent_id].append(unit)
    return list(_branches(root, below, depth=0))


def list_descendant_ids(actor: Actor, unit_id: UUID) -> frozenset[UUID]:
    """Return the ids of all units under a unit, closed ones too, itself left out; raises NotFound."""
    branches = list_tree(actor, unit_id, with_closed=True)
    return frozenset(branch.unit.id for branch in branches) - {unit_id}


def list_posts(actor: Actor, unit_id: UUID) -> list[Post]:
    """Return the posts of a unit, the latest first; raises NotFound."""
    get_unit(actor, unit_id)
    query = select(Post).where(Post.unit_id == unit_id).order_by(Post.valid_from.desc(), Post.title)
    return list(db.current().scalars(query))


def _visible(actor: Actor) -> Select[Unit]:
    return select(Unit).where(policy.visible(actor, Permission.UNIT_READ, Unit))


def _exists_on(day: date) -> ColumnElement[bool]:
    has_begun = or_(Unit.valid_from.is_(None), Unit.valid_from <= day)
    return has_begun & or_(Unit.valid_to.is_(None), Unit.valid_to >= day)


def _in_order(units: Iterator[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: (phrase_key(unit.name), unit.id))


def _branches(unit: Unit, below: dict[UUID | None, list[Unit]], *, depth: int) -> Iterator[Branch]:
    yield Branch(unit=unit, depth=depth)
    for child in below.get(unit.id, ()):
        yield from _branches(child, below, depth=depth + 1)
