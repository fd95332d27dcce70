"""A unit that cannot help points to others in the directory: what suits goes first, nothing hidden."""

from dataclasses import replace

import pytest

from casemgr.directory import service as directory
from casemgr.directory.rules import Availability
from casemgr.errors import Conflict
from casemgr.policy import Role
from casemgr.referrals import queries, service
from tests.referrals.test_clocks import second_address
from tests.rig.network import consented_case, send, sending_to
from tests.rig.office import add_account, add_unit

UNION, STATION = "hoi_lhpn", "tram_y_te"


@pytest.fixture
def asked(network):
    """A request for somebody to talk to, sent to the health station."""
    office = network.office
    station = add_unit(STATION, "Trạm y tế", "15148", office.unit_id)
    nurse = add_account(station.id, Role.RECIPIENT, "Thơm")
    case_id = consented_case(office, "tam_ly").id

    def ask(**offer):
        sending = sending_to(station.id, service="tam_ly", urgency="trong_ngay", **offer)
        return nurse, service.send_referral(office.worker, case_id, sending).bundle_id

    return ask


def union(network, name, commune="15148", **said):
    unit = add_unit(UNION, name, commune, network.office.unit_id)
    if said:
        administrator = add_account(network.office.unit_id, Role.ADMINISTRATOR, name)
        directory.change_entry(administrator, unit.id, 0, {"services": ["tam_ly"], **said})
    return unit


def onward(asked, **offer):
    nurse, bundle_id = asked(**offer)
    return [choice.name for choice in queries.list_onward(nurse, bundle_id) if choice.kind == UNION]


def test_what_takes_people_and_suits_stands_first_and_what_is_full_last(session, network, asked) -> None:
    administrator = add_account(network.office.unit_id, Role.ADMINISTRATOR, "Quản")
    full = union(network, "Kín chỗ", cost="mien_phi", access=["xe_lan"])
    directory.set_availability(administrator, full.id, Availability.FULL)
    union(network, "Chưa rõ lối vào")
    union(network, "Có lối xe lăn", access=["xe_lan"])
    assert onward(asked, access_needs=["xe_lan"]) == ["Có lối xe lăn", "Chưa rõ lối vào", "Kín chỗ"]


def test_near_goes_first_unless_the_danger_is_high(session, network, asked) -> None:
    union(network, "Gần", communes="15148")
    union(network, "Xa", "15163", communes="15148")
    assert onward(asked, danger_level="thap") == ["Gần", "Xa"]
    assert onward(asked, danger_level="cao") == ["Xa", "Gần"]


def test_what_a_unit_says_of_itself_counts_and_not_what_its_kind_does(session, network, asked) -> None:
    other_work = union(network, "Làm việc khác")
    administrator = add_account(network.office.unit_id, Role.ADMINISTRATOR, "Quản")
    directory.change_entry(administrator, other_work.id, 0, {"services": ["sinh_ke"]})
    school = add_unit("truong_hoc", "Trường học", "15148", network.office.unit_id)
    directory.change_entry(administrator, school.id, 0, {"services": ["tam_ly"]})
    nurse, bundle_id = asked()
    found = {choice.unit_id for choice in queries.list_onward(nurse, bundle_id)}
    assert school.id in found
    assert other_work.id not in found
    with pytest.raises(Conflict):
        service.redirect(nurse, bundle_id, other_work.id)
    assert service.redirect(nurse, bundle_id, school.id).to_unit_id == school.id


def test_an_address_that_stands_in_no_register_is_nowhere_to_point_to(session, network) -> None:
    unregistered = add_unit("dia_chi_tin_cay", "Chưa vào sổ", "15148", network.office.unit_id)
    hidden, _ = second_address(network, is_public=False)
    referral = send(network)
    assert queries.list_onward(network.keeper, referral.bundle_id) == []
    for unit in (unregistered, hidden):
        with pytest.raises(Conflict):
            service.redirect(network.keeper, referral.bundle_id, unit.id)


def test_what_is_proposed_says_nothing_of_whoever_is_left_out_or_who_asks(session, network, asked) -> None:
    person = add_account(union(network, "Hội").id, Role.RECIPIENT, "Nga")
    nurse, bundle_id = asked()
    (choice,) = [one for one in queries.list_onward(nurse, bundle_id) if one.kind == UNION]
    assert choice.has_staff
    assert str(person.account_id) not in repr(replace(choice, listing=None))


def test_the_first_look_at_who_else_is_asked_names_the_open_request(session, network) -> None:
    worker, case_id = network.office.worker, network.case_id
    first = send(network)
    found = queries.list_open(worker, case_id, ("tam_lanh", "cong_an"))
    assert {code: [row.referral_id for row in rows] for code, rows in found.items()} == {
        "tam_lanh": [first.id],
        "cong_an": [],
    }
    service.decline(network.keeper, first.bundle_id, "het_cho")
    assert queries.list_open(worker, case_id, ["tam_lanh"]) == {"tam_lanh": []}
