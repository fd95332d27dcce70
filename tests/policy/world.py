"""The people and records of the matrix: one commune with everything in it, and the commune next door."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.accounts import service as accounts
from casemgr.accounts.models import Account, AccountRequest, HeldPost
from casemgr.cases import service as cases
from casemgr.cases.rules import CaseState
from casemgr.children import service as children
from casemgr.children.models import ChildTask
from casemgr.db import current
from casemgr.directory import service as directory
from casemgr.directory.rules import Availability
from casemgr.duty import service as duty
from casemgr.duty.models import Absence
from casemgr.incidents import service as incidents
from casemgr.intake import service as intake
from casemgr.policy import Actor, Role
from casemgr.questions import Document, write_document
from casemgr.reporting import service as reporting
from casemgr.shelters.service import AddressEntry, add_address
from casemgr.statistics import service as statistics
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.jobs import order_table
from casemgr.statistics.making import Wish
from casemgr.statistics.service import sending
from casemgr.support import service as support
from casemgr.survivors import service as survivors
from casemgr.survivors.models import DuplicateNotice
from casemgr.tips import service as tips
from casemgr.tips.models import Tip, TipExclusion
from casemgr.units import service as units
from casemgr.web.drafts import save_draft
from tests.policy import sent
from tests.rig import counted_town, line_lists, staff
from tests.rig.network import CONTENT
from tests.rig.office import add_unit
from tests.rig.staff import Staff, Work

NOW = datetime(2026, 6, 2, 1, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=20)
HALF_YEAR = (date(2025, 12, 1), date(2026, 5, 31))
HALF_YEAR_BEFORE = (date(2025, 6, 1), date(2025, 11, 30))

COMMUNE, NEXT_DOOR, ADDRESS, OTHER_ADDRESS, POLICE, HAMLET = (
    "commune",
    "next door",
    "address",
    "other address",
    "police",
    "hamlet",
)
PEOPLE: dict[str, tuple[str, Role]] = {
    "owner": (COMMUNE, Role.CASE_WORKER),
    "assigned": (COMMUNE, Role.CASE_WORKER),
    "covering": (COMMUNE, Role.CASE_WORKER),
    "covering_ended": (COMMUNE, Role.CASE_WORKER),
    "former_owner": (COMMUNE, Role.CASE_WORKER),
    "colleague": (COMMUNE, Role.CASE_WORKER),
    "conflicted_owner": (COMMUNE, Role.CASE_WORKER),
    "tip_excluded": (COMMUNE, Role.CASE_WORKER),
    "supervisor": (COMMUNE, Role.SUPERVISOR),
    "conflicted_supervisor": (COMMUNE, Role.SUPERVISOR),
    "supervisor_elsewhere": (NEXT_DOOR, Role.SUPERVISOR),
    "leader": (COMMUNE, Role.LEADER),
    "leader_elsewhere": (NEXT_DOOR, Role.LEADER),
    "keeper": (ADDRESS, Role.KEEPER),
    "keeper_excluded": (ADDRESS, Role.KEEPER),
    "keeper_barred": (ADDRESS, Role.KEEPER),
    "keeper_elsewhere": (OTHER_ADDRESS, Role.KEEPER),
    "recipient": (POLICE, Role.RECIPIENT),
    "child_owner": (COMMUNE, Role.CHILD_WORKER),
    "child_colleague": (COMMUNE, Role.CHILD_WORKER),
    "child_barred": (COMMUNE, Role.CHILD_WORKER),
    "child_elsewhere": (NEXT_DOOR, Role.CHILD_WORKER),
    "programme_officer": (COMMUNE, Role.PROGRAMME_OFFICER),
    "programme_elsewhere": (NEXT_DOOR, Role.PROGRAMME_OFFICER),
    "tip_sender": (HAMLET, Role.HAMLET_HEAD),
    "report_officer": (COMMUNE, Role.REPORT_OFFICER),
    "report_officer_elsewhere": (NEXT_DOOR, Role.REPORT_OFFICER),
    "data_protection": (COMMUNE, Role.DATA_PROTECTION),
    "administrator": (COMMUNE, Role.ADMINISTRATOR),
    "no_role": (COMMUNE, Role.CASE_WORKER),
    "disabled": (COMMUNE, Role.CASE_WORKER),
}
"""Who signs in: the unit and the role of each; `no_role` loses it and `disabled` is shut after signing in."""

CHILD = {
    "relation": "tre_trong_nha",
    "basis": {"agreed": "yes", "told": "yes"},
    "values": {"risk_level": "cao", "immediate_danger": "yes", "abuse": ["bao_luc"], "name": "Cao Văn Tí"},
}
SUPPORT = {
    "beneficiary": "Quách Thị Hoa",
    "sex": "nu",
    "group": "can_ngheo",
    "kind": "dt_nghe",
    "programme": "khac",
}
TIP = {"danger": "khong", "seen": "Đêm nào cũng nghe tiếng đập phá", "place": "Cuối thôn, gần suối"}
SENT_ON = (
    '{"dataSet": "GBV", "orgUnit": "XA_1", "periods": {"2025-12-01/2026-05-31": "2026S1"},'
    ' "values": [{"table": "incidents", "dataElement": "GBV_ALL"}]}'
)
"""Where the figures of the commune go in DHIS2."""
REPORTER = {"reporter_type": "hang_xom", "may_call": "no"}
NAMES = ("Bùi Thị Na", "Cầm Thị Lả", "Vi Thị Pâng", "Lường Thị Ón")
DRAFTED = "Chị ấy dặn đừng nói cho ai"


@dataclass(slots=True, kw_only=True)
class World:
    """Everybody and everything, by name; `folders` holds the URL arguments of each file."""

    units: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, Staff] = field(default_factory=dict)
    folders: dict[str, dict[str, str]] = field(default_factory=dict)
    bundles: dict[str, str] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Return who acts under this name."""
        return self.people[name].actor


