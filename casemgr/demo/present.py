"""What stands open when the demonstration begins: work for each role, each state at least once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from casemgr import clock
from casemgr.cases import service as cases
from casemgr.demo import children, conferences, support, tips
from casemgr.demo.referrals import send, send_by_letter
from casemgr.demo.stage import Act, Stage
from casemgr.demo.stories import Story
from casemgr.demo.told import Wishes
from casemgr.incidents.service import add_same_event
from casemgr.shelters.queries import find_beds
from casemgr.survivors.queries import list_consents
from casemgr.survivors.rules import ConsentState
from casemgr.survivors.service import withdraw_consent
from casemgr.web.drafts import save_draft

BEDS: dict[str, int] = {"diachi1": 3, "diachi2": 2}
"""For how many mothers with a child the trusted addresses have room yesterday: today one or two more come."""

DEAF = {"disability": ["nn"], "disability_level": "n", "languages": ["ky_hieu"], "needs_interpreter": "yes"}
HMONG = {"ethnicity": "mong", "languages": ["mong"], "needs_interpreter": "yes"}
INTERPRETER = {"interpreter_note": "Phiên dịch Mẫu của trung tâm tỉnh, không phải người nhà"}
DRAFT = "Chiều nay gặp tại trạm y tế, chị kể thêm về việc"


class Present:
    """Puts the stories of these days on the agenda, each some time before now."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def prepare(self) -> None:
        """Put all of them on the agenda."""
        self._urgent()
        self._answers()
        self._people()
        self._between_files()
        self._closings()
        self._children()
        self._others()
        self._before(self._fill_beds, days=1)

    def _before(self, act: Act, *, days: float = 0, minutes: int = 0) -> None:
        self._stage.at(self._stage.ends_at - timedelta(days=days, minutes=minutes), act)

    def _case(
        self,
        *acts: Callable[[Story], Any],
        days: float = 0,
        minutes: int = 0,
        worker: str = "canbo1",
        **wishes: Any,
    ) -> Story:
        """Have an intake some time before now, with acts each ten minutes later, and nothing drawn."""
        wished = Wishes(**{"services": ("tam_lanh", "y_te"), "risk": "cao", **wishes})
        story = Story(stage=self._stage, worker=worker, wishes=wished, is_quiet=True)
        self._before(story.take_intake, days=days, minutes=minutes)
        for number, act in enumerate(acts, 1):
            self._before(lambda act=act: act(story), days=days, minutes=minutes - 3 * number)  # type: ignore[misc]
        if days >= 1:
            self._before(story.do_first_things, days=days - 0.5, minutes=minutes)
        return story

    def _urgent(self) -> None:
        called = Story(stage=self._stage, worker="canbo1", wishes=Wishes(risk="cao"))
        self._before(lambda: called.open_emergency(ends="seen"), minutes=40)
        other = Story(stage=self._stage, worker="canbo2", wishes=Wishes(risk="cao"))
        self._before(lambda: other.open_emergency(ends="promise"), minutes=200)

    def _answers(self) -> None:
        def asks(
            service: str, ends: str, urgency: str = "trong_ngay", to: str | None = None
        ) -> Callable[[Story], Any]:
            return lambda story: send(story, service, urgency=urgency, ends=ends, to=to)

        self._case(asks("tam_lanh", "wait", "ngay", "diachi1"), minutes=25)
        self._case(asks("tam_lanh", "wait", to="diachi2"), asks("y_te", "wait"), minutes=60, worker="canbo2")
        self._case(
            asks("cong_an", "wait"),
            asks("phap_ly", "seen"),
            asks("tam_ly", "redirect", "ngay", "phunu"),
            minutes=300,
            services=("cong_an", "phap_ly", "tam_ly"),
        )
        self._case(
            asks("tam_ly", "wait", to="phunu"), asks("bvte", "wait"), minutes=400, services=("tam_ly", "bvte")
        )
        self._case(
            asks("sinh_ke", "serve", "ba_ngay"),
            asks("bvte", "serve", "ba_ngay"),
            days=6,
            services=("sinh_ke", "bvte"),
            risk="trung_binh",
        )
        self._case(asks("sinh_ke", "wait", "ba_ngay"), minutes=330, services=("sinh_ke",), risk="thap")
        meetings: dict[int, Callable[[Story], Any]] = {
            3: conferences.call,
            4: conferences.withdraw,
            5: conferences.move,
            8: conferences.hold,
        }
        for days, act in meetings.items():
            self._case(act, days=days, services=("cong_an", "y_te"), risk="trung_binh")
        self._case(asks("giao_duc", "wait"), minutes=350, services=("giao_duc",), pattern="early_marriage")
        promise = asks("tam_lanh", "promise", "ngay", "diachi1")
        self._case(promise, minutes=260, worker="canbo2", children=1)
        self._case(send_by_letter, minutes=120, services=("y_te",))
        self._case(asks("tam_lanh", "wait", "ngay", "nhatamlanh"), minutes=30, worker="canbo2")
        self._case(asks("tam_lanh", "decline", "ngay"), minutes=180)
        self._case(asks("tam_lanh", "recall", "ngay"), days=1, minutes=90)
        self._case(asks("tam_lanh", "withdraw", "ngay"), days=2, worker="canbo2")
        self._case(asks("tam_lanh", "miss", "ngay"), days=5)
        self._case(asks("y_te", "expire"), asks("tam_lanh", "phone", "ngay"), days=6)
        self._case(asks("y_te", "serve"), asks("tam_lanh", "accept", "ngay"), days=24, worker="canbo2")

    def _people(self) -> None:
        self._case(days=9, pattern="husband", person={**DEAF, **INTERPRETER}, risk="trung_binh")
        self._case(
            days=7, pattern="words", person={**HMONG, **INTERPRETER}, worker="canbo2", risk="trung_binh"
        )
        self._case(days=5, pattern="man", risk="thap", services=("tam_ly",))
        self._case(Story.add_another_incident, days=12, pattern="money", risk="trung_binh")
        refused = {"agrees_file": "no", "services": []}
        self._case(days=4, consent=refused, services=())
        law = {"exception": "de_doa_tinh_mang", "exception_reason": "Bị dọa giết, người gây ra có dao."}
        self._case(days=3, consent={**refused, **law}, services=(), worker="canbo2")
        says_no = {"agrees_reporting": "no", "agrees_contact": "no", "agrees_conference": "no"}
        self._case(self._withdraw_consent, days=14, consent=says_no, worker="canbo2", risk="thap")

    def _withdraw_consent(self, story: Story) -> None:
        consents = list_consents(story.actor, story.id)
        given = next(
            one for one in consents if one.state == ConsentState.GIVEN and one.document["service"] == "y_te"
        )
        withdraw_consent(story.actor, story.id, given.id, given.version, "Không muốn trạm y tế biết.")

    def _between_files(self) -> None:
        mother = self._case(days=11, pattern="in_laws")

        def same(story: Story) -> None:
            add_same_event(story.actor, mother.id, mother.first_incident_id(), story.id)

        self._case(same, days=10, pattern="in_laws", says_what_happened=False)
        self._case(
            lambda story: story.bar("canbo2", "Là em họ của người gây ra."), days=16, risk="trung_binh"
        )
        self._case(
            lambda story: story.bar("congan", "Người gây ra công tác tại công an xã."),
            days=8,
            worker="canbo2",
            pattern="former",
        )
        self._case(lambda story: story.cover("canbo2", 10), days=13)
        twin = {"full_name": self._stage.names.person("nu"), "birth": "1991"}
        self._case(days=21, person=twin, pattern="husband", worker="canbo2")
        self._case(days=2, minutes=120, person=twin, pattern="husband", risk="trung_binh")

    def _closings(self) -> None:
        for worker, minutes in (("canbo1", 70), ("canbo2", 95)):
            story = self._case(days=55, worker=worker, risk="thap", services=())
            self._before(story.propose_closure, minutes=minutes)
        again = self._case(days=140, risk="trung_binh", services=("tam_ly",))
        self._before(again.close, days=60)
        self._before(again.reopen, days=3)
        done = self._case(days=90, worker="canbo2", risk="thap", services=())
        self._before(done.close, days=20)

    def _children(self) -> None:
        def child(owner: str, *, in_danger: bool, is_worked_on: bool = False) -> Callable[[Story], Any]:
            return lambda story: children.link(
                story, owner=owner, in_danger=in_danger, is_worked_on=is_worked_on
            )

        self._case(child("treem", in_danger=True), minutes=170, pattern="child")
        self._case(child("treem", in_danger=True), days=9, pattern="boy")
        self._case(child("treem", in_danger=False), days=2, pattern="child", worker="canbo2")
        self._case(child("canbo2", in_danger=True), minutes=380, pattern="child")
        self._case(child("treem", in_danger=True, is_worked_on=True), days=18, pattern="early_marriage")
        safe = self._case(
            child("treem", in_danger=False, is_worked_on=True), days=125, pattern="boy", risk="thap"
        )
        self._before(safe.close, days=30)

    def _others(self) -> None:
        self._case(support.begin_from_case, days=1, minutes=200, services=("sinh_ke",), risk="thap")
        self._before(lambda: support.begin(self._stage), days=1, minutes=30)
        self._before(lambda: support.begin(self._stage), days=34)
        self._before(lambda: tips.send(self._stage, "thon1", is_followed=False, danger="co"), minutes=55)
        kept_from = ("canbo2",)
        self._before(lambda: tips.send(self._stage, "thon2", is_followed=False, excluded=kept_from), days=1)
        self._before(lambda: tips.send(self._stage, "thon1"), days=4, minutes=10)
        for worker in ("canbo1", "canbo2"):
            story = self._case(days=15, worker=worker, risk="thap", services=())
            self._before(lambda story=story: self._add_tasks(story), minutes=20)  # type: ignore[misc]
        self._case(self._leave_draft, days=17, risk="trung_binh", services=("tam_ly",))
        begun = Story(stage=self._stage, worker="canbo1", wishes=Wishes(risk="trung_binh"))
        self._before(begun.begin_only, minutes=50)

    def _add_tasks(self, story: Story) -> None:
        for days, text in (
            (-3, "Gọi hỏi thăm số an toàn"),
            (0, "Đưa đi khám lại"),
            (4, "Rà kế hoạch an toàn"),
        ):
            due_day = clock.local(self._stage.ends_at).date() + timedelta(days=days)
            cases.add_task(story.actor, story.id, "own", due_day=due_day, text=text)

    def _leave_draft(self, story: Story) -> None:
        save_draft(story.actor, "case_note", story.id, {"text": [DRAFT]})

    def _fill_beds(self) -> None:
        """Let mothers with a child stay at the trusted addresses until few beds are left."""
        for keeper, left in BEDS.items():
            unit_id = self._stage.cast[keeper].unit_id
            free = find_beds(self._stage.cast["canbo1"], [unit_id])[unit_id].free
            for _ in range(min(free.adults, free.children // 2) - left):
                self._case(self._house_at(keeper), days=1, children=1, services=("tam_lanh",))

    def _house_at(self, keeper: str) -> Callable[[Story], Any]:
        return lambda story: send(story, "tam_lanh", urgency="ngay", ends="stay", to=keeper)
