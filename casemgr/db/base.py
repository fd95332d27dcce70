"""Tables: one declarative base, ids made in Python, every column classified."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Dialect, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

from casemgr.db.sealed import Sealing, install_sealed

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC moment on both engines; refuses naive datetimes."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse a naive moment: nobody could tell later which hour was meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give SQLite's naive text its time zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Root of all tables; sealed attributes of a subclass become columns as it is declared."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UTCDateTime()}  # noqa: RUF012 - SQLAlchemy's own class setting

    def __init_subclass__(cls, **kwargs: Any) -> None:
        install_sealed(cls)
        super().__init_subclass__(**kwargs)

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no attribute {name!r}")
            setattr(self, name, value)
        for sealing in getattr(type(self), "__sealings__", {}).values():
            sealing.fill(self)


class Row(Sealing):
    """Mixin for tables whose id must exist before the first write, because sealing binds to it."""

    id: Mapped[UUID] = mapped_column(primary_key=True, info={"class": "plain", "why": "random id"})

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", uuid4())
        super().__init__(**values)


def plain(why: str, *args: Any, **options: Any) -> MappedColumn[Any]:
    """Declare a column that is stored in the clear, with the reason why it may be."""
    return mapped_column(*args, info={"class": "plain", "why": why}, **options)


def bucket(why: str, *args: Any, **options: Any) -> MappedColumn[Any]:
    """Declare a column that holds a coarse keyed digest, shared by several rows on purpose."""
    return mapped_column(*args, info={"class": "bucket", "why": why}, **options)
