"""The table of codes: a mirror of the shipped lists, for joins and for whoever reads the database later."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from casemgr.db import Base, Row, plain


class CodeRow(Row, Base):
    """One code of one list, as it was at the last synchronisation."""

    __tablename__ = "code"
    __table_args__ = (UniqueConstraint("list_name", "code"),)

    list_name: Mapped[str] = plain("name of a public list", Text, nullable=False)
    code: Mapped[str] = plain("entry of a public list, not of a person", Text, nullable=False)
    position: Mapped[int] = plain("order within a public list", Integer, nullable=False)
    vi: Mapped[str] = plain("label of a public list", Text, nullable=False)
    en: Mapped[str] = plain("label of a public list", Text, nullable=False)
    valid_from: Mapped[date | None] = plain("validity of a public list", Date)
    valid_to: Mapped[date | None] = plain("validity of a public list", Date)
    parent: Mapped[str | None] = plain("entry of a public list", Text)
    rollups: Mapped[dict[str, Any]] = plain("roll-ups of a public list", JSON, nullable=False)
    attributes: Mapped[dict[str, Any]] = plain("attributes of a public list", JSON, nullable=False)
    source: Mapped[str] = plain("where a public list comes from", Text, nullable=False)
