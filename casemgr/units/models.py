"""Tables of units and of the posts in them; public facts about public bodies, so nothing here is sealed."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, and_, or_, select, true
from sqlalchemy.orm import Mapped, aliased

from casemgr.db import Base, Row, Versioned, among, plain
from casemgr.policy import Actor, Reach


class Unit(Row, Versioned, Base):
    """An organisation, an address or a hamlet, with the time during which it exists."""

    __tablename__ = "unit"
    __table_args__ = (Index(None, "commune_code", "kind"), Index(None, "province_code"))

    kind: Mapped[str] = plain("code of list unit_kind: what sort of public body it is", String(40))
    name: Mapped[str] = plain("name of a public body or place", String(200))
    parent_id: Mapped[UUID | None] = plain(
        "the unit above it, as in public administration", ForeignKey("unit.id"), index=True
    )
    province_code: Mapped[str] = plain("official code of a province", String(2))
    commune_code: Mapped[str | None] = plain(
        "official code of a commune; none for units of the province", String(5)
    )
    former_commune: Mapped[str | None] = plain("name of the commune before the mergers of 2025", String(200))
    duty_phone: Mapped[str | None] = plain(
        "number given to the public, shown even while the keys are away", String(20)
    )
    is_public: Mapped[bool] = plain("whether the commune publishes this address")
    state: Mapped[str] = plain("code of list unit_state: active, paused, closed", String(20))
    valid_from: Mapped[date | None] = plain("public fact: since when the unit exists")
    valid_to: Mapped[date | None] = plain("public fact: last day of the unit")

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach the units of one's own commune and of its province's level; from the province, all in it."""
        if reach is Reach.ALL:
            return true()
        if reach is not Reach.UNIT:
            return cls.id == actor.unit_id
        home = aliased(cls)
        commune = select(home.commune_code).where(home.id == actor.unit_id)
        province = select(home.province_code).where(home.id == actor.unit_id)
        return or_(
            cls.id == actor.unit_id,
            among(cls.commune_code, commune),
            and_(cls.commune_code.is_(None), among(cls.province_code, province)),
            among(cls.province_code, province.where(home.commune_code.is_(None))),
        )

    @classmethod
    def ids_from(cls, actor: Actor) -> Select[UUID]:
        """Return the ids of the actor's unit and of the offices right under it, for which its head signs."""
        return select(cls.id).where(or_(cls.id == actor.unit_id, cls.parent_id == actor.unit_id))

    @classmethod
    def ids_looked_after_by(cls, unit_id: UUID) -> Select[UUID]:
        """Return the ids of the units of the same commune; from the province's level, of all in it."""
        home = aliased(cls)
        commune = select(home.commune_code).where(home.id == unit_id)
        province = select(home.province_code).where(home.id == unit_id, home.commune_code.is_(None))
        near = or_(among(cls.commune_code, commune), among(cls.province_code, province))
        return select(cls.id).where(or_(cls.id == unit_id, near))

    @classmethod
    def ids_below(cls, unit_id: UUID) -> Select[UUID]:
        """Return the ids of the units right below one; from the province's level, of all in the province."""
        home = aliased(cls)
        province = select(home.province_code).where(home.id == unit_id, home.commune_code.is_(None))
        under = or_(cls.parent_id == unit_id, among(cls.province_code, province))
        return select(cls.id).where(cls.id != unit_id, under)


class Post(Row, Base):
    """A post in a unit, such as head of a hamlet, for one term; says nothing of who holds it."""

    __tablename__ = "post"

    unit_id: Mapped[UUID] = plain("random id of the unit", ForeignKey("unit.id"), index=True)
    title: Mapped[str] = plain("title of a public post", String(200))
    valid_from: Mapped[date] = plain("public fact: first day of the term")
    valid_to: Mapped[date | None] = plain("public fact: last day of the term")
