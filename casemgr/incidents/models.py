"""Tables of incidents and alleged perpetrators, sealed under the key of the case."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from casemgr.db import Base, Row, Scope, Versioned, plain, sealed_json, sealed_text
from casemgr.incidents import rules
from casemgr.questions import read_document


class Incident(Row, Versioned, Base):
    """One event as it concerned one survivor.

    `event_key` is shared by the incidents of several survivors of the same event; it is sealed in each
    case, so that no file shows the way to another. `fact_id` is the row that counts this incident.
    """

    __tablename__ = "incident"
    __scope__ = Scope(purpose="case", attribute="case_id")

    code: Mapped[str] = plain("random code, made of nothing about the event", String(16), unique=True)
    case_id: Mapped[UUID] = plain("random id", index=True)
    created_day: Mapped[date] = plain("day of creation, not the time")
    document = sealed_json()
    classification = sealed_json()
    registered_on = sealed_text()
    event_key = sealed_text()
    fact_id = sealed_text()

    @property
    def answers(self) -> dict[str, Any]:
        """The answers about the incident; whoever shows them writes down that they were read."""
        return read_document(self.document, rules.FORM, rules.VERSION).answers

    @property
    def reported_on(self) -> date:
        """The day of the report to us, by which the incident is counted."""
        return date.fromisoformat(self.registered_on or "")


class Perpetrator(Row, Versioned, Base):
    """An alleged perpetrator of one incident; one of them is marked primary inside the document."""

    __tablename__ = "perpetrator"
    __scope__ = Scope(purpose="case", attribute="case_id")

    case_id: Mapped[UUID] = plain("random id", index=True)
    incident_id: Mapped[UUID] = plain("random id", ForeignKey("incident.id"), index=True)
    document = sealed_json()

    @property
    def answers(self) -> dict[str, Any]:
        """The answers about the person; whoever shows them writes down that they were read."""
        return read_document(self.document, rules.PERPETRATOR_FORM, rules.PERPETRATOR_VERSION).answers