def build(work: Work) -> World:
    """Fill an empty database; the clock stands at `NOW` when the matrix asks."""
    world = World()
    with clock.frozen(LONG_AGO), work():
        _open_units(world)
        for name, (unit, role) in PEOPLE.items():
            world.people[name] = staff.add_staff(
                name.replace("_", "."), role, unit_id=world.units[unit], sheet=True, shown_name=name
            )
        _register_addresses(world)
        world.folders["plain"] = _open_file(world, "owner", "child_owner", NAMES[0])
        world.folders["other"] = _open_file(world, "owner", "child_owner", NAMES[1])
        world.folders["kept"] = _open_file(world, "conflicted_owner", "child_barred", NAMES[2])
        world.folders["passed"] = _open_file(world, "former_owner", "child_owner", NAMES[3])
        world.bundles["expired"] = sent.send(world, "owner", world.folders["plain"]["case_id"], ADDRESS)
    with clock.frozen(NOW), work():
        _staff_the_case(world)
        sent.send_bundles(world)
        sent.confer(world)
        _keep_from(world)
        _fill_registers(world)
        _leave_unsupervised(world)
        _ask_for_a_reset(world)
        _fill_directory(world)
        _count(world)
        _order(world)
        world.other |= line_lists.leave(world.actor("supervisor"))
    return world


def _open_units(world: World) -> None:
    commune = add_unit("ubnd_xa", "UBND xã Cẩm Tú", "15148")
    world.units = {
        COMMUNE: commune.id,
        NEXT_DOOR: add_unit("ubnd_xa", "UBND xã Khác", "15151").id,
        ADDRESS: add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy Thôn Một", "15148", commune.id).id,
        OTHER_ADDRESS: add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy Thôn Hai", "15148", commune.id).id,
        POLICE: add_unit("cong_an_xa", "Công an xã Cẩm Tú", "15148", commune.id).id,
        HAMLET: add_unit("thon", "Thôn Một", "15148", commune.id).id,
    }


