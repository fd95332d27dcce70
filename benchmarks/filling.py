"""Fills a database with made-up cases: communes of a hundred case workers with a hundred cases each."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from uuid import UUID

from benchmarks.made_up import CASELOAD, TEXT, WORKERS, YEAR, MadeUp, draw
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

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A filled installation, what is needed to work in it, and what filling it took."""

    settings: Settings
    tokens: dict[str, str]
    officer: Actor
    case_ids: list[str]
    names: list[str]
    numbers: list[str]
    seconds: float
    cpu: float


def fill(url: str, folder: Path, count: int, keyring: type[Keyring] | None = None) -> Filled:
    """Fill an empty database; the same cases come out each time, but for ids and keys."""
    begun, cpu = perf_counter(), process_time()
    databases.create_tables(url)
    database = databases.open_database(url)
    keys = (keyring or Keyring)(FileProvider.create(folder / "root.keys").root_keys())
    settings = replace(staff.settings_for(url, folder), synthetic=True)
    staff.cheap_passwords()
    chance = random.Random(7)
    of_commune = min(count, WORKERS * CASELOAD)
    first: tuple[list[UUID], list[MadeUp]] | None = None
    seated: tuple[dict[str, str], Actor] | None = None
    for commune in range(count // of_commune):
        with db.work(database, keys, write=True):
            unit_id, workers = _found(commune)
            seated = seated or _seat(unit_id, workers)
        chief = replace(workers[0], roles=frozenset({Role.SUPERVISOR, Role.CASE_WORKER}))
        for start in range(0, of_commune, CHUNK):
            places = range(start, min(start + CHUNK, of_commune))
            made = [draw(chance, commune * of_commune + place) for place in places]
            with db.work(database, keys, write=True):
                ids = _add(chief, workers, made, start)
                audit.in_bulk()
                audit.changed(chief, "import:rows", "import", unit_id)
            first = first or (ids[:CASELOAD], made[:CASELOAD])
    assert first is not None
    assert seated is not None
    _analyse(database)
    database.close()
    return Filled(
        settings=settings,
        tokens=seated[0],
        officer=seated[1],
        case_ids=[str(case_id) for case_id in first[0]],
        names=[one.person["full_name"] for one in first[1]],
        numbers=[one.person["identity_number"] for one in first[1]],
        seconds=perf_counter() - begun,
        cpu=process_time() - cpu,
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


def _add(chief: Actor, workers: list[Actor], made: Sequence[MadeUp], start: int) -> list[UUID]:
    survivors = add_people(chief, [one.person for one in made])
    opened: list[UUID] = []
    for owner, places in _by_owner(workers, len(made), start):
        files = [
            ImportedFile(
                survivor_id=survivors[one].id, reported_on=made[one].day, note="Mẫu", is_closed=False
            )
            for one in places
        ]
        opened += [case.id for case in cases.open_imported(chief, files, owner_id=owner.account_id)]
    told = [_incident(case_id, one) for case_id, one in zip(opened, made, strict=True)]
    add_incidents(chief, told)
    return opened


def _by_owner(workers: list[Actor], count: int, start: int) -> Iterator[tuple[Actor, range]]:
    for first in range(0, count, CASELOAD):
        yield workers[(start + first) // CASELOAD], range(first, min(first + CASELOAD, count))


def _incident(case_id: UUID, made: MadeUp) -> ImportedIncident:
    values = {
        "happened_on": made.day.isoformat(),
        "place": "nha_nguoi_bi_bao_luc",
        "account": TEXT * 4,
        "injuries": TEXT,
        "relationship_basis": "gia_dinh",
        "forms": ["than_the", "tinh_than"],
    }
    return ImportedIncident(
        case_id=case_id,
        person=made.person,
        values=values,
        perpetrator={"relation": "chong", "sex": "nam", "age_band": "a26_40", "name": "Người Mẫu Gây Ra"},
        core_type=made.core_type,
        reason="line_list",
        registered_on=made.day,
        has_reporting_consent=True,
    )


def _seat(unit_id: UUID, workers: Sequence[Actor]) -> tuple[dict[str, str], Actor]:
    """Sign everybody in who is measured, without asking for passwords; return also the report officer.

    Whoever opens cases does nothing else: her caseload grows from round to round, and the others' must not.
    """
    seats = {"worker": workers[0], "creator": workers[-1]}
    tokens = {
        name: start_session(current().get_one(Account, one.account_id), "open", "Firefox")
        for name, one in seats.items()
    }
    for name, role in (
        ("supervisor", Role.SUPERVISOR),
        ("keeper", Role.KEEPER),
        ("officer", Role.REPORT_OFFICER),
    ):
        actor = staff.add_staff(name, role, unit_id=unit_id).actor
        tokens[name] = start_session(current().get_one(Account, actor.account_id), "open", "Firefox")
    return tokens, actor


def _analyse(database: Database) -> None:
    """Let the planner know the tables, as the housekeeping of a running installation does."""
    with database.engine.connect().execution_options(casemgr_writes=True) as connection, connection.begin():
        connection.exec_driver_sql("ANALYZE")
