"""Add, change and close units; a unit is never deleted, because records point to it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from casemgr import db, policy
from casemgr.audit import service as audit
from casemgr.codes import lists
from casemgr.db import check_version
from casemgr.errors import Conflict, InvalidState, NotFound, Refused
from casemgr.policy import Actor, Permission
from casemgr.text.invalid import InvalidText
from casemgr.text.phones import normalise_phone
from casemgr.units import administrative
from casemgr.units.models import Post, Unit
from casemgr.units.queries import get_unit
from casemgr.units.rules import UnitState, clean_unit_name


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDetails:
    """What an administrator enters about a unit; the codes are official ones."""

    kind: str
    name: str
    province_code: str
    commune_code: str | None = None
    parent_id: UUID | None = None
    former_commune: str | None = None
    duty_phone: str | None = None
    is_public: bool = True
    valid_from: date | None = None


def add_unit(actor: Actor, details: UnitDetails) -> Unit:
    """Add a unit; raises Conflict with the field that does not fit."""
    policy.require_role(actor, Permission.UNIT_MANAGE)
    unit = Unit(state=UnitState.ACTIVE, **_checked(actor, details, None))
    db.current().add(unit)
    db.current().flush()
    audit.changed(actor, Permission.UNIT_MANAGE, "unit", unit.id, step="added")
    return unit


def change_unit(actor: Actor, unit_id: UUID, version: int, details: UnitDetails) -> Unit:
    """Replace what is known of a unit; raises Conflict, StaleVersion, or InvalidState for a closed unit."""
    unit = _open_unit(actor, unit_id, version)
    values = _checked(actor, details, unit)
    changed = sorted(name for name, value in values.items() if getattr(unit, name) != value)
    for name in changed:
        setattr(unit, name, values[name])
    db.current().flush()
    audit.changed(actor, Permission.UNIT_MANAGE, "unit", unit.id, step="changed", fields=changed)
    return unit


def pause_unit(actor: Actor, unit_id: UUID, version: int) -> Unit:
    """Stop sending referrals to a unit for the time being."""
    return _set_state(actor, _open_unit(actor, unit_id, version), UnitState.PAUSED)


def resume_unit(actor: Actor, unit_id: UUID, version: int) -> Unit:
    """Send referrals to a paused unit again."""
    return _set_state(actor, _open_unit(actor, unit_id, version), UnitState.ACTIVE)


def close_unit(actor: Actor, unit_id: UUID, version: int, last_day: date) -> Unit:
    """End a unit; raises Refused `has_units_below` while units under it are open."""
    unit = _open_unit(actor, unit_id, version)
    below = select(Unit.id).where(Unit.parent_id == unit.id, Unit.state != UnitState.CLOSED)
    if db.current().scalar(below.limit(1)) is not None:
        raise Refused("has_units_below")
    if unit.valid_from is not None and last_day < unit.valid_from:
        raise Conflict("valid_to", "before_start")
    unit.valid_to = last_day
    return _set_state(actor, unit, UnitState.CLOSED)


def add_post(actor: Actor, unit_id: UUID, title: str, valid_from: date, valid_to: date | None = None) -> Post:
    """Add a post to a unit for a term; raises Conflict with the field that does not fit."""
    policy.require_role(actor, Permission.UNIT_MANAGE)
    unit = get_unit(actor, unit_id)
    if valid_to is not None and valid_to < valid_from:
        raise Conflict("valid_to", "before_start")
    post = Post(unit_id=unit.id, title=_clean("title", title), valid_from=valid_from, valid_to=valid_to)
    db.current().add(post)
    db.current().flush()
    audit.changed(actor, Permission.UNIT_MANAGE, "post", post.id, step="added")
    return post


def close_post(actor: Actor, post_id: UUID, last_day: date) -> Post:
    """End the term of a post; raises NotFound, or Conflict for a day before it began."""
    policy.require_role(actor, Permission.UNIT_MANAGE)
    post = db.current().get(Post, post_id)
    if post is None:
        raise NotFound
    get_unit(actor, post.unit_id)
    if last_day < post.valid_from:
        raise Conflict("valid_to", "before_start")
    post.valid_to = last_day
    audit.changed(actor, Permission.UNIT_MANAGE, "post", post.id, step="closed")
    return post


def _open_unit(actor: Actor, unit_id: UUID, version: int) -> Unit:
    policy.require_role(actor, Permission.UNIT_MANAGE)
    unit = get_unit(actor, unit_id)
    policy.require(actor, Permission.UNIT_MANAGE, unit)
    check_version(unit, version)
    if unit.state == UnitState.CLOSED:
        raise InvalidState(unit.state)
    return unit


def _set_state(actor: Actor, unit: Unit, state: UnitState) -> Unit:
    unit.state = state
    db.current().flush()
    audit.changed(actor, Permission.UNIT_MANAGE, "unit", unit.id, step=state.name.lower())
    return unit


def _checked(actor: Actor, details: UnitDetails, unit: Unit | None) -> dict[str, object]:
    """Return the values to store, or raise Conflict for the first field that does not fit."""
    if details.kind not in lists.get("unit_kind"):
        raise Conflict("kind", "unknown")
    _check_place(details.province_code, details.commune_code)
    _check_parent(actor, details.parent_id, unit)
    values: dict[str, object] = {
        "kind": details.kind,
        "name": _clean("name", details.name),
        "province_code": details.province_code,
        "commune_code": details.commune_code,
        "parent_id": details.parent_id,
        "former_commune": _clean("former_commune", details.former_commune),
        "duty_phone": _clean_phone(details),
        "is_public": details.is_public,
        "valid_from": details.valid_from,
    }
    _check_unique(values, unit)
    return values


def _clean(field: str, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return clean_unit_name(text)
    except InvalidText as invalid:
        raise Conflict(field, invalid.reason) from None


def _clean_phone(details: UnitDetails) -> str | None:
    """Keep the number of a hidden address out of this table, which is not sealed."""
    if not details.duty_phone:
        return None
    if not details.is_public:
        raise Conflict("duty_phone", "not_public")
    try:
        return normalise_phone(details.duty_phone)
    except InvalidText as invalid:
        raise Conflict("duty_phone", invalid.reason) from None


def _check_place(province_code: str, commune_code: str | None) -> None:
    try:
        administrative.get_province(province_code)
    except NotFound:
        raise Conflict("province_code", "unknown") from None
    if commune_code is None:
        return
    try:
        commune = administrative.get_commune(commune_code)
    except NotFound:
        raise Conflict("commune_code", "unknown") from None
    if commune.province_code != province_code:
        raise Conflict("commune_code", "other_province")


def _check_parent(actor: Actor, parent_id: UUID | None, unit: Unit | None) -> None:
    """Refuse a parent that is unknown or closed, and any circle of units."""
    seen_ids: set[UUID] = set() if unit is None else {unit.id}
    above = parent_id
    while above is not None:
        try:
            parent = get_unit(actor, above)
        except NotFound:
            raise Conflict("parent_id", "unknown") from None
        if parent.id in seen_ids:
            raise Conflict("parent_id", "circle")
        if above == parent_id and parent.state == UnitState.CLOSED:
            raise Conflict("parent_id", "closed")
        seen_ids.add(parent.id)
        above = parent.parent_id


def _check_unique(values: dict[str, object], unit: Unit | None) -> None:
    twins = select(Unit.id).where(
        Unit.kind == values["kind"],
        Unit.name == values["name"],
        Unit.parent_id == values["parent_id"],
        Unit.state != UnitState.CLOSED,
    )
    found = set(db.current().scalars(twins)) - {unit.id if unit is not None else None}
    if found:
        raise Conflict("name", "exists")