def _open_file(world: World, owner: str, child_owner: str, name: str) -> dict[str, str]:
    """Open a file as an emergency, with an intake under way and one record of every kind."""
    actor = world.actor(owner)
    survivor = survivors.add_survivor(actor, {"full_name": name, "sex": "nu", "birth": "1990"})
    told = write_document(Document(form="emergency", version=1, answers={"danger_now": "yes"}))
    case = cases.open_case(
        actor, state=CaseState.EMERGENCY, summary=told, risk_level="cao", survivor_id=survivor.id
    )
    for service in ("tam_lanh", "cong_an"):
        consent = survivors.record_consent(
            actor, case.id, purpose="chuyen_gui", service=service, how="loi_noi", limits_read=True
        )
    incident = incidents.add_incident(actor, case.id, values={"dv_acts": ["a"]})
    sibling = incidents.add_incident(actor, case.id, values={"dv_acts": ["b"]})
    known = incidents.add_perpetrator(actor, case.id, incident.id, {"relation": "chong", "sex": "nam"})
    child = children.link_child(actor, case.id, owner_id=world.actor(child_owner).account_id, **CHILD)
    duty = current().scalars(select(ChildTask.id).where(ChildTask.child_id == child.id)).first()
    task = cases.add_task(actor, case.id, "own", due_day=clock.today(), text="Gọi lại")
    begun = intake.start_intake(actor, {"danger_now": "yes"}, case_id=case.id)
    intake.save_perpetrator(actor, begun.id, begun.version, None, {"relation": "chong"})
    ids = {
        "case_id": case.id,
        "code": case.code,
        "task_id": task.id,
        "consent_id": consent.id,
        "incident_id": incident.id,
        "sibling_id": sibling.id,
        "perpetrator_id": known.id,
        "child_id": child.id,
        "duty_id": duty,
        "intake_id": begun.id,
        "survivor_code": survivor.code,
    }
    return {key: str(value) for key, value in ids.items()}


def _register_addresses(world: World) -> None:
    for unit in (ADDRESS, OTHER_ADDRESS):
        entry = AddressEntry(
            decision_number="12/QĐ-UBND",
            is_public=False,
            adult_beds=9,
            child_beds=9,
            contact_phone="+84911222333",
            place="Nhà ba gian cuối ngõ",
            way="Rẽ phải sau cầu",
        )
        add_address(world.actor("supervisor"), world.units[unit], entry)


def _staff_the_case(world: World) -> None:
    case_id, chief = UUID(world.folders["plain"]["case_id"]), world.actor("supervisor")
    today = clock.today()
    for name, kind, until in (
        ("assigned", "assigned", None),
        ("covering", "covering", today),
        ("covering_ended", "covering", today - timedelta(days=1)),
    ):
        cases.assign(chief, case_id, world.actor(name).account_id, kind=kind, until_day=until)
    cases.assign(chief, UUID(world.folders["passed"]["case_id"]), world.actor("owner").account_id)


def _keep_from(world: World) -> None:
    """Keep the second file from its owner and from others who are kin; a notice about it waits already."""
    chief, kept = world.actor("supervisor"), world.folders["kept"]
    for name in ("supervisor", "conflicted_supervisor"):
        notice = DuplicateNotice(
            unit_id=world.units[COMMUNE],
            supervisor_id=world.actor(name).account_id,
            made_day=clock.today(),
            state="open",
            content={"cases": [kept["case_id"], world.folders["plain"]["case_id"]]},
        )
        current().add(notice)
        current().flush()
        world.other[f"notice of {name}"] = str(notice.id)
    for name in ("conflicted_owner", "conflicted_supervisor", "child_barred", "keeper_barred"):
        bar = cases.bar_account(chief, UUID(kept["case_id"]), world.actor(name).account_id, "Người nhà")
        kept["bar_id"] = str(bar.id)
    for name in ("plain", "other", "passed"):
        folder, kin = world.folders[name], world.actor("tip_excluded").account_id
        folder["bar_id"] = str(cases.bar_account(chief, UUID(folder["case_id"]), kin, "Người nhà").id)


