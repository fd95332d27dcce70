"""Units at one table for tests of case conferences: police, health, a union, and people who must not know."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from casemgr.cases.service import bar_account, open_case
from casemgr.conferences.models import Conference
from casemgr.conferences.rules import Calling
from casemgr.conferences.service import call_conference
from casemgr.policy import Actor, Role
from casemgr.survivors.service import add_survivor
from tests.rig.office import Office, add_account, add_unit, open_office

HER_NAME = "Quách Thị Hoa"
NEEDS = ("Chỗ ở an toàn sau khi ra viện", "Giấy chứng thương")
MEETS_ON = date(2026, 6, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Who may sit at the table, and who must not."""

    office: Office
    case_id: UUID
    police: Actor
    excluded: Actor
    barred: Actor
    nurse: Actor
    uninvited: Actor
    police_id: UUID
    health_id: UUID
    union_id: UUID

    @property
    def worker(self) -> Actor:
        """Who works on the case and calls."""
        return self.office.worker


def lay_table() -> Table:
    """Set everything up inside the running unit of work."""
    office = open_office()
    police = add_unit("cong_an_xa", "Công an xã Cẩm Tú", "15148", office.unit_id).id
    health = add_unit("tram_y_te", "Trạm y tế xã Cẩm Tú", "15148", office.unit_id).id
    union = add_unit("hoi_lhpn", "Hội Liên hiệp Phụ nữ", "15148", office.unit_id).id
    survivor = add_survivor(office.worker, {"full_name": HER_NAME, "sex": "nu", "birth": "1990"})
    case = open_case(office.worker, summary={}, survivor_id=survivor.id)
    table = Table(
        office=office,
        case_id=case.id,
        police=add_account(police, Role.RECIPIENT, "Dũng"),
        excluded=add_account(police, Role.RECIPIENT, "Kình"),
        barred=add_account(police, Role.RECIPIENT, "Kha"),
        nurse=add_account(health, Role.RECIPIENT, "Yến"),
        uninvited=add_account(union, Role.RECIPIENT, "Phương"),
        police_id=police,
        health_id=health,
        union_id=union,
    )
    bar_account(office.worker, case.id, table.barred.account_id, "Em của người gây bạo lực")
    return table


def calling(table: Table, **other: Any) -> Calling:
    """Return what the police and the health station are called together for."""
    usual: dict[str, Any] = {
        "meets_on": MEETS_ON,
        "meets_at": "14:00",
        "place": "Phòng họp số 2",
        "unit_ids": frozenset({table.police_id, table.health_id}),
        "topics": ("cong_an", "y_te"),
        "needs": NEEDS,
        "excluded": frozenset({table.excluded.account_id}),
    }
    return Calling(**{**usual, **other})


def call(table: Table, **other: Any) -> Conference:
    """Call the conference with the consent that it needs."""
    return call_conference(
        table.worker, table.case_id, calling(table, **other), how="loi_noi", limits_read=True
    )
