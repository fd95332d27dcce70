"""A commune in which everything that can pile up does: files, requests, addresses, colleagues, readings."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases import service as cases
from casemgr.cases.models import Case
from casemgr.children import service as children
from casemgr.children.models import ChildRecord
from casemgr.db import current
from casemgr.keys.service import Keyring
from casemgr.policy import Actor, Role
from casemgr.referrals import service as referrals
from casemgr.shelters.models import Stay
from casemgr.shelters.service import AddressEntry, add_address
from casemgr.support import service as support
from casemgr.survivors import service as survivors
from casemgr.survivors.models import DuplicateNotice
from casemgr.tips import service as tips
from tests.rig import staff
from tests.rig.network import sending_to
from tests.rig.office import add_unit
from tests.rig.staff import Staff

ROLES = {
    "worker": Role.CASE_WORKER,
    "supervisor": Role.SUPERVISOR,
    "leader": Role.LEADER,
    "child": Role.CHILD_WORKER,
    "programme": Role.PROGRAMME_OFFICER,
    "report": Role.REPORT_OFFICER,
    "protection": Role.DATA_PROTECTION,
    "chief": Role.ADMINISTRATOR,
}
CHILD = {"risk_level": "cao", "immediate_danger": "yes", "abuse": ["bao_luc"], "name": "Cao Văn Tí"}
SUPPORT = {
    "beneficiary": "Quách Thị Hoa",
    "sex": "nu",
    "group": "can_ngheo",
    "kind": "dt_nghe",
    "programme": "khac",
}


@dataclass(slots=True, kw_only=True)
class Crowd:
    """The people of the commune, and one busy file among the others."""

    keys: Keyring
    people: dict[str, Staff] = field(default_factory=dict)
    units: dict[str, UUID] = field(default_factory=dict)
    case_id: UUID
    child_id: UUID
    gone: list[UUID] = field(default_factory=list)

    def actor(self, name: str) -> Actor:
        """Return who acts under this name."""
        return self.people[name].actor

    def grow(self, count: int) -> None:
        """Add so many more of everything, inside the running unit of work."""
        for _ in range(count):
            self._add_people()
            case = self._add_file()
            self._add_to_busy_file(case)
            self._add_elsewhere()

    def _add_people(self) -> None:
        tag = uuid4().hex[:10]
        for role, unit in ((Role.CASE_WORKER, "commune"), (Role.RECIPIENT, "police")):
            staff.add_staff(f"{role.value}.{tag}", role, unit_id=self.units[unit], sheet=True, shown_name=tag)
        address = add_unit("dia_chi_tin_cay", f"Địa chỉ {tag}", "15148", self.units["commune"])
        entry = AddressEntry(
            decision_number="12/QĐ-UBND",
            is_public=False,
            adult_beds=3,
            child_beds=3,
            contact_phone="+84911222333",
            place="Nhà ba gian",
            way="Rẽ phải",
        )
        add_address(self.actor("supervisor"), address.id, entry)
        group = {"adults": 1, "children": 0, "needs": ""}
        current().add(
            Stay(
                unit_id=address.id,
                bundle_id=uuid4(),
                state="promised",
                promised_day=clock.today(),
                group=group,
            )
        )

    def _add_file(self) -> Case:
        worker = self.actor("worker")
        survivor = survivors.add_survivor(worker, {"full_name": "Bùi Thị Na", "sex": "nu", "birth": "1990"})
        case = cases.open_case(worker, summary={}, risk_level="cao", survivor_id=survivor.id)
        cases.add_task(worker, case.id, "own", due_day=clock.today(), text="Gọi lại")
        survivors.record_consent(
            worker, case.id, purpose="chuyen_gui", service="cong_an", how="loi_noi", limits_read=True
        )
        referrals.send_referral(worker, case.id, sending_to(self.units["police"], service="cong_an"))
        done = cases.open_case(worker, summary={})
        cases.propose_closure(
            worker, done.id, version=done.version, reason="dat_muc_tieu", checks={}, note=None
        )
        return case

    def _add_to_busy_file(self, case: Case) -> None:
        worker, chief = self.actor("worker"), self.actor("supervisor")
        cases.add_entry(worker, self.case_id, "note", text="Đã gọi")
        cases.add_task(worker, self.case_id, "own", due_day=clock.today(), text="Gọi lại")
        _link_child(worker, self.case_id, self.actor("child"))
        notice = DuplicateNotice(
            unit_id=self.units["commune"],
            supervisor_id=chief.account_id,
            made_day=clock.today(),
            state="open",
            content={"cases": [str(case.id), str(self.case_id)]},
        )
        current().add(notice)
        survivors.record_consent(
            worker, self.case_id, purpose="chuyen_gui", service="y_te", how="loi_noi", limits_read=True
        )

    def _add_elsewhere(self) -> None:
        support.add_support(self.actor("programme"), SUPPORT)
        content = {"danger": "khong", "seen": "Tiếng đập phá", "place": "Cuối thôn"}
        reporter = {"reporter_type": "hang_xom", "may_call": "no"}
        tips.send_tip(self.actor("hamlet"), content=content, reporter=reporter, excluded=[])
        self.gone.append(uuid4())
        audit.seen(self.actor("worker"), "tip", self.gone[-1], ("content",), scope=("tip", self.gone[-1]))

    def erase(self) -> None:
        """Destroy the keys of the tips that are only in the log, in a unit of work of its own."""
        self.keys.destroy_many(current(), "tip", self.gone)


def open_crowd(keys: Keyring) -> Crowd:
    """Set up the commune with one of everything, inside the running unit of work."""
    commune = add_unit("ubnd_xa", "UBND xã Cẩm Tú", "15148")
    units = {
        "commune": commune.id,
        "police": add_unit("cong_an_xa", "Công an xã Cẩm Tú", "15148", commune.id).id,
        "hamlet": add_unit("thon", "Thôn Một", "15148", commune.id).id,
    }
    seats = [*((name, role, "commune") for name, role in ROLES.items())]
    seats += [("police", Role.RECIPIENT, "police"), ("hamlet", Role.HAMLET_HEAD, "hamlet")]
    people = {
        name: staff.add_staff(name, role, unit_id=units[unit], sheet=True, shown_name=name)
        for name, role, unit in seats
    }
    worker = people["worker"].actor
    case = cases.open_case(worker, summary={}, risk_level="cao")
    child = _link_child(worker, case.id, people["child"].actor)
    return Crowd(keys=keys, people=people, units=units, case_id=case.id, child_id=child.id)


def _link_child(worker: Actor, case_id: UUID, owner: Actor) -> ChildRecord:
    basis = {"agreed": "yes", "told": "yes"}
    return children.link_child(
        worker, case_id, owner_id=owner.account_id, relation="tre_trong_nha", basis=basis, values=CHILD
    )
