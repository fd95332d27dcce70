"""Two line lists from a district's telephone of earlier years: one came in, one waits with rows to mend."""

from casemgr import db
from casemgr.db import Database
from casemgr.imports import service
from casemgr.imports.findings import Findings
from casemgr.imports.reading import LineList
from casemgr.imports.rules import Upload
from casemgr.imports.running import Job, run_dry, run_import
from casemgr.imports.shelf import parse_mapping
from casemgr.keys.service import Keyring
from casemgr.policy import Actor

MAPPING = """
name = "tong_dai_huyen"
title = { vi = "Tổng đài huyện (mẫu)", en = "District telephone line (made up)" }
dates = ["dd/mm/yyyy"]

[case]
state = "closed"

[core_type]
reason = { vi = "Theo hành vi mà tổng đài ghi.", en = "By the acts that the line wrote down." }
order = [["than_the", "phys_assault"], ["tinh_than", "psych"]]
otherwise = "refuse"

[columns."Ngày gọi"]
to = "registered_on"
required = true

[columns."Giới tính"]
to = "survivor.sex"

[columns."Tuổi"]
to = "survivor.age"

[columns."Hành vi"]
to = "incident.forms"
separator = ";"
values = { "đánh" = "than_the", "chửi" = "tinh_than" }
"""
HEADER = "Ngày gọi,Giới tính,Tuổi,Hành vi"
CAME_IN = ("11/03/2021,Nữ,34,đánh", "02/06/2021,Nữ,27,đánh;chửi", "19/10/2021,Nam,45,chửi")
WAITS = (
    "04/02/2022,Nữ,31,đánh;chửi",
    "30/02/2022,Nữ,29,đánh",
    "15/05/2022,Nữ,bốn mươi,đánh",
    "21/08/2022,Nữ,38,chửi",
    "09/11/2022,Nữ,52,",
)
"""Three of these rows are refused: a day that never was, an age in words, no act."""


def send(database: Database, keyring: Keyring, actor: Actor) -> None:
    """Take the list of one year in, and let that of the next wait, checked."""
    run_import(
        database,
        keyring,
        actor,
        _job(CAME_IN),
        name="Tổng đài huyện 2021",
        owner=None,
        watch=lambda _: None,
        progress=lambda *_: None,
    )
    findings = Findings()
    run_dry(_job(WAITS), findings.add)
    upload = Upload(
        name="Tổng đài huyện 2022", content=_list(WAITS), mapping=MAPPING, owner_id=actor.account_id
    )
    with db.work(database, keyring, write=True):
        service.keep_findings(actor, service.add_list(actor, upload), findings)


def _list(rows: tuple[str, ...]) -> bytes:
    return "\n".join((HEADER, *rows, "")).encode()


def _job(rows: tuple[str, ...]) -> Job:
    return Job.prepare(LineList(_list(rows)), parse_mapping(MAPPING))
