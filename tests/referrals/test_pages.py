"""The pages of referrals as people use them: worker, keeper, police, and those who must see nothing."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from casemgr import clock, db
from casemgr.cases.service import open_case
from casemgr.factory import create_app
from casemgr.policy import Role
from casemgr.referrals.service import send_referral
from casemgr.shelters.service import AddressEntry, add_address
from casemgr.survivors.service import record_consent
from tests.rig.browsing import Browser
from tests.rig.network import CONTENT, sending_to
from tests.rig.office import add_unit
from tests.rig.staff import add_staff, cheap_passwords, settings_for, sign_in

NOW = datetime(2026, 6, 5, 13, 0, tzinfo=UTC)
DETAILS = {
    "urgency": "ngay",
    "danger_level": "cao",
    "adults": "1",
    "children": "2",
    "age_bands": ["a0_5", "a18_59"],
    "from_when": "Ngay bây giờ",
    "called_name": "Chị Hoa",
    "code_word": "chè xanh",
    "meeting_point": "Cổng sau trạm y tế",
    "call_phone": "0987654321",
}


class Town:
    """Everybody at a browser of their own."""

    def __init__(self, app, work, staff, case_id, units):
        self.app, self.work, self.staff, self.case_id, self.units = app, work, staff, case_id, units
        self._browsers = {}

    def at(self, name: str) -> Browser:
        """Return somebody's browser, signed in."""
        if name not in self._browsers:
            browser = Browser(self.app, address=f"192.0.2.{len(self._browsers) + 1}")
            sign_in(browser, self.staff[name])
            self._browsers[name] = browser
        return self._browsers[name]

    def send(self, **offer) -> tuple[UUID, UUID]:
        """Send a referral past the pages; return its id and that of the bundle."""
        with self.work():
            sent = send_referral(
                self.staff["mai"].actor, self.case_id, sending_to(self.units["address"], **offer)
            )
            return sent.id, sent.bundle_id


@pytest.fixture
def town(database, keys, engine_url, tmp_path, work):
    cheap_passwords()
    with clock.frozen(NOW):
        app = create_app(settings_for(engine_url, tmp_path), database, keys)
        with db.work(database, keys, write=True):
            commune = add_unit("phong_vhxh", "Phòng Văn hóa – Xã hội xã Cẩm Tú", "15148")
            address = add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy số 1", "15148", commune.id)
            police = add_unit("cong_an_xa", "Công an xã Cẩm Tú", "15148", commune.id)
            staff = {
                "mai": add_staff("mai", Role.CASE_WORKER, unit_id=commune.id, shown_name="Lò Thị Mai"),
                "thu": add_staff("thu", Role.SUPERVISOR, unit_id=commune.id, shown_name="Hà Thị Thu"),
                "binh": add_staff("binh", Role.KEEPER, unit_id=address.id, shown_name="Vi Văn Bình"),
                "dung": add_staff("dung", Role.RECIPIENT, unit_id=police.id, shown_name="Lê Dũng"),
            }
            entry = AddressEntry(
                decision_number="12/QĐ-UBND",
                is_public=False,
                adult_beds=2,
                child_beds=2,
                contact_phone="+84911222333",
                place="Nhà ba gian cuối ngõ",
            )
            add_address(staff["thu"].actor, address.id, entry)
            case_id = open_case(staff["mai"].actor, summary={}, risk_level="cao").id
            record_consent(
                staff["mai"].actor,
                case_id,
                purpose="chuyen_gui",
                service="tam_lanh",
                how="loi_noi",
                limits_read=True,
            )
            units = {"commune": commune.id, "address": address.id, "police": police.id}
        yield Town(app, work, staff, case_id, units)


