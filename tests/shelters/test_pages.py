"""The register as its supervisor types it: every field comes back, and none stands anywhere else."""

import pytest
from sqlalchemy import select

from casemgr import db
from casemgr.codes import lists
from casemgr.factory import create_app
from casemgr.policy import Role
from casemgr.questions import Kind
from casemgr.shelters.forms import ADDRESS
from casemgr.shelters.models import TrustedAddress
from tests.rig.browsing import Browser
from tests.rig.office import add_unit
from tests.rig.staff import add_staff, cheap_passwords, settings_for, sign_in

ASKED = {
    *("decision_number", "address_kind", "households", "keepers", "reputation", "reputation_on", "training"),
    *("trained_on", "adult_beds", "child_beds", "rooms", "equipment", "travel", "place", "way", "is_public"),
}
"""What the issue wants the register to hold; incidents and why it is stopped have pages of their own."""
IN_THE_OPEN = {"is_public", "adult_beds", "child_beds"}
"""What is plain by its classification: beds are counted by it."""


def typed(question, number: int) -> str | list[str]:
    """Return an answer as somebody types it."""
    if question.kind in (Kind.CODE, Kind.CODES):
        codes = [code.code for code in lists.get(question.codes)]
        return codes[:2] if question.kind is Kind.CODES else codes[-1]
    words = {
        Kind.DATE: f"{number % 27 + 1:02}/03/2026",
        Kind.NUMBER: str(number % 7 + 2),
        Kind.YES_NO: "no",
        Kind.PHONE: "0911000111",
    }
    return words.get(question.kind, f"Ẩn Đuốc số {number}")


@pytest.fixture
def supervisor(database, keys, engine_url, tmp_path):
    """The supervisor of a commune at her browser, and the unit that is an address."""
    cheap_passwords()
    app = create_app(settings_for(engine_url, tmp_path), database, keys)
    with db.work(database, keys, write=True):
        commune = add_unit("phong_vhxh", "Phòng Văn hóa – Xã hội xã Cẩm Tú", "15148")
        unit_id = add_unit("dia_chi_tin_cay", "Địa chỉ số 9", "15148", commune.id).id
        thu = add_staff("thu", Role.SUPERVISOR, unit_id=commune.id, shown_name="Hà Thị Thu")
    browser = Browser(app)
    sign_in(browser, thu)
    return browser, unit_id


def test_every_field_of_the_register_is_typed_kept_sealed_and_shown_again(supervisor, work) -> None:
    browser, unit_id = supervisor
    answers = {question.name: typed(question, at) for at, question in enumerate(ADDRESS.questions(), 1)}
    assert set(answers) >= ASKED
    browser.open("/shelters/register/new")
    browser.send(unit=str(unit_id), **answers)
    assert (browser.status, browser.path) == (200, "/shelters/register")

    browser.open(f"/shelters/register/{unit_id}")
    page = browser.page
    for question in ADDRESS.questions():
        told = answers[question.name]
        if question.kind in (Kind.CODE, Kind.CODES, Kind.YES_NO):
            values = told if isinstance(told, list) else [told]
            marks = [f'name="{question.name}" value="{value}" checked' for value in values]
            assert all(
                mark in page or f'value="{value}" selected' in page
                for mark, value in zip(marks, values, strict=True)
            ), question.name
        elif question.kind is Kind.PHONE:
            assert "0911 000 111" in page
        elif question.kind is not Kind.DATE:
            assert str(told) in page, question.name
    with work() as session:
        address = session.scalars(select(TrustedAddress)).one()
        assert set(answers) - set(address.details) == IN_THE_OPEN
        assert (address.is_public, address.adult_beds, address.child_beds) == (
            False,
            int(str(answers["adult_beds"])),
            int(str(answers["child_beds"])),
        )
        raw = session.connection().exec_driver_sql("SELECT * FROM trusted_address").one()
    assert "Ẩn Đuốc" not in str(raw)
    assert "Ẩn Đuốc".encode() not in b"".join(part for part in raw if isinstance(part, bytes))
    for path in ("/shelters", "/", "/shelters/incidents", "/shelters/report", "/directory"):
        browser.open(path)
        assert browser.status == 200
        assert "Ẩn Đuốc" not in browser.page, path
