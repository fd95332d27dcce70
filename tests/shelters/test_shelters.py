"""The register, the board and the beds of trusted addresses."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from casemgr.errors import Conflict, Forbidden, NotFound, Refused, StaleVersion
from casemgr.policy import Role
from casemgr.referrals.queries import list_stays
from casemgr.referrals.service import accept
from casemgr.shelters import queries, service
from casemgr.shelters.models import TrustedAddress
from casemgr.shelters.rules import AddressState, Capacity, People, StayState, fits, free_beds, may_become
from casemgr.shelters.service import AddressEntry
from casemgr.units.models import Unit
from tests.rig.network import send
from tests.rig.office import add_account, add_unit

ENTRY = AddressEntry(
    decision_number="15/QĐ-UBND", is_public=True, adult_beds=1, child_beds=1, contact_phone="+84911000111"
)
numbers = st.integers(min_value=0, max_value=6)
people = st.builds(People, adults=numbers, children=numbers)
capacities = st.builds(Capacity, adult_beds=numbers, child_beds=numbers, held_beds=numbers)


@given(capacities, people, people)
def test_whoever_fits_never_takes_more_than_there_is(capacity, used, asked) -> None:
    if fits(capacity, used, asked) and asked.total:
        assert used.adults + asked.adults <= capacity.adult_beds or not asked.adults
        assert used.total + asked.total <= capacity.total


@given(capacities, people)
def test_what_the_board_calls_free_fits(capacity, used) -> None:
    free = free_beds(capacity, used)
    assert fits(capacity, used, People(adults=free.adults, children=0))
    assert fits(capacity, used, People(adults=0, children=free.children))


def test_a_stay_goes_forward_only() -> None:
    allowed = {(state, to) for state in StayState for to in StayState if may_become(state, to)}
    assert allowed == {
        (StayState.PROMISED, StayState.ARRIVED),
        (StayState.PROMISED, StayState.RELEASED),
        (StayState.ARRIVED, StayState.LEFT),
    }


def test_the_board_shows_beds_and_never_the_place(session, network) -> None:
    (row,) = queries.list_board(network.office.worker)
    assert (row.free, row.is_public, row.takes_people) == (People(adults=2, children=4), False, True)
    assert "ngõ" not in str(row)

    accept(network.keeper, send(network).bundle_id)

    (row,) = queries.list_board(network.office.worker)
    assert row.free == People(adults=1, children=1)


def test_the_keeper_sees_who_is_expected_in_numbers(session, network) -> None:
    accept(network.keeper, send(network).bundle_id)
    ((stay, _),) = list_stays(network.keeper)
    assert (stay.state, stay.people, stay.group["needs"]) == (
        "promised",
        People(adults=1, children=2),
        "Có cháu nhỏ cần sữa",
    )
    assert queries.get_own_address(network.keeper).free == People(adults=1, children=1)


def test_one_tap_takes_beds_off_the_board_and_gives_them_back(session, network) -> None:
    service.hold_beds(network.keeper, 1)
    assert queries.get_own_address(network.keeper).free.children == 3
    service.close_all_beds(network.keeper, full=True)
    assert not queries.get_own_address(network.keeper).takes_people
    with pytest.raises(Refused, match="no_bed"):
        accept(network.keeper, send(network).bundle_id)
    service.close_all_beds(network.keeper, full=False)
    service.hold_beds(network.keeper, -1)
    assert queries.get_own_address(network.keeper).free.children == 4


def test_nobody_else_changes_the_beds_of_an_address(session, network) -> None:
    for actor in (network.police, network.office.worker, network.neighbour):
        with pytest.raises(NotFound):
            service.hold_beds(actor, 1)
    with pytest.raises(NotFound):
        queries.get_own_address(network.police)


def test_a_suspended_address_promises_nothing(session, network) -> None:
    bundle_id = send(network).bundle_id
    supervisor = network.office.supervisor
    version = queries.open_address(supervisor, network.address_id).version
    service.set_address_state(supervisor, network.address_id, version, AddressState.SUSPENDED, "Sửa nhà")

    with pytest.raises(Refused, match="suspended"):
        accept(network.keeper, bundle_id, exceed="Vẫn nhận")
    with pytest.raises(Refused, match="suspended"):
        send(network)


def test_the_register_is_kept_by_supervisors_of_the_commune(session, network) -> None:
    unit = add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy số 2", "15148", network.office.unit_id)
    with pytest.raises(Forbidden):
        service.add_address(network.office.worker, unit.id, ENTRY)
    with pytest.raises(Conflict):
        service.add_address(network.office.supervisor, network.address_id, ENTRY)
    with pytest.raises(Conflict):
        service.add_address(network.office.supervisor, network.police_id, ENTRY)

    service.add_address(network.office.supervisor, unit.id, ENTRY)

    names = [row.name for row in queries.list_register(network.office.supervisor)]
    assert names == ["Địa chỉ tin cậy số 2", "Địa chỉ tin cậy Thôn Một"]
    with pytest.raises(NotFound):
        queries.open_address(network.office.stranger, unit.id)


@pytest.mark.parametrize("commune", ["15148", None])
def test_nobody_names_the_telephone_of_an_address_of_somebody_else(session, network, commune) -> None:
    house = Unit(
        kind="nha_tam_lanh",
        name="Nhà Ánh Sao",
        province_code="38",
        commune_code=commune,
        is_public=False,
        state="hoat_dong",
    )
    session.add(house)
    session.flush()
    with pytest.raises(Conflict):
        service.add_address(network.office.stranger, house.id, ENTRY)


def test_a_shelter_of_the_province_is_on_the_board_but_not_in_the_register(session, network) -> None:
    house = Unit(
        kind="nha_tam_lanh", name="Nhà Ánh Sao", province_code="38", is_public=False, state="hoat_dong"
    )
    session.add(house)
    session.flush()
    session.add(
        TrustedAddress(
            unit_id=house.id,
            is_public=False,
            state="active",
            adult_beds=9,
            child_beds=9,
            held_beds=0,
            details=ENTRY.details,
        )
    )
    session.flush()

    assert "Nhà Ánh Sao" in [row.name for row in queries.list_board(network.office.worker)]
    assert "Nhà Ánh Sao" not in [row.name for row in queries.list_register(network.office.supervisor)]


def test_an_entry_is_changed_on_the_version_that_was_read(session, network) -> None:
    supervisor = network.office.supervisor
    entry = queries.open_address(supervisor, network.address_id)
    service.change_address(supervisor, network.address_id, entry.version, replace(ENTRY, adult_beds=3))

    with pytest.raises(StaleVersion):
        service.change_address(supervisor, network.address_id, 1, ENTRY)
    assert session.scalar(select(TrustedAddress.adult_beds)) == 3


def test_an_address_is_public_only_where_the_unit_is_published_too(session, network) -> None:
    unit = session.get(Unit, network.address_id)
    entry = queries.open_address(network.office.supervisor, network.address_id)
    service.change_address(network.office.supervisor, network.address_id, entry.version, ENTRY)
    assert [row.is_public for row in queries.list_board(network.office.worker)] == [True]
    unit.is_public = False
    session.flush()
    assert [row.is_public for row in queries.list_board(network.office.worker)] == [False]


def test_another_commune_sees_nothing_of_the_board(session, network) -> None:
    assert queries.list_board(network.office.stranger) == []
    assert queries.list_phones(network.office.stranger, [network.address_id]) == {}
    keeper_elsewhere = add_account(network.police_id, Role.KEEPER, "Lạ")
    with pytest.raises(NotFound):
        queries.get_own_address(keeper_elsewhere)
    assert list_stays(keeper_elsewhere) == []