def test_a_worker_sends_step_by_step_and_the_keeper_says_yes_in_two_taps(town) -> None:
    mai = town.at("mai")
    new = f"/cases/{town.case_id}/referrals/new"
    mai.open(f"/cases/{town.case_id}")
    assert f"/cases/{town.case_id}/referrals" in mai.page
    mai.open(new)
    mai.send(step="unit", service="tam_lanh")
    assert "Địa chỉ tin cậy số 1" in mai.page
    mai.send(step="details", unit=str(town.units["address"]))
    assert "Đã đồng ý chuyển gửi" in mai.page
    mai.send(step="check", **DETAILS)
    assert "chè xanh" in mai.page
    mai.send(step="send", age_bands=DETAILS["age_bands"])
    assert mai.status == 200
    assert "Chờ trả lời" in mai.page
    mai.open(f"/cases/{town.case_id}")
    assert "còn 30 phút" in mai.page
    mai.open(f"/cases/{town.case_id}/referrals")
    (referral,) = set(re.findall(rf'href="(/cases/{town.case_id}/referrals/[0-9a-f-]{{36}})"', mai.page))

    binh = town.at("binh")
    binh.open("/referrals")
    assert "chè xanh" not in binh.page
    (bundle,) = set(re.findall(r'href="(/referrals/[0-9a-f-]{36})"', binh.page))
    binh.open(bundle)
    assert "1 người lớn, 2 trẻ em" in binh.page
    assert "chè xanh" not in binh.page
    assert "Chị Hoa" not in binh.page
    binh.send(to=f"{bundle}/accept")
    assert "chè xanh" in binh.page
    assert "0987 654 321" in binh.page

    mai.open(referral)
    assert "Đã tiếp nhận" in mai.page
    assert "Nhà ba gian cuối ngõ" in mai.page
    assert "Vi Văn Bình" in mai.page


def test_a_keeper_follows_the_stay_on_the_own_page(town) -> None:
    _, bundle_id = town.send()
    binh = town.at("binh")
    binh.open(f"/referrals/{bundle_id}")
    binh.send(to=f"/referrals/{bundle_id}/accept")
    binh.open("/shelters/own")
    assert "còn 1 chỗ" in binh.page
    binh.send(to=f"/referrals/{bundle_id}/arrival")
    binh.open("/shelters/own")
    assert "Đang ở" in binh.page
    binh.open(f"/referrals/{bundle_id}/complete")
    binh.send()
    assert binh.status == 422
    binh.send(left_to="nguoi_than", safety="an_toan", needs_met="du")
    assert binh.path == "/referrals"
    binh.open("/shelters/own")
    assert "còn 4 chỗ" in binh.page
    binh.send(to="/shelters/own/beds", change="full")
    assert "Hết chỗ" in binh.page


def test_without_a_free_bed_the_page_asks_and_the_keeper_decides(town) -> None:
    _, first = town.send(adults=2, children=2)
    _, second = town.send()
    binh = town.at("binh")
    binh.open(f"/referrals/{first}")
    binh.send(to=f"/referrals/{first}/accept")
    binh.open(f"/referrals/{second}")
    binh.send(to=f"/referrals/{second}/accept")
    assert binh.status == 409
    assert "chè xanh" not in binh.page
    binh.send(to=f"/referrals/{second}/accept", exceed="yes")
    assert binh.status == 409
    assert "Ghi lý do" in binh.page
    binh.send(to=f"/referrals/{second}/accept", exceed="yes", exceed_reason="Cho ngủ phòng khách")
    assert "chè xanh" in binh.page


def test_a_refusal_needs_a_reason_and_takes_the_bundle_away(town) -> None:
    referral_id, bundle_id = town.send()
    binh = town.at("binh")
    binh.open(f"/referrals/{bundle_id}/decline")
    binh.send()
    assert binh.status == 422
    binh.send(reason="het_cho", text="Mai mới trống")
    assert binh.path == "/referrals"
    binh.open(f"/referrals/{bundle_id}")
    assert binh.status == 404
    mai = town.at("mai")
    mai.open(f"/cases/{town.case_id}/referrals/{referral_id}")
    assert "Mai mới trống" in mai.page
    assert "Hết chỗ" in mai.page


def test_after_a_no_the_next_unit_is_asked_from_the_same_page(town) -> None:
    with town.work():
        entry = AddressEntry(
            decision_number="13/QĐ-UBND",
            is_public=False,
            adult_beds=2,
            child_beds=2,
            contact_phone="+84911222444",
            place="Nhà sàn cạnh suối",
        )
        other = add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy số 2", "15148", town.units["commune"])
        add_address(town.staff["thu"].actor, other.id, entry)
    referral_id, bundle_id = town.send()
    town.at("binh").open(f"/referrals/{bundle_id}/decline")
    town.at("binh").send(reason="het_cho")
    mai = town.at("mai")
    mai.open(f"/cases/{town.case_id}/referrals/{referral_id}")
    assert f'name="unit" value="{other.id}"' in mai.page
    mai.send(
        to=f"/cases/{town.case_id}/referrals/new", service="tam_lanh", step="details", unit=str(other.id)
    )
    assert mai.status == 200
    assert "Bước 3 trên 4" in mai.page
    assert "Địa chỉ tin cậy số 2" in mai.page


