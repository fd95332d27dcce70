"""Tables of survivors: who she is, how to reach her safely, what she consented to."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from casemgr.db import Base, Row, Scope, Versioned, bucket, plain, sealed_json, sealed_text
from casemgr.questions import read_document
from casemgr.survivors.rules import APART, FORM, SECTIONS, VERSION


class Survivor(Row, Versioned, Base):
    """A person who came or was brought to the service, by code; her answers are one sealed document.

    Name and birth stand apart from the document, because search and duplicate checks scan them.
    """

    __tablename__ = "survivor"
    __scope__ = Scope(purpose="survivor", attribute="id")

    code: Mapped[str] = plain("random code, made of nothing about the person", String(16), unique=True)
    unit_id: Mapped[UUID] = plain("the unit that keeps the file", ForeignKey("unit.id"), index=True)
    created_day: Mapped[date] = plain("day of creation, not the time")
    full_name = sealed_text()
    birth = sealed_text()
    identity = sealed_json()
    profile = sealed_json()
    safe_contact = sealed_json()

    @property
    def values(self) -> dict[str, Any]:
        """All answers about the person, flat; whoever shows them writes down that they were read."""
        values: dict[str, Any] = {}
        for section in SECTIONS:
            values |= self._answers(section)
        return values | self._apart()

    @property
    def identity_values(self) -> dict[str, Any]:
        """The answers about who she is, without opening the others."""
        return self._answers("identity") | self._apart()

    def number(self, kind: str) -> str:
        """Return her telephone or ID card, or nothing; opens the section alone in which it stands."""
        section = next(section for section, names in SECTIONS.items() if kind in names)
        return str(self._answers(section).get(kind, ""))

    def _answers(self, section: str) -> dict[str, Any]:
        return read_document(getattr(self, section), FORM, VERSION).answers

    def _apart(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in APART if getattr(self, name)}


class SurvivorBucket(Row, Base):
    """A coarse index entry for an ID card or a telephone: several persons share each bucket."""

    __tablename__ = "survivor_bucket"
    __table_args__ = (Index(None, "unit_id", "kind", "bucket"),)

    unit_id: Mapped[UUID] = plain("buckets are per unit", ForeignKey("unit.id"))
    kind: Mapped[str] = plain("identity_number or phone", String(20))
    key_version: Mapped[int] = plain("version of the bucket key and width", Integer)
    bucket: Mapped[int] = bucket("coarse keyed digest, about eight to sixteen rows each", Integer)
    survivor_id: Mapped[UUID] = plain("random id", ForeignKey("survivor.id"), index=True)


class Consent(Row, Versioned, Base):
    """One consent: for a purpose and a service, dated, with how it was given and its limits.

    Sealed under the key of the case in which it was given. The state stays plain because a referral must
    be stopped by a withdrawal even while nothing is opened.
    """

    __tablename__ = "consent"
    __scope__ = Scope(purpose="case", attribute="case_id")

    case_id: Mapped[UUID] = plain("random id", index=True)
    state: Mapped[str] = plain("given, refused or withdrawn; not to what", String(12))
    given_day: Mapped[date] = plain("day of the record, not the time")
    document = sealed_json()


class DuplicateNotice(Row, Base):
    """Two files that may be about one person, for a supervisor whom neither of them is kept from.

    It stands outside both files, so that nobody who works on one learns that there is another.
    """

    __tablename__ = "duplicate_notice"
    __table_args__ = (Index(None, "supervisor_id", "state"),)
    __scope__ = Scope(purpose="unit", attribute="unit_id")

    unit_id: Mapped[UUID] = plain("the unit that keeps both files", ForeignKey("unit.id"))
    supervisor_id: Mapped[UUID] = plain("who is to look at it", ForeignKey("account.id"))
    made_day: Mapped[date] = plain("day of the finding, not the time")
    state: Mapped[str] = plain("open or done; not what was decided", String(8))
    content = sealed_json()
