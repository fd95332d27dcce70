"""Units: who may see and change them, and what is refused."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from casemgr import clock
from casemgr.audit.notes import WAITING
from casemgr.errors import Conflict, Forbidden, InvalidState, NotFound, Refused, StaleVersion
from casemgr.policy import Actor, Role
from casemgr.units import queries, service
from casemgr.units.models import Unit
from casemgr.units.rules import UnitState
from casemgr.units.service import UnitDetails

TODAY = datetime(2026, 6, 1, 3, tzinfo=UTC)
COMMUNE = UnitDetails(kind="ubnd_xa", name="UBND xã Cẩm Tú", province_code="38", commune_code="15148")


@pytest.fixture
def session(work: Callable[..., AbstractContextManager[Session]]) -> Iterator[Session]:
    with clock.frozen(TODAY), work() as session:
        yield session


def actor(role: Role, unit_id: UUID | None = None) -> Actor:
    return Actor(account_id=uuid4(), unit_id=unit_id or uuid4(), roles=frozenset({role}))


@pytest.fixture
def administrator() -> Actor:
    return actor(Role.ADMINISTRATOR)


@pytest.fixture
def commune(session: Session, administrator: Actor) -> Unit:
    return service.add_unit(administrator, COMMUNE)


def hamlet(commune: Unit, name: str) -> UnitDetails:
    return replace(COMMUNE, kind="thon", name=name, parent_id=commune.id, former_commune="Xã Cẩm Lương")


def test_a_unit_is_added_with_a_clean_name_and_noted(
    session: Session, administrator: Actor, commune: Unit
) -> None:
    added = service.add_unit(administrator, hamlet(commune, "  Thôn   Lương Ngọc "))

    assert (added.name, added.state, added.former_commune) == ("Thôn Lương Ngọc", "hoat_dong", "Xã Cẩm Lương")
    assert queries.get_unit(administrator, added.id) is added
    assert [note.object_id for note in session.info[WAITING]] == [commune.id, added.id]


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"kind": "x"}, "kind", "unknown"),
        ({"name": " "}, "name", "empty"),
        ({"name": "x" * 201}, "name", "long"),
        ({"name": "Th«n 5"}, "name", "legacy_font"),
        ({"name": "UBND xã Cẩm Tú"}, "name", "exists"),
        ({"province_code": "99"}, "province_code", "unknown"),
        ({"commune_code": "99999"}, "commune_code", "unknown"),
        ({"province_code": "01"}, "commune_code", "other_province"),
        ({"parent_id": uuid4()}, "parent_id", "unknown"),
        ({"duty_phone": "12"}, "duty_phone", "length"),
        ({"duty_phone": "0912345678", "is_public": False}, "duty_phone", "not_public"),
    ],
)
@pytest.mark.usefixtures("commune")
def test_what_does_not_fit_is_refused_at_its_field(
    administrator: Actor, change: dict[str, object], field: str, reason: str
) -> None:
    details = replace(COMMUNE, **{"name": "Trạm y tế", **change})  # type: ignore[arg-type]

    with pytest.raises(Conflict) as conflict:
        service.add_unit(administrator, details)

    assert (conflict.value.field, conflict.value.reason) == (field, reason)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
@pytest.mark.usefixtures("session")
def test_only_an_administrator_adds_units(role: Role) -> None:
    with pytest.raises(Forbidden):
        service.add_unit(actor(role), COMMUNE)


def test_a_change_names_the_version_it_was_made_on(administrator: Actor, commune: Unit) -> None:
    details = replace(COMMUNE, name="Ủy ban nhân dân xã Cẩm Tú", duty_phone="0237 3851 234")
    version = commune.version

    changed = service.change_unit(administrator, commune.id, version, details)

    assert (changed.name, changed.duty_phone) == ("Ủy ban nhân dân xã Cẩm Tú", "+842373851234")
    with pytest.raises(StaleVersion):
        service.change_unit(administrator, commune.id, version, details)


def test_units_never_stand_in_a_circle(administrator: Actor, commune: Unit) -> None:
    below = service.add_unit(administrator, hamlet(commune, "Thôn 1"))

    with pytest.raises(Conflict, match="circle"):
        service.change_unit(administrator, commune.id, commune.version, replace(COMMUNE, parent_id=below.id))


def test_a_unit_is_closed_only_after_those_below_it(administrator: Actor, commune: Unit) -> None:
    below = service.add_unit(administrator, hamlet(commune, "Thôn 1"))

    with pytest.raises(Refused, match="has_units_below"):
        service.close_unit(administrator, commune.id, commune.version, date(2026, 5, 31))
    service.close_unit(administrator, below.id, below.version, date(2026, 5, 31))
    service.close_unit(administrator, commune.id, commune.version, date(2026, 6, 30))

    assert commune.state == UnitState.CLOSED
    assert queries.list_units(administrator) == [commune]
    assert queries.list_units(administrator, on=date(2026, 5, 31)) == [below, commune]
    assert queries.list_units(administrator, on=date(2026, 7, 1)) == []
    assert len(queries.list_units(administrator, with_closed=True)) == 2
    with pytest.raises(InvalidState):
        service.resume_unit(administrator, below.id, below.version)


@pytest.mark.usefixtures("session")
def test_a_unit_does_not_end_before_it_begins(administrator: Actor) -> None:
    details = replace(COMMUNE, valid_from=date(2025, 7, 1))
    unit = service.add_unit(administrator, details)

    with pytest.raises(Conflict, match="valid_to"):
        service.close_unit(administrator, unit.id, unit.version, date(2025, 6, 30))


def test_a_tree_holds_what_stands_below_in_vietnamese_order(administrator: Actor, commune: Unit) -> None:
    tenth, second, first = (
        service.add_unit(administrator, hamlet(commune, name)) for name in ("Thôn 10", "Thôn 2", "Thôn 1")
    )
    address = service.add_unit(
        administrator, replace(hamlet(second, "Địa chỉ tin cậy nhà bà Bốn"), kind="dia_chi_tin_cay")
    )

    tree = queries.list_tree(administrator, commune.id)

    assert [(branch.unit, branch.depth) for branch in tree] == [
        (commune, 0), (first, 1), (second, 1), (address, 2), (tenth, 1),
    ]  # fmt: skip
    assert queries.list_descendant_ids(administrator, commune.id) == {
        first.id,
        second.id,
        tenth.id,
        address.id,
    }
    assert queries.list_hamlets(administrator, "15148") == [first, second, tenth]


def test_a_worker_sees_her_commune_and_the_province_but_no_other_commune(
    administrator: Actor, commune: Unit
) -> None:
    near = service.add_unit(administrator, hamlet(commune, "Thôn 1"))
    province = service.add_unit(
        administrator, UnitDetails(kind="mot_cua", name="Ngôi nhà Ánh Dương", province_code="38")
    )
    elsewhere = service.add_unit(administrator, replace(COMMUNE, name="Xã khác", commune_code="15163"))
    abroad = service.add_unit(
        administrator, UnitDetails(kind="benh_vien", name="Bệnh viện", province_code="01")
    )

    worker = actor(Role.CASE_WORKER, commune.id)
    officer = actor(Role.SUPERVISOR, province.id)

    assert set(queries.list_units(worker)) == {commune, near, province}
    assert set(queries.list_units(officer)) == {commune, near, province, elsewhere}
    assert set(queries.list_units(administrator)) == {commune, near, province, elsewhere, abroad}
    with pytest.raises(NotFound):
        queries.get_unit(worker, elsewhere.id)
    assert queries.find_unit(worker, elsewhere.id) is None


def test_a_keeper_knows_only_her_own_unit(administrator: Actor, commune: Unit) -> None:
    address = service.add_unit(
        administrator, replace(hamlet(commune, "Địa chỉ tin cậy"), kind="dia_chi_tin_cay")
    )
    keeper = actor(Role.KEEPER, address.id)

    assert queries.get_own_unit(keeper) is address
    assert queries.list_units(keeper) == []


def test_providers_are_active_units_whose_kind_gives_the_service(administrator: Actor, commune: Unit) -> None:
    station = service.add_unit(administrator, replace(COMMUNE, kind="tram_y_te", name="Trạm y tế"))
    paused = service.add_unit(administrator, replace(COMMUNE, kind="tram_y_te", name="Trạm y tế 2"))
    service.pause_unit(administrator, paused.id, paused.version)
    worker = actor(Role.CASE_WORKER, commune.id)

    assert queries.list_providers(worker, "y_te") == [station]
    service.resume_unit(administrator, paused.id, paused.version)
    assert queries.list_providers(worker, "y_te") == [station, paused]
    assert queries.list_providers(worker, "tam_lanh") == []


def test_a_post_is_held_for_a_term(administrator: Actor, commune: Unit) -> None:
    village = service.add_unit(administrator, hamlet(commune, "Thôn 1"))
    old = service.add_post(administrator, village.id, "Trưởng thôn", date(2021, 1, 1))
    service.close_post(administrator, old.id, date(2025, 12, 31))
    new = service.add_post(administrator, village.id, "Trưởng thôn", date(2026, 1, 1), date(2030, 12, 31))

    assert queries.list_posts(administrator, village.id) == [new, old]
    with pytest.raises(Conflict, match="valid_to"):
        service.close_post(administrator, new.id, date(2025, 1, 1))
    with pytest.raises(NotFound):
        service.close_post(administrator, uuid4(), date(2025, 1, 1))
