"""Child-protection records of the made-up cases, with the clocks of the law."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casemgr import clock
from casemgr.children import service
from casemgr.children.queries import get_child, list_duties
from casemgr.demo.stage import Stage
from casemgr.policy import Actor

if TYPE_CHECKING:
    from casemgr.demo.stories import Story

OWNERS = ("treem", "canbo2")
ITSELF, OF_HOUSE = "chinh_nguoi_bi_bao_luc", "tre_trong_nha"
OUTCOMES = {"an_toan": 7, "khong_xac_minh": 1, "cham_soc_thay_the": 1, "chuyen_noi_cu_tru": 1}


def link(
    story: "Story", *, owner: str | None = None, in_danger: bool | None = None, is_worked_on: bool = True
) -> UUID:
    """Link a child of the household, or the survivor herself when she is one; its owner does the duties."""
    chance = story.stage.chance
    in_danger = chance.often(0.4) if in_danger is None else in_danger
    owner = owner or chance.weighed(dict(zip(OWNERS, (3, 1), strict=True)))
    actor = story.stage.cast[owner]
    agrees = chance.often(0.85)
    values = _child(story, in_danger=in_danger or not agrees)
    basis = (
        {"agreed": "yes"}
        if agrees
        else {"agreed": "no", "reason": "Trẻ đang gặp nguy hiểm, luật buộc báo ngay."}
    )
    relation = ITSELF if story.known.age < 16 else OF_HOUSE
    child = service.link_child(
        story.actor,
        story.id,
        owner_id=actor.account_id,
        relation=relation,
        basis=basis | {"told": "yes"},
        values=values,
    )
    if is_worked_on:
        work_on(story.stage, actor, child.id)
    return child.id


def _child(story: "Story", *, in_danger: bool) -> dict[str, Any]:
    stage, told = story.stage, story.known
    is_herself = told.age < 16
    sex = told.pattern.sex if is_herself else stage.chance.pick(("nu", "nam"))
    born = clock.today() - timedelta(days=365 * (told.age if is_herself else stage.chance.number(2, 14)) + 40)
    name = told.sections["person"]["full_name"] if is_herself else stage.names.person(sex)
    return {
        "immediate_danger": "yes" if in_danger else "no",
        "risk_level": stage.chance.weighed({"cao": 3, "trung_binh": 4, "thap": 2}),
        "abuse": ["bao_luc"] if is_herself or stage.chance.often(0.3) else [],
        "origin": "Cháu chứng kiến bạo lực ở nhà, hay nghỉ học. Cần người đến thăm theo việc của nhà trường.",
        "name": name,
        "birth": f"{born:%Y-%m}",
        "sex": sex,
        "lives_with": "cha_me",
        "attends_school": "yes",
        "school": "Trường THCS Mẫu",
    }


def work_on(stage: Stage, actor: Actor, child_id: UUID) -> None:
    """Put the duties of a record on its owner's agenda, and its end."""
    stage.soon(60, 640, lambda: finish(actor, child_id, "emergency_measures"))
    stage.after(stage.chance.number(2, 4), lambda: finish(actor, child_id, "plan"))
    stage.after(stage.chance.number(6, 8), lambda: finish(actor, child_id, "approval"))
    outcome = stage.chance.weighed(OUTCOMES)
    stage.after(stage.chance.number(30, 110), lambda: close(actor, child_id, outcome))


def finish(actor: Actor, child_id: UUID, kind: str) -> None:
    """Note that a duty is done, if it runs."""
    for duty in list_duties(actor, child_id):
        if (duty.kind, duty.state) == (kind, "open"):
            service.finish_task(actor, child_id, duty.id)


def close(actor: Actor, child_id: UUID, outcome: str) -> None:
    """Close a record."""
    child = get_child(actor, child_id)
    needs_met = "du" if outcome == "an_toan" else "chua_ro"
    service.close_child(actor, child_id, version=child.version, outcome=outcome, needs_met=needs_met)
