"""Tables of imports: which batches came in, which row became which file, which lists wait to come in."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from casemgr.db import Base, Row, Scope, Versioned, plain, sealed_bytes, sealed_json


class ImportBatch(Row, Versioned, Base):
    """One line list on its way in: which file by which mapping, and how far it is.

    Name, digest and counts are sealed: the name of a file may name a person, and the digest would prove who
    holds the same list.
    """

    __tablename__ = "import_batch"
    __scope__ = Scope(purpose="unit", attribute="unit_id")

    unit_id: Mapped[UUID] = plain("the unit that the files belong to", ForeignKey("unit.id"), index=True)
    owner_id: Mapped[UUID] = plain("who answers for the files", ForeignKey("account.id"))
    state: Mapped[str] = plain("running, finished, rolling_back or rolled_back", String(12))
    started_day: Mapped[date] = plain("day of the first row, not the time")
    ended_day: Mapped[date | None] = plain("day on which it was finished or rolled back")
    terms = sealed_json()
    """{"name", "file", "mapping", "mapping_digest"}"""
    progress = sealed_json()
    """{"position", "imported", "refused", "reasons": {kind: rows}}"""


class ImportedRow(Row, Base):
    """One row that was taken; no row of a batch can be taken twice."""

    __tablename__ = "imported_row"
    __table_args__ = (Index(None, "batch_id", "position", unique=True),)

    batch_id: Mapped[UUID] = plain("random id", ForeignKey("import_batch.id"))
    position: Mapped[int] = plain("number of the row in its file, says nothing of its content", Integer)
    case_id: Mapped[UUID] = plain("random id", ForeignKey("case_file.id"), index=True)


class ImportFile(Row, Base):
    """A line list that came through the page, until it is taken in, thrown away, or a week has passed.

    It has a key of its own, which is destroyed with it: a list of people in danger does not stay about.
    """

    __tablename__ = "import_file"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'checked', 'unusable')", name="state"),)
    __scope__ = Scope(purpose="line_list", attribute="id")

    unit_id: Mapped[UUID] = plain("the unit whose files it becomes", ForeignKey("unit.id"), index=True)
    owner_id: Mapped[UUID] = plain("who will answer for the files", ForeignKey("account.id"))
    batch_id: Mapped[UUID | None] = plain("random id, once it is taken in", ForeignKey("import_batch.id"))
    state: Mapped[str] = plain("waiting to be checked, checked or unusable", String(10))
    added_day: Mapped[date] = plain("day on which it came, for the purge", index=True)
    terms = sealed_json()
    """{"name", "title": {vi, en}, "mapping": its text, "size": bytes}"""
    findings = sealed_json()
    """What `findings.Findings` stores, once it was checked."""
    content = sealed_bytes()
