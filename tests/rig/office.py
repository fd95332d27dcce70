"""A small office for tests: two communes with their staff, and the actors that work there."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from casemgr.accounts.models import Account
from casemgr.db import current
from casemgr.policy import Actor, Role
from casemgr.units.models import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The people of one commune and a stranger from another."""

    unit_id: UUID
    hamlet_id: UUID
    shelter_id: UUID
    worker: Actor
    colleague: Actor
    supervisor: Actor
    leader: Actor
    stranger: Actor


def add_unit(kind: str, name: str, commune: str, parent_id: UUID | None = None) -> Unit:
    """Add a unit of the province of Thanh Hóa."""
    unit = Unit(
        kind=kind,
        name=name,
        parent_id=parent_id,
        province_code="38",
        commune_code=commune,
        is_public=True,
        state="hoat_dong",
        duty_phone="+842373851234" if kind == "dia_chi_tin_cay" else None,
    )
    current().add(unit)
    current().flush()
    return unit


def add_account(unit_id: UUID, role: Role, name: str) -> Actor:
    """Add an account that is active, and return who acts with it."""
    account = Account(
        name_digest=uuid4().bytes * 2,
        unit_id=unit_id,
        roles_text=role,
        state="active",
        failures=0,
        created_on=date(2026, 1, 5),
        name=name,
        sign_in_name=name.lower(),
        language="vi",
    )
    current().add(account)
    current().flush()
    return Actor(account_id=account.id, unit_id=unit_id, roles=frozenset({role}))


def open_office() -> Office:
    """Set up the office inside the running unit of work."""
    unit = add_unit("ubnd_xa", "UBND xã Cẩm Tú", "15148")
    other = add_unit("ubnd_xa", "UBND xã Khác", "15151")
    return Office(
        unit_id=unit.id,
        hamlet_id=add_unit("thon", "Thôn Một", "15148", unit.id).id,
        shelter_id=add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy Thôn Một", "15148", unit.id).id,
        worker=add_account(unit.id, Role.CASE_WORKER, "Lan"),
        colleague=add_account(unit.id, Role.CASE_WORKER, "Mai"),
        supervisor=add_account(unit.id, Role.SUPERVISOR, "Thu"),
        leader=add_account(unit.id, Role.LEADER, "Sơn"),
        stranger=add_account(other.id, Role.SUPERVISOR, "Xa"),
    )
