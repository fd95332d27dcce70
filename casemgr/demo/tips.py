"""Tips that hamlet heads send, and what becomes of them."""

from typing import Any

from casemgr import clock
from casemgr.demo.patterns import TIPS
from casemgr.demo.stage import Stage
from casemgr.tips import service
from casemgr.tips.queries import get_tip, list_tips
from casemgr.tips.rules import TipState

READER = "canbo1"


def send(
    stage: Stage,
    head: str,
    *,
    is_followed: bool = True,
    excluded: tuple[str, ...] = (),
    danger: str | None = None,
) -> None:
    """Have a hamlet head send a tip, which is checked within days and closed."""
    chance = stage.chance
    content = {
        "danger": danger or chance.weighed({"khong": 6, "khong_ro": 3, "co": 1}),
        "seen": chance.pick(TIPS),
        "place": chance.pick(("Cuối xóm", "Gần nhà văn hóa thôn", "Bên kia suối")),
        "happened_on": clock.today().isoformat(),
        "time_of_day": "toi_dem",
    }
    receipt = service.send_tip(
        stage.cast[head],
        content=content,
        reporter=_reporter(stage),
        excluded={stage.cast[name].account_id for name in excluded},
    )
    if is_followed:
        stage.after(chance.number(1, 3), lambda: _check(stage, receipt.code))


def _reporter(stage: Stage) -> dict[str, Any]:
    if stage.chance.often(0.5):
        return {"reporter_type": "hang_xom", "may_call": "no"}
    return {
        "reporter_type": "truong_thon",
        "may_call": "yes",
        "reporter_name": stage.names.other("nam"),
        "reporter_phone": stage.names.phone(),
        "call_when": "Buổi trưa",
    }


def _check(stage: Stage, code: str) -> None:
    chance = stage.chance
    actor = stage.cast[READER]
    tip_id = next(row.id for row in list_tips(actor) if row.code == code)
    finding = chance.weighed({"co_dau_hieu": 4, "chua_ro": 3, "khong": 3})
    check = {
        "ways": chance.some(("thuong_le", "truong_hoc", "hoi_phu_nu", "tram_y_te"), 1, 2),
        "finding": finding,
    }
    service.record_check(actor, tip_id, version=get_tip(actor, tip_id).version, check=check)
    stage.after(chance.number(2, 9), lambda: _close(stage, code, finding))


def _close(stage: Stage, code: str, finding: str) -> None:
    actor = stage.cast[READER]
    tip_id = next(row.id for row in list_tips(actor, states=(TipState.CHECKED,)) if row.code == code)
    becomes = {"co_dau_hieu": "tiep_nhan", "chua_ro": "don_vi_khac", "khong": "khong_mo_ca"}[finding]
    outcome = {
        "outcome": becomes,
        "outcome_note": "Hội Liên hiệp Phụ nữ theo dõi thêm." if finding == "chua_ro" else None,
    }
    service.close_tip(actor, tip_id, version=get_tip(actor, tip_id).version, outcome=outcome)
