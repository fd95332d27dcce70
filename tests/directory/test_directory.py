"""The directory: what units say of themselves, who may, who finds what, and what never stands in it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.directory import queries, service
from casemgr.directory.rules import Availability, Hours, Need, Wanted, availability_on, missing
from casemgr.errors import Conflict, NotFound, StaleVersion
from casemgr.policy import Role
from casemgr.shelters.models import TrustedAddress
from casemgr.units.models import Unit
from tests.directory.conftest import NOW
from tests.rig.office import add_account, add_unit

TODAY = clock.local(NOW).date()
SAID = {
    "services": ["cong_an"],
    "contact": "Số 1 đường Trung tâm",
    "open_days": "thu2_thu6",
    "opens": "07:00",
    "closes": "17:00",
    "languages": ["viet", "muong"],
    "access": ["xe_lan"],
    "cost": "mien_phi",
    "staff_contact": "Trực ban hình sự",
    "staff_phone": "+84911000111",
}


def say(network, **said):
    return service.change_entry(network.police, network.police_id, 0, SAID | said)


def names(actor, **wanted):
    return [listing.name for listing in queries.search_units(actor, Wanted(**wanted))[0]]


@pytest.mark.parametrize(
    ("hours", "moment", "is_open"),
    [
        (Hours(), "2026-06-07 03:00", True),
        (Hours(weekdays="01234"), "2026-06-07 10:00", False),
        (Hours(opens="07:00", closes="17:00"), "2026-06-01 17:00", False),
        (Hours(opens="07:00", closes="17:00"), "2026-06-01 07:00", True),
        (Hours(opens="18:00", closes="06:00"), "2026-06-01 02:00", True),
        (Hours(weekdays="01234", opens="18:00", closes="06:00"), "2026-06-06 02:00", True),
        (Hours(weekdays="01234", opens="18:00", closes="06:00"), "2026-06-01 02:00", False),
    ],
)
def test_hours_say_whether_a_unit_is_open(hours: Hours, moment: str, is_open: bool) -> None:
    assert hours.include(datetime.fromisoformat(moment)) is is_open


def test_a_closure_ends_by_itself_after_its_last_day() -> None:
    assert availability_on("dong", TODAY, TODAY) is Availability.CLOSED
    assert availability_on("dong", TODAY - timedelta(days=1), TODAY) is Availability.OPEN
    assert availability_on("day", None, TODAY) is Availability.FULL


def test_what_a_unit_is_not_known_to_have_is_named_with_its_list() -> None:
    need = Need(access=frozenset({"xe_lan", "ky_hieu"}), languages=frozenset({"ky_hieu"}))
    assert missing(need, ["xe_lan"], ["viet"]) == (("access_help", "ky_hieu"), ("language", "ky_hieu"))


def test_a_unit_is_found_by_service_access_words_without_marks_and_being_open_now(session, network) -> None:
    say(network)
    worker = network.office.worker
    assert "Công an xã Cẩm Tú" in names(worker)
    for wanted in ({"text": "cong an"}, {"service": "cong_an"}, {"access": "xe_lan"}, {"open_now": True}):
        assert names(worker, **wanted) == ["Công an xã Cẩm Tú"], wanted
    assert names(worker, text="khong co") == []
    assert "Công an xã Cẩm Tú" not in names(worker, access="ky_hieu")
    with clock.frozen(NOW + timedelta(days=5)):
        assert names(worker, open_now=True) == []


def test_one_tap_says_whether_a_unit_takes_people_and_until_when(session, network) -> None:
    police, worker = network.police, network.office.worker
    until = TODAY + timedelta(days=2)
    service.set_availability(police, network.police_id, Availability.CLOSED, until)
    listing = queries.get_listing(worker, network.police_id)
    assert (listing.availability, listing.closed_until) == (Availability.CLOSED, until)
    assert listing.services == ("cong_an",)
    with clock.frozen(NOW + timedelta(days=3)):
        assert queries.get_listing(worker, network.police_id).availability is Availability.OPEN
    with pytest.raises(Conflict, match="past"):
        service.set_availability(police, network.police_id, Availability.FULL, TODAY - timedelta(days=1))


def test_an_entry_is_changed_by_its_unit_or_the_administrator_and_by_nobody_else(session, network) -> None:
    say(network)
    office = network.office
    administrator = add_account(office.unit_id, Role.ADMINISTRATOR, "Quản")
    other_police = add_account(add_unit("cong_an_xa", "Công an xã Khác", "15151").id, Role.RECIPIENT, "Tư")
    for actor in (office.supervisor, network.keeper, other_police):
        with pytest.raises(NotFound):
            service.set_availability(actor, network.police_id, Availability.CLOSED)
    service.confirm_entry(administrator, network.police_id)
    with pytest.raises(StaleVersion):
        service.change_entry(network.police, network.police_id, 99, SAID)
    changed = [note for note in audit.take(session) if note.object_kind == "directory_entry"]
    assert [note.detail["step"] for note in changed] == ["changed", "confirmed"]
    assert [note.actor_id for note in changed] == [network.police.account_id, administrator.account_id]


def test_a_hidden_address_never_stands_in_the_directory_and_a_published_one_only_while_it_takes_people(
    session, network
) -> None:
    address = session.query(TrustedAddress).one()
    everybody = (network.office.worker, network.office.supervisor, network.police, network.keeper)

    def shown() -> list[bool]:
        return [
            network.address_id in {one.unit_id for one in queries.search_units(actor, Wanted())[0]}
            for actor in everybody
        ]

    assert shown() == [False] * 4
    for actor in everybody:
        with pytest.raises(NotFound):
            queries.get_listing(actor, network.address_id)
    with pytest.raises(NotFound):
        service.set_availability(network.keeper, network.address_id, Availability.OPEN)
    address.is_public = True
    session.flush()
    assert shown() == [True] * 4
    service.set_availability(network.keeper, network.address_id, Availability.FULL)
    address.is_public = False
    session.flush()
    assert shown() == [False] * 4
    address.is_public, address.state = True, "exposed"
    session.flush()
    assert shown() == [False] * 4


def test_another_commune_sees_a_unit_only_when_it_is_there_for_that_commune(session, network) -> None:
    stranger = network.office.stranger
    assert "Công an xã Cẩm Tú" not in names(stranger)
    home = session.get(Unit, stranger.unit_id)
    home.commune_code = "15163"
    session.flush()
    entry = say(network, communes="Cẩm Vân")
    assert "Công an xã Cẩm Tú" in names(stranger)
    assert network.police_id in {unit.id for unit in queries.list_offering(stranger, "cong_an")}
    service.change_entry(network.police, network.police_id, entry.version, SAID | {"communes": ""})
    assert "Công an xã Cẩm Tú" not in names(stranger)
    with pytest.raises(Conflict, match="communes"):
        service.change_entry(
            network.police, network.police_id, entry.version, SAID | {"communes": "Xã Không Có"}
        )
    for elsewhere in ("00004", "99999"):
        with pytest.raises(Conflict, match="communes"):
            service.change_entry(
                network.police, network.police_id, entry.version, SAID | {"communes": elsewhere}
            )


def test_what_a_unit_says_goes_before_what_its_kind_does(session, network) -> None:
    worker = network.office.worker
    assert network.police_id in {unit.id for unit in queries.list_offering(worker, "cong_an")}
    say(network, services=["phap_ly"])
    assert network.police_id not in {unit.id for unit in queries.list_offering(worker, "cong_an")}
    assert network.police_id in {unit.id for unit in queries.list_offering(worker, "phap_ly")}


def test_an_entry_holds_for_its_days_only(session, network) -> None:
    say(network, services=["phap_ly"], valid_to=TODAY.isoformat())
    assert queries.get_listing(network.office.worker, network.police_id).services == ("phap_ly",)
    with clock.frozen(NOW + timedelta(days=1)):
        assert queries.get_listing(network.office.worker, network.police_id).services == ("cong_an",)


def test_the_contact_for_staff_is_sealed_and_read_by_staff_of_units_on_record(session, network) -> None:
    entry = say(network)
    audit.take(session)
    stored = session.execute(text("SELECT * FROM directory_entry")).one()
    assert not any("Trực ban" in str(cell) or "911000111" in str(cell) for cell in stored)
    assert queries.open_staff_contact(network.office.worker, network.police_id)["staff_phone"]
    assert [(note.actor_id, note.object_id) for note in audit.take(session)] == [
        (network.office.worker.account_id, entry.id)
    ]
    assert queries.open_staff_contact(network.neighbour, network.police_id) == {}
    assert queries.open_staff_contact(network.keeper, network.police_id) == {}


def test_a_unit_is_found_by_a_language_that_is_spoken_there(session, network) -> None:
    say(network)
    assert names(network.office.worker, language="muong") == ["Công an xã Cẩm Tú"]
    assert names(network.office.worker, language="ky_hieu") == []
