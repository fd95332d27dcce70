"""A commune whose people can all sign in: who sends tips, who follows them up, who looks after the system."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from casemgr.policy import Role
from tests.rig import staff
from tests.rig.office import add_unit
from tests.rig.staff import Staff

MORNING = datetime(2026, 6, 5, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """The people of one commune, and a supervisor of another."""

    council_id: UUID
    office_id: UUID
    hamlet_id: UUID
    head: Staff
    worker: Staff
    colleague: Staff
    supervisor: Staff
    stranger: Staff
    administrator: Staff
    officer: Staff


def open_commune() -> Commune:
    """Set up the commune inside the running unit of work."""
    council = add_unit("ubnd_xa", "UBND xã Cẩm Tú", "15148")
    office = add_unit("phong_vhxh", "Phòng Văn hóa – Xã hội", "15148", council.id)
    hamlet = add_unit("thon", "Thôn Lương Ngọc", "15148", council.id)
    other = add_unit("phong_vhxh", "Phòng Văn hóa – Xã hội xã Khác", "15151")
    add_unit("tram_y_te", "Trạm y tế xã Cẩm Tú", "15148", council.id).duty_phone = "+84912345678"
    return Commune(
        council_id=council.id,
        office_id=office.id,
        hamlet_id=hamlet.id,
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
