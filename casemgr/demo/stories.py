"""The life of one made-up case, from the first telling to its closing."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from casemgr import clock
from casemgr.cases import service as cases
from casemgr.cases.queries import get_case, list_my_tasks, list_tasks
from casemgr.demo import children, patterns, referrals, support
from casemgr.demo.stage import Act, Stage
from casemgr.demo.told import Told, Wishes, draw, incident, perpetrator
from casemgr.incidents.queries import list_incidents
from casemgr.incidents.service import add_incident
from casemgr.intake import service as intakes
from casemgr.policy import Actor
from casemgr.referrals.service import record_if_missing

SUPERVISOR = {"canbo1": "phutrach", "canbo2": "phutrach", "xaben.canbo": "xaben.phutrach"}
WAITING = ("referral_answer", "referral_arrival", "complete_intake", "own")
"""Tasks that somebody else ends, or that were put there on purpose."""

IN_VAIN = 4
"""One case in so many looks for another service, which no unit of the demonstration gives."""

A_DAY = timedelta(days=1)
ALONE = ("xaben.canbo",)
"""Whose unit has nobody for children and for programmes."""

CHECKS = {"safety_plan_reviewed": "yes", "told_may_return": "yes"}
REASONS = {"dat_muc_tieu": 50, "dap_ung_toi_da": 20, "yc_ket_thuc": 15, "mat_lien_lac": 8, "chuyen_di": 7}


@dataclass(slots=True)
class Story:
    """One case: who leads it and what is wished for; its acts put the next ones on the agenda."""

    stage: Stage
    worker: str
    wishes: Wishes = field(default_factory=Wishes)
    days_open: int | None = None
    is_quiet: bool = False
    case_id: UUID | None = None
    told: Told | None = None
    is_open: bool = False

    @property
    def actor(self) -> Actor:
        """Who leads the case."""
        return self.stage.cast[self.worker]

    @property
    def supervisor(self) -> Actor:
        """Who agrees to its closing."""
        return self.stage.cast[SUPERVISOR[self.worker]]

    @property
    def id(self) -> UUID:
        """The id of the case; an act before it is opened is a mistake of the story."""
        if self.case_id is None:
            raise LookupError("the case is not open yet")
        return self.case_id

    @property
    def known(self) -> Told:
        """What was told in the intake."""
        if self.told is None:
            raise LookupError("nothing was told yet")
        return self.told

    def open_emergency(self, *, ends: str | None = None) -> None:
        """Open the case at once, with a call for a bed; the intake follows when there is time."""
        values = {
            "danger_now": "yes",
            "phone": self.stage.names.phone(),
            "adults": 1,
            "children": self.stage.chance.number(0, 2),
            "urgent_needs": ["noi_an_toan", "bao_ve"],
            "note": "Gọi từ nhà hàng xóm, xin chỗ ngủ ngay đêm nay.",
            "consent": "given",
        }
        self._set_case(intakes.open_emergency(self.actor, values).id)
        self.told = draw(self.stage, self.actor.unit_id, clock.today(), self.wishes)
        referrals.send(self, "tam_lanh", urgency="ngay", ends=ends)

    def take_intake(self) -> None:
        """Lead the intake and open the case, or complete the one that an emergency opened."""
        if self.told is None:
            self.told = draw(self.stage, self.actor.unit_id, clock.today(), self.wishes)
        case = intakes.complete_intake(self.actor, *self.ask())
        if case is None:
            return
        self._set_case(case.id)
        if not self.is_quiet:
            self._plan()

    def begin_only(self) -> None:
        """Begin an intake and leave it for later."""
        self.told = draw(self.stage, self.actor.unit_id, clock.today(), self.wishes)
        self.ask()

    def ask(self) -> tuple[UUID, int]:
        """Ask the questions of an intake and return its id and version, before it is completed."""
        sections = self.known.sections
        intake = intakes.start_intake(self.actor, sections["danger"], case_id=self.case_id)
        for name, values in sections.items():
            intake = intakes.save_section(self.actor, intake.id, intake.version, name, values)
        for values in self.known.perpetrators:
            intake = intakes.save_perpetrator(self.actor, intake.id, intake.version, None, values)
        return intake.id, intake.version

    def _set_case(self, case_id: UUID) -> None:
        self.case_id, self.is_open = case_id, True
        self.stage.case_numbers.setdefault(case_id, len(self.stage.case_numbers))

    def _plan(self) -> None:
        chance, days = self.stage.chance, self.days_open or self.stage.chance.number(35, 120)
        for service in self.known.services:
            if chance.often(0.75):
                self._when_open(chance.number(0, 6), self._referral(service))
        for day in range(chance.number(4, 12), days, chance.number(14, 26)):
            self._when_open(day, self.write_note)
        if chance.often(0.12):
            self._when_open(chance.number(15, days), self.add_another_incident)
        self._when_open(days, self.propose_closure)
        self._plan_gap()
        if self.worker in ALONE:
            return
        if self.known.age < 16 or (self.known.children and chance.often(0.15)):
            self._when_open(chance.number(0, 3), lambda: children.link(self))
        if "sinh_ke" in self.known.services or chance.often(0.04):
            self._when_open(chance.number(8, 30), lambda: support.begin_from_case(self))

    def _plan_gap(self) -> None:
        if len(self.stage.case_numbers) % IN_VAIN == 0:
            self._when_open(3, self._look_in_vain)

    def _look_in_vain(self) -> None:
        record_if_missing(self.actor, self.id, "khac")

    def _when_open(self, days: int, act: Act) -> None:
        self.stage.after(days, lambda: act() if self.is_open else None)

    def _referral(self, service: str) -> Act:
        return lambda: referrals.send(self, service)

    def write_note(self) -> None:
        """Write down a contact, and sometimes what is to be done next."""
        chance = self.stage.chance
        kind = chance.weighed({"note": 1, "contact": 2})
        cases.add_entry(self.actor, self.id, kind, text=chance.pick(patterns.NOTES))
        if chance.often(0.25):
            due_day = clock.today() + timedelta(days=chance.number(3, 10))
            cases.add_task(self.actor, self.id, "own", due_day=due_day, text="Gọi hỏi thăm theo giờ an toàn")

    def add_another_incident(self) -> None:
        """Record that it happened again."""
        pattern = self.known.pattern
        told = incident(self.stage, pattern, clock.today())
        wizard = {name: told.pop(name) for name in pattern.wizard}
        about = [perpetrator(self.stage, pattern)]
        add_incident(self.actor, self.id, values=told, wizard=wizard, perpetrators=about)

    def first_incident_id(self) -> UUID:
        """Return the incident that the intake told."""
        return list_incidents(self.actor, self.id)[0].id

    def propose_closure(self) -> None:
        """Propose to close; the supervisor answers within days, and sometimes says not yet."""
        self._propose()
        is_returned = self.stage.chance.often(0.07)
        self.stage.after(self.stage.chance.number(1, 5), self._return if is_returned else self._agree)

    def close(self) -> None:
        """Propose to close, and have it agreed the next day."""
        self._propose()
        self.stage.after(1, self._agree)

    def _propose(self) -> None:
        reason = self.stage.chance.weighed(REASONS)
        version = get_case(self.actor, self.id).version
        cases.propose_closure(
            self.actor,
            self.id,
            version=version,
            reason=reason,
            checks=CHECKS,
            note="Đã thống nhất với người bị bạo lực.",
        )

    def _agree(self) -> None:
        cases.agree_closure(self.supervisor, self.id, version=get_case(self.supervisor, self.id).version)
        self.is_open = False
        if self.stage.chance.often(0.06):
            self.stage.after(self.stage.chance.number(25, 120), self.reopen)

    def _return(self) -> None:
        version = get_case(self.supervisor, self.id).version
        note = "Chưa rà soát kế hoạch an toàn cho các con, đề nghị gặp lại một lần."
        cases.return_closure(self.supervisor, self.id, version=version, note=note)
        self._when_open(self.stage.chance.number(6, 15), self.propose_closure)

    def reopen(self) -> None:
        """Open the case again because it happened again, unless that was done already."""
        if self.is_open:
            return
        version = get_case(self.supervisor, self.id).version
        cases.reopen(
            self.supervisor, self.id, version=version, reason="Người bị bạo lực gọi lại: bạo lực tái diễn."
        )
        self.is_open = True
        self.stage.after(1, self.add_another_incident)
        self._when_open(self.stage.chance.number(12, 30), self.write_note)
        self._when_open(self.stage.chance.number(40, 80), self.propose_closure)

    def do_first_things(self) -> None:
        """Finish most of what the intake asked for at once."""
        if not self.is_open:
            return
        case = get_case(self.actor, self.id)
        due = [task for task in list_tasks(self.actor, case) if task.content["kind"] not in WAITING]
        for task in sorted(due, key=lambda task: (task.due_day, task.content["kind"])):
            if task.due_day <= clock.today() + A_DAY and self.stage.chance.often(0.85):
                cases.finish_task(self.actor, self.id, task.id)

    def bar(self, name: str, reason: str) -> None:
        """Keep the case from a colleague."""
        cases.bar_account(self.actor, self.id, self.stage.cast[name].account_id, reason)

    def cover(self, name: str, days: int) -> None:
        """Let a colleague stand in for the owner."""
        account_id = self.stage.cast[name].account_id
        until_day = clock.today() + timedelta(days=days)
        cases.assign(self.supervisor, self.id, account_id, kind="covering", until_day=until_day)


def finish_due_tasks(stage: Stage, name: str, share: float) -> None:
    """Let a worker go through what is due and finish most of it."""
    actor = stage.cast[name]
    due = [
        (task.due_day, task.content["kind"], stage.case_numbers.get(case_id, 0), task.id, case_id)
        for task, case_id, _ in list_my_tasks(actor, clock.today())
        if task.content["kind"] not in ("referral_answer", "complete_intake")
    ]
    for _, _, _, task_id, case_id in sorted(due, key=lambda one: one[:3]):
        if stage.chance.often(share):
            cases.finish_task(actor, case_id, task_id)
