"""One request from hand to hand, each at a screen of their own: no, next, yes, come, served."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.rig.demonstration import Office, Person, come

pytestmark = pytest.mark.browser

PHONE, DESK = 360, 1280
PLACE = "Gốc đa đầu thôn"


@pytest.fixture
def seat(browser: Browser, open_office: Callable[..., Office]):
    """Call it for somebody who signs in; nobody's browser may have complained in the end."""
    office, people = open_office(has_worker=False), []

    def seated(name: str, width: int) -> Person:
        people.append(come(browser, office, name, width=width).sign_in())
        return people[-1]

    yield seated
    for person in people:
        person.leave()
    assert [trouble for person in people for trouble in person.troubles] == []


def test_a_request_goes_from_a_full_address_to_the_next_and_the_police_serve_beside_it(seat) -> None:
    worker = seat("canbo1", DESK)
    full, keeper, police = seat("diachi2", PHONE), seat("diachi1", PHONE), seat("congan", DESK)
    case = open_case(worker)

    first = send(worker, case, "Địa chỉ tin cậy Mẫu Hai")
    stands(worker, first, "Chờ trả lời")
    asked = open_request(full, "Tạm lánh", worker, first)
    stands(worker, first, "Đã mở xem, chờ trả lời")
    say_full(full)
    assert gone(full, asked)
    stands(worker, first, "Không tiếp nhận", "Hết chỗ", "Địa chỉ tin cậy Mẫu Một")

    second = send(worker, case, "Địa chỉ tin cậy Mẫu Một")
    stay = open_request(keeper, "Tạm lánh", worker, second)
    assert PLACE not in keeper.words()
    assert fits(keeper)
    keeper.press("Tiếp nhận")
    assert fits(keeper)
    assert PLACE in keeper.words()
    stands(worker, second, "Đã tiếp nhận")
    assert gone(full, stay)

    third = send(worker, case, "Công an xã Cẩm Tú")
    guard = open_request(police, "Công an, bảo vệ an toàn", worker, third)
    police.press("Tiếp nhận")
    police.press("Đã đến")
    stands(worker, third, "Đã đến")
    police.press("Dịch vụ đã bắt đầu")
    stands(worker, third, "Đang cung cấp dịch vụ")

    keeper.press("Đã đến")
    stands(worker, second, "Đã đến")
    assert gone(keeper, guard)

    lived_in = write_down(keeper, stay)
    assert status(police, lived_in) == 403
    assert status(full, lived_in) == 404
    worker.open(lived_in)
    assert "18.000 đồng" in worker.words()

    police.follow("Đã hoàn thành dịch vụ")
    police.tick(needs_met="du")
    police.press("Ghi nhận")
    stands(worker, third, "Hoàn thành")
    assert gone(police, guard)
    keeper.open(lived_in)
    keeper.follow("Đã rời đi")
    keeper.tick(left_to="nguoi_than", safety="an_toan", needs_met="du")
    keeper.press("Ghi nhận")
    assert all(fits(person) for person in (full, keeper))
    assert status(keeper, lived_in) == 404
    assert status(worker, lived_in) == 404
    stands(worker, second, "Hoàn thành", "18.000 đồng")


def write_down(keeper: Person, request: str) -> str:
    """Write down on the phone what was given, correct it, and return the address of the stay."""
    keeper.open(request)
    keeper.follow("Lượt ở tại địa chỉ")
    path = keeper.path
    keeper.follow("Ghi đã cấp gì")
    keeper.tick(supply="an_uong")
    keeper.write(what="Cháo", cost="180000")
    assert fits(keeper)
    keeper.press("Ghi lại")
    keeper.follow("Sửa Ăn uống")
    keeper.write(cost="18000")
    assert fits(keeper)
    keeper.press("Lưu phần sửa")
    assert "18.000 đồng" in keeper.words()
    assert fits(keeper)
    return path


def open_case(worker: Person) -> str:
    """Somebody is in danger and agrees to shelter and police; return the address of the case."""
    worker.open("/emergency")
    worker.tick(danger_now="yes")
    worker.write(phone="0912345678", adults="1", children="0")
    worker.tick(urgent_needs="noi_an_toan bao_ve", consent="given")
    worker.press("Mở hồ sơ và xem cần gọi ai")
    return "/cases/" + worker.path.rsplit("/", 1)[1]


def send(worker: Person, case: str, unit: str) -> str:
    """Ask a unit at once; return the address of the referral."""
    worker.open(f"{case}/referrals/urgent")
    worker.unfold("Bao nhiêu người, gặp ở đâu")
    worker.write(meeting_point=PLACE, meeting_at="Ngay bây giờ")
    card = worker.page.locator(".unit-card", has_text=unit)
    worker.tap(card.get_by_role("button", name="Gửi phiếu chuyển gửi"))
    return worker.path


def open_request(person: Person, service: str, worker: Person, referral: str) -> str:
    """Open the request that the worker has just sent, among others; return its address."""
    worker.open(referral)
    due = re.findall(r"\d\d/\d\d/\d{4} \d\d:\d\d", worker.words())[0]
    person.open("/referrals")
    card = person.page.locator("main .unit-card", has_text=due).filter(has_text=service)
    person.tap(card.get_by_role("link", name="Xem và trả lời").last)
    return person.path


def say_full(keeper: Person) -> None:
    keeper.follow("Không thể tiếp nhận")
    keeper.tick(reason="het_cho")
    keeper.press("Gửi câu trả lời")


def gone(person: Person, path: str) -> bool:
    """Say whether a request is not there for somebody, neither in the inbox nor by its address."""
    person.open("/referrals")
    listed = person.page.locator(f"main a[href='{path}']").count()
    answer = person.page.request.get(person.office.address + path)
    person.open("/referrals")
    return not listed and answer.status == 404


def status(person: Person, path: str) -> int:
    """Return with which status a page answers somebody."""
    return person.page.request.get(person.office.address + path).status


def stands(worker: Person, referral: str, *words: str) -> None:
    """What the sender reads of a referral now."""
    worker.open(referral)
    said = worker.words()
    assert [word for word in words if word not in said] == [], said


def fits(person: Person) -> bool:
    """Say whether the page on a phone's screen stands out at the right nowhere."""
    width, over = person.page.evaluate("[innerWidth, document.documentElement.scrollWidth - innerWidth]")
    assert width == PHONE
    return bool(over <= 0)
