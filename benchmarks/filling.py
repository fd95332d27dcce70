"""Fills a database with made-up cases: communes of a hundred case workers with a hundred cases each."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from casemgr import db
from casemgr.accounts.models import Account
from casemgr.accounts.service.sessions import start_session
from casemgr.audit import service as audit
from casemgr.cases import service as cases
from casemgr.cases.service import ImportedFile
from casemgr.crypto.providers import FileProvider
from casemgr.db import Database, current
from casemgr.incidents.service.imported import ImportedIncident
from casemgr.incidents.service.imported import add_imported as add_incidents
from casemgr.keys.service import Keyring
from casemgr.policy import Actor, Role
from casemgr.survivors.service.imported import add_imported as add_people
from config import Settings
from tests.rig import databases, office, staff

WORKERS, CASELOAD = 100, 100
CHUNK = 500
YEAR = 2025
FAMILIES = ("Lò", "Quàng", "Hà", "Bùi", "Phạm", "Nguyễn", "Trần", "Lê", "Đinh", "Cầm", "Vi", "Lường")
MIDDLES = ("Thị", "Văn", "Ngọc", "Thu", "Minh", "Hồng", "Thanh", "Kim")
GIVEN = (
    "Mai",
    "Hoa",
    "Lan",
    "Xuân",
    "Bình",
    "Thủy",
    "Nga",
    "Hạnh",
    "Yến",
    "Loan",
    "Quyên",
    "Sen",
    "Đào",
    "Ánh",
)
TYPES = ("rape", "sex_assault", "phys_assault", "forced_marr", "denial", "psych")
TEXT = (
    "Người bị bạo lực kể rằng tối hôm trước người gây bạo lực về nhà trong tình trạng say rượu, chửi mắng, "
    "đập phá đồ đạc rồi đánh vào vai và lưng. Hai con nhỏ chứng kiến. Sau đó chị sang nhà hàng xóm ở nhờ. "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A filled installation, and what is needed to work in it."""

    settings: Settings
    tokens: dict[str, str]
    case_ids: list[str]
    names: list[str]
    numbers: list[str]


