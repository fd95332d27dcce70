"""Support actions of the programmes, some of them begun from a case that nobody sees here."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casemgr import clock
from casemgr.demo.stage import Stage
from casemgr.policy import Actor, Permission
from casemgr.support import service
from casemgr.support.queries import get_support

if TYPE_CHECKING:
    from casemgr.demo.stories import Story

OFFICER = "chuongtrinh"
KINDS = {
    "ho_tro_con_giong": 4,
    "vay_von": 3,
    "dt_nghe": 2,
    "vl_gioi_thieu": 2,
    "sk_da_dang": 2,
    "kn_khoi_nghiep": 1,
}
GROUPS = {"ngheo": 3, "can_ngheo": 3, "moi_thoat": 1, "dtts": 2, "phu_nu": 3}
FUNDS = {"ctmtqg_gn": 3, "ctmtqg_dtts": 2, "ns_xa": 1, "xa_hoi_hoa": 1}
PROGRAMMES = {"qd_3877": 1, "dia_phuong": 1}
UNTIL_2025 = {"gn_2021": 3, "dtts_tda3_da5": 1, "dtts_da8": 2, "kh_178": 1}
FROM_2026 = {"ctmtqg_2026": 6}
OUTCOMES = {"hoan_thanh": 8, "dung": 1, "khong_nhan": 1}


def begin_from_case(story: "Story") -> None:
    """Plan an action for the survivor of a case, who consents to it."""
    told = story.known.sections["person"]
    values = _values(story.stage, told["full_name"], told["sex"])
    action = service.add_from_case(story.actor, story.id, values, how="loi_noi", limits_read=True)
    work_on(story.stage, story.stage.cast[OFFICER], action.id)


def begin(stage: Stage) -> None:
    """Plan an action for somebody without a case."""
    sex = "nu" if stage.chance.often(0.9) else "nam"
    action = service.add_support(stage.cast[OFFICER], _values(stage, stage.names.person(sex), sex))
    work_on(stage, stage.cast[OFFICER], action.id)


def _values(stage: Stage, name: str, sex: str) -> dict[str, Any]:
    chance, today = stage.chance, clock.today()
    return {
        "beneficiary": name,
        "sex": sex,
        "group": chance.weighed(GROUPS),
        "kind": chance.weighed(KINDS),
        "programme": chance.weighed(PROGRAMMES | (FROM_2026 if today.year > 2025 else UNTIL_2025)),
        "fund": chance.weighed(FUNDS),
        "amount": chance.number(4, 40) * 500_000,
        "starts_on": (today + timedelta(days=14)).isoformat(),
        "ends_on": (today + timedelta(days=100)).isoformat(),
    }


def work_on(stage: Stage, officer: Actor, support_id: UUID) -> None:
    """Put the start and the end of an action on the agenda of whoever runs the programme."""
    stage.after(stage.chance.number(6, 25), lambda: _start(officer, support_id))
    stage.after(stage.chance.number(40, 120), lambda: _finish(stage, officer, support_id))


def _start(officer: Actor, support_id: UUID) -> None:
    service.start_support(officer, support_id, version=_version(officer, support_id))


def _finish(stage: Stage, officer: Actor, support_id: UUID) -> None:
    outcome = stage.chance.weighed(OUTCOMES)
    is_done = outcome == "hoan_thanh"
    service.finish_support(
        officer,
        support_id,
        version=_version(officer, support_id),
        outcome=outcome,
        finished_on=clock.today(),
        amount_paid=2_000_000 if is_done else None,
        needs_met="du" if is_done else None,
    )


def _version(officer: Actor, support_id: UUID) -> int:
    return get_support(officer, support_id, Permission.SUPPORT_CHANGE).version