def test_in_an_emergency_two_taps_send_and_a_yes_by_telephone_is_one(town) -> None:
    mai = town.at("mai")
    mai.open(f"/cases/{town.case_id}/referrals/urgent")
    assert "0911 222 333" in mai.page
    assert "Nhà ba gian" not in mai.page
    mai.send(phone=f"tam_lanh.{town.units['address']}")
    assert mai.status == 200
    assert "Đã tiếp nhận" in mai.page
    assert "Nhà ba gian cuối ngõ" in mai.page

    mai.open(f"/cases/{town.case_id}/referrals/urgent")
    mai.send(send=f"cong_an.{town.units['police']}")
    assert mai.status == 409
    assert "Chưa có đồng ý" in mai.page
    mai.send(
        send=f"cong_an.{town.units['police']}",
        exception="de_doa_tinh_mang",
        exception_reason="Đang bị đuổi đánh",
    )
    assert mai.status == 200
    assert "Đang bị đuổi đánh" in mai.page
    dung = town.at("dung")
    dung.open("/referrals")
    assert "Công an, bảo vệ an toàn" in dung.page


def test_a_recalled_referral_is_gone_at_once(town) -> None:
    referral_id, bundle_id = town.send()
    mai, binh = town.at("mai"), town.at("binh")
    binh.open(f"/referrals/{bundle_id}")
    mai.open(f"/cases/{town.case_id}/referrals/{referral_id}")
    mai.send(to=f"/cases/{town.case_id}/referrals/{referral_id}/step", step="recall", reason="Lộ địa chỉ")
    assert "Đã thu hồi" in mai.page
    binh.send(to=f"/referrals/{bundle_id}/accept")
    assert binh.status == 404


def test_what_one_may_not_see_answers_like_what_never_was(town) -> None:
    _, bundle_id = town.send()
    dung = town.at("dung")
    dung.open(f"/referrals/{bundle_id}")
    refused = (dung.status, re.sub(r'value="[^"]*"|[0-9a-f-]{36}', "", dung.page))
    dung.open(f"/referrals/{uuid4()}")
    missing = (dung.status, re.sub(r'value="[^"]*"|[0-9a-f-]{36}', "", dung.page))
    assert refused == missing
    assert refused[0] == 404

    for name, status in (("mai", 403), ("thu", 403)):
        browser = town.at(name)
        browser.open(f"/referrals/{bundle_id}")
        assert browser.status == status
    binh = town.at("binh")
    binh.open(f"/cases/{town.case_id}/referrals")
    assert binh.status == 403


def test_two_keepers_at_once_are_told_that_it_was_answered(town) -> None:
    _, bundle_id = town.send()
    binh = town.at("binh")
    binh.open(f"/referrals/{bundle_id}")
    action, fields = binh.form(f"/referrals/{bundle_id}/accept")
    binh.post(action, **fields)
    binh.post(action, **{**fields, "once": "another-form"})
    assert binh.status == 200
    assert "đã có người trả lời" in binh.page


def test_an_unanswered_referral_ends_once_its_page_is_looked_at(town) -> None:
    referral_id, _ = town.send()
    with clock.frozen(datetime(2026, 6, 8, 1, 0, tzinfo=UTC)):
        mai = Browser(town.app)
        sign_in(mai, town.staff["mai"])
        mai.open(f"/cases/{town.case_id}/referrals/{referral_id}")
        mai.open(f"/cases/{town.case_id}/referrals/{referral_id}")
        assert "Hết hạn, không có tin" in mai.page


