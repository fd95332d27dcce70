"""A commune with a hamlet head, its case workers, and an application for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from casemgr import clock, db
from casemgr.accounts.service import digests
from casemgr.factory import create_app
from casemgr.keys.service import Keyring
from casemgr.policy import Role
from casemgr.web.application import CaseApplication
from tests.rig import staff
from tests.rig.browsing import Browser
from tests.rig.office import add_unit
from tests.rig.staff import Staff, Work

MORNING = datetime(2026, 6, 5, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """Who sends tips, who follows them up, and who must not see them."""

    office_id: UUID
    head: Staff
    worker: Staff
    colleague: Staff
    supervisor: Staff
    stranger: Staff
    administrator: Staff
    officer: Staff


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "COST", staff.CHEAP)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.frozen(MORNING):
        yield


@pytest.fixture
def app(database: db.Database, keys: Keyring, tmp_path: Path) -> CaseApplication:
    return create_app(staff.settings_for(database.url, tmp_path), database, keys)


@pytest.fixture
def commune(work: Work) -> Commune:
    with work():
        council = add_unit("ubnd_xa", "UBND xã Cẩm Tú", "15148")
        office = add_unit("phong_vhxh", "Phòng Văn hóa – Xã hội", "15148", council.id)
        hamlet = add_unit("thon", "Thôn Lương Ngọc", "15148", council.id)
        other = add_unit("phong_vhxh", "Phòng Văn hóa – Xã hội xã Khác", "15151")
        health = add_unit("tram_y_te", "Trạm y tế xã Cẩm Tú", "15148", council.id)
        health.duty_phone = "+84912345678"
        return Commune(
            office_id=office.id,
            head=_add("truong.thon", Role.HAMLET_HEAD, hamlet.id, "Cao Văn Sơn"),
            worker=_add("lan", Role.CASE_WORKER, office.id, "Lò Thị Lan"),
            colleague=_add("mai", Role.CASE_WORKER, office.id, "Bùi Thị Mai"),
            supervisor=_add("thu", Role.SUPERVISOR, office.id, "Hà Thị Thu"),
            stranger=_add("xa", Role.SUPERVISOR, other.id, "Quách Văn Xa"),
            administrator=_add("quan.tri", Role.ADMINISTRATOR, council.id, "Phạm Văn Trị"),
            officer=_add("bao.ve", Role.DATA_PROTECTION, council.id, "Lê Thị Vệ"),
        )


def _add(name: str, role: Role, unit_id: UUID, shown_name: str) -> Staff:
    return staff.add_staff(name, role, unit_id=unit_id, shown_name=shown_name)


@pytest.fixture
def sign_in(app: CaseApplication) -> Callable[[Staff], Browser]:
    """Call it with somebody for the browser in which they are signed in."""

    browsers: dict[str, Browser] = {}

    def open_browser(person: Staff) -> Browser:
        if person.name not in browsers:
            browsers[person.name] = Browser(app)
            staff.sign_in(browsers[person.name], person)
        return browsers[person.name]

    return open_browser
