"""Referrals of the made-up cases: to whom, what is asked, and how each ends."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casemgr import clock
from casemgr.demo import children as records
from casemgr.demo import support
from casemgr.demo.living import live_in
from casemgr.demo.stage import Stage
from casemgr.errors import Refused
from casemgr.policy import Actor
from casemgr.referrals import service
from casemgr.referrals.queries import get_referral, list_onward, open_bundle, open_told
from casemgr.referrals.rules import CHILD_PROTECTION, RECORD, SHELTER, Sending
from casemgr.shelters.queries import find_beds
from casemgr.units.queries import list_providers

if TYPE_CHECKING:
    from casemgr.demo.stories import Story
    from casemgr.demo.told import Told

RECIPIENTS: dict[str, tuple[str, ...]] = {
    "tam_lanh": ("diachi1", "diachi2", "nhatamlanh"),
    "y_te": ("yte",),
    "tam_ly": ("phunu", "yte"),
    "phap_ly": ("phaply",),
    "cong_an": ("congan",),
    "sinh_ke": ("phunu",),
    "nhu_yeu": ("phunu",),
    "giao_duc": ("truong",),
    "bvte": ("treem",),
}
BEYOND_COMMUNE = ("nhatamlanh", "phaply")
"""Whom a worker of the other commune can ask as well."""

RECORDED = {
    "sinh_ke": {"aid": "vay_von", "beneficiary_group": "can_ngheo"},
    "phap_ly": {"beneficiary_group": "phu_nu"},
    CHILD_PROTECTION: {"child_danger": "no"},
}
"""What is asked of services that become a record where they are accepted."""

MINUTES = {"ngay": (4, 26), "trong_ngay": (60, 1200), "ba_ngay": (200, 3000)}
ENDS = {"accept": 72, "phone": 9, "decline": 9, "expire": 4, "recall": 3, "withdraw": 3}
AGE_BANDS = ((5, "a0_5"), (10, "a6_10"), (15, "a11_15"), (17, "a16_17"), (59, "a18_59"), (120, "a60_plus"))
NEEDS = ("", "", "Phiên dịch tiếng Mường", "Đi xe lăn", "Cần phòng riêng")
OF_CHILDREN = ("Cháu nhỏ còn bú", "Cháu cần đi học gần đó")
SITUATION = "Đã thống nhất điều được chia sẻ. Xin đón ở chỗ kín đáo, không gọi vào số khác."


def send(
    story: "Story",
    service_code: str,
    *,
    urgency: str | None = None,
    ends: str | None = None,
    to: str | None = None,
    to_unit_id: UUID | None = None,
) -> UUID | None:
    """Send a referral and put its answer on the agenda; None where nobody in reach gives the service.

    `ends` is one of the ends above, "redirect" or "miss"; "wait", "seen", "promise", "stay" and
    "serve" go no further.
    """
    stage, told = story.stage, story.known
    recipient = to or (None if to_unit_id else _recipient(story, service_code))
    if recipient is None and to_unit_id is None:
        return None
    urgency = urgency or stage.chance.weighed({"ngay": 2, "trong_ngay": 5, "ba_ngay": 3})
    to_unit_id = to_unit_id or stage.cast[recipient or ""].unit_id
    children = min(told.children, 2) if service_code == SHELTER else 0
    offer = {
        "service": service_code,
        "urgency": urgency,
        "danger_level": told.risk,
        "adults": 1,
        "children": children,
        "age_bands": _age_bands(told.age, children),
        "from_when": "Ngay bây giờ" if urgency == "ngay" else "Trong tuần này",
        "special_needs": stage.chance.pick(NEEDS + (OF_CHILDREN if children else ())),
        **RECORDED.get(service_code, {}),
    }
    relation = records.ITSELF if told.age < 16 else records.OF_HOUSE
    sending = Sending(
        to_unit_id=to_unit_id,
        offer=offer,
        content=_content(told, service_code),
        relation=relation if service_code == CHILD_PROTECTION else None,
    )
    sent = service.send_referral(story.actor, story.id, sending)
    referral = Referral(
        story=story,
        recipient=stage.cast[recipient] if recipient else None,
        referral_id=sent.id,
        bundle_id=sent.bundle_id,
        is_stay=service_code == SHELTER,
        ends=ends or stage.chance.weighed(ENDS),
    )
    referral.await_answer(urgency)
    return sent.id


def _content(told: "Told", service_code: str) -> dict[str, Any]:
    return {
        "called_name": told.sections["person"]["full_name"] if service_code in RECORDED else told.first_name,
        "safe_phone": told.sections["contact"].get("phone"),
        "code_word": told.sections["contact"].get("code_word"),
        "meeting_point": "Cổng trạm y tế" if service_code == SHELTER else None,
        "situation": SITUATION,
    }


def send_by_letter(story: "Story") -> None:
    """Refer to the hospital, which has no account: a letter goes out, and a yes comes by telephone."""
    hospital = next(unit for unit in list_providers(story.actor, "y_te") if unit.kind == "benh_vien")
    sent = send(story, "y_te", urgency="trong_ngay", ends="wait", to_unit_id=hospital.id)
    if sent is None:
        return
    service.prepare_letter(story.actor, story.id, sent)
    service.draw_letter(story.actor, story.id, sent, ())

    def correct() -> None:
        values = {"danger_level": story.known.risk, "adults": 1, "children": 0, "from_when": "Chiều nay"}
        told = open_told(story.actor, story.id, sent).values
        service.correct(story.actor, story.id, sent, {**told, **values})

    story.stage.soon(5, 10, correct)
    story.stage.soon(15, 20, lambda: service.record_phone_acceptance(story.actor, story.id, sent))


def _age_bands(age: int, children: int) -> list[str]:
    own = next(code for most, code in AGE_BANDS if age <= most)
    return [*(["a6_10"] if children else []), *([own] if own != "a6_10" or not children else [])]


def _recipient(story: "Story", service_code: str) -> str | None:
    """Choose who is asked; for a bed somebody who has one, if there is any."""
    cast = story.stage.cast
    names = [
        name
        for name in RECIPIENTS.get(service_code, ())
        if story.worker != "xaben.canbo" or name in BEYOND_COMMUNE
    ]
    if service_code != SHELTER or not names:
        return story.stage.chance.pick(names) if names else None
    beds = find_beds(story.actor, [cast[name].unit_id for name in names])
    people = 1 + min(story.known.children, 2)
    free = {name: beds[cast[name].unit_id].free for name in names}
    roomy = [name for name in names if free[name].adults and free[name].children >= people]
    return story.stage.chance.pick(roomy or names)


class Referral:
    """A referral on its way, with the acts of both sides."""

    def __init__(
        self,
        *,
        story: "Story",
        recipient: Actor | None,
        referral_id: UUID,
        bundle_id: UUID,
        is_stay: bool,
        ends: str,
    ) -> None:
        self._story, self._id, self._bundle_id = story, referral_id, bundle_id
        self._is_stay, self._ends = is_stay, ends
        # A unit without accounts answers by telephone and by letter: then the worker's own acts are played.
        self._recipient = recipient or story.actor

    @property
    def _stage(self) -> Stage:
        return self._story.stage

    def await_answer(self, urgency: str) -> None:
        """Put the answer on the agenda; what is to expire is never answered."""
        acts = {
            **dict.fromkeys(("accept", "promise", "stay", "serve", "miss"), self._accept),
            "phone": self._accept_by_phone,
            "decline": self._decline,
            "redirect": self._redirect,
            "recall": self._recall,
            "withdraw": self._withdraw,
            "seen": self._look,
        }
        if self._ends in acts:
            self._stage.soon(*MINUTES[urgency], acts[self._ends])

    def _look(self) -> None:
        open_bundle(self._recipient, self._bundle_id)
        service.see(self._recipient, self._bundle_id)

    def _accept(self) -> None:
        self._look()
        try:
            service.accept(self._recipient, self._bundle_id)
        except Refused:
            service.decline(self._recipient, self._bundle_id, "het_cho", "Nhà đang kín chỗ, mong thông cảm.")
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Let the record that it became say how far it is, where there is one."""
        request = get_referral(self._story.actor, self._story.id, self._id).request
        if RECORD not in request or self._ends not in ENDS:
            self._await_arrival(by_phone=False)
        elif request["service"] == CHILD_PROTECTION:
            records.work_on(self._stage, self._recipient, UUID(request[RECORD]))
        else:
            support.work_on(self._stage, self._recipient, UUID(request[RECORD]))

    def _accept_by_phone(self) -> None:
        try:
            service.record_phone_acceptance(
                self._story.actor,
                self._story.id,
                self._id,
                spoke_with="Người trực",
                note="Đồng ý qua điện thoại.",
            )
        except Refused:
            service.record_phone_refusal(self._story.actor, self._story.id, self._id, "het_cho")
        else:
            self._await_arrival(by_phone=True)

    def _await_arrival(self, *, by_phone: bool) -> None:
        if self._ends == "promise":
            return
        if self._ends == "miss" or (self._ends in ENDS and self._stage.chance.often(0.06)):
            act = self._miss_by_phone if by_phone else self._miss
            self._stage.soon(1500, 3000, act)
        else:
            self._stage.soon(30, 1600, self._arrive_by_phone if by_phone else self._arrive)

    def _arrive(self) -> None:
        service.record_arrival(self._recipient, self._bundle_id)
        if self._is_stay:
            live_in(self._stage, self._recipient, self._bundle_id, stays_on=self._ends == "stay")
        else:
            service.begin(self._recipient, self._bundle_id)
        if self._ends not in ("stay", "serve"):
            self._stage.at(self._end_at(), self._complete)

    def _arrive_by_phone(self) -> None:
        service.record_phone_arrival(self._story.actor, self._story.id, self._id)
        self._stage.at(self._end_at(), self._complete_by_phone)

    def _end_at(self) -> datetime:
        days = self._stage.chance.number(2, 14) if self._is_stay else self._stage.chance.number(1, 20)
        return self._stage.office_moment(clock.today() + timedelta(days=days))

    def _left_to(self) -> str | None:
        ends = {"ve_nha_an_toan": 5, "nguoi_than": 3, "noi_khac": 1, "cho_o_moi": 1}
        return self._stage.chance.weighed(ends) if self._is_stay else None

    def _complete(self) -> None:
        service.complete(
            self._recipient,
            self._bundle_id,
            left_to=self._left_to(),
            safety=self._safety(),
            needs_met=self._needs_met(),
        )

    def _safety(self) -> str | None:
        return ("an_toan", "an_toan", "chua_chac")[clock.today().day % 3] if self._is_stay else None

    def _needs_met(self) -> str:
        return ("du", "mot_phan", "du", "khong")[clock.today().day % 4]

    def _complete_by_phone(self) -> None:
        left_to, needs_met = self._left_to(), self._needs_met()
        ended = (self._story.actor, self._story.id, self._id)
        service.record_phone_end(*ended, left_to=left_to, safety=self._safety(), needs_met=needs_met)

    def _miss(self) -> None:
        service.record_no_show(self._recipient, self._bundle_id)

    def _miss_by_phone(self) -> None:
        service.record_phone_no_show(self._story.actor, self._story.id, self._id)

    def _decline(self) -> None:
        self._look()
        reason = self._stage.chance.weighed({"het_cho": 3, "ngoai_gio": 2, "quen_biet": 1, "qua_kha_nang": 1})
        service.decline(self._recipient, self._bundle_id, reason)

    def _redirect(self) -> None:
        self._look()
        others = list_onward(self._recipient, self._bundle_id)
        service.redirect(self._recipient, self._bundle_id, others[0].unit_id, "Nơi này hợp hơn.")

    def _recall(self) -> None:
        service.recall(self._story.actor, self._story.id, self._id, "Đã tìm được nơi gần hơn.")

    def _withdraw(self) -> None:
        service.withdraw(self._story.actor, self._story.id, self._id, "Người bị bạo lực không muốn đi nữa.")
