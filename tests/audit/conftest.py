"""A database of the audit alone, with one sealed table to write to; no feature can break these tests."""

from uuid import uuid4

import pytest
from sqlalchemy import MetaData, String
from sqlalchemy.orm import Mapped

from casemgr import db
from casemgr.audit.models import AuditEntry
from casemgr.db.base import NAMES
from casemgr.db.session import WRITES
from casemgr.keys.models import DataKey
from casemgr.policy import Actor, Role
from tests.rig import databases

TABLES = [DataKey.__table__, *(AuditEntry.metadata.tables[name] for name in ("audit_entry", "audit_head"))]
TABLES.append(AuditEntry.metadata.tables["audit_checkpoint"])


class OwnBase(db.Base):
    """Keeps the table of these tests out of the product's."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMES)


class Specimen(db.Row, OwnBase):
    """A record with two sealed attributes."""

    __tablename__ = "specimen"
    __scope__ = db.Scope(purpose="case", attribute="case_id")

    case_id: Mapped[object] = db.plain("random id of the case", DataKey.__table__.c.id.type)
    label: Mapped[str] = db.plain("says nothing", String(20))
    name = db.sealed_text()
    phone = db.sealed_text()


def create_tables(url):
    database = databases.open_database(url)
    with database.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        db.Base.metadata.create_all(connection, tables=TABLES)
        OwnBase.metadata.create_all(connection)
    database.close()


@pytest.fixture(scope="session")
def postgresql_tables(cluster):
    create_tables(cluster.create("audit"))
    return "audit"


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory):
    path = tmp_path_factory.mktemp("audit") / "tables.db"
    create_tables(databases.sqlite_url(path))
    return path


@pytest.fixture(autouse=True)
def specimen_table():
    """Lets the product know the table, for one test."""
    db.Base.metadata._add_table("specimen", None, Specimen.__table__)
    yield
    db.Base.metadata.remove(Specimen.__table__)


@pytest.fixture
def new_specimen():
    def make(**values):
        specimen = Specimen(**{"case_id": uuid4(), "label": "x", **values})
        db.current().add(specimen)
        return specimen

    return make


@pytest.fixture
def actor():
    roles = frozenset({Role.CASE_WORKER, Role.DATA_PROTECTION})
    return Actor(account_id=uuid4(), unit_id=uuid4(), roles=roles, session_id=uuid4())