def _fill_registers(world: World) -> None:
    officer, head = world.actor("programme_officer"), world.actor("tip_sender")
    world.other["support_id"] = str(support.add_support(officer, SUPPORT).id)
    excluded = [world.actor("tip_excluded").account_id]
    tips.send_tip(head, content=TIP, reporter=REPORTER, excluded=excluded)
    world.other["tip_id"] = str(current().scalars(select(Tip.id)).one())
    assert current().scalars(select(TipExclusion)).one()
    owner = world.actor("owner")
    typed = [("text", DRAFTED)]
    accounts.hold_post(owner, endpoint="cases.add_note", place={}, fields=typed, had_files=False)
    world.other["held_id"] = str(current().scalars(select(HeldPost.id)).one())
    for form, name in (("incident", "incident_id"), ("incident", "case_id"), ("case_note", "case_id")):
        save_draft(owner, form, UUID(world.folders["plain"][name]), {"account": [DRAFTED], "text": [DRAFTED]})
    kept = UUID(world.folders["kept"]["case_id"])
    save_draft(world.actor("conflicted_owner"), "case_note", kept, {"text": [DRAFTED]})


def _fill_directory(world: World) -> None:
    """The police publish themselves and have a rota; somebody will be away; the hamlet has a post."""
    police, chief = world.actor("recipient"), world.actor("supervisor")
    directory.set_availability(police, world.units[POLICE], Availability.OPEN)
    later = duty.Days(
        from_day=clock.today() + timedelta(days=30), until_day=clock.today() + timedelta(days=40)
    )
    world.other["shift_id"] = str(duty.add_shift(police, police.account_id, "dem", later).id)
    duty.add_absence(chief, world.actor("colleague").account_id, world.actor("assigned").account_id, later)
    world.other["absence_id"] = str(current().scalars(select(Absence.id)).one())
    post = units.add_post(world.actor("administrator"), world.units[HAMLET], "Trưởng thôn", clock.today())
    world.other["post_id"] = str(post.id)


def _leave_unsupervised(world: World) -> None:
    """Next door the only supervisor is kin: whoever watches over all sees that, and nothing else."""
    chief = world.actor("supervisor_elsewhere")
    case = cases.open_case(chief, summary={})
    world.other["unsupervised"] = str(cases.bar_account(chief, case.id, chief.account_id, "Người nhà").id)


def _ask_for_a_reset(world: World) -> None:
    """An administrator says that somebody has lost her phone."""
    given = accounts.reset_account(world.actor("administrator"), world.actor("colleague").account_id)
    assert given.waits
    world.other["request_id"] = str(current().scalars(select(AccountRequest.id)).one())


def _count(world: World) -> None:
    """Release a public table and put it into a report; release a restricted one of the half-year before."""
    officer, unit = world.actor("report_officer"), world.units[COMMUNE]
    town = counted_town.Commune(id=unit, hamlets=(world.units[HAMLET],))
    for year in (2025, 2026):
        counted_town.record(town, _incidents_until(town, year))
    report = reporting.make_report(officer, unit, *HALF_YEAR, statistics.Tier.PUBLIC)
    world.other["report_id"] = str(report.id)
    for name, days, tier in (
        ("release_id", HALF_YEAR, statistics.Tier.PUBLIC),
        ("restricted_id", HALF_YEAR_BEFORE, statistics.Tier.RESTRICTED),
    ):
        made = statistics.make_table(officer, "incidents", unit, Period.between(*days), tier)
        world.other[name] = str(made.id)
    sending.save_text(officer, 0, SENT_ON)


def _order(world: World) -> None:
    """Leave an order of the report officer waiting."""
    officer = world.actor("report_officer")
    period = Period.between(*HALF_YEAR_BEFORE)
    wish = Wish(
        table_names=("services",), unit_id=world.units[COMMUNE], period=period, tier=statistics.Tier.PUBLIC
    )
    world.other["job_id"] = str(order_table(officer, wish))


def _incidents_until(town: counted_town.Commune, year: int) -> Iterator[tuple[date, dict[str, Any]]]:
    for day, codes in counted_town.invent_incidents(town, 120, year=year):
        if day <= HALF_YEAR[1]:
            yield day, codes


def take_away(work: Work, world: World) -> None:
    """Take the roles of one account and shut another, after both have signed in."""
    with clock.frozen(NOW), work() as session:
        session.get_one(Account, world.actor("no_role").account_id).roles_text = ""
        accounts.disable_account(staff.administrator(), world.actor("disabled").account_id)


CALLED = CONTENT["called_name"]
"""What a recipient reads after a yes, and only then."""