def fill(url: str, folder: Path, count: int, keyring: type[Keyring] | None = None) -> Filled:
    """Fill an empty database; the same cases come out each time, but for ids and keys."""
    databases.create_tables(url)
    database = databases.open_database(url)
    keys = (keyring or Keyring)(FileProvider.create(folder / "root.keys").root_keys())
    settings = replace(staff.settings_for(url, folder), synthetic=True)
    staff.cheap_passwords()
    chance = random.Random(7)
    communes = max(1, count // (WORKERS * CASELOAD))
    tokens: dict[str, str] = {}
    mine: list[UUID] = []
    own_people: list[dict[str, str]] = []
    for commune in range(communes):
        with db.work(database, keys, write=True):
            unit_id, workers = _found(commune)
        chief = replace(workers[0], roles=frozenset({Role.SUPERVISOR, Role.CASE_WORKER}))
        rest = count // communes
        for start in range(0, rest, CHUNK):
            size = min(CHUNK, rest - start)
            people = [_person(chance, commune * rest + start + place) for place in range(size)]
            with db.work(database, keys, write=True):
                ids = _add(chief, workers, people, chance, start)
                audit.changed(chief, "import:rows", "import", unit_id)
            if commune == 0 and start == 0:
                mine, own_people = ids[:CASELOAD], people[:CASELOAD]
        if commune == 0:
            with db.work(database, keys, write=True):
                tokens = _seat(unit_id, workers[0])
    _analyse(database)
    database.close()
    return Filled(
        settings=settings,
        tokens=tokens,
        case_ids=[str(case_id) for case_id in mine],
        names=[person["full_name"] for person in own_people],
        numbers=[person["identity_number"] for person in own_people],
    )


def _found(number: int) -> tuple[UUID, list[Actor]]:
    unit_id = office.add_unit("ubnd_xa", f"UBND xã Mẫu {number}", f"{15148 + number}").id
    workers = []
    for place in range(WORKERS):
        account = Account(
            name_digest=f"{number:016}{place:016}".encode(),
            unit_id=unit_id,
            roles_text=Role.CASE_WORKER,
            state="active",
            failures=0,
            created_on=date(YEAR, 1, 5),
            name=f"Cán bộ Mẫu {place}",
            sign_in_name=f"canbo{number}.{place}",
            language="vi",
        )
        current().add(account)
        workers.append(account)
    current().flush()
    roles = frozenset({Role.CASE_WORKER})
    return unit_id, [Actor(account_id=one.id, unit_id=unit_id, roles=roles) for one in workers]


def _person(chance: random.Random, number: int) -> dict[str, str]:
    name = (
        f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"
    )
    return {
        "full_name": name,
        "sex": "nu",
        "birth": str(chance.randint(1955, 2008)),
        "identity_number": f"038{number:09}",
        "address": "Nhà văn hóa thôn Mẫu, số 12",
        "ethnicity": chance.choice(("kinh", "muong", "thai")),
        "marital": "co_vc",
        "occupation": "nong_dan",
        "may_call": "yes",
        "phone": f"+849{number:08}",
        "contact_hours": "Buổi sáng, 8 đến 10 giờ",
        "code_word": "Cây mít",
    }


def _add(
    chief: Actor, workers: list[Actor], people: list[dict[str, str]], chance: random.Random, start: int
) -> list[UUID]:
    survivors = add_people(chief, people)
    days = [date(YEAR, 1, 1) + timedelta(days=chance.randrange(365)) for _ in people]
    opened: list[UUID] = []
    for owner, places in _by_owner(workers, len(people), start):
        files = [
            ImportedFile(survivor_id=survivors[one].id, reported_on=days[one], note="Mẫu", is_closed=False)
            for one in places
        ]
        made = cases.open_imported(chief, files, owner_id=owner.account_id)
        opened += [case.id for case in made]
    told = [
        _incident(case_id, person, day, chance)
        for case_id, person, day in zip(opened, people, days, strict=True)
    ]
    add_incidents(chief, told)
    return opened


def _by_owner(workers: list[Actor], count: int, start: int) -> Iterator[tuple[Actor, range]]:
    for first in range(0, count, CASELOAD):
        yield workers[(start + first) // CASELOAD], range(first, min(first + CASELOAD, count))


def _incident(case_id: UUID, person: dict[str, str], day: date, chance: random.Random) -> ImportedIncident:
    values = {
        "happened_on": day.isoformat(),
        "place": "nha_nguoi_bi_bao_luc",
        "account": TEXT * 4,
        "injuries": TEXT,
        "relationship_basis": "gia_dinh",
        "forms": ["than_the", "tinh_than"],
    }
    return ImportedIncident(
        case_id=case_id,
        person=person,
        values=values,
        perpetrator={"relation": "chong", "sex": "nam", "age_band": "a26_40", "name": "Người Mẫu Gây Ra"},
        core_type=chance.choice(TYPES),
        reason="line_list",
        registered_on=day,
        has_reporting_consent=True,
    )


def _seat(unit_id: UUID, worker: Actor) -> dict[str, str]:
    """Sign everybody in who is measured, without asking for passwords."""
    tokens = {"worker": start_session(current().get_one(Account, worker.account_id), "open", "Firefox")}
    for name, role in (
        ("supervisor", Role.SUPERVISOR),
        ("officer", Role.REPORT_OFFICER),
        ("keeper", Role.KEEPER),
    ):
        person = staff.add_staff(name, role, unit_id=unit_id)
        tokens[name] = start_session(current().get_one(Account, person.actor.account_id), "open", "Firefox")
    return tokens


def _analyse(database: Database) -> None:
    """Let the planner know the tables, as the housekeeping of a running installation does."""
    with database.engine.connect().execution_options(casemgr_writes=True) as connection, connection.begin():
        connection.exec_driver_sql("ANALYZE")
