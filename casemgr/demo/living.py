"""What keepers of the demonstration write down while people stay with them."""

from datetime import timedelta
from uuid import UUID

from casemgr import clock
from casemgr.demo.stage import Stage
from casemgr.policy import Actor
from casemgr.stays import service
from casemgr.stays.queries import open_stay

CALLED = ("Tít", "Bống", "Cò", "Mây")
GIVEN = (
    {"supply": "an_uong", "what": "Gạo, trứng, rau", "cost": 180_000, "paid_by": "ns_xa"},
    {"supply": "ve_sinh", "what": "Bàn chải, khăn, băng vệ sinh", "cost": 65_000, "paid_by": "xa_hoi_hoa"},
    {"supply": "tre_em", "what": "Sữa, bỉm", "cost": 240_000, "paid_by": "ns_xa"},
    {"supply": "di_lai", "what": "Xe ôm đi khám", "cost": 40_000},
)
NEED = {"what": "Cháu cần đi học lại, đi đường vòng để không gặp người quen"}
HANDOVER = {
    "points": ["ai_duoc_goi", "thuoc_dung", "tre_em", "khan_cap"],
    "what": "Chỉ cán bộ phụ trách được gọi đến. Cháu nhỏ xịt hen buổi tối, thuốc ở ngăn trên.",
}
TOLD = {
    "incident": "theo_doi",
    "what": "Tối qua có xe máy lạ đỗ ngoài đầu ngõ, người ngồi trên xe hỏi thăm nhà.",
    "done": "Khóa cổng, gọi trực ban công an xã.",
}


def live_in(stage: Stage, keeper: Actor, bundle_id: UUID, *, stays_on: bool) -> None:
    """Write down who came and what they got; of those still there also a longer stay and a handover."""
    group = open_stay(keeper, bundle_id).group
    survivor = {"kind": "nguoi_bi_bao_luc", "called": "Chị Mẫu", "age_band": "a18_59"}
    service.add_person(keeper, bundle_id, survivor)
    for number in range(group["children"]):
        child = {"kind": "tre_em", "called": CALLED[number % len(CALLED)], "age_band": "a6_10"}
        service.add_person(keeper, bundle_id, child)
    written = [
        service.add_supply(keeper, bundle_id, dict(supply))
        for supply in GIVEN[: stage.chance.number(1, len(GIVEN))]
    ]
    if not stays_on:
        return
    service.correct_supply(keeper, bundle_id, written[0], 1, {**GIVEN[0], "cost": 160_000}, is_void=False)
    if group["children"]:
        service.add_need(keeper, bundle_id, dict(NEED))
    service.extend(keeper, bundle_id, clock.today() + timedelta(days=21), "Chưa có nơi về an toàn.")
    service.hand_over(keeper, bundle_id, dict(HANDOVER))
    service.tell_incident(keeper, dict(TOLD), bundle_id)
