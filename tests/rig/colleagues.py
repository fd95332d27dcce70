"""A commune whose people sign in: case workers, child protection, a programme, and strangers."""

from dataclasses import dataclass
from uuid import UUID

from casemgr.cases import service
from casemgr.policy import Role
from tests.rig.office import add_unit
from tests.rig.staff import Staff, add_staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """Who works in the commune and on its one case, and who must not see what."""

    unit_id: UUID
    case_id: UUID
    case_code: str
    worker: Staff
    colleague: Staff
    supervisor: Staff
    child_worker: Staff
    other_child_worker: Staff
    officer: Staff
    stranger: Staff
    child_stranger: Staff
    officer_elsewhere: Staff


def open_commune() -> Commune:
    """Set up the commune inside the running unit of work, with one case of the worker."""
    unit = add_unit("ubnd_xa", "UBND xã Cẩm Tú", "15148").id
    other = add_unit("ubnd_xa", "UBND xã Khác", "15151").id
    worker = _add("lan", Role.CASE_WORKER, unit, "Lò Thị Lan")
    case = service.open_case(worker.actor, summary={}, risk_level="cao")
    return Commune(
        unit_id=unit,
        case_id=case.id,
        case_code=case.code,
        worker=worker,
        colleague=_add("mai", Role.CASE_WORKER, unit, "Bùi Thị Mai"),
        supervisor=_add("thu", Role.SUPERVISOR, unit, "Hà Thị Thu"),
        child_worker=_add("be", Role.CHILD_WORKER, unit, "Cao Thị Bé"),
        other_child_worker=_add("nhi", Role.CHILD_WORKER, unit, "Đinh Thị Nhi"),
        officer=_add("sinh.ke", Role.PROGRAMME_OFFICER, unit, "Phạm Văn Kế"),
        stranger=_add("xa", Role.SUPERVISOR, other, "Quách Văn Xa"),
        child_stranger=_add("tre", Role.CHILD_WORKER, other, "Trương Thị Trẻ"),
        officer_elsewhere=_add("vung", Role.PROGRAMME_OFFICER, other, "Bùi Văn Vững"),
    )


def _add(name: str, role: Role, unit_id: UUID, shown_name: str) -> Staff:
    return add_staff(name, role, unit_id=unit_id, shown_name=shown_name)
