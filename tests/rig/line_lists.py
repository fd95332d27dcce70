"""Small line lists with a mapping of their own, for tests of the pages by which they come in."""

from uuid import UUID

from casemgr import db
from casemgr.db import Database
from casemgr.imports import service
from casemgr.imports.findings import Findings
from casemgr.imports.queries import find_live
from casemgr.imports.reading import LineList
from casemgr.imports.rules import Upload
from casemgr.imports.running import Job, run_dry, run_import
from casemgr.imports.shelf import parse_mapping
from casemgr.keys.service import Keyring
from casemgr.policy import Actor

MAPPING = """
name = "thu"
title = { vi = "Danh sách thử", en = "Trial list" }
dates = ["dd/mm/yyyy"]

[case]
state = "closed"

[core_type]
reason = { vi = "Theo dạng bạo lực.", en = "By form." }
order = [["than_the", "phys_assault"]]
otherwise = "refuse"

[columns."Ngày"]
to = "registered_on"
required = true

[columns."Giới"]
to = "survivor.sex"

[columns."Đánh"]
to = "incident.forms"
values = { x = "than_the" }

[columns."=Nơi"]
to = "incident.place_detail"
"""
HEADER = "Ngày,Giới,Đánh,=Nơi"
PLACE = "Qzkwjxv sau chợ"
"""What stands in a cell, and may stand nowhere else in the clear."""

GOOD = f"05/03/2025,Nữ,x,{PLACE}"
BAD_DAY = f"hôm qua,Nữ,x,{PLACE}"
FORMULA_PLACE = "05/03/2025,Nữ,x," + "y" * 5000
"""Refused because of the column whose name begins like a formula."""

LIST = f"{HEADER}\n{GOOD}\n{BAD_DAY}\n{GOOD}\n{FORMULA_PLACE}\n".encode()


def add(actor: Actor, name: str = "Đợt một") -> UUID:
    """Send the list in the running unit of work; it waits to be checked."""
    return service.add_list(
        actor, Upload(name=name, content=LIST, mapping=MAPPING, owner_id=actor.account_id)
    )


def add_checked(actor: Actor, name: str = "Đợt một") -> UUID:
    """Send the list in the running unit of work, and check it at once."""
    file_id, found = add(actor, name), Findings()
    run_dry(_job(), found.add)
    service.keep_findings(actor, file_id, found)
    return file_id


def leave(actor: Actor) -> dict[str, str]:
    """Leave a list that waits and a batch that is begun, and return their ids by argument."""
    batch = service.begin_list(actor, add_checked(actor, "Đợt hai"))
    return {"file_id": str(add_checked(actor)), "batch_id": str(batch.id)}


def take_in(database: Database, keyring: Keyring, actor: Actor, name: str) -> UUID:
    """Take the list in as the command line does, and return the batch."""
    run_import(
        database,
        keyring,
        actor,
        _job(),
        name=name,
        owner=None,
        watch=lambda _: None,
        progress=lambda *_: None,
    )
    with db.work(database, keyring, write=False):
        batch = find_live(actor, name)
        assert batch is not None
        return batch.id


def _job() -> Job:
    return Job.prepare(LineList(LIST), parse_mapping(MAPPING))