def test_the_board_and_the_register_show_no_place_but_to_the_supervisor(town) -> None:
    mai, thu = town.at("mai"), town.at("thu")
    mai.open("/shelters")
    assert "Địa chỉ tin cậy số 1" in mai.page
    assert "Nhà ba gian" not in mai.page
    mai.open("/shelters/register")
    assert mai.status == 403
    thu.open("/shelters/register")
    thu.open(f"/shelters/register/{town.units['address']}")
    assert "Nhà ba gian cuối ngõ" in thu.page
    thu.send(
        decision_number="13/QĐ-UBND",
        is_public="no",
        adult_beds="5",
        child_beds="1",
        contact_phone="0911222333",
    )
    assert "còn 6 chỗ" in thu.page
    state = f"/shelters/register/{town.units['address']}/state"
    thu.send(to=state, state="suspended")
    assert thu.status == 422
    thu.send(to=state, state="suspended", reason="Sửa nhà")
    assert "Sửa nhà" in thu.page
    assert "Hiện không nhận người" in thu.page
    assert set(CONTENT) >= {"code_word"}


def test_a_late_answer_offers_the_next_address_and_one_tap_records_its_yes(town) -> None:
    with town.work():
        other = add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy số 2", "15148")
        entry = AddressEntry(
            decision_number="13", is_public=True, adult_beds=2, child_beds=2, contact_phone="+84911222444"
        )
        add_address(town.staff["thu"].actor, other.id, entry)
        other_id = other.id
    referral_id, bundle_id = town.send()
    page = f"/cases/{town.case_id}/referrals/{referral_id}"
    with clock.frozen(NOW + timedelta(minutes=31)):
        binh, mai = town.at("binh"), town.at("mai")
        binh.open(f"/referrals/{bundle_id}")
        binh.open(f"/referrals/{bundle_id}/redirect")
        assert "Địa chỉ tin cậy số 2" in binh.page
        mai.open(page)
        assert "Đã mở xem, chờ trả lời" in mai.page
        assert "0911 222 444" in mai.page
        mai.send(to=f"{page}/next", phone=str(other_id))
        assert "Đã tiếp nhận" in mai.page
        assert mai.path != page
        binh.open(f"/referrals/{bundle_id}")
        assert binh.status == 200
        assert "chè xanh" not in binh.page
        assert "Đã thu hồi" in binh.page


def test_after_they_have_left_no_page_of_the_keeper_says_who_was_there(town) -> None:
    _, bundle_id = town.send()
    binh = town.at("binh")
    stay = f"/shelters/stays/{bundle_id}"
    binh.open(f"/referrals/{bundle_id}")
    binh.send(to=f"/referrals/{bundle_id}/accept")
    binh.send(to=f"/referrals/{bundle_id}/arrival")
    binh.open(f"{stay}/person")
    binh.send(kind="tre_em", called="Tít")
    assert "Tít" in binh.page
    binh.open(f"{stay}/handover")
    binh.send(points=["thuoc_dung"], what="Hen suyễn")
    binh.open(f"/referrals/{bundle_id}/complete")
    binh.send(left_to="nguoi_than", safety="an_toan", needs_met="du")
    assert binh.path == "/referrals"

    bodies = []
    for stranger in (bundle_id, uuid4()):
        for page in ("", "/person", "/handover", "/incident"):
            binh.open(f"/shelters/stays/{stranger}{page}")
            assert binh.status == 404
            bodies.append(binh.page.replace(str(stranger), "ID"))
    assert len({re.sub(r'value="[^"]*"', "", body) for body in bodies}) == 1
    for page in ("/", "/referrals", "/shelters/own", "/shelters/own/incident", "/account"):
        binh.open(page)
        said = [word for word in ("Tít", "Hen suyễn", "Chị Hoa", str(bundle_id)) if word in binh.page]
        assert said == [], page
    for page in ("/shelters", "/shelters/register", "/shelters/incidents", "/shelters/report", "/statistics"):
        binh.open(page)
        assert binh.status == 403


def test_an_incident_told_of_an_address_stands_on_the_first_page_of_who_decides(town) -> None:
    binh, thu = town.at("binh"), town.at("thu")
    thu.open("/")
    assert "sự cố tại địa chỉ tin cậy" not in thu.page
    binh.open("/shelters/own/incident")
    binh.send(incident="tim_den", what="Có người đứng ngoài cổng hỏi")
    thu.open("/")
    assert "1 sự cố tại địa chỉ tin cậy đang chờ quyết định" in thu.page
    assert "/shelters/incidents" in thu.page
    town.at("mai").open("/")
    assert "sự cố tại địa chỉ tin cậy" not in town.at("mai").page
