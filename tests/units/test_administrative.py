"""Provinces and communes of 2025: found by code and by name."""

import subprocess
import sys

import pytest

from casemgr.errors import NotFound
from casemgr.units import administrative


def test_thanh_hoa_and_cam_tu_are_found_by_code() -> None:
    commune = administrative.get_commune("15148")

    assert commune.name == "Xã Cẩm Tú"
    assert administrative.get_province(commune.province_code).name == "Tỉnh Thanh Hóa"
    assert commune.province_code == "38"


def test_codes_keep_their_leading_zeros() -> None:
    assert administrative.get_province("01").name == "Thành phố Hà Nội"
    assert administrative.get_commune("00004").name == "Phường Ba Đình"


def test_there_are_34_provinces_and_3321_communes() -> None:
    provinces = administrative.list_provinces()

    assert len(provinces) == 34
    assert sum(len(administrative.list_communes(province.code)) for province in provinces) == 3321


@pytest.mark.parametrize("typed", ["cam tu", "Cẩm Tú", "CẨM TÚ", "xã cẩm tú", "cam tú"])
def test_a_commune_is_found_however_it_is_typed(typed: str) -> None:
    found = administrative.search_communes(typed, "38")

    assert found[0].code == "15148"


def test_a_search_stays_in_the_province_and_gives_at_most_twenty() -> None:
    assert {commune.province_code for commune in administrative.search_communes("xa", "38")} == {"38"}
    assert len(administrative.search_communes("xa")) == 20
    assert administrative.search_communes("") == ()


@pytest.mark.parametrize("code", ["99", "3", "", "038"])
def test_an_unknown_province_is_not_found(code: str) -> None:
    with pytest.raises(NotFound):
        administrative.list_communes(code)


def test_an_abolished_or_unknown_commune_is_not_found() -> None:
    with pytest.raises(NotFound):
        administrative.get_commune("99999")


def test_the_large_package_is_not_loaded_before_it_is_asked_for() -> None:
    program = "import casemgr.units.administrative, sys; sys.exit('vietnam_provinces' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
