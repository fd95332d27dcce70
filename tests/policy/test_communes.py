"""Several communes and their province in one installation: what each sees of the other is nothing."""

import pytest

from casemgr.cases import queries as cases
from casemgr.cases.service import open_case
from casemgr.errors import Forbidden, NotFound
from casemgr.policy import Role
from casemgr.statistics import queries as statistics
from casemgr.statistics import service
from casemgr.statistics.service import Tier
from tests.rig import counted_town as towns
from tests.rig.office import add_account, add_unit, open_office
from tests.statistics.sdc import YEAR


@pytest.fixture
def office(work):
    with work():
        yield open_office()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.CASE_WORKER, Role.LEADER, Role.REPORT_OFFICER])
@pytest.mark.parametrize("place", ["next door", "province"])
def test_nobody_of_another_commune_or_of_the_province_reaches_a_case(office, role, place):
    case = open_case(office.worker, summary={})
    unit_id = office.stranger.unit_id
    if place == "province":
        unit = add_unit("so_noi_vu", "Sở Nội vụ", "15148")
        unit.commune_code = None
        unit_id = unit.id
    attacker = add_account(unit_id, role, "Kẻ Lạ")

    with pytest.raises((NotFound, Forbidden)):
        cases.get_case(attacker, case.id)
    assert cases.find_by_code(attacker, case.code) is None
    assert cases.list_reachable(attacker, [case.id]) == []


def test_figures_of_a_commune_are_missing_for_the_next_one_and_for_the_province(work):
    with work():
        commune = towns.add_commune()
        towns.record(commune, list(towns.invent_incidents(commune, 60)))
    with work():
        made = service.make_table(
            commune.actor(Role.REPORT_OFFICER), "incidents", commune.id, YEAR, Tier.PUBLIC
        )
    with work():
        next_door = add_unit("ubnd_xa", "UBND xã Khác", "15151")
        province = add_unit("so_noi_vu", "Sở Nội vụ", "15148")
        province.province_code, province.commune_code = "11", None
        for unit in (next_door, province):
            attacker = add_account(unit.id, Role.REPORT_OFFICER, "Kẻ Lạ")
            for tier in Tier:
                with pytest.raises(NotFound):
                    service.make_table(attacker, "incidents", commune.id, YEAR, tier)
            with pytest.raises(NotFound):
                service.get_table(attacker, made.id)
            assert statistics.list_releases(attacker) == []
